#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/program.h"

static int ending(pid_t pid)
{
	int status = 0;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

/* Run a shell's line with its output in `said`. */
static int run(const char *line, char *said, size_t size)
{
	const char *argv[] = {"sh", "-c", line, NULL};
	struct err err = {0};
	int ends[2];
	pid_t pid;
	assert_int_equal(pipe(ends), 0);
	struct program_files files = {
	        .in = PROGRAM_NOTHING, .out = ends[1], .err = PROGRAM_NOTHING, .own_group = true};
	assert_true(program_start((char **)argv, &files, &pid, &err));
	close(ends[1]);
	ssize_t n = read(ends[0], said, size - 1);
	said[n > 0 ? n : 0] = '\0';
	close(ends[0]);
	return ending(pid);
}

static void takes_its_files(void **state)
{
	(void)state;
	char said[64];
	assert_int_equal(run("cat; echo heard; echo lost >&2; exit 3", said, sizeof said) >> 8, 3);
	assert_string_equal(said, "heard\n");
}

static void has_its_signals(void **state)
{
	(void)state;
	char said[64];
	sigset_t term;
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	signal(SIGTERM, SIG_IGN);
	int status = run("kill -TERM $$; echo deaf", said, sizeof said);
	signal(SIGTERM, SIG_DFL);
	sigprocmask(SIG_UNBLOCK, &term, NULL);
	assert_true(WIFSIGNALED(status));
	assert_string_equal(said, "");
}

static void says_what_is_missing(void **state)
{
	(void)state;
	const char *argv[] = {"no-such-program-here", NULL};
	struct program_files files = {.in = PROGRAM_OURS, .out = PROGRAM_OURS, .err = PROGRAM_OURS};
	struct err err = {0};
	pid_t pid;
	assert_false(program_start((char **)argv, &files, &pid, &err));
	assert_non_null(strstr(err.text, "cannot start no-such-program-here: "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(takes_its_files),
	        cmocka_unit_test(has_its_signals),
	        cmocka_unit_test(says_what_is_missing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
