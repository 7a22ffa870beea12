#include <stdlib.h>
#include <string.h>

#include "acting.h"
#include "app/overlay.h"
#include "base/mem.h"
#include "model/post.h"
#include "model/profile.h"

/* What an account does with a post. */

/* The post that is meant: at an address, or the selected one. */
struct target {
	const struct post *post; /* NULL: not here; the server will be asked */
	char *uri;               /* owned */
	struct str label;
};

static void target_finish(struct target *target)
{
	free(target->uri);
	str_finish(&target->label);
}

static bool target_find(
        struct app *app, const struct acting *acting, struct target *out, struct err *err)
{
	struct target target = {0};
	target.post = acting->at ? store_post(app->store, store_find(app->store, acting->at))
	                         : app_selected(app, err);
	if (!target.post && !acting->at) return false;
	target.uri = xstrdup(target.post ? post_str(target.post, POST_URI) : acting->at);
	if (target.post)
		act_post_label(app, target.post, &target.label);
	else
		str_adds(&target.label, target.uri);
	*out = target;
	return true;
}

static unsigned flags_of(const struct post *post, const struct account *account)
{
	struct viewer viewer;
	return post && post_viewer_of(post, account->id, &viewer) ? viewer.flags : 0;
}

/* What one may do only with one's own posts, or only with a poll. */
static bool fits(
        const struct account *account, const struct post *post, enum verb verb, struct err *err)
{
	bool own = verb == VERB_PIN || verb == VERB_DELETE;
	if (!post) return true;
	if (own && !(flags_of(post, account) & VIEWER_OWN))
		return err_set(err, ERR_NOT_FOUND, "this post is not %s's own", account->name);
	/* An address that is none of the web's means something on its own network alone. */
	const char *uri = post_str(post, POST_URI);
	struct viewer viewer;
	bool of_web = strncmp(uri, "http://", 7) == 0 || strncmp(uri, "https://", 8) == 0;
	if (!of_web && !post_viewer_of(post, account->id, &viewer))
		return err_set(
		        err, ERR_UNSUPPORTED, "%s's server cannot find this post", account->name);
	return true;
}

/* With no word said, a toggle does the opposite of how it stands. */
static bool stands(const struct post *post, const struct account *account, enum verb verb)
{
	static const unsigned flags[VERB_COUNT] = {
	        [VERB_LIKE] = VIEWER_LIKED,
	        [VERB_REPOST] = VIEWER_REPOSTED,
	        [VERB_BOOKMARK] = VIEWER_BOOKMARKED,
	        [VERB_PIN] = VIEWER_PINNED,
	        [VERB_MUTE_THREAD] = VIEWER_THREAD_MUTED,
	};
	return flags_of(post, account) & flags[verb];
}

static void do_it(struct app *app, const struct acting *acting, const struct account *account,
        const struct target *target)
{
	struct action *action = action_new(acting->verb, acting->undo);
	struct viewer viewer = {0};
	action->uri = xstrdup(target->uri);
	if (target->post && post_viewer_of(target->post, account->id, &viewer))
		action->remote_id = xstrdup(viewer.remote_id);
	action->visibility = acting->visibility;
	const struct act act = {.account = account,
	        .action = action,
	        .post = target->post ? target->post->id : 0,
	        .label = str_c(&target->label)};
	act_do(app, &act);
}

static bool act(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct acting acting;
	struct target target;
	acting_read(call, &acting);
	const struct account *account = act_account(app, acting.as, err);
	if (!account || !act_can(account, acting.verb, err)) return false;
	if (!target_find(app, &acting, &target, err)) return false;
	bool ok = fits(account, target.post, acting.verb, err);
	if (ok && !acting.on && !acting.undo)
		acting.undo = stands(target.post, account, acting.verb);
	if (ok && !acting_asks(app, &acting, account, target.uri, str_c(&target.label)))
		do_it(app, &acting, account, &target);
	target_finish(&target);
	return ok;
}

/* -- as another account -- */

