#include "networks/mastodon_act.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "networks/mastodon_deed.h"
#include "networks/mastodon_filter_put.h"
#include "networks/mastodon_find.h"
#include "networks/mastodon_http.h"
#include "networks/mastodon_relation.h"

/*
 * First the ids of what the action names, then the verb's rows of mastodon_deed.c one
 * after another, then the profile that a relation is with.
 */
enum { FIND_POST, FIND_PROFILE, DEEDS, PROFILE };
enum { MAX_NAME = 500, MAX_TEXT = 1 << 20 };

static enum call_next fail(struct call *call, enum err_code code, const char *why)
{
	err_set(&call->err, code, "%s", why);
	return CALL_FAIL;
}

/* No other verb can be done by the same capability. */
static bool is_alone(enum verb verb)
{
	for (int i = 0; i < VERB_COUNT; i++) {
		if (i != (int)verb && verbs[i].cap == verbs[verb].cap) return false;
	}
	return true;
}

/* It was learned that the server lacks what the verb needs. */
static bool is_known_to_lack(const struct call *call)
{
	return call->account->learned_ms && !(call->account->caps & verbs[call->action->verb].cap);
}

/* One verb of several that the server does not know does not make it one without lists. */
static void explain_lack(struct call *call)
{
	enum verb verb = call->action->verb;
	const char *name = call->action->undo ? verbs[verb].undo : verbs[verb].name;
	if (is_alone(verb) || is_known_to_lack(call))
		err_set(&call->err, ERR_UNSUPPORTED, "%s cannot %s", call->account->host,
		        capability_name(verbs[verb].cap));
	else
		err_set(&call->err, ERR_REFUSED, "%s does not know how to '%s'",
		        call->account->host, name);
}

/* --- the end --- */

static enum call_next end(struct call *call)
{
	const cJSON *relation = mastodon_kept(call, KEPT_RELATION);
	const cJSON *account = mastodon_kept(call, KEPT_ACCOUNT);
	if (!relation || !account) return CALL_DONE;
	struct page *page = mastodon_out(call);
	struct mastodon_reader reader;
	mastodon_reader_init(&reader, page, call->account);
	uint32_t profile = mastodon_profile(&reader, account);
	if (profile) mastodon_relation(&reader, relation, profile);
	mastodon_reader_finish(&reader);
	if (profile && !call->said && call->action->verb == VERB_FOLLOW &&
	        json_bool(relation, "requested", false)) {
		struct str said = {0};
		str_addf(&said, "%s was asked: they decide who follows them",
		        page->profiles[profile - 1]->handle);
		call->said = str_take(&said);
	}
	return CALL_DONE;
}

/* A relation is of somebody: the store wants to know of whom. */
static enum call_next ask_profile(struct call *call, struct request *req)
{
	struct str path = {0};
	if (!mastodon_kept(call, KEPT_RELATION) || mastodon_kept(call, KEPT_ACCOUNT))
		return end(call);
	call->stage = PROFILE;
	str_adds(&path, "/api/v1/accounts/");
	mastodon_add_id(&path, mastodon_work(call)->profile);
	mastodon_get(req, call, str_c(&path), "");
	str_finish(&path);
	return CALL_SEND;
}

/* It is done already: without the profile it is only not shown before the next fetch. */
static enum call_next take_profile(struct call *call, const struct response *answer)
{
	struct json *json = mastodon_json(call, answer);
	call->err = (struct err){0};
	if (json) mastodon_keep(call, KEPT_ACCOUNT, json, json_root(json));
	return end(call);
}

/* --- the verb's requests --- */

static void add_path(struct str *out, struct call *call, const char *pattern)
{
	const struct mastodon_work *work = mastodon_work(call);
	for (const char *p = pattern; *p; p++) {
		const char *id = NULL;
		if (*p != '%') {
			str_addc(out, *p);
			continue;
		}
		switch (*++p) {
		case 'P':
			id = work->post;
			break;
		case 'A':
			id = work->profile;
			break;
		case 'O':
			id = work->other;
			break;
		case 'T':
			id = call->action->name + (*call->action->name == '#');
			break;
		default:
			id = call->action->name;
		}
		mastodon_add_id(out, id);
	}
}

static void build(struct call *call, const struct mastodon_deed *deed, struct request *req)
{
	struct str path = {0};
	add_path(&path, call, deed->path);
	mastodon_request(req, call, deed->method, str_c(&path), "");
	str_finish(&path);
	if ((deed->flags & DEED_KEYED) && call->action->key)
		request_header(req, "Idempotency-Key: %s", call->action->key);
	bool sends = deed->fill || strcmp(deed->method, "POST") == 0;
	if (!sends) return;
	struct mastodon_body body;
	mastodon_body_init(&body, call->account);
	if (deed->fill) deed->fill(call, &body);
	mastodon_body_end(&body, req);
}

static enum call_next go_on(struct call *call, struct request *req, int from)
{
	int number = mastodon_deed_next(call, from);
	if (number < 0) return ask_profile(call, req);
	call->stage = DEEDS;
	mastodon_work(call)->step = number;
	build(call, mastodon_deed_at(number), req);
	return CALL_SEND;
}

/* snac answers so to what it does not know, but also to a token that it does not know. */
static bool is_snac_lacking(struct call *call, const struct response *answer)
{
	unsigned cap = verbs[call->action->verb].cap;
	return answer->status == 422 && !answer->body_len && call->account->caps &&
	       !(call->account->caps & cap);
}

/* A 404 cannot mean a thing where none is named, or any name will do. */
static bool is_about_itself(const struct mastodon_deed *deed)
{
	bool named = strchr(deed->path, '%') && !strstr(deed->path, "%T");
	return verbs[deed->verb].target == TARGET_NAME && !named;
}

