#include <stdlib.h>
#include <string.h>

#include "acting.h"
#include "app/ask.h"
#include "app/overlay.h"
#include "app/prompt.h"
#include "base/mem.h"
#include "cmd/option.h"
#include "model/post.h"
#include "model/profile.h"
#include "store/mark.h"

/* What an account does with people, hosts and tags. */

static bool stands(const struct relation *relation, enum verb verb)
{
	static const unsigned flags[VERB_COUNT] = {
	        [VERB_FOLLOW] = RELATION_FOLLOWING | RELATION_REQUESTED,
	        [VERB_MUTE] = RELATION_MUTING,
	        [VERB_BLOCK] = RELATION_BLOCKING,
	};
	return relation && (relation->flags & flags[verb]);
}

/* -- first of all: how do we stand -- */

static bool on_person(struct app *app, const struct event *event, void *ctx)
{
	struct err err = {0};
	if (event->kind != EVENT_DONE) return false;
	if (event->err.code != ERR_NONE) return false;
	/* Its page told by now, or the server does not tell: then it is as if we did nothing. */
	if (!app_command(app, ctx, NULL, &err)) app_say(app, TONE_ERROR, "%s", err.text);
	return true;
}

/* Ask how we stand, then run the command with its word said. */
static void ask_person(struct app *app, const struct acting *acting, const struct account *account,
        const char *handle)
{
	struct job *job = job_new(JOB_PERSON);
	struct str line = {0};
	str_addf(&line, "%s known as ", verbs[acting->verb].name);
	cmd_quote(&line, account->name);
	str_adds(&line, " at ");
	cmd_quote(&line, handle);
	job->account = account->id;
	job->arg = xstrdup(handle);
	app_ask(app, job, on_person, str_take(&line));
}

static bool until(const struct acting *acting, int64_t *out_s, struct err *err)
{
	int64_t ms = 0;
	if (acting->for_ && !duration_parse(acting->for_, &ms))
		return err_set(
		        err, ERR_SYNTAX, "'%s' is not a duration such as 12h or 2w", acting->for_);
	*out_s = ms / 1000;
	return true;
}

/* The selected post goes along with a report. */
static void add_post(
        struct app *app, struct action *action, const struct account *account, profile_id who)
{
	const struct post *post = app_selected(app, NULL);
	struct viewer viewer;
	if (!post || post->author != who) return;
	action->uri = xstrdup(post_str(post, POST_URI));
	if (post_viewer_of(post, account->id, &viewer))
		action->remote_id = xstrdup(viewer.remote_id);
}

static void do_it(struct app *app, const struct acting *acting, const struct account *account,
        const struct acting_profile *who, const char *label, int64_t seconds)
{
	struct action *action = action_new(acting->verb, acting->undo);
	action->profile = xstrdup(who->handle);
	action->reposts = !acting->no_reposts;
	action->notify = acting->notify;
	action->seconds = seconds;
	if (acting->verb == VERB_MUTE) action->notify = true;
	if (acting->verb == VERB_LIST_ADD) action->name = xstrdup(acting->rest[0]);
	if (acting->verb == VERB_REPORT) {
		action->name = xstrdup(acting->rest[0]);
		if (acting->nrest > 1) action->text = xstrdup(acting->rest[1]);
		add_post(app, action, account, who->id);
	}
	const struct act act = {
	        .account = account, .action = action, .profile = who->id, .label = label};
	act_do(app, &act);
}

/* Is the selected row somebody who asks to follow? */
static bool asks_us(const struct app *app, struct err *err)
{
	struct row row;
	if (!app_selected_row(app, &row, err)) return false;
	return row.reason == REASON_REQUESTED ||
	       err_set(err, ERR_NOT_FOUND, "nobody asks to follow in this row");
}

static bool person(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct acting acting;
	struct acting_profile who;
	int64_t seconds = 0;
	acting_read(call, &acting);
	const struct account *account = act_account(app, acting.as, err);
	if (!account || !act_can(account, acting.verb, err)) return false;
	if (acting.verb == VERB_ACCEPT && !acting.at && !asks_us(app, err)) return false;
	if (!acting_profile(app, &acting, &who, err) || !until(&acting, &seconds, err))
		return false;
	const struct profile *profile = store_profile(app->store, who.id);
	if (profile && strcmp(profile->uri, account->uri) == 0)
		return err_set(err, ERR_UNSUPPORTED, "that is %s itself", account->name);
	const struct relation *relation = store_relation(app->store, account->id, who.id);
	if (act_toggles(acting.verb) && !acting.undo && !acting.on) {
		if (!relation && !acting.known) {
			ask_person(app, &acting, account, who.handle);
			return true;
		}
		acting.undo = stands(relation, acting.verb);
	}
	struct str label = {0};
	char *handle = xstrdup(who.handle);
	str_addf(&label, "%s%s", strstr(handle, "://") ? "" : "@", handle);
	who.handle = handle;
	if (!acting_asks(app, &acting, account, handle, label.p))
		do_it(app, &acting, account, &who, label.p, seconds);
	free(handle);
	str_finish(&label);
	return true;
}

