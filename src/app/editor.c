#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/spawn.h"
#include "base/mem.h"
#include "base/program.h"
#include "inside.h"

/* The words of the editor's command. Owned; NULL when they cannot be read. */
static char **editor_words(int *out_argc, struct err *err)
{
	static const char *const names[] = {"VISUAL", "EDITOR"};
	const char *command = "vi";
	for (size_t i = sizeof(names) / sizeof(*names); i-- > 0;) {
		const char *value = getenv(names[i]);
		if (value && *value) command = value;
	}
	char **words = cmd_split(command, out_argc, err);
	if (!words || *out_argc > 0) return words;
	cmd_words_free(words);
	err_set(err, ERR_NOT_FOUND, "VISUAL or EDITOR is blank");
	return NULL;
}

/* While the editor has the terminal its keys are not for us. */
static const struct {
	int number;
	void (*handler)(int);
} meanwhile[] = {{SIGINT, SIG_IGN}, {SIGQUIT, SIG_IGN}, {SIGTSTP, SIG_DFL}};
enum { MEANWHILE = sizeof(meanwhile) / sizeof(*meanwhile) };

static bool run(char **argv, struct err *err)
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
	struct program_files files = {PROGRAM_OURS, PROGRAM_OURS, PROGRAM_OURS, NULL, false};
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

char *editor_file(const struct app *app, const char *text, size_t len, struct err *err)
{
	const char *tmp = getenv("TMPDIR");
	char *dir = app->paths ? paths_join(app->paths->state, "edits")
	                       : xstrdup(tmp && *tmp ? tmp : "/tmp");
	char *path = NULL;
	if (!app->paths || paths_mkdir(dir, err)) path = paths_join(dir, "stoa-edit-XXXXXX");
	int fd = path ? mkstemp(path) : -1;
	bool ok = fd >= 0;
	if (path && !ok) err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
	for (size_t at = 0; ok && at < len;) {
		ssize_t n = write(fd, text + at, len - at);
		if (n < 0 && errno == EINTR) continue;
		if (n <= 0) ok = err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
		at += n > 0 ? (size_t)n : 0;
	}
	if (fd >= 0) close(fd);
	free(dir);
	if (ok) return path;
	free(path);
	return NULL;
}

bool spawn_editor(struct app *app, const char *path, struct err *err)
{
	int argc = 0;
	char **words = editor_words(&argc, err);
	if (!words) return false;
	char **argv = xcalloc((size_t)argc + 2, sizeof(*argv));
	memcpy(argv, words, (size_t)argc * sizeof(*argv));
	argv[argc] = (char *)path;
	app->term.ops->suspend(app->term.ctx);
	bool ok = run(argv, err);
	app->term.ops->resume(app->term.ctx);
	app->term.ops->redraw(app->term.ctx);
	app->dirty = app->stale_layout = true;
	app->minute_ms = 0;
	free(argv);
	cmd_words_free(words);
	return ok;
}
