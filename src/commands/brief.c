#include "app/brief.h"

#include "app/over.h"
#include "app/overlay.h"
#include "base/when.h"
#include "tables.h"

/* Five minutes a day, and the time that there is for it. */

static bool brief(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	int64_t since = 0;
	if (call->argc > 1 &&
	        !when_parse_past(call->argv[1], clock_wall(app->clock), NULL, &since, err))
		return false;
	brief_open(app, since);
	return true;
}

static bool open(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	post_id id = store_find(app->store, call->argv[1]);
	const struct post *post = store_post(app->store, id);
	if (!post)
		return err_set(
		        err, ERR_NOT_FOUND, "that post is not here; it is %s", call->argv[1]);
	if (!over_open_thread(app, post, NULL)) overlay_article(app, id);
	app_set_read(app, id, true);
	return true;
}

static bool budget(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct budget wanted;
	if (call->argc > 1) {
		if (!budget_parse(call->argv[1], &wanted, err)) return false;
		app_set_budget(app, &wanted);
		return true;
	}
	struct str text = {0};
	budget_print_used(&text, &app->budget, app->used_s);
	app_say(app, TONE_SAYS, "%s%s", text.p,
	        app->budget.ms ? "" : "; `budget 2h/week` sets how much there is");
	str_finish(&text);
	return true;
}

const struct cmd brief_commands[] = {
        {"brief", "[SINCE]", "what was said, who waits, what is due, and the time used", ANYWHERE,
                brief, NULL},
        {"brief open", "URI", "open a post of the brief", ANYWHERE, open, NULL},
        {"budget", "[TIME/week|TIME/day|off]", "how much time there is for this: 2h/week, 20m/day",
                SETTING, budget, NULL},
        {0},
};
