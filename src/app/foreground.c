#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/spawn.h"
#include "base/program.h"
#include "inside.h"

/* Programs that get the terminal for a while: the editor, and stoa's own command line. */

/* While it has the terminal its keys are not for us. */
static const struct {
	int number;
	void (*handler)(int);
} meanwhile[] = {{SIGINT, SIG_IGN}, {SIGQUIT, SIG_IGN}, {SIGTSTP, SIG_DFL}};
enum { MEANWHILE = sizeof(meanwhile) / sizeof(*meanwhile) };

static bool run(char *const *argv, const char *path, struct err *err)
{
	struct sigaction before[MEANWHILE];
	for (int i = 0; i < MEANWHILE; i++) {
		struct sigaction action = {.sa_handler = meanwhile[i].handler};
		sigemptyset(&action.sa_mask);
		sigaction(meanwhile[i].number, &action, &before[i]);
	}
	pid_t pid;
	int status = 0;
	/* In our own group, so that ^Z stops us both and `fg` brings both back. */
	struct program_files files = {PROGRAM_OURS, PROGRAM_OURS, PROGRAM_OURS, path, false};
	bool ok = program_start(argv, &files, &pid, err);
	while (ok && waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR) ok = err_set(err, ERR_IO, "%s: %s", argv[0], strerror(errno));
	}
	for (int i = 0; i < MEANWHILE; i++)
		sigaction(meanwhile[i].number, &before[i], NULL);
	if (ok && (!WIFEXITED(status) || WEXITSTATUS(status)))
		ok = err_set(err, ERR_CANCELLED, "%s ended without success", argv[0]);
	return ok;
}

static void take_back(struct app *app)
{
	app->term.ops->resume(app->term.ctx);
	app->term.ops->redraw(app->term.ctx);
	app->dirty = app->stale_layout = true;
	app->minute_ms = 0;
}

bool spawn_foreground(struct app *app, char *const *argv, struct err *err)
{
	app->term.ops->suspend(app->term.ctx);
	bool ok = run(argv, NULL, err);
	take_back(app);
	return ok;
}

bool spawn_own(struct app *app, char *const *argv, bool pause, struct err *err)
{
	if (app->term.fd < 0)
		return err_set(err, ERR_UNSUPPORTED, "there is no terminal to run `stoa %s` in",
		        argv[1] ? argv[1] : "");
	app->term.ops->suspend(app->term.ctx);
	bool ok = run(argv, "/proc/self/exe", err);
	if (pause) {
		/* What it said would be gone with the next frame. */
		static const char words[] = "\nEnter goes back to the deck. ";
		char c = 0;
		ssize_t n = write(STDOUT_FILENO, words, sizeof(words) - 1);
		while (n > 0 && c != '\n')
			n = read(STDIN_FILENO, &c, 1);
	}
	take_back(app);
	return ok;
}
