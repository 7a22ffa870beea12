/* A session whose token has ended is renewed once, whoever notices first. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "networks/network.h"

#define LINE_STEPS .refresh = line_refresh,
static call_step line_refresh;

#include "world.h"

static enum call_next line_refresh(
        struct call *call, const struct response *answer, struct request *req)
{
	struct str url = {0};
	if (!answer) {
		str_addf(&url, "https://%s/refresh", call->account->host);
		req->method = "POST";
		req->url = str_take(&url);
		request_header(req, "Authorization: Bearer %s", call->client);
		return CALL_SEND;
	}
	if (answer->status != 200) return refuse(call, answer);
	call->sign_in->secret = xstrdup(answer->body);
	return CALL_DONE;
}

/* Signed in, with a token that the server no longer takes: each source is refused once. */
static void sign_in_with_old_token(struct world *world)
{
	login(world);
	signin_renew(world->core, signin_find(world->core, "work"), "OLD R1");
	replay_script(world->replay, "/home", 401, "", "");
	replay_script(world->replay, "/home", 200, "", "post 1 1795000000000\n");
	replay_script(world->replay, "/local", 401, "", "");
	replay_script(world->replay, "/local", 200, "", "post 2 1795000000000\n");
}

static size_t asked(const struct world *world, const char *part)
{
	size_t n = 0;
	for (size_t i = 0; i < replay_count(world->replay); i++)
		n += strstr(replay_url(world->replay, i), part) != NULL;
	return n;
}

static const char *last_token(const struct world *world, const char *part)
{
	const char *token = "";
	for (size_t i = 0; i < replay_count(world->replay); i++) {
		if (strstr(replay_url(world->replay, i), part))
			token = replay_header(world->replay, i, "Authorization");
	}
	return token;
}

static void all_that_were_refused_go_on_with_the_new_token(void **state)
{
	struct world *world = *state;
	sign_in_with_old_token(world);
	replay_script(world->replay, "/refresh", 200, "", "NEW R2");
	job_id home = watch(world, 1, "work/home"), local = watch(world, 2, "work/local");
	pass(world, 5000);
	assert_done(world, home, ERR_NONE);
	assert_done(world, local, ERR_NONE);
	assert_int_equal(asked(world, "/refresh"), 1);
	assert_string_equal(last_token(world, "/refresh"), "Bearer R1");
	assert_string_equal(last_token(world, "/home"), "Bearer NEW");
	assert_string_equal(last_token(world, "/local"), "Bearer NEW");
	assert_string_equal(signin_find(world->core, "work")->client, "R2");
	world_end(world);
	world_start(world);
	assert_string_equal(signin_find(world->core, "work")->token, "NEW");
}

static void a_session_that_is_over_is_said_once_for_each(void **state)
{
	struct world *world = *state;
	sign_in_with_old_token(world);
	replay_script(world->replay, "/refresh", 401, "", "");
	job_id home = watch(world, 1, "work/home"), local = watch(world, 2, "work/local");
	pass(world, 5000);
	assert_done(world, home, ERR_AUTH);
	assert_done(world, local, ERR_AUTH);
	assert_int_equal(asked(world, "/refresh"), 1);
	assert_int_equal(asked(world, "/home"), 1);
}

static void without_a_network_it_is_tried_again(void **state)
{
	struct world *world = *state;
	sign_in_with_old_token(world);
	replay_script(world->replay, "/refresh", 0, "", "");
	replay_script(world->replay, "/refresh", 200, "", "NEW R2");
	job_id home = watch(world, 1, "work/home");
	pass(world, 1000);
	assert_done(world, home, ERR_NETWORK);
	/* The next fetch is refused no more: the script has given its 401. */
	pass(world, 10 * 60000);
	assert_true(asked(world, "/home") > 1);
}

static void what_another_stoa_renewed_is_taken_over(void **state)
{
	struct world *world = *state;
	sign_in_with_old_token(world);
	struct signin *signin = signin_find(world->core, "work");
	char *token = signin->token, *client = signin->client;
	/* As the daemon would leave it: newer on the disk than here. */
	signin->token = signin->client = NULL;
	signin_renew(world->core, signin, "THEIRS R9");
	free(signin->token);
	free(signin->client);
	signin->token = token;
	signin->client = client;
	job_id home = watch(world, 1, "work/home");
	pass(world, 5000);
	assert_done(world, home, ERR_NONE);
	assert_int_equal(asked(world, "/refresh"), 0);
	assert_string_equal(last_token(world, "/home"), "Bearer THEIRS");
}

static void signing_out_ends_those_that_wait(void **state)
{
	struct world *world = *state;
	sign_in_with_old_token(world);
	replay_delay(world->replay, 60000);
	replay_script(world->replay, "/refresh", 200, "", "NEW R2");
	job_id home = watch(world, 1, "work/home");
	pass(world, 1000);
	struct job *job = job_of(JOB_LOGOUT, 0, NULL);
	job->account = signin_find(world->core, "work")->account->id;
	job_id out = post(world, job);
	pass(world, 1000);
	assert_done(world, out, ERR_NONE);
	int n;
	assert_non_null(done_of(world, home, &n));
	assert_int_equal(n, 1);
	pass(world, 120000);
	assert_int_equal(asked(world, "/home"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(
	                all_that_were_refused_go_on_with_the_new_token, disk_setup, world_teardown),
	        cmocka_unit_test_setup_teardown(
	                a_session_that_is_over_is_said_once_for_each, disk_setup, world_teardown),
	        cmocka_unit_test_setup_teardown(
	                without_a_network_it_is_tried_again, disk_setup, world_teardown),
	        cmocka_unit_test_setup_teardown(
	                what_another_stoa_renewed_is_taken_over, disk_setup, world_teardown),
	        cmocka_unit_test_setup_teardown(
	                signing_out_ends_those_that_wait, disk_setup, world_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
