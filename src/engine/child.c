#include "engine/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/program.h"

enum { STOP_SLICE_MS = 50 };

static void shut(int *fd)
{
	if (*fd >= 0) close(*fd);
	*fd = -1;
}

/* How long poll may wait, so that a wish to stop is seen soon. */
static int slice(const struct child_limits *limits, int64_t left_ms)
{
	return limits->stop && left_ms > STOP_SLICE_MS ? STOP_SLICE_MS : (int)left_ms;
}

/* Until it has closed its output, or time is over. */
static bool talk(
        int *in, int out, const char *input, const struct child_limits *limits, struct str *said)
{
	size_t left = strlen(input);
	int64_t until_ms = clock_mono(&clock_system) + limits->timeout_ms;
	for (;;) {
		if (left == 0) shut(in);
		int64_t now = clock_mono(&clock_system);
		struct pollfd fds[] = {
		        {.fd = out, .events = POLLIN}, {.fd = *in, .events = POLLOUT}};
		if (now >= until_ms || said->len > limits->max_output) return false;
		if (limits->stop && atomic_load(limits->stop)) return false;
		if (poll(fds, 2, slice(limits, until_ms - now)) <= 0) continue;
		if (fds[1].revents) {
			ssize_t n = send(*in, input, left, MSG_NOSIGNAL);
			if (n < 0 && errno != EAGAIN && errno != EINTR)
				left = 0; /* it will not hear */
			if (n > 0) {
				input += n;
				left -= (size_t)n;
			}
		}
		if (fds[0].revents) {
			char part[4096];
			ssize_t n = read(out, part, sizeof(part));
			if (n == 0) return true;
			if (n > 0) str_add(said, part, (size_t)n);
			memset(part, 0, sizeof(part));
		}
	}
}

/* How it ended; -1: by a signal, ours or another's. */
static int await(pid_t pid)
{
	int status;
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR) return -1;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool child_run(char *const *argv, const char *input, int timeout_ms, struct str *out,
        int *out_status, struct err *err)
{
	const struct child_limits limits = {timeout_ms, CHILD_MAX_OUTPUT, NULL};
	return child_run_within(argv, input, &limits, out, out_status, err);
}

bool child_run_within(char *const *argv, const char *input, const struct child_limits *limits,
        struct str *out, int *out_status, struct err *err)
{
	int in[2] = {-1, -1}, from[2] = {-1, -1};
	pid_t pid;
	/* A socket, for writing to a pipe that nobody reads is a signal. */
	bool ok = socketpair(AF_UNIX, SOCK_STREAM, 0, in) == 0 && pipe(from) == 0;
	if (!ok) err_set(err, ERR_IO, "no pipe for %s: %s", argv[0], strerror(errno));
	if (ok) {
		fcntl(in[1], F_SETFD, FD_CLOEXEC);
		fcntl(in[1], F_SETFL, O_NONBLOCK);
		fcntl(from[0], F_SETFD, FD_CLOEXEC);
		struct program_files files = {.in = in[0], .out = from[1], .err = PROGRAM_OURS};
		ok = program_start(argv, &files, &pid, err);
	}
	shut(&in[0]);
	shut(&from[1]);
	if (ok) {
		ok = talk(&in[1], from[0], input ? input : "", limits, out);
		if (!ok) {
			kill(pid, SIGKILL);
			err_set(err, ERR_IO, "%s %s", argv[0],
			        out->len > limits->max_output ? "prints too much"
			                                      : "did not end in time");
		}
		shut(&in[1]);
		*out_status = await(pid);
	}
	shut(&in[1]);
	shut(&from[0]);
	return ok;
}
