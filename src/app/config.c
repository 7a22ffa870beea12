#include "app/config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/deck.h"
#include "app/picture.h"
#include "app/rules.h"
#include "base/mem.h"
#include "inside.h"

enum { CONFIG_MAX_BYTES = 1 << 20, MAX_DEPTH = 8 };

/* The text of the presets' files, compiled in. */
extern const char preset_tut[], preset_tweetdeck[];

static void on_mistake(void *ctx, const char *sentence)
{
	struct app *app = ctx;
	app->mistakes++;
	app_say(app, TONE_ERROR, "%s", sentence);
}

bool config_source(struct app *app, const char *path, unsigned allow, struct err *err)
{
	unsigned long len = 0;
	char *text = NULL, *full = paths_expand(path);
	if (app->source_depth >= MAX_DEPTH) {
		free(full);
		return err_set(
		        err, ERR_TOO_LARGE, "files source each other more than %d deep", MAX_DEPTH);
	}
	bool ok = paths_read(full, CONFIG_MAX_BYTES, &text, &len, err);
	if (ok) {
		app->source_depth++;
		cmd_source(app->commands, app, full, text, len, allow, on_mistake, app);
		app->source_depth--;
	}
	free(text);
	free(full);
	return ok;
}

void config_load(struct app *app)
{
	struct err err = {0};
	app->mistakes = 0;
	if (!app->config_path) return;
	if (!config_source(app, app->config_path, CMD_CONFIG, &err) &&
	        (err.code != ERR_NOT_FOUND || app->config_named))
		on_mistake(app, err.text);
	if (app->mistakes > 1)
		app_say(app, TONE_ERROR, "%u mistakes in the config; `:messages` lists them",
		        app->mistakes);
}

/* Options, keys and theme: what a config makes. */
struct settings {
	struct options options;
	struct slots_book slots;
	struct open_rules open_rules;
	struct budget budget;
	struct keymap *keymap;
	struct theme *theme;
	char *theme_name;
};

static void settings_swap(struct app *app, struct settings *settings)
{
	struct settings old = {app->options, app->slots, app->open_rules, app->budget, app->keymap,
	        app->theme, app->theme_name};
	app->options = settings->options;
	app->slots = settings->slots;
	app->open_rules = settings->open_rules;
	app->budget = settings->budget;
	app->keymap = settings->keymap;
	app->theme = app->ui.theme = settings->theme;
	app->theme_name = settings->theme_name;
	*settings = old;
}

/* Does the config run without a mistake? Nothing of the app is changed. */
static bool config_is_good(struct app *app)
{
	struct settings settings = {
	        .keymap = keymap_new(), .theme = theme_new(), .theme_name = xstrdup("default")};
	options_init(&settings.options);
	app->trying = true;
	settings_swap(app, &settings);
	config_preset(app, presets[0].name, NULL);
	config_load(app);
	settings_swap(app, &settings);
	app->trying = false;
	rules_tried(app);
	options_finish(&settings.options);
	slots_book_finish(&settings.slots);
	open_rules_finish(&settings.open_rules);
	keymap_free(settings.keymap);
	theme_free(settings.theme);
	free(settings.theme_name);
	return app->mistakes == 0;
}

bool config_reload(struct app *app, struct err *err)
{
	if (!config_is_good(app))
		return err_set(err, ERR_SYNTAX,
		        "%u mistake%s: the config from before stays; `:messages` has more",
		        app->mistakes, app->mistakes == 1 ? "" : "s");
	options_finish(&app->options);
	options_init(&app->options);
	slots_book_finish(&app->slots);
	open_rules_finish(&app->open_rules);
	app->budget = (struct budget){0};
	config_theme(app, "default", NULL);
	config_preset(app, presets[0].name, NULL);
	rules_forget_config(app);
	app->trying = app->reloading = true;
	config_load(app);
	app->trying = app->reloading = false;
	config_theme_settle(app);
	if (app->linear) app->options.linear = true;
	rules_reloaded(app);
	config_apply(app, NULL);
	return true;
}

bool config_preset(struct app *app, const char *name, struct err *err)
{
	struct str names = {0};
	for (size_t i = 0; presets[i].name; i++) {
		str_addf(&names, " %s", presets[i].name);
		if (strcmp(presets[i].name, name) != 0) continue;
		keymap_clear(app->keymap);
		cmd_source(app->commands, app, "default.conf", default_conf, strlen(default_conf),
		        CMD_CONFIG, on_mistake, app);
		cmd_source(app->commands, app, presets[i].name, presets[i].text,
		        strlen(presets[i].text), CMD_CONFIG, on_mistake, app);
		str_finish(&names);
		return true;
	}
	err_set(err, ERR_NOT_FOUND, "there is no preset '%s'; there are:%s", name, str_c(&names));
	str_finish(&names);
	return false;
}

static void tell_engine(struct app *app, const char *name, int64_t ms)
{
	struct job *job = job_new(JOB_OPTION);
	job->arg = xstrdup(name);
	job->number = ms;
	app_post(app, job);
}

void config_apply(struct app *app, const char *option)
{
	if (app->trying || !app->engine) return;
	bool all = !option;
	if (!all && strcmp(option, "refresh") == 0) tell_engine(app, option, app->options.refresh);
	if (!all && strcmp(option, "feed-refresh") == 0)
		tell_engine(app, option, app->options.feed_refresh);
	if (!all && strcmp(option, "outbox-settle") == 0)
		tell_engine(app, option, app->options.outbox_settle);
	/* A millisecond is none. */
	if (!all && strcmp(option, "outbox-spacing") == 0)
		tell_engine(
		        app, option, app->options.outbox_spacing ? app->options.outbox_spacing : 1);
	if (all || strcmp(option, "colors") == 0 || strcmp(option, "mouse") == 0 ||
	        strcmp(option, "ascii") == 0 || strcmp(option, "pictures") == 0) {
		struct term_options opts = {.colors = app->options.colors,
		        .mouse = app->options.mouse,
		        .ascii = app->options.ascii,
		        .pictures = strcmp(app->options.pictures, "off") != 0};
		app->term.ops->configure(app->term.ctx, &opts);
	}
	if (all || strcmp(option, "layout") == 0)
		post_template_read(app->options.layout, &app->ui.layout, NULL);
	if (!all && strcmp(option, "picture-cache") == 0)
		tell_engine(app, option, app->options.picture_cache);
	picture_configure(app);
	if (all || strcmp(option, "fold-seen-reposts") == 0)
		store_fold_seen_reposts(app->store, app->options.fold_seen_reposts);
	if (!all && strcmp(option, "set-title") == 0) {
		title_forget(app);
		if (strcmp(app->options.set_title, "off") == 0)
			app->term.ops->title(app->term.ctx, NULL);
	}
	app->dirty = app->stale_layout = true;
}

const struct preset presets[] = {
        {"stoa", "the keys of this manual", ""},
        {"tut", "near to tut's keys", preset_tut},
        {"tweetdeck", "near to TweetDeck's keys", preset_tweetdeck},
        {0},
};
