#include "app/workspace.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/deck.h"
#include "app/notice.h"
#include "app/over.h"
#include "app/overlay.h"
#include "app/undo.h"
#include "base/mem.h"
#include "base/paths.h"
#include "columns.h"
#include "inside.h"

const char workspace_first[] = "main";

enum { MAX_BYTES = 1 << 20 };

bool workspace_name_check(const char *name, struct err *err)
{
	size_t len = strlen(name);
	bool good = len && len <= WORKSPACE_NAME_MAX && *name != '.' && !strchr(name, '/');
	for (const char *p = name; *p && good; p++)
		good = (unsigned char)*p >= ' ' && *p != 0x7f;
	return good || err_set(err, ERR_SYNTAX,
	                       "a workspace's name is a file's: at most %d bytes, no slash, no dot "
	                       "in front",
	                       WORKSPACE_NAME_MAX);
}

/* Its file; what was deleted has a name that no workspace can have. Owned. */
static char *file_of(const struct app *app, const char *name, bool deleted)
{
	struct str file = {0};
	str_addf(&file, "%s%s", deleted ? ".deleted-" : "", name);
	char *dir = paths_join(app->paths->state, "decks");
	char *path = paths_join(dir, file.p);
	str_finish(&file);
	free(dir);
	return path;
}

static bool exists(const struct app *app, const char *name)
{
	char *path = file_of(app, name, false);
	bool there = access(path, F_OK) == 0;
	free(path);
	return there;
}

static bool can_keep(const struct app *app, struct err *err)
{
	return app->paths || err_set(err, ERR_UNSUPPORTED, "this deck keeps nothing");
}

/* -- which one to begin with -- */

/* Beside the decks, by a name that none can have. Owned. */
static char *left_path(const struct app *app)
{
	char *dir = paths_join(app->paths->state, "decks"), *path = paths_join(dir, ".left");
	free(dir);
	return path;
}

char *workspace_left(const struct app *app)
{
	char *path = app->paths ? left_path(app) : NULL, *name = NULL;
	unsigned long len;
	bool there = path && paths_read(path, WORKSPACE_NAME_MAX, &name, &len, NULL) &&
	             workspace_name_check(name, NULL) && exists(app, name);
	free(path);
	if (there) return name;
	free(name);
	return xstrdup(workspace_first);
}

/* It only saves a key next time: that it cannot be written is told by the deck's own file. */
static void become(struct app *app, const char *name)
{
	char *copy = xstrdup(name), *path = left_path(app);
	free(app->deck_name);
	app->deck_name = copy;
	if (!app->look_only) paths_write(path, copy, strlen(copy), 0600, NULL);
	free(path);
}

/* -- from one to another -- */

/* What U would do to columns is about those of another workspace. */
static void forget_undos(struct app *app)
{
	size_t kept = 0;
	for (size_t i = 0; i < app->nundos; i++) {
		struct undo *undo = &app->undos[i];
		if (undo->line && strncmp(undo->line, "column ", 7) == 0)
			undo_finish(undo);
		else
			app->undos[kept++] = *undo;
	}
	app->nundos = kept;
}

/* A column of an account that is not known any more stands there, as it does at the start. */
static void load(struct app *app)
{
	bool started = app->started;
	app->started = false;
	deck_load(app);
	app->started = started;
	deck_query_again(app);
}

bool workspace_open(struct app *app, const char *name, struct err *err)
{
	if (!workspace_name_check(name, err) || !can_keep(app, err)) return false;
	if (strcmp(name, app->deck_name) == 0) return true;
	visit_end(app);
	if (!deck_save(app, err)) return false;
	overlay_close_all(app);
	over_close_all(app);
	struct column **before = app->columns;
	size_t n = app->ncolumns;
	app->columns = NULL;
	app->ncolumns = app->columns_cap = app->focus = app->first = app->shown = 0;
	become(app, name);
	load(app);
	/* Those that both have shall not be let go between. */
	app->feeds_changed = true;
	deck_resolve(app);
	for (size_t i = 0; i < n; i++)
		column_free(app, before[i]);
	free(before);
	forget_undos(app);
	notice_columns(app);
	app->zoom = false;
	app->save_at_ms = 0;
	app->dirty = app->stale_layout = app->stale_status = true;
	return true;
}