/* What a failure means for an action (mastodon_act.h). */
static enum call_next explain(
        struct call *call, const struct mastodon_deed *deed, const struct response *answer)
{
	int status = answer->status;
	bool optional = deed->flags & DEED_OPTIONAL;
	if (status == 405 || status == 501 || (optional && mastodon_lacks(answer)) ||
	        (status == 404 && is_about_itself(deed)) || is_snac_lacking(call, answer))
		explain_lack(call);
	else if (status == 404)
		err_set(&call->err, ERR_NOT_FOUND, "it is gone, or not visible to %s",
		        call->account->name);
	else if (status == 403 || call->err.code == ERR_UNSUPPORTED)
		call->err.code = ERR_REFUSED;
	return CALL_FAIL;
}

/* The new post is out, and only one of the two could not be deleted. */
static bool is_half_done(struct call *call)
{
	return call->action->verb == VERB_REDRAFT && mastodon_work(call)->other;
}

static enum call_next take_half(struct call *call)
{
	struct str said = {0};
	str_addf(&said, "it is published%s, but the old post is still there: %s",
	        rewrite_is_spoilt(call) ? " without its media" : "", call->err.text);
	free(call->said);
	call->said = str_take(&said);
	call->err = (struct err){0};
	return CALL_DONE;
}

static enum call_next take(struct call *call, const struct response *answer, struct request *req)
{
	int number = mastodon_work(call)->step;
	const struct mastodon_deed *deed = mastodon_deed_at(number);
	bool reads = deed->read && strcmp(deed->method, "DELETE") != 0;
	struct json *json = reads ? mastodon_json(call, answer) : NULL;
	bool good = reads ? json != NULL : mastodon_good(call, answer);
	if (!good && (deed->flags & DEED_SOFT)) {
		call->err = (struct err){0};
		return go_on(call, req, number + 1);
	}
	if (!good && is_half_done(call)) return take_half(call);
	if (!good) return explain(call, deed, answer);
	good = !deed->read || deed->read(call, &json);
	json_free(json);
	return good ? go_on(call, req, number + 1) : CALL_FAIL;
}

/* --- what it is about --- */

static enum call_next found(struct call *call, struct request *req, enum mastodon_found how);

static bool wants_post(struct call *call)
{
	const struct action *action = call->action;
	if (mastodon_work(call)->post) return false;
	return verbs[action->verb].target == TARGET_POST ||
	       (action->verb == VERB_REPORT && action->uri);
}

static bool wants_profile(struct call *call)
{
	const struct action *action = call->action;
	if (mastodon_work(call)->profile || verbs[action->verb].target != TARGET_PROFILE)
		return false;
	return action->verb != VERB_REPORT || action->profile || !mastodon_work(call)->post;
}

static enum call_next find(struct call *call, const struct response *answer, struct request *req)
{
	bool post = call->stage == FIND_POST;
	const char *written = post ? call->action->uri : call->action->profile;
	return found(call, req,
	        mastodon_find(call, answer, req, post ? WANT_POST : WANT_PROFILE, written));
}

static enum call_next seek(struct call *call, struct request *req)
{
	if (wants_post(call) || wants_profile(call)) {
		call->stage = wants_post(call) ? FIND_POST : FIND_PROFILE;
		return find(call, NULL, req);
	}
	return go_on(call, req, 0);
}

static enum call_next found(struct call *call, struct request *req, enum mastodon_found how)
{
	if (how == FIND_ASKED) return CALL_SEND;
	return how == FIND_DONE ? seek(call, req) : CALL_FAIL;
}

static char *copy_of(const char *s)
{
	return s && *s ? xstrdup(s) : NULL;
}

/* Reasons not to ask anybody. */
static const char *objection(const struct action *action)
{
	bool named = verbs[action->verb].target == TARGET_NAME || action->verb == VERB_LIST_ADD;
	const char *name = action->name ? action->name : "";
	if (named && action->verb != VERB_DISMISS && !*name) return "a name is missing";
	if (strlen(name) > MAX_NAME) return "the name is too long";
	if (action->text && strlen(action->text) > MAX_TEXT) return "the text is too long";
	if (action->verb == VERB_VOTE && !action->choices) return "no option is chosen";
	if (action->verb == VERB_LIST_RENAME && !(action->text && *action->text))
		return "the list's new title is missing";
	if (action->verb == VERB_FOLLOW_TAG && strcmp(name, "#") == 0) return "a tag is missing";
	return NULL;
}

static enum call_next begin(struct call *call, struct request *req)
{
	const struct action *action = call->action;
	struct mastodon_work *work = mastodon_work(call);
	const char *why = objection(action);
	if (why) return fail(call, ERR_SYNTAX, why);
	if (!mastodon_deed_known(action->verb, action->undo))
		return fail(call, ERR_UNSUPPORTED, "that cannot be undone");
	work->post = copy_of(action->remote_id);
	work->profile = copy_of(action->profile_id);
	return seek(call, req);
}

enum call_next mastodon_act(struct call *call, const struct response *answer, struct request *req)
{
	enum verb verb = call->action->verb;
	/* What some servers take such a request for is not what is wanted. */
	if (!answer && is_known_to_lack(call)) {
		explain_lack(call);
		return CALL_FAIL;
	}
	if (verb == VERB_FILTER_PUT || verb == VERB_FILTER_DROP)
		return mastodon_filter_act(call, answer, req);
	if (!answer) return begin(call, req);
	switch (call->stage) {
	case FIND_POST:
	case FIND_PROFILE:
		return find(call, answer, req);
	case PROFILE:
		return take_profile(call, answer);
	default:
		return take(call, answer, req);
	}
}
