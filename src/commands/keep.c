#include <string.h>

#include "acting.h"
#include "app/prompt.h"
#include "base/mem.h"
#include "model/post.h"

/* Lists, filters and scheduled posts that a server keeps: making, renaming, removing. */

static const struct account *account_for(
        struct app *app, const struct acting *acting, struct err *err)
{
	const struct account *account = act_account(app, acting->as, err);
	return account && act_can(account, acting->verb, err) ? account : NULL;
}

static void do_it(struct app *app, const struct acting *acting, const struct account *account,
        const char *name, const char *text, const char *label)
{
	struct action *action = action_new(acting->verb, acting->undo);
	action->name = xstrdup(name);
	action->text = xstrdup(text);
	act_do(app, &(struct act){.account = account, .action = action, .label = label});
}

static bool make(const struct cmd_call *call, struct err *err)
{
	struct acting acting;
	acting_read(call, &acting);
	const struct account *account = account_for(call_app(call), &acting, err);
	if (!account) return false;
	do_it(call_app(call), &acting, account, acting.rest[0], NULL, acting.rest[0]);
	return true;
}

static bool give_name(const struct cmd_call *call, struct err *err)
{
	struct acting acting;
	acting_read(call, &acting);
	const struct account *account = account_for(call_app(call), &acting, err);
	if (!account) return false;
	do_it(call_app(call), &acting, account, acting.rest[0], acting.rest[1], acting.rest[1]);
	return true;
}

/* What no undo brings back always asks. */
static void remove_it(struct app *app, const struct acting *acting, const struct account *account,
        const char *id, const char *label)
{
	const char *name = acting->undo ? verbs[acting->verb].undo : verbs[acting->verb].name;
	if (acting->sure) {
		do_it(app, acting, account, id, NULL, label);
		return;
	}
	struct str question = {0}, line = {0};
	str_addf(&question, "%s: %s %s?", account->name, name, label);
	str_addf(&line, "%s sure as ", name);
	cmd_quote(&line, account->name);
	str_adds(&line, " at ");
	cmd_quote(&line, id);
	prompt_confirm(app, question.p, line.p);
	str_finish(&question);
	str_finish(&line);
}

static bool drop(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct acting acting;
	acting_read(call, &acting);
	const struct account *account = account_for(app, &acting, err);
	if (!account) return false;
	remove_it(app, &acting, account, acting.at, acting.nrest ? acting.rest[0] : "it");
	return true;
}

static bool unschedule(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct acting acting;
	struct viewer viewer;
	struct row row;
	acting_read(call, &acting);
	const struct account *account = account_for(app, &acting, err);
	if (!account) return false;
	const char *id = acting.at;
	if (!id) {
		if (!app_selected_row(app, &row, err)) return false;
		const struct post *post = store_post(app->store, row.post);
		if (row.reason == REASON_SCHEDULED && post &&
		        post_viewer_of(post, account->id, &viewer))
			id = viewer.remote_id;
	}
	if (!id) return err_set(err, ERR_NOT_FOUND, "this row is no scheduled post");
	remove_it(app, &acting, account, id, "this post before it is published");
	return true;
}

static bool can_unschedule(void *app, struct err *err)
{
	struct row row;
	if (!app_selected_row(app, &row, err)) return false;
	if (row.reason != REASON_SCHEDULED)
		return err_set(err, ERR_NOT_FOUND, "this row is no scheduled post");
	return can_act(app, VERB_UNSCHEDULE, err);
}

static const struct cmd_hooks unschedule_hooks = {.can = can_unschedule};

const struct cmd keep_commands[] = {
        {"filter-drop", "[sure] [as ACCOUNT] at ID [TEXT]", "remove a filter of the server",
                ANYWHERE, drop, NULL},
        {"list-delete", "[sure] [as ACCOUNT] at LIST [TEXT]", "delete a list, by its id", ANYWHERE,
                drop, NULL},
        {"list-make", "[as ACCOUNT] TEXT", "make a list of this name", ANYWHERE, make, NULL},
        {"list-rename", "[as ACCOUNT] LIST TEXT", "give a list another name", ANYWHERE, give_name,
                NULL},
        {"unschedule", "[sure] [as ACCOUNT] [at ID]", "cancel this scheduled post",
                ANYWHERE | CMD_ACTION, unschedule, &unschedule_hooks},
        {0},
};
