#include "app/compose.h"

#include <stdlib.h>
#include <string.h>

#include "acting.h"
#include "base/mem.h"
#include "composing.h"
#include "model/post.h"

/* Beginning a post, going through its parts, and its ends. */

bool can_compose(void *app, struct err *err)
{
	return compose_is_open(app) ||
	       err_set(err, ERR_NOT_FOUND, "nothing is being written; c begins a post");
}

struct draft *composed(const struct cmd_call *call, struct err *err)
{
	return can_compose(call->app, err) ? compose_draft(call->app) : NULL;
}

/* -- beginning -- */

/* Whoever is named; else who acts in this column; else the only one there is. */
static const struct account *author(const struct app *app, const char *name, struct err *err)
{
	const struct account *account = act_account(app, name, err), *only = NULL;
	const struct account *const *accounts;
	size_t n = store_accounts(app->store, &accounts), able = 0;
	if (account || name) return account;
	for (size_t i = 0; i < n; i++) {
		if (!compose_can(app, accounts[i], NULL, NULL)) continue;
		only = accounts[i];
		able++;
	}
	if (able == 1) return only;
	err_set(err, ERR_NOT_FOUND,
	        able ? "nobody acts in this column: `compose as ACCOUNT`"
	             : "nobody is signed in who could post; `stoa login` signs in");
	return NULL;
}

/* `[as ACCOUNT]` and what follows it; *out_text NULL: nothing. */
static const struct account *read_author(
        const struct cmd_call *call, const char **out_text, struct err *err)
{
	int at = 1;
	const char *name = NULL;
	if (call->argc > 2 && strcmp(call->argv[1], "as") == 0) {
		name = call->argv[2];
		at = 3;
	}
	*out_text = call->argc > at ? call->argv[at] : NULL;
	const struct account *account = author(call->app, name, err);
	return account && compose_can(call->app, account, NULL, err) ? account : NULL;
}

static bool compose(const struct cmd_call *call, struct err *err)
{
	const char *text;
	const struct account *account = read_author(call, &text, err);
	if (account) compose_new(call->app, account, text);
	return account != NULL;
}

static bool post(const struct cmd_call *call, struct err *err)
{
	const char *text;
	const struct account *account = read_author(call, &text, err);
	if (!account) return false;
	struct draft *draft = draft_new();
	draft_add_account(draft, account->id);
	free(draft->parts[0].text);
	draft->parts[0].text = xstrdup(text);
	return compose_post(call->app, draft, err);
}

/* The post that is meant, and who does it. */
static const struct post *read_post(
        const struct cmd_call *call, const struct account **out_account, struct err *err)
{
	struct app *app = call_app(call);
	struct acting acting;
	acting_read(call, &acting);
	const struct account *account = act_account(app, acting.as, err);
	const struct post *it = !account ? NULL
	                        : acting.at
	                                ? store_post(app->store, store_find(app->store, acting.at))
	                                : app_selected(app, err);
	if (account && !it && acting.at)
		err_set(err, ERR_NOT_FOUND, "that post is not here: %s", acting.at);
	if (!it || !compose_can(app, account, NULL, err)) return NULL;
	*out_account = account;
	return it;
}

/* Does its author let the account do it? flag: what says no. */
static bool is_let(const struct post *post, const struct account *account, unsigned flag,
        const char *what, struct err *err)
{
	struct viewer room;
	const struct viewer *viewer = post_viewer_of(post, account->id, &room);
	return !viewer || !(viewer->flags & flag) ||
	       err_set(err, ERR_REFUSED, "its author does not let %s %s this", account->name, what);
}

static bool reply(const struct cmd_call *call, struct err *err)
{
	const struct account *account;
	const struct post *it = read_post(call, &account, err);
	if (!it || !is_let(it, account, VIEWER_NO_REPLY, "answer", err)) return false;
	compose_reply(call->app, account, it);
	return true;
}

static bool quote(const struct cmd_call *call, struct err *err)
{
	const struct account *account;
	const struct post *it = read_post(call, &account, err);
	if (!it || !is_let(it, account, VIEWER_NO_QUOTE, "quote", err)) return false;
	compose_quote(call->app, account, it);
	return true;
}

static bool can_answer(void *app, struct err *err)
{
	const struct account *account = app_selected(app, err) ? act_account(app, NULL, err) : NULL;
	return account && compose_can(app, account, NULL, err);
}

