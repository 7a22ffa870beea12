#include "networks/mastodon_person.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "networks/html.h"
#include "networks/mastodon_find.h"
#include "networks/mastodon_http.h"
#include "networks/mastodon_read.h"
#include "networks/mastodon_relation.h"

enum { MAX_FIELDS = 64, MAX_PINNED = 40, MAX_BIO = 65535 };
enum stage { STAGE_FIND, STAGE_ACCOUNT, STAGE_RELATION, STAGE_PINNED };

/* --- the account --- */

/* Owned text with its line breaks, or NULL when there is none. */
static char *text_of(const char *html)
{
	struct text text = {0};
	if (html && *html) html_text(&text, html, strlen(html), NULL);
	text_cut(&text, MAX_BIO);
	char *words = text.utf8.len ? str_take(&text.utf8) : NULL;
	text_finish(&text);
	return words;
}

/* A field that is a link and nothing else is the link, not the short form of it. */
static char *value_of(const char *html)
{
	struct text text = {0};
	if (html && *html) html_text(&text, html, strlen(html), NULL);
	const struct facet *link = text.nfacets == 1 ? text.facets : NULL;
	bool all = link && link->kind == FACET_LINK && link->start == 0 &&
	           link->end == text.utf8.len && mastodon_web(link->target);
	struct str line = {0};
	const char *words = all ? link->target : str_c(&text.utf8);
	clean_in(&line, CLEAN_LINE, words, strlen(words));
	text_finish(&text);
	return str_take(&line);
}

static int64_t when(const cJSON *obj, const char *name)
{
	const char *at = json_str(obj, name);
	int64_t ms;
	return at && date_parse_rfc3339(at, &ms) ? ms : 0;
}

static void read_fields(struct mastodon_reader *reader, const cJSON *account, struct person *person)
{
	int n = 0;
	json_each (field, json_arr(account, "fields")) {
		if (n++ == MAX_FIELDS) break;
		arena_reset(&reader->arena);
		const char *name = mastodon_clean(reader, CLEAN_LINE, json_str(field, "name"));
		char *value = value_of(json_str(field, "value"));
		if (*name || *value)
			person_add_field(person, name, value, when(field, "verified_at"));
		free(value);
	}
}

static void read_account(
        struct mastodon_reader *reader, const cJSON *account, struct person *person)
{
	const cJSON *moved = json_obj(account, "moved");
	const char *to = mastodon_handle(reader, json_str(moved, "acct"));
	person->bio = text_of(json_str(account, "note"));
	person->posts = json_int(account, "statuses_count", -1);
	person->followers = json_int(account, "followers_count", -1);
	person->following = json_int(account, "following_count", -1);
	person->joined_ms = when(account, "created_at");
	person->last_ms = when(account, "last_status_at");
	person->locked = json_bool(account, "locked", false);
	person->bot = json_bool(account, "bot", false);
	person->limited =
	        json_bool(account, "limited", false) || json_bool(account, "suspended", false);
	person->moved_to = *to ? xstrdup(to) : NULL;
	read_fields(reader, account, person);
}

/* --- one request after the other --- */

static enum call_next ask_relation(struct call *call, struct request *req)
{
	struct str query = {0};
	str_adds(&query, "id%5B%5D=");
	mastodon_add_id(&query, call->person->remote_id);
	mastodon_get(req, call, "/api/v1/accounts/relationships", query.p);
	str_finish(&query);
	call->stage = STAGE_RELATION;
	return CALL_SEND;
}

static enum call_next ask_pinned(struct call *call, struct request *req)
{
	struct str path = {0}, query = {0};
	str_adds(&path, "/api/v1/accounts/");
	mastodon_add_id(&path, call->person->remote_id);
	str_adds(&path, "/statuses");
	str_addf(&query, "pinned=true&limit=%d", MAX_PINNED);
	mastodon_get(req, call, path.p, query.p);
	str_finish(&path);
	str_finish(&query);
	call->stage = STAGE_PINNED;
	return CALL_SEND;
}

