#include "app/undo.h"

#include <stdlib.h>
#include <string.h>

#include "app/deck.h"
#include "base/mem.h"
#include "inside.h"

void undo_finish(struct undo *undo)
{
	free(undo->what);
	free(undo->line);
	free(undo->uri);
	free(undo->posts);
	*undo = (struct undo){0};
}

static struct undo *undo_push(struct app *app, const char *what)
{
	if (app->nundos >= APP_MAX_UNDO) {
		undo_finish(&app->undos[0]);
		memmove(app->undos, app->undos + 1, --app->nundos * sizeof(*app->undos));
	}
	app->undos = mem_grow(app->undos, &app->undos_cap, app->nundos + 1, sizeof(*app->undos));
	struct undo *undo = &app->undos[app->nundos++];
	*undo = (struct undo){.what = xstrdup(what)};
	return undo;
}

void undo_line(struct app *app, const char *what, const char *line, const char *uri)
{
	struct undo *undo = undo_push(app, what);
	undo->line = xstrdup(line);
	undo->uri = xstrdup(uri);
}

void undo_read(struct app *app, const char *what, post_id *posts, size_t nposts)
{
	struct undo *undo = undo_push(app, what);
	undo->posts = posts;
	undo->nposts = nposts;
}

void undo_forget(struct app *app, const char *line)
{
	for (size_t i = app->nundos; i-- > 0;) {
		struct undo *undo = &app->undos[i];
		if (!undo->line || strcmp(undo->line, line) != 0) continue;
		undo_finish(undo);
		memmove(undo, undo + 1, (--app->nundos - i) * sizeof(*undo));
		return;
	}
}

bool undo_last(struct app *app, struct err *err)
{
	if (!app->nundos) return err_set(err, ERR_NOT_FOUND, "there is nothing to undo");
	struct undo undo = app->undos[--app->nundos];
	bool ok = true;
	for (size_t i = 0; i < undo.nposts; i++)
		app_set_read(app, undo.posts[i], false);
	if (undo.line) {
		size_t before = app->nundos;
		ok = app_command(app, undo.line, NULL, err);
		/* Taking back is not itself taken back. */
		while (app->nundos > before)
			undo_finish(&app->undos[--app->nundos]);
	}
	struct column *column = app_column(app);
	if (ok && undo.uri && column) {
		free(column->restore_uri);
		column->restore_uri = xstrdup(undo.uri);
		column->marked = UINT64_MAX;
	}
	if (ok) app_say(app, TONE_GOOD, "undone: %s", undo.what);
	undo_finish(&undo);
	return ok;
}
