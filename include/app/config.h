#pragma once
#include "app/state.h"

/* Config, themes and presets: files of commands. */

/* Run the config file if there is one. Mistakes become messages. */
void config_load(struct app *app);
/* Read the config again; when anything in it is wrong, the old one stays. */
bool config_reload(struct app *app, struct err *err);
/* Run a file; the commands in it must carry one of the flags `allow` (0: any). Mistakes become
 * messages. */
bool config_source(struct app *app, const char *path, unsigned allow, struct err *err);

/* Load a theme by name from the user's themes, those installed or the one compiled in. */
bool config_theme(struct app *app, const char *name, struct err *err);
/*
 * Take a theme for good: it stands in the place of the one that the config names, until the
 * config names another.
 */
bool config_theme_keep(struct app *app, const char *name, struct err *err);
void config_theme_kept(struct app *app, const char *value); /* what was remembered of that */
void config_theme_settle(struct app *app);                  /* the config has been run */
/* Call back for the name of every theme there is, sorted, each once. */
void config_each_theme(const struct app *app, void (*each)(void *ctx, const char *name), void *ctx);
/* After an option changed (NULL: all of them): whatever obeys it. */
void config_apply(struct app *app, const char *option);

/* Key presets that are compiled in; ended by a row without a name. */
struct preset {
	const char *name, *help;
	const char *text; /* command lines on top of the default keys; "" for those alone */
};
extern const struct preset presets[];
bool config_preset(struct app *app, const char *name, struct err *err);