static bool can_reply(void *app, struct err *err)
{
	return can_answer(app, err) && is_let(app_selected(app, err), act_account(app, NULL, err),
	                                       VIEWER_NO_REPLY, "answer", err);
}

static bool can_quote(void *app, struct err *err)
{
	return can_answer(app, err) && is_let(app_selected(app, err), act_account(app, NULL, err),
	                                       VIEWER_NO_QUOTE, "quote", err);
}

/* -- parts -- */

static bool part_new(const struct cmd_call *call, struct err *err)
{
	return can_compose(call->app, err) && compose_part_new(call->app, err);
}

static bool part_drop(const struct cmd_call *call, struct err *err)
{
	if (!can_compose(call->app, err)) return false;
	compose_part_drop(call->app);
	return true;
}

static bool part_next(const struct cmd_call *call, struct err *err)
{
	if (!can_compose(call->app, err)) return false;
	return compose_go(call->app, 1) ||
	       err_set(err, ERR_NOT_FOUND, "this is the last part; M-t begins another");
}

static bool part_previous(const struct cmd_call *call, struct err *err)
{
	if (!can_compose(call->app, err)) return false;
	return compose_go(call->app, -1) || err_set(err, ERR_NOT_FOUND, "this is the first part");
}

static bool page(const struct cmd_call *call, struct err *err)
{
	if (!can_compose(call->app, err)) return false;
	compose_page(call->app, strcmp(call->argv[1], "down") == 0 ? 1 : -1);
	return true;
}

static bool complete_word(const struct cmd_call *call, struct err *err)
{
	if (!can_compose(call->app, err)) return false;
	compose_complete(call->app, strcmp(call->argv[1], "next") == 0 ? 1 : -1);
	return true;
}

/* -- ends -- */

static bool close_it(const struct cmd_call *call, struct err *err)
{
	if (!can_compose(call->app, err)) return false;
	compose_close(call->app);
	return true;
}

static bool drop(const struct cmd_call *call, struct err *err)
{
	if (!can_compose(call->app, err)) return false;
	compose_drop(call->app);
	app_say(call->app, TONE_SAYS, "thrown away");
	return true;
}

static bool editor(const struct cmd_call *call, struct err *err)
{
	return can_compose(call->app, err) && compose_editor(call->app, err);
}

static bool send(const struct cmd_call *call, struct err *err)
{
	return can_compose(call->app, err) && compose_send(call->app, call->argc > 1, err);
}

static bool preview(const struct cmd_call *call, struct err *err)
{
	if (!can_compose(call->app, err)) return false;
	compose_preview(call->app);
	return true;
}

static const struct cmd_hooks reply_hooks = {.can = can_reply};
static const struct cmd_hooks quote_hooks = {.can = can_quote};
static const struct cmd_hooks here = {.can = can_compose};

const struct cmd compose_commands[] = {
        {"compose", "[as ACCOUNT] [TEXT]", "write a post", ANYWHERE, compose, NULL},
        {"compose close", "", "leave what you write; it stays as a draft", ANYWHERE, close_it,
                &here},
        {"compose complete", "next|previous", "complete the @name, #tag or :emoji:", ANYWHERE,
                complete_word, &here},
        {"compose drop", "", "throw away what you write", ANYWHERE, drop, &here},
        {"compose editor", "", "write on in your editor", ANYWHERE, editor, &here},
        {"compose page", "down|up", "go half a page in the text", ANYWHERE, page, &here},
        {"compose part-drop", "", "leave out this part of the thread", ANYWHERE, part_drop, &here},
        {"compose part-new", "", "write the next part of a thread", ANYWHERE, part_new, &here},
        {"compose part-next", "", "go to the next part of the thread", ANYWHERE, part_next, &here},
        {"compose part-previous", "", "go to the part before this one", ANYWHERE, part_previous,
                &here},
        {"compose preview", "", "show what each account will post", ANYWHERE, preview, &here},
        {"compose send", "[anyway]", "post it, now or at its time", ANYWHERE, send, &here},
        {"post", "[as ACCOUNT] TEXT", "post a text at once", ANYWHERE, post, NULL},
        {"quote", "[as ACCOUNT] [at URL]", "quote this post in one of your own",
                ANYWHERE | CMD_ACTION, quote, &quote_hooks},
        {"reply", "[as ACCOUNT] [at URL]", "answer this post", ANYWHERE | CMD_ACTION, reply,
                &reply_hooks},
        {0},
};
