#include "app/act.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/ask.h"
#include "app/undo.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "inside.h"
#include "model/post.h"
#include "model/profile.h"

/* How a verb is told, and what of it is seen at once. */
static const struct telling {
	const char *does, *undoes; /* "work likes @ada: …"; NULL: it is told when it is done */
	unsigned viewer;           /* enum viewer_flag */
	unsigned relation;         /* enum relation_flag */
} tellings[VERB_COUNT] = {
        [VERB_LIKE] = {"likes", "no longer likes", VIEWER_LIKED, 0},
        [VERB_REPOST] = {"reposts", "no longer reposts", VIEWER_REPOSTED, 0},
        [VERB_BOOKMARK] = {"bookmarks", "no longer bookmarks", VIEWER_BOOKMARKED, 0},
        [VERB_PIN] = {"pins", "unpins", VIEWER_PINNED, 0},
        [VERB_MUTE_THREAD] = {"hears no more of", "hears again of", VIEWER_THREAD_MUTED, 0},
        [VERB_VOTE] = {"votes on", NULL, VIEWER_VOTED, 0},
        [VERB_FOLLOW] = {"follows", "unfollows", 0, RELATION_FOLLOWING | RELATION_REPOSTS},
        [VERB_MUTE] = {"mutes", "unmutes", 0, RELATION_MUTING},
        [VERB_BLOCK] = {"blocks", "unblocks", 0, RELATION_BLOCKING},
};

struct deed {
	struct deed *next;
	job_id job;     /* 0: waits until due_ms */
	int64_t due_ms; /* monotonic */
	account_id account;
	struct action *action; /* sent, or to be sent */
	struct action *wanted; /* what was said since, the opposite or the same; NULL: nothing */
	post_id post;
	profile_id profile;
	char *label, *kept;
	bool knew; /* `before` holds how the account stood to the profile */
	struct relation before;
};

/* -- who, and may they -- */

/* Whose source brought the selected row; NULL: nobody's, or a feed. */
static const struct account *row_account(const struct app *app)
{
	struct row row;
	if (!app_column(app) || !app_selected_row(app, &row, NULL)) return NULL;
	const char *name = store_source_name(app->store, row.source);
	if (!name) return NULL;
	char *owner = xstrndup(name, strcspn(name, "/"));
	const struct account *account = store_account_named(app->store, owner);
	free(owner);
	return account && account->id != ACCOUNT_FEEDS ? account : NULL;
}

const struct account *act_account(const struct app *app, const char *name, struct err *err)
{
	const struct column *column = app_column(app);
	const struct account *account = NULL;
	if (name) {
		account = store_account_named(app->store, name);
		if (!account)
			err_set(err, ERR_NOT_FOUND,
			        "there is no account '%s'; `accounts` lists them", name);
		return account;
	}
	if (column) account = store_account(app->store, column->acts_id);
	/* In a column of several networks each post is reached through its own. */
	const struct account *owner = row_account(app);
	if (owner && (!account || strcmp(owner->network, account->network) != 0)) account = owner;
	if (!account)
		err_set(err, ERR_NOT_FOUND,
		        "nobody acts in this column; say `as ACCOUNT`, or F and B let you choose");
	return account;
}

bool act_has(const struct account *account, unsigned cap, struct err *err)
{
	const char *software = *account->software ? account->software : account->network;
	if ((account->caps & cap) == cap) return true;
	return err_set(err, ERR_UNSUPPORTED, "%s's server (%s) cannot %s", account->name, software,
	        capability_name(cap));
}

bool act_can(const struct account *account, enum verb verb, struct err *err)
{
	return act_has(account, verbs[verb].cap, err);
}

bool act_verb(const char *name, enum verb *out, bool *out_undo)
{
	for (int i = 0; i < VERB_COUNT; i++) {
		bool undo = verbs[i].undo && strcmp(verbs[i].undo, name) == 0;
		if (!undo && strcmp(verbs[i].name, name) != 0) continue;
		*out = (enum verb)i;
		*out_undo = undo;
		return true;
	}
	return false;
}

