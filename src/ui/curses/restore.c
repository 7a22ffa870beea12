#include "private.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/*
 * What a signal handler needs, hence global: there is one terminal. `armed` is set last
 * and cleared first. Handlers use nothing but write, tcsetattr and raise.
 */
static struct {
	volatile sig_atomic_t armed, resized;
	int fd;
	int pipe[2]; /* SIGWINCH writes, poll reads */
	size_t len;
	char bytes[512];
	struct termios tty;
	bool has_tty;
	struct sigaction winch;
} restore = {.fd = -1, .pipe = {-1, -1}};

static const int fatal_signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

void term_curses_emergency(void)
{
	if (!restore.armed) return;
	restore.armed = 0;
	size_t done = 0;
	while (done < restore.len) {
		ssize_t n = write(restore.fd, restore.bytes + done, restore.len - done);
		if (n <= 0) break;
		done += (size_t)n;
	}
	if (restore.has_tty) tcsetattr(restore.fd, TCSANOW, &restore.tty);
}

static void on_fatal(int signal)
{
	term_curses_emergency();
	/* The handler was for once: now it is what it was. */
	raise(signal);
}

static void on_resize(int signal)
{
	int kept = errno;
	(void)signal;
	restore.resized = 1;
	if (write(restore.pipe[1], "", 1) < 0) {
		/* The pipe is full: it is readable, which is all that is wanted. */
	}
	errno = kept;
}

static void catch_fatal(void)
{
	struct sigaction action = {.sa_handler = on_fatal}, old;
	sigemptyset(&action.sa_mask);
	action.sa_flags = SA_RESETHAND | SA_NODEFER;
	for (size_t i = 0; i < sizeof(fatal_signals) / sizeof(fatal_signals[0]); i++) {
		/* A sanitizer or debugger that was here first knows better. */
		if (sigaction(fatal_signals[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL) {
			sigaction(fatal_signals[i], &action, NULL);
		}
	}
}

static void release_fatal(void)
{
	struct sigaction old;
	for (size_t i = 0; i < sizeof(fatal_signals) / sizeof(fatal_signals[0]); i++) {
		if (sigaction(fatal_signals[i], NULL, &old) == 0 && old.sa_handler == on_fatal) {
			old.sa_handler = SIG_DFL;
			sigaction(fatal_signals[i], &old, NULL);
		}
	}
}

static bool open_pipe(void)
{
	if (pipe(restore.pipe) != 0) return false;
	for (int i = 0; i < 2; i++) {
		fcntl(restore.pipe[i], F_SETFL, O_NONBLOCK);
		fcntl(restore.pipe[i], F_SETFD, FD_CLOEXEC);
	}
	return true;
}

void restore_undo(const char *bytes, size_t len)
{
	/* Half a sequence would be worse than none. */
	if (len > sizeof(restore.bytes)) return;
	memcpy(restore.bytes, bytes, len);
	restore.len = len;
}

int restore_arm(int fd)
{
	restore.fd = fd;
	restore.len = 0;
	restore.has_tty = tcgetattr(fd, &restore.tty) == 0;
	restore.resized = 0;
	if (!open_pipe()) restore.pipe[0] = restore.pipe[1] = -1;
	struct sigaction action = {.sa_handler = on_resize};
	sigemptyset(&action.sa_mask);
	sigaction(SIGWINCH, &action, &restore.winch);
	catch_fatal();
	restore.armed = 1;
	return restore.pipe[0];
}

void restore_disarm(void)
{
	restore.armed = 0;
	if (restore.fd < 0) return;
	sigaction(SIGWINCH, &restore.winch, NULL);
	release_fatal();
	for (int i = 0; i < 2; i++) {
		if (restore.pipe[i] >= 0) close(restore.pipe[i]);
		restore.pipe[i] = -1;
	}
	restore.fd = -1;
}

bool restore_resized(void)
{
	char drop[64];
	while (restore.pipe[0] >= 0 && read(restore.pipe[0], drop, sizeof(drop)) > 0)
		continue;
	bool resized = restore.resized;
	restore.resized = 0;
	return resized;
}
