/* Several processes on one queue: one sends, which of them live, and what one left that died. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/wait.h>

#include "outbox_asserts.h"

/* One that was killed stays in the list of processes until its parent asks what became of it. */
static void who_has_ended_does_not_live(void **state)
{
	(void)state;
	int up[2], down[2];
	char owner[256] = "", byte = 0;
	siginfo_t info;
	assert_int_equal(pipe(up), 0);
	assert_int_equal(pipe(down), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		char *own = outbox_owner();
		bool fine = write(up[1], own, strlen(own)) > 0 && read(down[0], &byte, 1) == 1;
		_exit(!fine);
	}
	assert_true(read(up[0], owner, sizeof(owner) - 1) > 0);
	assert_true(outbox_owner_lives(owner));
	assert_int_equal(write(down[1], &byte, 1), 1);
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	assert_false(outbox_owner_lives(owner));
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	for (int i = 0; i < 2; i++)
		close(up[i]), close(down[i]);
}

static void one_sends_and_the_other_is_told(void **state)
{
	struct world *world = *state;
	struct world second = {.sender = "second", .account = world->account};
	fake_clock_init(&second.clock, START_MS);
	strcpy(second.dir, world->dir);
	world_start(&second);
	const struct event *event = event_at(&second, EVENT_SENDER, 0);
	assert_int_equal(event->number, 0);
	assert_non_null(strstr(event->text, "test, process "));
	job_id id = say(&second, "from the second");
	assert_done(&second, id, ERR_NONE);
	assert_int_equal(second.server.publishes, 0);
	while (world->server.publishes == 0) /* woken by the write */
		settle(world);
	assert_int_equal(server_has(&world->server, "from the second"), 1);
	while (told(&second, "from the second")->state != OUTGOING_SENT)
		settle(&second);

	world_end(world); /* and lets go of the lock */
	while (event_at(&second, EVENT_SENDER, count(&second, EVENT_SENDER) - 1)->number != 1)
		settle(&second);
	say(&second, "alone");
	assert_int_equal(server_has(&second.server, "alone"), 1);
	world_end(&second);
	world_forget(&second);
	server_forget(&second.server);
	free(second.events);
}

static void a_crash_while_sending_is_looked_into(void **state)
{
	struct world *world = *state;
	world->server.latency_ms = 100;
	say(world, "crash");
	pass(world, 150); /* prepared; the request is under way */
	assert_state(world, "crash", OUTGOING_SENDING);
	world_crash(world);
	world_forget(world);
	world_start(world);
	assert_state(world, "crash", OUTGOING_UNKNOWN);
	pass(world, 10 * MINUTE);
	assert_state(world, "crash", OUTGOING_SENT);
	assert_int_equal(world->server.publishes, 1);
}

static void a_crash_before_sending_costs_nothing(void **state)
{
	struct world *world = *state;
	world->server.latency_ms = 100;
	say(world, "early");
	pass(world, 50);
	assert_state(world, "early", OUTGOING_CLAIMED);
	world_crash(world);
	world_forget(world);
	world_start(world);
	assert_state(world, "early", OUTGOING_CLAIMED); /* by a new claim of its own */
	pass(world, MINUTE);
	assert_state(world, "early", OUTGOING_SENT);
	assert_int_equal(world->server.publishes, 1);
	assert_int_equal(world->server.looks, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(who_has_ended_does_not_live),
	        cmocka_unit_test_setup_teardown(
	                one_sends_and_the_other_is_told, disk_setup, world_teardown),
	        cmocka_unit_test_setup_teardown(
	                a_crash_while_sending_is_looked_into, disk_setup, world_teardown),
	        cmocka_unit_test_setup_teardown(
	                a_crash_before_sending_costs_nothing, disk_setup, world_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