bool act_toggles(enum verb verb)
{
	return tellings[verb].undoes != NULL;
}

/* The next word of a list with commas; false at its end. */
static bool next_word(const char **p, char out[32])
{
	*p += strspn(*p, ", ");
	size_t len = strcspn(*p, ", ");
	size_t kept = len < 31 ? len : 31;
	memcpy(out, *p, kept);
	out[kept] = '\0';
	*p += len;
	return len > 0;
}

bool act_asks(const struct app *app, enum verb verb, bool undo)
{
	const char *p = app->options.confirm;
	const char *name = undo ? verbs[verb].undo : verbs[verb].name;
	char word[32];
	while (next_word(&p, word)) {
		if (strcmp(word, name) == 0) return true;
	}
	return false;
}

bool act_confirm_check(const char *words, struct err *err)
{
	char word[32];
	enum verb verb;
	bool undo;
	while (next_word(&words, word)) {
		if (!act_verb(word, &verb, &undo))
			return err_set(err, ERR_SYNTAX,
			        "confirm: '%s' is no action; such are like, repost, follow, "
			        "unfollow, block, delete",
			        word);
	}
	return true;
}

void act_post_label(const struct app *app, const struct post *post, struct str *out)
{
	enum { MAX_BYTES = 40 };
	const struct profile *author = store_profile(app->store, post->author);
	const char *words = post_headline(post);
	if (author) str_addf(out, "@%s", author->handle);
	size_t line = strcspn(words, "\n"), len = utf8_prefix(words, line, MAX_BYTES);
	if (len == 0) return;
	str_addf(out, "%s“%.*s%s”", out->len ? ": " : "", (int)len, words,
	        len < strlen(words) ? "…" : "");
}

/* -- what is seen -- */

static void show_relation(struct app *app, const struct deed *deed, unsigned flags, bool on)
{
	const struct relation *known = store_relation(app->store, deed->account, deed->profile);
	if (!known) return;
	struct relation now = *known;
	now.flags = on ? now.flags | flags : now.flags & ~flags;
	if (flags & RELATION_FOLLOWING) {
		now.flags &= ~(unsigned)(RELATION_REQUESTED | RELATION_NOTIFY);
		if (on && deed->action->notify) now.flags |= RELATION_NOTIFY;
		if (on && !deed->action->reposts) now.flags &= ~(unsigned)RELATION_REPOSTS;
	}
	store_put_relation(app->store, &now);
}

static void show(struct app *app, const struct deed *deed, bool on)
{
	const struct telling *telling = &tellings[deed->action->verb];
	if (telling->viewer && deed->post)
		store_act(app->store, deed->post, deed->account, telling->viewer, on);
	if (telling->relation && deed->profile) show_relation(app, deed, telling->relation, on);
	app->stale_status = true;
}

static void take_back(struct app *app, const struct deed *deed)
{
	if (deed->knew)
		store_put_relation(app->store, &deed->before);
	else
		show(app, deed, deed->action->undo);
}

/* -- what is said -- */

static const char *account_name(const struct app *app, account_id id)
{
	const struct account *account = store_account(app->store, id);
	return account ? account->name : "an account";
}

static void say_begun(struct app *app, const struct deed *deed)
{
	const struct telling *telling = &tellings[deed->action->verb];
	const char *does = deed->action->undo ? telling->undoes : telling->does;
	const char *name = account_name(app, deed->account);
	int64_t wait_s = deed->job || deed->action->undo ? 0 : app->options.outbox_undo / 1000;
	if (!does) return;
	/* On a narrow screen the end is not seen: what one may have to know comes first. */
	if (wait_s > 0)
		app_say(app, TONE_GOOD, "%s %s in %lld s (U takes it back) %s", name, does,
		        (long long)wait_s, deed->label);
	else
		app_say(app, TONE_GOOD, "%s %s%s %s", name, does,
		        telling->undoes ? " (U undoes)" : "", deed->label);
}

