#include "networks/mastodon_filter.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "networks/mastodon_http.h"
#include "networks/mastodon_read.h"

enum { ASK_V2, ASK_V1 };
enum { MAX_FILTERS = 1000, MAX_KEYWORDS = 1000, MAX_POSTS = 1000 };

/* One clean line, owned; NULL when nothing is left. */
static char *line_of(const char *s)
{
	struct str line = {0};
	if (s) clean_in(&line, CLEAN_LINE, s, strlen(s));
	if (line.len) return str_take(&line);
	str_finish(&line);
	return NULL;
}

static char *id_of(const cJSON *json)
{
	return xstrdup(mastodon_id(json, "id"));
}

static unsigned contexts_of(const cJSON *json)
{
	unsigned contexts = 0;
	json_each (item, json_arr(json, "context")) {
		const char *name = cJSON_GetStringValue(item);
		for (int i = 0; name && i < FILTER_CONTEXT_COUNT; i++) {
			if (strcmp(name, filter_context_names[i]) == 0) contexts |= 1U << i;
		}
	}
	return contexts;
}

/* `keyword` is an object that has the text as member `name`. */
static void add_keyword(struct server_filter *out, const cJSON *keyword, const char *name)
{
	char *text = line_of(json_str(keyword, name));
	if (!text || out->nkeywords == MAX_KEYWORDS) {
		free(text);
		return;
	}
	out->keywords = xrealloc(out->keywords, (out->nkeywords + 1) * sizeof *out->keywords);
	out->keywords[out->nkeywords++] = (struct filter_keyword){
	        .id = id_of(keyword),
	        .text = text,
	        .whole = json_bool(keyword, "whole_word", false),
	};
}

static void add_post(struct server_filter *out, const cJSON *status)
{
	const char *id = mastodon_id(status, "status_id");
	if (!id || out->nposts == MAX_POSTS) return;
	out->posts = xrealloc(out->posts, (out->nposts + 1) * sizeof *out->posts);
	out->posts[out->nposts++] = xstrdup(id);
}

bool mastodon_filter_read(const cJSON *json, bool old, struct server_filter *out)
{
	const char *expires = json_str(json, "expires_at");
	const char *action = json_str(json, "filter_action");
	unsigned contexts = contexts_of(json);
	if (!mastodon_id(json, "id") || !contexts) return false;
	bool hides = old || (action && strcmp(action, "hide") == 0);
	*out = (struct server_filter){
	        .id = id_of(json),
	        .title = line_of(json_str(json, old ? "phrase" : "title")),
	        .contexts = contexts,
	        .action = hides ? FILTER_HIDE : FILTER_WARN,
	};
	if (!out->title) out->title = xstrdup("");
	if (expires && !date_parse_rfc3339(expires, &out->expires_ms)) out->expires_ms = 0;
	if (old) add_keyword(out, json, "phrase");
	json_each (keyword, json_arr(json, "keywords"))
		add_keyword(out, keyword, "keyword");
	json_each (status, json_arr(json, "statuses"))
		add_post(out, status);
	return true;
}

void mastodon_filter_add(struct call *call, struct server_filter *filter)
{
	call->filters = xrealloc(call->filters, (call->nfilters + 1) * sizeof *call->filters);
	call->filters[call->nfilters++] = *filter;
	*filter = (struct server_filter){0};
}

/* --- all of them --- */

static enum call_next ask(struct call *call, struct request *req, int stage)
{
	call->stage = stage;
	mastodon_get(req, call, stage == ASK_V2 ? "/api/v2/filters" : "/api/v1/filters", "");
	return CALL_SEND;
}

static enum call_next take(struct call *call, const cJSON *list)
{
	if (!cJSON_IsArray(list)) {
		err_set(&call->err, ERR_FORMAT, "the server's answer holds no list of filters");
		return CALL_FAIL;
	}
	json_each (item, list) {
		struct server_filter filter;
		if (call->nfilters == MAX_FILTERS) break;
		if (mastodon_filter_read(item, call->stage == ASK_V1, &filter))
			mastodon_filter_add(call, &filter);
	}
	return CALL_DONE;
}

enum call_next mastodon_filters(
        struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) return ask(call, req, ASK_V2);
	bool missing = answer->status == 404 || mastodon_lacks(answer);
	if (missing && call->stage == ASK_V2) return ask(call, req, ASK_V1);
	struct json *json = mastodon_json(call, answer);
	enum call_next next = json ? take(call, json_root(json)) : CALL_FAIL;
	json_free(json);
	if (missing)
		err_set(&call->err, ERR_UNSUPPORTED, "%s keeps no filters", call->account->host);
	return next;
}
