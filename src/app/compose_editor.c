#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/spawn.h"
#include "base/mem.h"
#include "base/paths.h"
#include "composing.h"

enum { MAX_FILE = 8 << 20 };

/* What was written last, when it could not be read; else the draft as it is. Owned. */
static char *file_for(struct app *app, struct str *before, struct err *err)
{
	struct composer *composer = app->composer;
	char *path = composer->file;
	composer->file = NULL;
	if (path) return path;
	compose_file_print(before, app, compose_draft(app));
	return editor_file(app, before->p, before->len, err);
}

bool compose_editor(struct app *app, struct err *err)
{
	struct composer *composer = app->composer;
	struct str before = {0};
	char *path = file_for(app, &before, err), *after = NULL;
	unsigned long len = 0;
	bool ok = path && spawn_editor(app, path, err) &&
	          paths_read(path, MAX_FILE, &after, &len, err);
	bool same = ok && before.len && strcmp(str_c(&before), after) == 0;
	struct draft *draft =
	        ok && !same ? compose_file_read(app, compose_draft(app), after, err) : NULL;
	if (draft) {
		compose_replace(app, draft);
		unlink(path);
	} else if (same) {
		unlink(path);
	} else if (path) {
		/* Nothing that was typed is lost: the next time it is opened again. */
		ok = false;
		composer->file = path;
		path = NULL;
		struct err why = *err;
		err_set(err, why.code, "%s; M-e opens your file again", why.text);
	}
	free(path);
	free(after);
	str_finish(&before);
	return ok;
}