/* The command line that does the opposite. False where there is none. */
static bool opposite(const struct app *app, const struct deed *deed, struct str *line)
{
	const struct action *action = deed->action;
	const struct verb_row *row = &verbs[action->verb];
	const char *at = action->uri ? action->uri : action->profile;
	if (!act_toggles(action->verb) || !at) return false;
	const char *name = action->undo ? row->name : row->undo;
	str_addf(line, "%s%s", name, action->undo ? " on" : "");
	if (act_asks(app, action->verb, !action->undo)) str_adds(line, " sure");
	str_adds(line, " as ");
	cmd_quote(line, account_name(app, deed->account));
	str_adds(line, " at ");
	cmd_quote(line, at);
	return true;
}

static void note_undo(struct app *app, const struct deed *deed)
{
	struct str line = {0}, what = {0};
	const struct telling *telling = &tellings[deed->action->verb];
	if (opposite(app, deed, &line)) {
		str_addf(&what, "%s %s %s", account_name(app, deed->account),
		        deed->action->undo ? telling->undoes : telling->does, deed->label);
		undo_line(app, what.p, line.p, NULL);
	}
	str_finish(&line);
	str_finish(&what);
}

static void forget_undo(struct app *app, const struct deed *deed)
{
	struct str line = {0};
	if (opposite(app, deed, &line)) undo_forget(app, line.p);
	str_finish(&line);
}

/* -- sending -- */

static void deed_free(struct deed *deed)
{
	action_free(deed->action);
	action_free(deed->wanted);
	free(deed->label);
	free(deed->kept);
	free(deed);
}

static void drop(struct app *app, struct deed *deed)
{
	struct deed **at = &app->deeds;
	while (*at != deed)
		at = &(*at)->next;
	*at = deed->next;
	deed_free(deed);
}

static struct job *job_of(const struct deed *deed)
{
	struct job *job = job_new(JOB_ACT);
	job->account = deed->account;
	job->action = action_copy(deed->action);
	return job;
}

static ask_reply on_answer;

static void send(struct app *app, struct deed *deed)
{
	deed->job = app_ask(app, job_of(deed), on_answer, NULL);
}

static void failed(struct app *app, const struct deed *deed, const struct err *err)
{
	const struct action *action = deed->action;
	const char *name = action->undo ? verbs[action->verb].undo : verbs[action->verb].name;
	const struct telling *telling = &tellings[action->verb];
	take_back(app, deed);
	forget_undo(app, deed);
	app_say(app, TONE_ERROR, "%s could not %s: %s%s%s%s · %s", account_name(app, deed->account),
	        name, err->text, telling->viewer || telling->relation ? "; taken back" : "",
	        deed->kept ? "; your text is in " : "", deed->kept ? deed->kept : "", deed->label);
}

static void worked(struct app *app, const struct deed *deed, const char *said)
{
	const struct action *action = deed->action;
	const char *name = action->undo ? verbs[action->verb].undo : verbs[action->verb].name;
	if (action->verb == VERB_DELETE) store_remove(app->store, deed->post);
	if (deed->kept) unlink(deed->kept);
	/* What was seen at once needs no more words, unless the server has some. */
	if (said)
		app_say(app, TONE_GOOD, "%s: %s", account_name(app, deed->account), said);
	else if (!tellings[action->verb].does)
		app_say(app, TONE_GOOD, "%s: %s %s: done", account_name(app, deed->account), name,
		        deed->label);
}

/* Does the server stand as `wanted` says, now that `done` worked or not? */
static bool is_so(const struct action *wanted, const struct action *done, bool ok)
{
	if (wanted->undo != (ok ? done->undo : !done->undo)) return false;
	return wanted->undo ||
	       (wanted->seconds == done->seconds && wanted->visibility == done->visibility &&
	               wanted->reposts == done->reposts && wanted->notify == done->notify);
}

