#include <string.h>

#include "app/over.h"
#include "app/overlay.h"
#include "base/mem.h"
#include "tables.h"

/* The program itself. */

static void ask_quit(struct app *app)
{
	struct list_view list = {.title = xstrdup("Leave stoa?")};
	const struct list_item items[] = {
	        {.key = (char *)"y", .text = (char *)"yes, leave", .line = (char *)"quit"},
	        {.key = (char *)"n", .text = (char *)"no, stay", .line = (char *)"back"},
	};
	for (size_t i = 0; i < 2; i++)
		list_view_add(&list, &items[i]);
	overlay_list(app, &list);
}

/* One step back: what is open, then the filter; at the root, perhaps, out. */
static bool back(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct column *column = app_column(app);
	(void)err;
	if (app->overlay != OVERLAY_NONE) {
		overlay_close(app);
	} else if (column && timeline_narrowed(column->timeline)) {
		timeline_narrow(column->timeline, NULL, true, NULL, NULL);
		column->dirty = true;
	} else if (app->above) {
		over_close(app);
	} else if (call->argc > 1) {
		ask_quit(app);
	} else if (app->zoom) {
		app->zoom = false;
		app->dirty = app->stale_layout = true;
	}
	return true;
}

static bool quit(const struct cmd_call *call, struct err *err)
{
	(void)err;
	app_quit(call_app(call), 0);
	return true;
}

static bool redraw(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	(void)err;
	app->term.ops->redraw(app->term.ctx);
	app->dirty = true;
	return true;
}

static bool suspend(const struct cmd_call *call, struct err *err)
{
	(void)err;
	app_suspend(call_app(call));
	return true;
}

static bool version(const struct cmd_call *call, struct err *err)
{
	(void)err;
	str_adds(call->out, "stoa " STOA_VERSION);
	return true;
}

const struct cmd program_commands[] = {
        {"back", "[quit]", "close what is open; at the root, ask whether to leave", ANYWHERE, back,
                NULL},
        {"q", "", "leave stoa, as in vim", 0, quit, NULL},
        {"quit", "", "leave stoa", ANYWHERE, quit, NULL},
        {"redraw", "", "draw the whole screen again", ANYWHERE, redraw, NULL},
        {"suspend", "", "give the terminal back to the shell for a while", 0, suspend, NULL},
        {"version", "", "say which stoa this is", ANYWHERE, version, NULL},
        {0},
};
