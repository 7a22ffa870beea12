#include <poll.h>
#include <signal.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/presence.h"

static char dir[64];
static struct paths paths = {.state = dir};

static int begin(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/stoa-presence-XXXXXX");
	return mkdtemp(dir) ? 0 : 1;
}

static int end(void **state)
{
	char file[96];
	(void)state;
	snprintf(file, sizeof(file), "%s/deck.lock", dir);
	unlink(file);
	return rmdir(dir);
}

static bool hears(struct presence_watch *watch)
{
	struct pollfd fd = {.fd = watch->inotify, .events = POLLIN};
	return poll(&fd, 1, 10000) == 1 && presence_watch_heard(watch);
}

static void decks_come_and_go(void **state)
{
	(void)state;
	struct presence_watch watch;
	assert_true(presence_watch_open(&watch, &paths, NULL));
	assert_false(presence_is_there(&watch));
	int one = presence_take(&paths, NULL), two = presence_take(&paths, NULL);
	assert_true(one >= 0 && two >= 0);
	assert_true(hears(&watch));
	assert_true(presence_is_there(&watch));
	close(one);
	assert_true(hears(&watch));
	assert_true(presence_is_there(&watch));
	close(two);
	assert_true(hears(&watch));
	assert_false(presence_is_there(&watch));
	/* To look is no news. */
	assert_false(presence_watch_heard(&watch));
	presence_watch_close(&watch);
}

static void a_killed_deck_is_gone(void **state)
{
	(void)state;
	struct presence_watch watch;
	int ready[2];
	char byte;
	assert_int_equal(pipe(ready), 0);
	assert_true(presence_watch_open(&watch, &paths, NULL));
	pid_t pid = fork();
	if (pid == 0) {
		int fd = presence_take(&paths, NULL);
		if (fd < 0 || write(ready[1], "", 1) != 1) _exit(1);
		for (;;)
			pause();
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_true(hears(&watch));
	assert_true(presence_is_there(&watch));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_true(hears(&watch));
	assert_false(presence_is_there(&watch));
	presence_watch_close(&watch);
	close(ready[0]);
	close(ready[1]);
}

static void nowhere_to_be(void **state)
{
	(void)state;
	char none[] = "/nowhere/at/all";
	struct paths wrong = {.state = none};
	struct presence_watch watch;
	struct err err = {0};
	assert_int_equal(presence_take(&wrong, &err), -1);
	assert_non_null(strstr(err.text, "/nowhere/at/all/deck.lock"));
	assert_false(presence_watch_open(&watch, &wrong, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(decks_come_and_go, begin, end),
	        cmocka_unit_test_setup_teardown(a_killed_deck_is_gone, begin, end),
	        cmocka_unit_test(nowhere_to_be),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
