#include "networks/bluesky_prefs.h"

#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/date.h"
#include "base/mem.h"
#include "networks/bluesky_http.h"
#include "networks/bluesky_read.h"
#include "networks/bluesky_record.h"

enum { MAX_WORDS = 2000, MAX_POSTS = 2000, MAX_VALUE = 10000 };
enum { EVERYWHERE = (1 << FILTER_CONTEXT_COUNT) - 1 };
enum stage { STAGE_READ, STAGE_WRITE };

static void ask(struct call *call, struct request *req)
{
	call->stage = STAGE_READ;
	bluesky_get(req, call, "app.bsky.actor.getPreferences", "");
}

/* --- as filters --- */

static struct server_filter *add_filter(struct call *call, const char *id, const char *title)
{
	call->filters = xrealloc(call->filters, (call->nfilters + 1) * sizeof *call->filters);
	struct server_filter *filter = &call->filters[call->nfilters++];
	*filter = (struct server_filter){.id = xstrdup(id),
	        .title = xstrdup(title),
	        .contexts = EVERYWHERE,
	        .action = FILTER_HIDE};
	return filter;
}

static void set_keyword(struct server_filter *filter, const char *text)
{
	filter->keywords = xcalloc(1, sizeof *filter->keywords);
	filter->keywords[0] = (struct filter_keyword){.text = xstrdup(text), .whole = true};
	filter->nkeywords = 1;
}

/* Targets that are not known hold nowhere that we know of. */
static unsigned targets_of(const cJSON *item)
{
	unsigned targets = 0;
	json_each (target, json_arr(item, "targets")) {
		const char *name = cJSON_GetStringValue(target);
		if (name && strcmp(name, "content") == 0) targets |= FILTER_IN_TEXT;
		if (name && strcmp(name, "tag") == 0) targets |= FILTER_IN_TAGS;
	}
	return targets;
}

/* By what an item is known: its id, or where an older client gave it none, its word. */
static const char *item_name(const cJSON *item)
{
	const char *id = json_str(item, "id");
	return id && *id ? id : json_str(item, "value");
}

static void read_word(struct call *call, const cJSON *item)
{
	const char *value = json_str(item, "value"), *expires = json_str(item, "expiresAt");
	const char *whose = json_str(item, "actorTarget");
	struct str word = {0}, id = {0};
	if (value && strlen(value) <= MAX_VALUE) clean_in(&word, CLEAN_LINE, value, strlen(value));
	if (word.len && call->nfilters < MAX_WORDS) {
		str_addf(&id, "%s%s", BLUESKY_WORD, item_name(item));
		struct server_filter *filter = add_filter(call, id.p, word.p);
		filter->rule = FILTER_MUTED_WORD;
		filter->targets = targets_of(item);
		filter->not_followed = whose && strcmp(whose, "exclude-following") == 0;
		if (expires && !date_parse_rfc3339(expires, &filter->expires_ms))
			filter->expires_ms = 0;
		set_keyword(filter, word.p);
	}
	str_finish(&word);
	str_finish(&id);
}

static void read_hidden(struct call *call, const cJSON *element)
{
	struct server_filter *filter = NULL;
	json_each (item, json_arr(element, "items")) {
		const char *uri = cJSON_GetStringValue(item);
		if (!uri || strncmp(uri, "at://", 5) != 0) continue;
		if (!filter) filter = add_filter(call, BLUESKY_HIDDEN, "posts hidden one by one");
		if (filter->nposts == MAX_POSTS) return;
		filter->posts =
		        xrealloc(filter->posts, (filter->nposts + 1) * sizeof *filter->posts);
		filter->posts[filter->nposts++] = xstrdup(uri);
	}
}

static void hidden_label(void *ctx, const char *name, const char *words)
{
	struct str id = {0};
	str_addf(&id, "%s%s", BLUESKY_LABEL, name);
	struct server_filter *filter = add_filter(ctx, id.p, words);
	filter->rule = FILTER_LABEL;
	set_keyword(filter, words);
	str_finish(&id);
}

