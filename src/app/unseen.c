#include "app/unseen.h"

#include <stdlib.h>
#include <string.h>

#include "app/deck.h"
#include "app/notice_way.h"
#include "app/workspace.h"
#include "base/mem.h"
#include "inside.h"

/* Enough to know what is new. */
enum { UNSEEN_POSTS = 2000 };

bool unseen_new(const struct paths *paths, const struct cmd_set *commands, struct app **out,
        struct err *err)
{
	const struct engine_options engine = {.state_dir = paths->state,
	        .data_dir = paths->data,
	        .spacing_ms = -1,
	        .reader_max = UNSEEN_POSTS};
	const struct app_options opts = {.paths = paths,
	        .commands = commands,
	        .clock = &clock_system,
	        .engine = &engine,
	        .unseen = true};
	return app_new(&opts, out, err);
}

/* Can a notice be shown at all? What cannot be told need not be watched; says so. */
static bool can_tell(struct app *app)
{
	struct notice_ways ways;
	const struct rule *const *rules;
	const char *by = app->options.notify_by;
	size_t n = store_rules(app->store, &rules), notices = 0;
	for (size_t i = 0; i < n; i++)
		notices += rules[i]->kind == RULE_NOTICE;
	notice_ways_find(&ways);
	bool can = notice_way_of(&ways, by, false) != WAY_NONE;
	if (notices && !can && strcmp(by, "off") != 0)
		app_say(app, TONE_ERROR, "nothing is watched for notices: %s",
		        !ways.helper ? "stoa-notify is not installed"
		        : !ways.bus  ? "there is no session bus"
		                     : "notify-by wants a terminal");
	notice_ways_finish(&ways);
	return can;
}

/* Is some notice about the column? */
static bool is_about(const struct app *app, const struct column *column)
{
	const struct rule *const *rules;
	size_t n = store_rules(app->store, &rules);
	for (size_t i = 0; i < n; i++) {
		if (rules[i]->kind == RULE_NOTICE && columns_name(rules[i]->columns, column->title))
			return true;
	}
	return false;
}

void unseen_load(struct app *app)
{
	size_t n;
	char **names = app->paths ? workspace_names(app, &n) : NULL;
	for (size_t i = 0; names && names[i]; i++) {
		free(app->deck_name);
		app->deck_name = xstrdup(names[i]);
		deck_load(app);
	}
	workspace_names_free(names);
	deck_query_again(app);
	bool can = can_tell(app);
	for (size_t i = app->ncolumns; i-- > 0;) {
		if (!can || !is_about(app, app->columns[i])) deck_remove(app, i);
	}
	app->feeds_changed = true;
}

void unseen_turn(struct app *app)
{
	app_turn(app, 0);
}

int unseen_fd(const struct app *app)
{
	return engine_fd(app->engine);
}

int unseen_wait_ms(const struct app *app)
{
	return app_wait_ms(app);
}

int unseen_sources(const struct app *app)
{
	int n = 0;
	if (!app->started || app->feeds_changed) return -1;
	for (size_t i = 0; i < app->nwatches; i++)
		n += app->watches[i].refs > 0;
	return n;
}