/* -- a host, a tag -- */

static const char *host_of(const struct app *app, struct err *err)
{
	const struct profile *profile = store_profile(app->store, acting_selected(app, err));
	const char *at = profile ? strchr(profile->handle, '@') : NULL;
	if (profile && !at) err_set(err, ERR_NOT_FOUND, "%s has no host to hide", profile->handle);
	return at ? at + 1 : NULL;
}

static const char *tag_of(const struct app *app, struct err *err)
{
	const struct post *post = app_selected(app, err);
	for (size_t i = 0; post && i < post->nfacets; i++) {
		struct facet facet = post_facet(post, i);
		if (facet.kind == FACET_TAG && facet.target) return facet.target;
	}
	if (post) err_set(err, ERR_NOT_FOUND, "this post has no tag");
	return NULL;
}

static bool named(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct acting acting;
	acting_read(call, &acting);
	const struct account *account = act_account(app, acting.as, err);
	if (!account || !act_can(account, acting.verb, err)) return false;
	bool tag = acting.verb == VERB_FOLLOW_TAG;
	const char *name = acting.at ? acting.at : tag ? tag_of(app, err) : host_of(app, err);
	if (!name) return false;
	if (tag && *name == '#') name++;
	char *copy = xstrdup(name);
	struct str label = {0};
	str_addf(&label, "%s%s", tag ? "#" : "", copy);
	if (!acting_asks(app, &acting, account, copy, label.p)) {
		struct action *action = action_new(acting.verb, acting.undo);
		action->name = xstrdup(copy);
		act_do(app, &(struct act){.account = account, .action = action, .label = label.p});
	}
	free(copy);
	str_finish(&label);
	return true;
}

/* -- notifications -- */

/* Is it a source whose rows are notifications? */
static bool tells(const struct app *app, source_id source)
{
	static const char *const kinds[] = {"/notifications", "/mentions"};
	const char *name = store_source_name(app->store, source);
	const char *slash = name ? strrchr(name, '/') : NULL;
	for (size_t i = 0; slash && i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strcmp(slash, kinds[i]) == 0) return true;
	}
	return false;
}

static const char *notification(const struct app *app, struct row *row, struct err *err)
{
	const char *id = NULL;
	if (!app_selected_row(app, row, err)) return NULL;
	if (row->kind != ROW_GAP && tells(app, row->source)) id = store_cursor(app->store, row);
	if (!id) err_set(err, ERR_NOT_FOUND, "this row is no notification");
	return id;
}

/* What is forgotten when the server has forgotten it; freed by app_ask. */
struct dismissal {
	bool all;
	account_id account;
	struct row row;
};

static bool on_dismissed(struct app *app, const struct event *event, void *ctx)
{
	const struct dismissal *gone = ctx;
	const struct account *account = store_account(app->store, gone->account);
	if (event->kind != EVENT_DONE || event->err.code != ERR_NONE || !account) return false;
	if (!gone->all) {
		store_dismiss(app->store, gone->row.source, &gone->row);
		return true;
	}
	static const char *const kinds[] = {"notifications", "mentions"};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct str name = {0};
		str_addf(&name, "%s/%s", account->name, kinds[i]);
		store_dismiss(app->store, store_source(app->store, name.p), NULL);
		str_finish(&name);
	}
	return true;
}

static bool dismiss(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct dismissal *gone = xcalloc(1, sizeof(*gone));
	const struct account *account = act_account(app, NULL, err);
	bool ok = account && act_can(account, VERB_DISMISS, err);
	const char *id = NULL;
	gone->all = call->argc > 1;
	if (ok && !gone->all) {
		id = notification(app, &gone->row, err);
		ok = id != NULL;
	}
	if (!ok) {
		free(gone);
		return false;
	}
	struct job *job = job_new(JOB_ACT);
	gone->account = job->account = account->id;
	job->action = action_new(VERB_DISMISS, false);
	job->action->name = xstrdup(id);
	gone->row.cursor = NULL;
	app_ask(app, job, on_dismissed, gone);
	return true;
}

/* -- may it be done -- */

