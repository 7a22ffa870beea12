#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "app/config.h"
#include "app/picture.h"
#include "base/mem.h"
#include "inside.h"

/* Where themes are: the user's own, those beside a build (STOA_DATA), those installed. */

enum { THEME_MAX_BYTES = 256 * 1024, THEME_DIRS = 3 };

extern const char data_dir[]; /* set by the build */
static const char suffix[] = ".theme";

/* Directories to look in, in their order; owned strings, NULL where there is none. */
static void theme_dirs(const struct app *app, char *dirs[THEME_DIRS])
{
	const char *data = getenv("STOA_DATA");
	dirs[0] = app->paths ? paths_join(app->paths->config, "themes") : NULL;
	dirs[1] = data && *data ? paths_join(data, "themes") : NULL;
	dirs[2] = paths_join(data_dir, "themes");
}

static bool is_name(const char *name)
{
	return *name && *name != '.' && !strchr(name, '/');
}

/* The text of the first theme of that name. Owned; NULL with err. */
static char *theme_read(
        const struct app *app, const char *name, unsigned long *out_len, struct err *err)
{
	char *dirs[THEME_DIRS], *text = NULL;
	struct str file = {0};
	struct err why = {.code = ERR_NOT_FOUND};
	str_addf(&file, "%s%s", name, suffix);
	theme_dirs(app, dirs);
	for (size_t i = 0; i < THEME_DIRS; i++) {
		char *path = dirs[i] ? paths_join(dirs[i], file.p) : NULL;
		if (path && !text && why.code == ERR_NOT_FOUND &&
		        !paths_read(path, THEME_MAX_BYTES, &text, out_len, &why))
			text = NULL;
		free(path);
		free(dirs[i]);
	}
	str_finish(&file);
	if (!text && why.code == ERR_NOT_FOUND)
		err_set(err, ERR_NOT_FOUND, "there is no theme '%s'; Tab after `theme` lists them",
		        name);
	else if (!text && err)
		*err = why;
	return text;
}

static void on_theme_mistake(void *ctx, const char *sentence)
{
	struct app *app = ctx;
	app->mistakes++;
	app_say(app, TONE_ERROR, "%s", sentence);
}

/* Try it on a theme of its own first: a broken one must not leave half of its colours. */
static bool theme_take(
        struct app *app, const char *name, const char *text, unsigned long len, struct err *err)
{
	struct theme *trial = theme_new();
	theme_clear(trial);
	int wrong = theme_load(trial, name, text, len, on_theme_mistake, app);
	theme_free(trial);
	if (wrong)
		return err_set(err, ERR_SYNTAX,
		        "the theme '%s' has %d mistake%s; the one from before stays", name, wrong,
		        wrong == 1 ? "" : "s");
	theme_clear(app->theme);
	theme_load(app->theme, name, text, len, on_theme_mistake, app);
	return true;
}

bool config_theme(struct app *app, const char *name, struct err *err)
{
	unsigned long len = 0;
	if (!is_name(name)) return err_set(err, ERR_SYNTAX, "'%s' is not a theme's name", name);
	char *text = theme_read(app, name, &len, err);
	if (!text && strcmp(name, "default") == 0) {
		text = xstrdup(theme_default);
		len = strlen(text);
	}
	bool ok = text && theme_take(app, name, text, len, err);
	free(text);
	if (!ok) return false;
	char *copy = xstrdup(name);
	free(app->theme_name);
	app->theme_name = copy;
	if (app->engine && !app->trying) picture_configure(app);
	app->dirty = true;
	return true;
}

/* -- the one that was chosen -- */

static void take_kept(struct app *app)
{
	const char *lf = app->theme_kept ? strchr(app->theme_kept, '\n') : NULL;
	if (!lf || strcmp(lf + 1, app->theme_said) != 0) return;
	struct err err = {0};
	char *name = xstrndup(app->theme_kept, (size_t)(lf - app->theme_kept));
	if (!config_theme(app, name, &err)) app_say(app, TONE_ERROR, "%s", err.text);
	free(name);
}

void config_theme_settle(struct app *app)
{
	free(app->theme_said);
	app->theme_said = xstrdup(app->theme_name);
	take_kept(app);
}

void config_theme_kept(struct app *app, const char *value)
{
	free(app->theme_kept);
	app->theme_kept = *value ? xstrdup(value) : NULL;
	take_kept(app);
}

bool config_theme_keep(struct app *app, const char *name, struct err *err)
{
	if (!config_theme(app, name, err)) return false;
	struct str value = {0};
	/* Back to what the config says is nothing to remember. */
	if (strcmp(name, app->theme_said) != 0) str_addf(&value, "%s\n%s", name, app->theme_said);
	app_remember(app, "theme", str_c(&value));
	config_theme_kept(app, str_c(&value));
	str_finish(&value);
	return true;
}

/* -- their names -- */

struct names {
	char **p;
	size_t n, cap;
};

static void names_add(struct names *names, const char *file)
{
	size_t len = strlen(file), tail = strlen(suffix);
	if (len <= tail || strcmp(file + len - tail, suffix) != 0) return;
	names->p = mem_grow(names->p, &names->cap, names->n + 1, sizeof(*names->p));
	names->p[names->n++] = xstrndup(file, len - tail);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void config_each_theme(const struct app *app, void (*each)(void *ctx, const char *name), void *ctx)
{
	char *dirs[THEME_DIRS];
	struct names names = {0};
	names_add(&names, "default.theme");
	theme_dirs(app, dirs);
	for (size_t i = 0; i < THEME_DIRS; i++) {
		DIR *dir = dirs[i] ? opendir(dirs[i]) : NULL;
		for (struct dirent *entry; dir && (entry = readdir(dir));)
			names_add(&names, entry->d_name);
		if (dir) closedir(dir);
		free(dirs[i]);
	}
	qsort(names.p, names.n, sizeof(*names.p), by_name);
	for (size_t i = 0; i < names.n; i++) {
		if (i == 0 || strcmp(names.p[i], names.p[i - 1]) != 0) each(ctx, names.p[i]);
	}
	for (size_t i = 0; i < names.n; i++)
		free(names.p[i]);
	free(names.p);
}
