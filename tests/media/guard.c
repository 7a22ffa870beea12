/* Each limit that a process sets on itself before it decodes is there: take one away, and a test
 * here fails. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "media/guard.h"

enum { MEGABYTE = 1 << 20, MEMORY = 256 * MEGABYTE, WRITTEN = 1000 };
enum { HELD = 0, LET = 1, UNGUARDED = 2 };

/* What a process does that is guarded: HELD when it was not allowed. */
static int guarded(int (*deed)(void))
{
	pid_t pid = fork();
	int status;
	assert_true(pid >= 0);
	if (pid == 0) {
		if (!guard(MEMORY, 1, WRITTEN, NULL)) _exit(UNGUARDED);
		_exit(deed());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status)) return WEXITSTATUS(status);
	return WIFSIGNALED(status) ? 100 + WTERMSIG(status) : -1;
}

static int nothing(void)
{
	return LET;
}

static int open_file(void)
{
	return open("/etc/passwd", O_RDONLY) < 0 ? HELD : LET;
}

static int make_file(void)
{
	return open("/tmp/stoa-guard-test", O_WRONLY | O_CREAT, 0600) < 0 ? HELD : LET;
}

static int connect_out(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) < 0 ? HELD : LET;
}

static int begin_process(void)
{
	return fork() < 0 ? HELD : LET;
}

static int begin_program(void)
{
	char *argv[] = {(char *)"/bin/true", NULL};
	execv(argv[0], argv);
	return HELD;
}

static int take_memory(void)
{
	void *volatile p = malloc(2u * MEMORY);
	return p ? LET : HELD;
}

static int take_time(void)
{
	volatile unsigned n = 0;
	for (;;)
		n++;
	return LET;
}

static int signal_parent(void)
{
	return kill(getppid(), 0) != 0 ? HELD : LET;
}

static int delete_file(void)
{
	return unlink("/tmp/stoa-guard-test-none") != 0 && errno == EPERM ? HELD : LET;
}

static void what_it_needs_is_let(void **state)
{
	(void)state;
	assert_int_equal(guarded(nothing), LET);
}

static void files_are_out_of_reach(void **state)
{
	(void)state;
	assert_int_equal(guarded(open_file), HELD);
	assert_int_equal(guarded(make_file), HELD);
	assert_int_equal(guarded(delete_file), HELD);
	assert_int_not_equal(access("/tmp/stoa-guard-test", F_OK), 0);
}

static void others_are_out_of_reach(void **state)
{
	(void)state;
	assert_int_equal(guarded(connect_out), HELD);
	assert_int_equal(guarded(begin_process), HELD);
	assert_int_equal(guarded(begin_program), HELD);
	assert_int_equal(guarded(signal_parent), HELD);
}

static void memory_ends(void **state)
{
	(void)state;
	assert_int_equal(guarded(take_memory), HELD);
}

static void time_ends(void **state)
{
	(void)state;
	int how = guarded(take_time);
	assert_true(how == 100 + SIGXCPU || how == 100 + SIGKILL);
}

static int out = -1;

static int write_much(void)
{
	char bytes[WRITTEN + 1] = {0};
	ssize_t n = write(out, bytes, sizeof(bytes));
	n += write(out, bytes, 1);
	return n <= WRITTEN ? HELD : LET;
}

static void so_much_is_written(void **state)
{
	char name[] = "/tmp/stoa-guard-XXXXXX";
	(void)state;
	out = mkstemp(name);
	assert_true(out >= 0);
	unlink(name);
	int how = guarded(write_much);
	assert_true(how == HELD || how == 100 + SIGXFSZ);
	assert_in_range(lseek(out, 0, SEEK_END), 0, WRITTEN);
	close(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(what_it_needs_is_let),
	        cmocka_unit_test(files_are_out_of_reach),
	        cmocka_unit_test(others_are_out_of_reach),
	        cmocka_unit_test(memory_ends),
	        cmocka_unit_test(time_ends),
	        cmocka_unit_test(so_much_is_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