static bool on_answer(struct app *app, const struct event *event, void *ctx)
{
	(void)ctx;
	if (event->kind != EVENT_DONE) return false;
	struct deed *deed = app->deeds;
	while (deed && deed->job != event->reply_to)
		deed = deed->next;
	if (!deed) return false;
	bool ok = event->err.code == ERR_NONE;
	struct action *wanted = deed->wanted;
	deed->wanted = NULL;
	/* The server stands as the answer says; is that what is wanted by now? */
	if (wanted && is_so(wanted, deed->action, ok)) {
		action_free(wanted);
		drop(app, deed);
		return true;
	}
	if (wanted && ok) {
		action_free(deed->action);
		deed->action = wanted;
		send(app, deed);
		return true;
	}
	action_free(wanted);
	if (ok)
		worked(app, deed, event->text);
	else
		failed(app, deed, &event->err);
	drop(app, deed);
	return true;
}

/* -- doing -- */

static bool same_str(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* Something of the kind that is on its way, or waits. */
static struct deed *earlier(const struct app *app, const struct act *act)
{
	const struct action *action = act->action;
	if (!act_toggles(action->verb)) return NULL;
	struct deed *deed = app->deeds;
	while (deed && (deed->account != act->account->id || deed->action->verb != action->verb ||
	                       !same_str(deed->action->uri, action->uri) ||
	                       !same_str(deed->action->profile, action->profile)))
		deed = deed->next;
	return deed;
}

/* There is an earlier one: the last word counts. */
static void change_mind(struct app *app, struct deed *deed, struct action *action)
{
	struct action *last = deed->wanted ? deed->wanted : deed->action;
	bool same = last->undo == action->undo;
	struct deed now = *deed;
	now.action = action;
	show(app, &now, !action->undo);
	if (!same) {
		say_begun(app, &now);
		note_undo(app, &now);
	}
	if (deed->job) {
		action_free(deed->wanted);
		deed->wanted = action;
		return;
	}
	/* It has not been sent yet: what is not wanted any more never is. */
	if (!same) {
		action_free(action);
		drop(app, deed);
		return;
	}
	action_free(deed->action);
	deed->action = action;
}

void act_do(struct app *app, const struct act *act)
{
	struct action *action = act->action;
	struct column *column = app_column(app);
	/* What comes next is about this post too, whatever arrives above it. */
	if (column) column->view.at_top = false;
	struct deed *deed = earlier(app, act);
	if (deed) {
		change_mind(app, deed, action);
		return;
	}
	const struct relation *before = store_relation(app->store, act->account->id, act->profile);
	deed = xcalloc(1, sizeof(*deed));
	*deed = (struct deed){.next = app->deeds,
	        .account = act->account->id,
	        .action = action,
	        .post = act->post,
	        .profile = act->profile,
	        .label = xstrdup(act->label),
	        .kept = xstrdup(act->kept)};
	app->deeds = deed;
	if (before && tellings[action->verb].relation) {
		deed->knew = true;
		deed->before = *before;
	}
	show(app, deed, !action->undo);
	if (action->verb == VERB_REPOST && !action->undo && app->options.outbox_undo > 0)
		deed->due_ms = clock_mono(app->clock) + app->options.outbox_undo;
	else
		send(app, deed);
	say_begun(app, deed);
	note_undo(app, deed);
}

void act_tick(struct app *app)
{
	int64_t now = clock_mono(app->clock);
	for (struct deed *deed = app->deeds; deed; deed = deed->next) {
		if (!deed->job && deed->due_ms <= now) send(app, deed);
	}
}

int64_t act_next_ms(const struct app *app)
{
	int64_t next = 0;
	for (const struct deed *deed = app->deeds; deed; deed = deed->next) {
		if (!deed->job && (!next || deed->due_ms < next)) next = deed->due_ms;
	}
	return next;
}

void act_finish(struct app *app)
{
	while (app->deeds) {
		struct deed *deed = app->deeds;
		/* Whoever leaves has had the time to take it back. */
		if (!deed->job) app_post(app, job_of(deed));
		app->deeds = deed->next;
		deed_free(deed);
	}
}