/* `as like`: choose who does it. */
static bool as(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const struct account *const *accounts;
	size_t n = store_accounts(app->store, &accounts);
	enum verb verb;
	bool undo;
	if (!act_verb(call->argv[1], &verb, &undo))
		return err_set(
		        err, ERR_SYNTAX, "'%s' is nothing that an account does", call->argv[1]);
	if (verbs[verb].target == TARGET_POST && !app_selected(app, err)) return false;
	struct list_view list = {0};
	struct str title = {0};
	str_addf(&title, "%s as …", call->argv[1]);
	list.title = str_take(&title);
	for (size_t i = 0; i < n; i++) {
		struct err why = {0};
		if (strcmp(accounts[i]->network, "feed") == 0) continue;
		bool can = act_can(accounts[i], verb, &why) &&
		           (verbs[verb].target != TARGET_POST ||
		                   fits(accounts[i], app_selected(app, NULL), verb, &why));
		char key[2] = {list.nitems < 9 ? (char)('1' + (int)list.nitems) : '\0', '\0'};
		struct str line = {0};
		str_addf(&line, "%s as ", call->argv[1]);
		cmd_quote(&line, accounts[i]->name);
		const struct list_item item = {.key = *key ? key : NULL,
		        .text = accounts[i]->name,
		        .detail = can ? accounts[i]->handle : why.text,
		        .line = line.p,
		        .dim = !can};
		list_view_add(&list, &item);
		str_finish(&line);
	}
	if (list.nitems == 0) {
		list_view_finish(&list);
		return err_set(err, ERR_NOT_FOUND,
		        "no account is signed in; `login mastodon HOST` does that");
	}
	overlay_list(app, &list);
	return true;
}

static void complete_as(void *app, char **words, int arg,
        void (*add)(void *ctx, const char *word, const char *help), void *ctx)
{
	(void)app;
	(void)words;
	for (int i = 0; arg == 1 && i < VERB_COUNT; i++) {
		if (verbs[i].target == TARGET_POST || verbs[i].target == TARGET_PROFILE)
			add(ctx, verbs[i].name, verbs[i].help);
	}
}

/* -- may it be done -- */

static bool can(struct app *app, enum verb verb, struct err *err)
{
	const struct post *post = app_selected(app, err);
	const struct account *account = post ? act_account(app, NULL, err) : NULL;
	return account && fits(account, post, verb, err) && act_can(account, verb, err);
}

#define CAN(name, verb)                                                                            \
	static bool can_##name(void *app, struct err *err)                                         \
	{                                                                                          \
		return can(app, verb, err);                                                        \
	}                                                                                          \
	static const struct cmd_hooks name##_hooks = {.can = can_##name};
CAN(like, VERB_LIKE)
CAN(repost, VERB_REPOST)
CAN(bookmark, VERB_BOOKMARK)
CAN(pin, VERB_PIN)
CAN(mute_thread, VERB_MUTE_THREAD)
CAN(delete, VERB_DELETE)
#undef CAN

static const struct cmd_hooks as_hooks = {.complete = complete_as};

#define TOGGLE "[on|off] [sure] [as ACCOUNT] [at URL]"
#define UNDO   "[sure] [as ACCOUNT] [at URL]"

const struct cmd post_act_commands[] = {
        {"as", "ACTION", "choose the account that does it", ANYWHERE, as, &as_hooks},
        {"bookmark", TOGGLE, "bookmark this post at the server, or no longer",
                ANYWHERE | CMD_ACTION, act, &bookmark_hooks},
        {"delete", "[sure] [as ACCOUNT] [at URL]", "delete this own post", ANYWHERE | CMD_ACTION,
                act, &delete_hooks},
        {"like", TOGGLE, "like this post, or no longer", ANYWHERE | CMD_ACTION, act, &like_hooks},
        {"mute-thread", TOGGLE, "no more notifications of this conversation, or again",
                ANYWHERE | CMD_ACTION, act, &mute_thread_hooks},
        {"pin", TOGGLE, "pin this own post to the profile, or no longer", ANYWHERE | CMD_ACTION,
                act, &pin_hooks},
        {"repost", "[on|off] [sure] [public|unlisted|followers] [as ACCOUNT] [at URL]",
                "repost this post, or no longer", ANYWHERE | CMD_ACTION, act, &repost_hooks},
        {"unbookmark", UNDO, "take a bookmark back", ANYWHERE, act, NULL},
        {"unlike", UNDO, "take a like back", ANYWHERE, act, NULL},
        {"unmute-thread", UNDO, "be notified of a conversation again", ANYWHERE, act, NULL},
        {"unpin", UNDO, "no longer pin a post", ANYWHERE, act, NULL},
        {"unrepost", UNDO, "take a repost back", ANYWHERE, act, NULL},
        {0},
};