static void read_filters(struct call *call, const cJSON *preferences)
{
	json_each (element, preferences) {
		const char *type = json_str(element, "$type");
		if (!type) continue;
		if (strcmp(type, BLUESKY_PREF "mutedWordsPref") == 0) {
			json_each (item, json_arr(element, "items"))
				read_word(call, item);
		} else if (strcmp(type, BLUESKY_PREF "hiddenPostsPref") == 0) {
			read_hidden(call, element);
		}
	}
	bluesky_labels_hidden(call->account->labels, hidden_label, call);
}

enum call_next bluesky_filters(
        struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) {
		ask(call, req);
		return CALL_SEND;
	}
	struct json *json = bluesky_json(call, answer);
	const cJSON *preferences = json ? json_arr(json_root(json), "preferences") : NULL;
	if (json && !preferences)
		err_set(&call->err, ERR_FORMAT, "the server's answer holds no preferences");
	if (preferences) read_filters(call, preferences);
	json_free(json);
	return preferences ? CALL_DONE : CALL_FAIL;
}

/* --- changing one --- */

static enum call_next fail(struct call *call, enum err_code code, const char *why)
{
	err_set(&call->err, code, "%s", why);
	return CALL_FAIL;
}

/* The id behind its prefix; NULL: it is none of these. */
static const char *behind(const char *id, const char *prefix)
{
	size_t len = strlen(prefix);
	return id && strncmp(id, prefix, len) == 0 ? id + len : NULL;
}

static struct json_raw find_word(struct json_raw prefs, const char *name)
{
	struct json_raw items =
	        json_raw_member(bluesky_prefs_find(prefs, "mutedWordsPref"), "items");
	struct json_raw item;
	for (size_t i = 0; (item = json_raw_element(items, i)).p; i++) {
		struct json *json = json_parse(item.p, item.len, NULL);
		const char *its = json ? item_name(json_root(json)) : NULL;
		bool same = its && strcmp(its, name) == 0;
		json_free(json);
		if (same) return item;
	}
	return (struct json_raw){0};
}

/* A muted word as the lexicon has it; number `i` of those made now. */
static void add_word(struct str *out, const struct call *call, const char *word, size_t i)
{
	const struct server_filter *filter = call->action->filter;
	int64_t seconds = call->action->seconds, until = filter->expires_ms;
	char *id = bluesky_make_key(call->now_ms, i);
	char at[32];
	str_addf(out, "{\"id\":\"%s\",\"value\":", id);
	json_quote(out, word);
	str_adds(out, ",\"targets\":[\"content\",\"tag\"],\"actorTarget\":\"all\"");
	if (seconds > 0) until = call->now_ms + seconds * 1000;
	if (until) {
		date_format_rfc3339(at, until);
		str_addf(out, ",\"expiresAt\":\"%s\"", at);
	}
	str_addc(out, '}');
	free(id);
}

/* The preferences with the filter's words in them. */
static bool put_words(struct call *call, struct json_raw prefs, struct str *out)
{
	const struct server_filter *filter = call->action->filter;
	const char *name = behind(filter->id, BLUESKY_WORD);
	if (filter->id && !name)
		return err_set(
		        &call->err, ERR_UNSUPPORTED, "this is changed in Bluesky's own settings");
	if (!filter->nkeywords) return err_set(&call->err, ERR_SYNTAX, "a muted word wants a word");
	str_add(out, prefs.p, prefs.len);
	for (size_t i = 0; i < filter->nkeywords; i++) {
		struct str item = {0}, next = {0};
		struct json_raw now = json_raw_value(out->p, out->len);
		struct json_raw old = i == 0 && name ? find_word(now, name) : (struct json_raw){0};
		add_word(&item, call, filter->keywords[i].text, i);
		bluesky_prefs_item(&next, now, "mutedWordsPref", old, item.p);
		str_finish(&item);
		str_finish(out);
		*out = next;
	}
	call->said = xstrdup("Bluesky hides muted words, in all places");
	return true;
}

