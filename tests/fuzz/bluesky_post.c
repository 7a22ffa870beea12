/*
 * Posting on Bluesky: two bytes choose the step and what goes with the post; the first line is
 * its text, the second what it answers, and the server's answers follow, parted by 0x1e; each
 * begins with a digit for its status. Whatever is said, requests are well-formed, what is
 * frozen is JSON with the text in it, and a failure has a reason.
 */
#include "talk.h"

#include "base/utf8.h"
#include "networks/bluesky.h"
#include "networks/bluesky_record.h"

enum { QUOTES = 1, WARNS = 2, PICTURES = 4, GATED = 8, LABELLED = 16, FOLLOWS = 32 };
static const int statuses[] = {200, 200, 200, 400, 401, 404, 429, 500, 502, 0};

static void check_request(const struct request *req)
{
	static const char root[] = "https://h.example/xrpc/";
	bool ours = strncmp(req->url, root, sizeof root - 1) == 0;
	must(ours || (strncmp(req->url, "https://", 8) == 0 && req->follow && !req->allow_http));
	for (size_t i = 0; i < req->nheaders; i++)
		must(ours || strncmp(req->headers[i], "Authorization", 13) != 0);
	if (req->body) must_be_json(req->body, req->body_len);
}

/* A step of its own, what it kept forgotten for the next. */
static enum call_next run(struct talk *talk, struct call *call, call_step *step)
{
	enum call_next next = talk_through(talk, call, step);
	network_bluesky.call_finish(call);
	memset(call->data, 0, network_bluesky.call_size);
	call->stage = 0;
	call->err = (struct err){0};
	return next;
}

/* What was frozen holds the text as it was written. */
static void check_frozen(const struct outgoing *item, const char *frozen)
{
	struct json *json = json_parse(frozen, strlen(frozen), NULL);
	must(json != NULL);
	const cJSON *root = json_root(json), *writes = json_arr(root, "writes");
	const cJSON *record = writes ? json_obj(writes->child, "value") : json_obj(root, "record");
	const char *kept = json_str(record, "text");
	char *text = bluesky_post_text(item);
	must(kept && (!utf8_valid(text, strlen(text)) || strcmp(kept, text) == 0));
	must(json_str(record, "createdAt") != NULL);
	free(text);
	json_free(json);
}

static void try_all(struct call *call, const struct account *account, struct outgoing *item,
        unsigned which, struct talk *talk)
{
	struct publish *publish = call->publish;
	struct err err = {0};
	struct measure m;
	bool fine = network_bluesky.check(account, item, &err);
	must(fine || *err.text);
	network_bluesky.measure(account, item, &m);
	must(m.fits <= strlen(item->text));
	if (which % 4 == 0 && item->nmedia) {
		run(talk, call, network_bluesky.upload);
		return;
	}
	if (run(talk, call, network_bluesky.prepare) != CALL_DONE) return;
	check_frozen(item, publish->made);
	item->frozen = publish->made;
	bool sent = run(talk, call, network_bluesky.publish) == CALL_DONE;
	must(sent == (publish->uri && publish->remote_id && publish->url));
	run(talk, call, network_bluesky.reconcile);
	must(!publish->found || publish->remote_id);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (len < 2) return 0;
	unsigned which = bytes[0], with = bytes[1] % 64;
	char *text = xstrndup((const char *)bytes + 2, len - 2), *about = strchr(text, '\n');
	if (about) *about++ = '\0';
	char *answers = about ? strchr(about, '\n') : NULL;
	if (answers) *answers++ = '\0';
	struct account account = {.id = 1,
	        .name = (char *)"a",
	        .network = (char *)"bluesky",
	        .host = (char *)"h.example",
	        .uri = (char *)"did:plc:ada"};
	struct outgoing_media media = {.path = (char *)"/p",
	        .alt = about,
	        .made = (char *)"{\"ref\":{}}",
	        .width = which,
	        .height = with};
	struct outgoing before = {.uri = (char *)"at://did:plc:ada/app.bsky.feed.post/3k",
	        .remote_id = (char *)"bafy",
	        .frozen = about};
	struct outgoing item = {.text = text,
	        .key = (char *)"3kabcdefghij2",
	        .reply_to = with & QUOTES ? NULL : about,
	        .quote_of = with & QUOTES ? about : NULL,
	        .warning = with & WARNS ? about : NULL,
	        .self_labels = with & LABELLED ? about : NULL,
	        .lang = with & LABELLED ? text : NULL,
	        .gate = with & GATED ? which : 0,
	        .media = &media,
	        .nmedia = with & PICTURES ? 1 : 0};
	struct publish publish = {.item = &item,
	        .before = with & FOLLOWS ? &before : NULL,
	        .file = "/p",
	        .type = "image/png"};
	struct call call = {.account = &account,
	        .token = "t",
	        .now_ms = 1795222800000,
	        .data = xcalloc(1, network_bluesky.call_size),
	        .publish = &publish};
	struct talk talk = {.statuses = statuses,
	        .most = 20,
	        .check = check_request,
	        .answers = answers ? answers : (char *)""};
	try_all(&call, &account, &item, which, &talk);
	talk_finish_publish(&publish);
	free(call.data);
	free(text);
	return 0;
}
