#include <limits.h>
#include <stdlib.h>

#include "app/overlay.h"
#include "base/mem.h"
#include "tables.h"

/* Moving in a list over the deck, and leaving what is open. */

static bool can_list(void *app, struct err *err)
{
	return ((struct app *)app)->overlay == OVERLAY_LIST ||
	       err_set(err, ERR_NOT_FOUND, "no list is open");
}

static bool move(const struct cmd_call *call, int by, int pages, struct err *err)
{
	struct app *app = call_app(call);
	if (!can_list(app, err)) return false;
	struct rect area = overlay_area(app);
	int page = area.rows > 6 ? area.rows - 6 : 1;
	overlay_list_move(app, by + pages * page);
	return true;
}

static bool list_bottom(const struct cmd_call *call, struct err *err)
{
	return move(call, INT_MAX / 4, 0, err);
}

static bool list_choose(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	if (!can_list(app, err)) return false;
	const struct list_item *item = list_view_chosen(&app->list, NULL);
	if (!item || !item->line) {
		overlay_close(app);
		return true;
	}
	if (item->dim)
		return err_set(err, ERR_UNSUPPORTED, "%s",
		        item->detail ? item->detail : "that cannot be done now");
	char *line = xstrdup(item->line);
	overlay_close(app);
	bool ok = app_command(app, line, call->out, err);
	free(line);
	return ok;
}

static bool list_down(const struct cmd_call *call, struct err *err)
{
	return move(call, 1, 0, err);
}

static bool list_find(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	if (!can_list(app, err)) return false;
	app->list.typing = true;
	app->dirty = true;
	return true;
}

static bool list_page_down(const struct cmd_call *call, struct err *err)
{
	return move(call, 0, 1, err);
}

static bool list_page_up(const struct cmd_call *call, struct err *err)
{
	return move(call, 0, -1, err);
}

static bool list_top(const struct cmd_call *call, struct err *err)
{
	return move(call, -INT_MAX / 4, 0, err);
}

static bool list_up(const struct cmd_call *call, struct err *err)
{
	return move(call, -1, 0, err);
}

static const struct cmd_hooks hooks = {.can = can_list};

const struct cmd list_commands[] = {
        {"list bottom", "", "go to the last line", ANYWHERE, list_bottom, &hooks},
        {"list choose", "", "do what the selected line says", ANYWHERE, list_choose, &hooks},
        {"list down", "", "select the next line", ANYWHERE, list_down, &hooks},
        {"list find", "", "narrow the list by what is typed", ANYWHERE, list_find, &hooks},
        {"list page-down", "", "go a page down", ANYWHERE, list_page_down, &hooks},
        {"list page-up", "", "go a page up", ANYWHERE, list_page_up, &hooks},
        {"list top", "", "go to the first line", ANYWHERE, list_top, &hooks},
        {"list up", "", "select the line above", ANYWHERE, list_up, &hooks},
        {0},
};
