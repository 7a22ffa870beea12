#include <string.h>

#include "networks/bluesky_fetch.h"
#include "networks/bluesky_http.h"

/*
 * A conversation (app.bsky.feed.getPostThread): the post, all above it and what hangs
 * below, as rows in any order; who answers whom stands in the posts themselves. What is
 * blocked or gone is no row.
 */

enum { DEPTH = 40, PARENTS = 80, MAX_NESTING = 100 }; /* within JSON_MAX_DEPTH */

static void add_row(struct bluesky_reader *reader, const cJSON *node)
{
	const cJSON *view = json_obj(node, "post");
	struct entry entry = {.reason = REASON_POSTED};
	arena_reset(&reader->arena);
	if (!view) return;
	if (bluesky_time(json_obj(view, "record"), "createdAt", view, &entry.sort_ms))
		entry.post = bluesky_post(reader, view);
	if (entry.post)
		page_add_entry(reader->page, &entry);
	else
		reader->page->unreadable++;
}

static void add_replies(struct bluesky_reader *reader, const cJSON *node, int depth)
{
	add_row(reader, node);
	if (depth == MAX_NESTING) return;
	json_each (reply, json_arr(node, "replies")) {
		add_replies(reader, reply, depth + 1);
	}
}

static enum call_next ask(struct call *call, struct request *req)
{
	struct str query = {0};
	bluesky_param(&query, "uri", call->source->arg);
	str_addf(&query, "&depth=%d&parentHeight=%d", DEPTH, PARENTS);
	bluesky_get(req, call, "app.bsky.feed.getPostThread", str_c(&query));
	str_finish(&query);
	return CALL_SEND;
}

enum call_next bluesky_thread(struct call *call, const struct response *answer, struct request *req)
{
	if (!answer && strncmp(call->source->arg, "at://", 5) == 0) return ask(call, req);
	if (!answer) {
		err_set(&call->err, ERR_SYNTAX, "a thread on Bluesky is named by an at:// address");
		return CALL_FAIL;
	}
	struct json *json = bluesky_json(call, answer);
	const cJSON *thread = json ? json_obj(json_root(json), "thread") : NULL;
	struct bluesky_reader reader;
	int n = 0;
	bluesky_reader_init(&reader, call->out, call->account);
	for (const cJSON *above = json_obj(thread, "parent"); above && n++ < PARENTS;
	        above = json_obj(above, "parent"))
		add_row(&reader, above);
	add_replies(&reader, thread, 0);
	bluesky_reader_finish(&reader);
	json_free(json);
	if (json && call->out->nentries == 0)
		err_set(&call->err, ERR_NOT_FOUND,
		        "this conversation is gone, or not for us to see");
	page_sort(call->out);
	return call->out->nentries ? CALL_DONE : CALL_FAIL;
}
