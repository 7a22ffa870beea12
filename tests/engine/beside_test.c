/* Another stoa on the same files signs accounts in and out. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "db/queue_db.h"
#include "engine/secrets.h"
#include "outbox_world.h"

static struct queue_db *other(const struct world *world)
{
	struct queue_db *db = NULL;
	struct err err = {0};
	char path[128];
	snprintf(path, sizeof(path), "%s/queue.db", world->dir);
	if (!queue_db_open(path, &db, &err)) fail_msg("%s", err.text);
	return db;
}

/* What is written by others comes as a letter. */
static void knock(struct world *world)
{
	queue_push(world->inbox, letter_new(LETTER_QUEUE));
	settle(world);
}

static account_id sign_in_beside(
        struct world *world, struct queue_db *db, const char *name, const char *secret)
{
	struct secrets secrets = {.state_dir = world->dir};
	struct account *account = account_new(name, "lines", "h.example");
	assert_true(secrets_put(&secrets, name, secret, NULL, NULL));
	assert_true(queue_db_put_account(db, account, NULL));
	account_id id = account->id;
	account_free(account);
	return id;
}

/* The last EVENT_ACCOUNT of that account: 1 it is there, 0 it is gone, -1 there was none. */
static int last_told(const struct world *world, account_id account)
{
	int last = -1;
	for (size_t i = 0; i < world->nevents; i++) {
		const struct event *event = world->events[i];
		if (event->kind == EVENT_ACCOUNT && event->account == account)
			last = event->account_info != NULL;
	}
	return last;
}

static void an_account_comes_and_goes(void **state)
{
	struct world *world = *state;
	struct queue_db *db = other(world);
	account_id id = sign_in_beside(world, db, "late", "TOKEN more");
	assert_null(signin_find(world->core, "late"));
	knock(world);
	const struct signin *signin = signin_find(world->core, "late");
	assert_non_null(signin);
	assert_string_equal(signin->token, "TOKEN");
	assert_string_equal(signin->client, "more");
	assert_int_equal(last_told(world, id), 1);
	assert_non_null(signin_find(world->core, "work"));

	assert_true(queue_db_drop_account(db, id, NULL));
	knock(world);
	assert_null(signin_find(world->core, "late"));
	assert_int_equal(last_told(world, id), 0);
	assert_int_equal(last_told(world, world->account), 1);
	queue_db_close(db);
}

static void nothing_new_is_not_told_again(void **state)
{
	struct world *world = *state;
	size_t before = world->nevents;
	const struct signin *signin = signin_find(world->core, "work");
	unsigned serial = signin->serial, renewals = signin->renewals;
	knock(world);
	for (size_t i = before; i < world->nevents; i++)
		assert_int_not_equal(world->events[i]->kind, EVENT_ACCOUNT);
	signin = signin_find(world->core, "work");
	assert_int_equal(signin->serial, serial);
	assert_int_equal(signin->renewals, renewals);
}

static void a_lapsed_session_goes_on_with_the_new_secret(void **state)
{
	struct world *world = *state;
	struct secrets secrets = {.state_dir = world->dir};
	struct signin *signin = signin_find(world->core, "work");
	unsigned renewals = signin->renewals;
	signin->lapsed = true;
	knock(world);
	assert_true(signin->lapsed);
	assert_true(secrets_put(&secrets, "work", "OTHER", NULL, NULL));
	knock(world);
	assert_string_equal(signin->token, "OTHER");
	assert_false(signin->lapsed);
	assert_int_equal(signin->renewals, renewals + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(
	                an_account_comes_and_goes, disk_setup, world_teardown),
	        cmocka_unit_test_setup_teardown(
	                nothing_new_is_not_told_again, disk_setup, world_teardown),
	        cmocka_unit_test_setup_teardown(
	                a_lapsed_session_goes_on_with_the_new_secret, disk_setup, world_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
