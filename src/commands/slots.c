#include "app/overlay.h"
#include "base/mem.h"
#include "tables.h"

/* When an account likes to post: what `next slot` goes by. */

static void show_all(struct app *app)
{
	struct list_view list = {.title = xstrdup("Slots: Enter changes them")};
	for (size_t i = 0; i < app->slots.n; i++) {
		const struct slots_row *row = &app->slots.rows[i];
		struct str times = {0}, line = {0};
		slots_print(&times, &row->slots);
		str_adds(&line, "prompt slots ");
		cmd_quote(&line, row->account);
		str_addf(&line, " %s", times.p);
		const struct list_item item = {
		        .text = row->account, .detail = times.p, .line = line.p};
		list_view_add(&list, &item);
		str_finish(&times);
		str_finish(&line);
	}
	overlay_list(app, &list);
}

static bool slots(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	if (call->argc == 1) {
		if (app->slots.n == 0) {
			return err_set(err, ERR_NOT_FOUND, "%s",
			        "no account has slots; `slots work mon-fri 9:00 12:30` gives it "
			        "some");
		}
		show_all(app);
		return true;
	}
	struct str text = {0};
	for (int i = 2; i < call->argc; i++)
		str_addf(&text, "%s%s", i > 2 ? " " : "", call->argv[i]);
	bool ok = slots_book_put(&app->slots, call->argv[1], str_c(&text), err);
	str_finish(&text);
	return ok;
}

static void complete(void *ctx, char **words, int arg,
        void (*add)(void *ctx, const char *word, const char *help), void *add_ctx)
{
	const struct app *app = ctx;
	const struct account *const *accounts;
	size_t n = store_accounts(app->store, &accounts);
	(void)words;
	for (size_t i = 0; arg == 1 && i < n; i++)
		if (accounts[i]->caps & CAP_POST)
			add(add_ctx, accounts[i]->name, accounts[i]->handle);
}

static const struct cmd_hooks hooks = {.complete = complete};

const struct cmd slots_commands[] = {
        {"slots", "[ACCOUNT] [SLOT…]",
                "when an account likes to post: mon-fri 09:00 12:30; `off` for none", SETTING,
                slots, &hooks},
        {0},
};
