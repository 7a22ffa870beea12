#include "app/tutorial.h"

#include <string.h>

#include "app/overlay.h"
#include "base/mem.h"
#include "tables.h"

/* Steps to be tried, beside the deck. */

static bool tutorial(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	(void)err;
	tutorial_open(app, on_off(call, 1, app->tutorial));
	return true;
}

static bool steps(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct list_view list = {.title = xstrdup("Tutorial")};
	(void)err;
	tutorial_list(app, &list);
	overlay_list(app, &list);
	return true;
}

static bool tutorial_next(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	if (!app->tutorial)
		return err_set(err, ERR_NOT_FOUND, "no tutorial is open; `tutorial on` opens it");
	tutorial_skip(app);
	return true;
}

const struct cmd tutorial_commands[] = {
        {"tutorial", "[on|off]", "steps to be tried, ticked off as you do them", SETTING, tutorial,
                NULL},
        {"tutorial next", "", "leave the next step out", ANYWHERE, tutorial_next, NULL},
        {"tutorial steps", "", "list all steps", ANYWHERE, steps, NULL},
        {0},
};
