#include "app/open_with.h"

#include "app/overlay.h"
#include "base/mem.h"
#include "tables.h"

/* Which program opens which addresses. */

static bool show_all(struct app *app, struct err *err)
{
	if (app->open_rules.n == 0)
		return err_set(err, ERR_NOT_FOUND,
		        "all is opened with '%s'; `open-with https://*.pdf zathura` makes a rule",
		        app->options.browser);
	struct list_view list = {.title = xstrdup("Opened with")};
	for (size_t i = 0; i < app->open_rules.n; i++) {
		const struct open_rule *rule = &app->open_rules.rows[i];
		const struct list_item item = {.text = rule->pattern, .detail = rule->program};
		list_view_add(&list, &item);
	}
	overlay_list(app, &list);
	return true;
}

static bool open_with(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct str program = {0};
	if (call->argc == 1) return show_all(app, err);
	if (call->argc == 2)
		return err_set(err, ERR_SYNTAX,
		        "which program opens '%s'? `off` for none of its own", call->argv[1]);
	for (int i = 2; i < call->argc; i++) {
		if (i > 2) str_addc(&program, ' ');
		/* One word may be a whole command line. */
		if (call->argc == 3)
			str_adds(&program, call->argv[i]);
		else
			cmd_quote(&program, call->argv[i]);
	}
	bool ok = open_rules_put(&app->open_rules, call->argv[1], str_c(&program), err);
	str_finish(&program);
	return ok;
}

const struct cmd open_with_commands[] = {
        {"open-with", "[PATTERN] [PROGRAM…]",
                "a program for addresses like PATTERN, run without a shell; `off` for none",
                SETTING, open_with, NULL},
        {0},
};