/* -- their files -- */

static bool move(const char *from, const char *to, struct err *err)
{
	return rename(from, to) == 0 || err_set(err, ERR_IO, "%s: %s", from, strerror(errno));
}

static bool is_there(const struct app *app, const char *name, struct err *err)
{
	if (exists(app, name)) return true;
	return err_set(
	        err, ERR_NOT_FOUND, "there is no workspace '%s'; `workspaces` lists them", name);
}

bool workspace_rename(struct app *app, const char *name, const char *to, struct err *err)
{
	bool here = strcmp(name, app->deck_name) == 0;
	if (!can_keep(app, err) || !workspace_name_check(to, err)) return false;
	if (here && !deck_save(app, err)) return false;
	if (!here && !is_there(app, name, err)) return false;
	if (exists(app, to))
		return err_set(err, ERR_SYNTAX, "there is a workspace '%s' already", to);
	char *from = file_of(app, name, false), *path = file_of(app, to, false);
	/* An empty deck has no file. */
	bool ok = (here && !app->ncolumns) || move(from, path, err);
	if (ok && here) {
		become(app, to);
		app->stale_status = true;
	}
	free(from);
	free(path);
	return ok;
}

bool workspace_delete(struct app *app, const char *name, struct err *err)
{
	if (!can_keep(app, err) || !workspace_name_check(name, err)) return false;
	if (strcmp(name, app->deck_name) == 0)
		return err_set(err, ERR_SYNTAX,
		        "'%s' is on the screen; go to another workspace first", name);
	if (!is_there(app, name, err)) return false;
	char *from = file_of(app, name, false), *to = file_of(app, name, true);
	bool ok = move(from, to, err);
	free(from);
	free(to);
	return ok;
}

bool workspace_restore(struct app *app, const char *name, struct err *err)
{
	if (!can_keep(app, err) || !workspace_name_check(name, err)) return false;
	if (exists(app, name))
		return err_set(err, ERR_SYNTAX, "there is a workspace '%s' again", name);
	char *from = file_of(app, name, true), *to = file_of(app, name, false);
	bool ok = access(from, F_OK) == 0
	                  ? move(from, to, err)
	                  : err_set(err, ERR_NOT_FOUND, "no workspace '%s' was deleted", name);
	free(from);
	free(to);
	return ok;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add(char **names, size_t *n, const char *name)
{
	for (size_t i = 0; i < *n; i++) {
		if (strcmp(names[i], name) == 0) return;
	}
	if (*n < WORKSPACES_MAX) names[(*n)++] = xstrdup(name);
}

char **workspace_names(const struct app *app, size_t *out_n)
{
	char **names = xcalloc(WORKSPACES_MAX + 1, sizeof(*names));
	size_t n = 0;
	add(names, &n, workspace_first);
	add(names, &n, app->deck_name);
	char *path = app->paths ? paths_join(app->paths->state, "decks") : NULL;
	DIR *dir = path ? opendir(path) : NULL;
	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		if (workspace_name_check(entry->d_name, NULL)) add(names, &n, entry->d_name);
	}
	if (dir) closedir(dir);
	free(path);
	qsort(names, n, sizeof(*names), by_name);
	if (out_n) *out_n = n;
	return names;
}

void workspace_names_free(char **names)
{
	for (char **it = names; *it; it++)
		free(*it);
	free(names);
}

size_t workspace_columns(const struct app *app, const char *name)
{
	static const char add_line[] = "column add ";
	if (strcmp(name, app->deck_name) == 0) return app->ncolumns;
	char *path = app->paths ? file_of(app, name, false) : NULL, *text = NULL;
	unsigned long len = 0;
	size_t n = 0;
	if (path && paths_read(path, MAX_BYTES, &text, &len, NULL)) {
		for (const char *p = text; p && *p; p = strchr(p, '\n')) {
			p += *p == '\n';
			n += strncmp(p, add_line, sizeof(add_line) - 1) == 0;
		}
	}
	free(text);
	free(path);
	return n;
}