static bool drop_word(struct call *call, struct json_raw prefs, const char *name, struct str *out)
{
	struct json_raw old = find_word(prefs, name);
	if (!old.p) return err_set(&call->err, ERR_NOT_FOUND, "that word is not muted any more");
	bluesky_prefs_item(out, prefs, "mutedWordsPref", old, NULL);
	return true;
}

static bool same_label(struct json_raw element, const char *labeler, const char *value)
{
	struct json_raw did = json_raw_member(element, "labelerDid");
	bool by = labeler ? did.p && json_raw_is(did, labeler) : !did.p;
	return by && json_raw_is(json_raw_member(element, "label"), value);
}

/* A label that was hidden is warned of from now on. */
static bool unhide_label(
        struct call *call, struct json_raw prefs, const char *name, struct str *out)
{
	const char *slash = strrchr(name, '/');
	char *labeler = slash ? xstrndup(name, (size_t)(slash - name)) : NULL;
	const char *value = slash ? slash + 1 : name;
	struct json_raw element, old = {0};
	struct str with = {0};
	for (size_t i = 0; (element = json_raw_element(prefs, i)).p; i++) {
		if (json_raw_is(
		            json_raw_member(element, "$type"), BLUESKY_PREF "contentLabelPref") &&
		        same_label(element, labeler, value))
			old = element;
	}
	str_adds(&with, "{\"$type\":\"" BLUESKY_PREF "contentLabelPref\",");
	if (labeler) str_addf(&with, "\"labelerDid\":\"%s\",", labeler);
	str_adds(&with, "\"label\":");
	json_quote(&with, value);
	str_adds(&with, ",\"visibility\":\"warn\"}");
	bool fixed = *value == '!';
	if (fixed)
		err_set(&call->err, ERR_UNSUPPORTED, "nobody can choose to see this label");
	else
		bluesky_prefs_element(out, prefs, old, with.p);
	str_finish(&with);
	free(labeler);
	return !fixed;
}

static bool drop(struct call *call, struct json_raw prefs, struct str *out)
{
	const char *id = call->action->name, *name;
	struct json_raw hidden = bluesky_prefs_find(prefs, "hiddenPostsPref");
	if ((name = behind(id, BLUESKY_WORD))) return drop_word(call, prefs, name, out);
	if ((name = behind(id, BLUESKY_LABEL))) return unhide_label(call, prefs, name, out);
	if (!id || strcmp(id, BLUESKY_HIDDEN) != 0 || !hidden.p)
		return err_set(&call->err, ERR_NOT_FOUND, "there is no such filter any more");
	bluesky_prefs_element(
	        out, prefs, hidden, "{\"$type\":\"" BLUESKY_PREF "hiddenPostsPref\",\"items\":[]}");
	return true;
}

static enum call_next write_back(
        struct call *call, const struct response *answer, struct request *req)
{
	struct json *json = bluesky_json(call, answer);
	struct str prefs = {0}, body = {0};
	if (!json) return CALL_FAIL;
	json_free(json);
	struct json_raw root = json_raw_value(answer->body, answer->body_len);
	struct json_raw old = json_raw_member(root, "preferences");
	if (!old.p || *old.p != '[')
		return fail(call, ERR_FORMAT, "the server's answer holds no preferences");
	bool ok = call->action->verb == VERB_FILTER_PUT ? put_words(call, old, &prefs)
	                                                : drop(call, old, &prefs);
	if (ok) {
		str_addf(&body, "{\"preferences\":%s}", str_c(&prefs));
		call->stage = STAGE_WRITE;
		bluesky_post_json(req, call, "app.bsky.actor.putPreferences", NULL, body.p);
	}
	str_finish(&prefs);
	str_finish(&body);
	return ok ? CALL_SEND : CALL_FAIL;
}

enum call_next bluesky_filter_act(
        struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) {
		ask(call, req);
		return CALL_SEND;
	}
	if (call->stage == STAGE_READ) return write_back(call, answer, req);
	return bluesky_good(call, answer) ? CALL_DONE : CALL_FAIL;
}
