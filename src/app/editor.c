#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/spawn.h"
#include "base/mem.h"
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
	bool ok = spawn_foreground(app, argv, err);
	free(argv);
	cmd_words_free(words);
	return ok;
}