/* The profile of the selected row, which is not the account's own. */
static bool is_other(struct app *app, struct err *err)
{
	const struct profile *profile = store_profile(app->store, acting_selected(app, err));
	const struct account *account = profile ? act_account(app, NULL, err) : NULL;
	if (!account) return false;
	return strcmp(profile->uri, account->uri) != 0 ||
	       err_set(err, ERR_NOT_FOUND, "that is %s itself", account->name);
}

static bool can_person(struct app *app, enum verb verb, struct err *err)
{
	return is_other(app, err) && can_act(app, verb, err);
}

static bool can_answer(void *app, struct err *err)
{
	return asks_us(app, err) && can_act(app, VERB_ACCEPT, err);
}

static bool can_dismiss(void *app, struct err *err)
{
	struct row row;
	return notification(app, &row, err) && can_act(app, VERB_DISMISS, err);
}

static bool can_tag(void *app, struct err *err)
{
	return tag_of(app, err) && can_act(app, VERB_FOLLOW_TAG, err);
}

static bool can_host(void *app, struct err *err)
{
	return is_other(app, err) && host_of(app, err) && can_act(app, VERB_BLOCK_DOMAIN, err);
}

#define CAN(name, verb)                                                                            \
	static bool can_##name(void *app, struct err *err)                                         \
	{                                                                                          \
		return can_person(app, verb, err);                                                 \
	}                                                                                          \
	static const struct cmd_hooks name##_hooks = {.can = can_##name};
CAN(follow, VERB_FOLLOW)
CAN(mute, VERB_MUTE)
CAN(block, VERB_BLOCK)
CAN(report, VERB_REPORT)
#undef CAN

static const struct cmd_hooks answer_hooks = {.can = can_answer};
static const struct cmd_hooks dismiss_hooks = {.can = can_dismiss};
static const struct cmd_hooks tag_hooks = {.can = can_tag};
static const struct cmd_hooks host_hooks = {.can = can_host};

#define WHO  "[sure] [as ACCOUNT] [at WHO]"
#define WHAT "[sure] [as ACCOUNT] [at NAME]"
#define LIST "[sure] [as ACCOUNT] at LIST"

const struct cmd people_commands[] = {
        {"accept", WHO, "let them follow, who asked to", ANYWHERE | CMD_ACTION, person,
                &answer_hooks},
        {"account-mute", "[on|off|known] [for D] " WHO, "mute them at the server, or no longer",
                ANYWHERE | CMD_ACTION, person, &mute_hooks},
        {"account-unmute", WHO, "hear them again at the server", ANYWHERE, person, NULL},
        {"block", "[on|off|known] " WHO, "block them, or no longer", ANYWHERE | CMD_ACTION, person,
                &block_hooks},
        {"block-domain", WHAT, "hide all of their host", ANYWHERE | CMD_ACTION, named, &host_hooks},
        {"block-list", LIST, "block everybody on a list, by its id or address", ANYWHERE, named,
                NULL},
        {"dismiss", "[all]", "forget this notification, or all", ANYWHERE | CMD_ACTION, dismiss,
                &dismiss_hooks},
        {"follow", "[on|off|known] [no-reposts] [notify] " WHO, "follow them, or no longer",
                ANYWHERE | CMD_ACTION, person, &follow_hooks},
        {"follow-tag", WHAT, "follow this post's tag", ANYWHERE | CMD_ACTION, named, &tag_hooks},
        {"list-add", WHO " LIST", "put them on a list, by its id", ANYWHERE, person, NULL},
        {"list-remove", WHO " LIST", "take them off a list, by its id", ANYWHERE, person, NULL},
        {"mute-list", LIST, "mute everybody on a list, by its id or address", ANYWHERE, named,
                NULL},
        {"reject", WHO, "do not let them follow", ANYWHERE | CMD_ACTION, person, &answer_hooks},
        {"report", WHO " CATEGORY [TEXT]", "tell the moderators: spam, legal, violation or other",
                ANYWHERE | CMD_ACTION, person, &report_hooks},
        {"unblock", WHO, "no longer block them", ANYWHERE, person, NULL},
        {"unblock-domain", WHAT, "show a host again", ANYWHERE, named, NULL},
        {"unblock-list", LIST, "no longer block those on a list", ANYWHERE, named, NULL},
        {"unfollow", WHO, "no longer follow them", ANYWHERE, person, NULL},
        {"unfollow-tag", WHAT, "no longer follow a tag", ANYWHERE, named, NULL},
        {"unmute-list", LIST, "hear those on a list again", ANYWHERE, named, NULL},
        {0},
};