/* Our own id is known without asking who we are: then there is no account yet. */
static enum call_next ask_account(struct call *call, struct request *req)
{
	struct str path = {0};
	str_adds(&path, "/api/v1/accounts/");
	mastodon_add_id(&path, mastodon_work(call)->profile);
	mastodon_get(req, call, path.p, "");
	str_finish(&path);
	call->stage = STAGE_ACCOUNT;
	return CALL_SEND;
}

static enum call_next take_account(struct call *call, struct request *req, const cJSON *account)
{
	struct page *page = mastodon_out(call);
	struct mastodon_reader reader;
	mastodon_reader_init(&reader, page, call->account);
	uint32_t profile = mastodon_profile(&reader, account);
	bool self = false;
	if (profile) {
		const struct profile *whose = page->profiles[profile - 1];
		struct person *person = call->person = person_new();
		person->uri = xstrdup(whose->uri);
		person->remote_id = xstrdup(mastodon_work(call)->profile);
		read_account(&reader, account, person);
		self = mastodon_is_me(&reader, whose->uri, whose->handle);
		if (self) mastodon_relation(&reader, NULL, profile);
	}
	mastodon_reader_finish(&reader);
	if (!profile) {
		err_set(&call->err, ERR_FORMAT, "%s tells nothing that can be read of %s",
		        call->account->host, call->arg);
		return CALL_FAIL;
	}
	bool told = !self && call->token && *call->token;
	return told ? ask_relation(call, req) : ask_pinned(call, req);
}

static void take_relation(struct call *call, const struct response *answer)
{
	struct json *json = mastodon_json(call, answer);
	struct mastodon_reader reader;
	mastodon_reader_init(&reader, mastodon_out(call), call->account);
	json_each (relationship, json_root(json)) {
		const char *id = mastodon_id(relationship, "id");
		if (!id || !mastodon_same_id(id, call->person->remote_id)) continue;
		const char *note =
		        mastodon_clean(&reader, CLEAN_BODY, json_str(relationship, "note"));
		/* The person's profile is the page's first. */
		mastodon_relation(&reader, relationship, 1);
		call->person->note = *note ? xstrdup(note) : NULL;
		break;
	}
	mastodon_reader_finish(&reader);
	json_free(json);
	call->err = (struct err){0};
}

static enum call_next take_pinned(struct call *call, const struct response *answer)
{
	struct page *page = mastodon_out(call);
	struct json *json = mastodon_json(call, answer);
	struct mastodon_reader reader;
	mastodon_reader_init(&reader, page, call->account);
	int n = 0;
	json_each (status, json_root(json)) {
		if (n++ == MAX_PINNED) break;
		arena_reset(&reader.arena);
		uint32_t post = mastodon_post(&reader, status, 0);
		if (post)
			person_add_pinned(call->person, post_str(page->posts[post - 1], POST_URI));
		page->unreadable += !post;
	}
	mastodon_reader_finish(&reader);
	json_free(json);
	call->err = (struct err){0};
	return CALL_DONE;
}

enum call_next mastodon_person(
        struct call *call, const struct response *answer, struct request *req)
{
	struct json *json;
	enum call_next next;
	switch ((enum stage)call->stage) {
	case STAGE_ACCOUNT:
		json = mastodon_json(call, answer);
		if (!json) return CALL_FAIL;
		next = take_account(call, req, json_root(json));
		json_free(json);
		return next;
	case STAGE_RELATION:
		take_relation(call, answer);
		return ask_pinned(call, req);
	case STAGE_PINNED:
		return take_pinned(call, answer);
	default:
		break;
	}
	enum mastodon_found found = mastodon_find(call, answer, req, WANT_PROFILE, call->arg);
	if (found == FIND_ASKED) return CALL_SEND;
	if (found != FIND_DONE) return CALL_FAIL;
	const cJSON *account = mastodon_kept(call, KEPT_ACCOUNT);
	return account ? take_account(call, req, account) : ask_account(call, req);
}
