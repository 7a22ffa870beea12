#pragma once
/*
 * More steps of the network that speaks lines (world.h): asks are "/VERB-OR-STEP?WORDS",
 * answers have lines "post …", "gone ID", "said TEXT", "item ID", "older CURSOR",
 * "filter ID", "software NAME", "caps N", "marker CURSOR MS". To be included before world.h.
 */
#define LINE_STEPS                                                                                 \
	.learn = line_learn, .sign_in_begin = line_begin, .sign_in_finish = line_finish,           \
	.sign_out = line_sign_out, .act = line_act, .lookup = line_lookup, .items = line_items,    \
	.person = line_person, .filters = line_filters, .marker_read = line_marker_read,           \
	.marker_write = line_marker_write, .has_guests = true, .guest_caps = CAP_SEARCH,           \
	.guest_host = "guests.example",

#include "networks/network.h"

static call_step line_learn, line_begin, line_finish, line_sign_out, line_act, line_lookup,
        line_items, line_person, line_filters, line_marker_read, line_marker_write;

#include "world.h"

static inline enum call_next ask_line(struct call *call, struct request *req, const char *method,
        const char *step, const char *path, const char *words)
{
	struct str url = {0};
	str_addf(&url, "https://%s/%s%s?%s", call->account->host, step, path, words ? words : "");
	req->method = method;
	req->url = str_take(&url);
	if (call->token) request_header(req, "Authorization: Bearer %s", call->token);
	return CALL_SEND;
}

/* 404 and 405 of a verb: there is no such thing. */
static inline enum call_next refuse_ask(struct call *call, const struct response *answer)
{
	refuse(call, answer);
	if (answer->status == 405) call->err.code = ERR_UNSUPPORTED;
	return CALL_FAIL;
}

/* The rest of the line that begins with `word`; owned, or NULL. */
static inline char *line_of(const struct response *answer, const char *word)
{
	size_t len = strlen(word);
	for (const char *line = answer->body; *line;) {
		size_t n = strcspn(line, "\n");
		if (n > len && strncmp(line, word, len) == 0 && line[len] == ' ')
			return xstrndup(line + len + 1, n - len - 1);
		line += n + (line[n] == '\n');
	}
	return NULL;
}

static enum call_next line_act(
        struct call *call, const struct response *answer, struct request *req)
{
	const struct action *action = call->action;
	const struct verb_row *row = &verbs[action->verb];
	if (!answer)
		return ask_line(call, req, "POST", "act/", action->undo ? row->undo : row->name,
		        action->remote_id ? action->remote_id : action->uri);
	if (answer->status != 200) return refuse_ask(call, answer);
	read_lines(call, answer->body, call->out);
	call->gone = line_of(answer, "gone");
	call->said = line_of(answer, "said");
	return CALL_DONE;
}

static enum call_next line_lookup(
        struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) return ask_line(call, req, "GET", "lookup", "", call->arg);
	if (answer->status != 200) return refuse_ask(call, answer);
	read_lines(call, answer->body, call->out);
	return CALL_DONE;
}

static enum call_next line_items(
        struct call *call, const struct response *answer, struct request *req)
{
	if (!answer)
		return ask_line(call, req, "GET", "items/", collections[call->collection].name,
		        call->cursor);
	if (answer->status != 200) return refuse_ask(call, answer);
	char *id = line_of(answer, "item");
	call->items = items_new(call->collection);
	if (id) items_add(call->items, id, id, NULL, 0);
	call->items->older = line_of(answer, "older");
	free(id);
	return CALL_DONE;
}

static enum call_next line_person(
        struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) return ask_line(call, req, "GET", "person", "", call->arg);
	if (answer->status != 200) return refuse_ask(call, answer);
	read_lines(call, answer->body, call->out);
	call->person = person_new();
	call->person->uri = xstrdup("https://h.example/@ada");
	return CALL_DONE;
}

static enum call_next line_filters(
        struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) return ask_line(call, req, "GET", "filters", "", "");
	if (answer->status != 200) return refuse_ask(call, answer);
	call->filters = xcalloc(1, sizeof(*call->filters));
	call->filters[0].id = line_of(answer, "filter");
	call->nfilters = call->filters[0].id != NULL;
	return CALL_DONE;
}

static enum call_next line_learn(
        struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) return ask_line(call, req, "GET", "learn", "", "");
	if (answer->status != 200) return refuse_ask(call, answer);
	char *software = line_of(answer, "software"), *caps = line_of(answer, "caps");
	call->signed_in = account_copy(call->account);
	account_set(&call->signed_in->software, software);
	if (caps) call->signed_in->caps = (unsigned)atoi(caps);
	free(software);
	free(caps);
	return CALL_DONE;
}

static enum call_next line_marker_read(
        struct call *call, const struct response *answer, struct request *req)
{
	if (!answer)
		return ask_line(
		        call, req, "GET", "marker/", source_kinds[call->source->kind].name, "");
	if (answer->status != 200) return refuse_ask(call, answer);
	char cursor[64];
	int64_t ms;
	if (sscanf(answer->body, "marker %63s %" SCNd64, cursor, &ms) == 2) {
		call->marker->cursor = xstrdup(cursor);
		call->marker->at_ms = ms;
	}
	return CALL_DONE;
}

static enum call_next line_marker_write(
        struct call *call, const struct response *answer, struct request *req)
{
	if (!answer)
		return ask_line(call, req, "POST", "marker/", source_kinds[call->source->kind].name,
		        call->marker->cursor);
	if (answer->status != 200) return refuse_ask(call, answer);
	return CALL_DONE;
}

static enum call_next line_begin(
        struct call *call, const struct response *answer, struct request *req)
{
	struct sign_in *sign = call->sign_in;
	if (!answer) return ask_line(call, req, "POST", "apps", "", sign->redirect);
	if (answer->status != 200) return refuse_ask(call, answer);
	struct str url = {0};
	str_addf(&url, "https://%s/authorize?state=%s&challenge=%s", call->account->host,
	        sign->state, sign->challenge);
	sign->url = str_take(&url);
	sign->client = xstrdup("CLIENT KEY");
	return CALL_DONE;
}

static enum call_next line_finish(
        struct call *call, const struct response *answer, struct request *req)
{
	struct sign_in *sign = call->sign_in;
	if (!answer) {
		struct str words = {0};
		str_addf(&words, "code=%s&verifier=%s", sign->code, sign->verifier);
		ask_line(call, req, "POST", "token", "", str_c(&words));
		str_finish(&words);
		return CALL_SEND;
	}
	if (answer->status != 200) return refuse_ask(call, answer);
	struct str secret = {0};
	str_addf(&secret, "%s %s", answer->body, sign->client);
	sign->secret = str_take(&secret);
	call->signed_in = account_copy(call->account);
	account_set(&call->signed_in->handle, "ada@h.example");
	return CALL_DONE;
}

static enum call_next line_sign_out(
        struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) return ask_line(call, req, "POST", "revoke", "", call->client);
	return answer->status == 200 ? CALL_DONE : refuse_ask(call, answer);
}
