/*
 * Posting on Mastodon: two bytes choose the step and what goes with the post; the first line is
 * its text, the second what it answers, and the server's answers follow, parted by 0x1e; each
 * begins with a digit for its status. Whatever is said, requests are well-formed, what is
 * frozen is JSON with the text in it, nothing is found that does not look like it, a failure
 * has a reason, and what is found in the text lies in order and counts for something.
 */
#include "talk.h"

#include "base/utf8.h"
#include "networks/mastodon.h"

enum {
	QUOTES = 1,
	WARNS = 2,
	PICTURES = 4,
	ASKS = 8,
	SNAC = 16,
	KEEPS = 32,
	KEPT_NOW = 64,
	KNOWN = 128
};
static const int statuses[] = {200, 202, 206, 400, 401, 404, 422, 500, 503, 0};

static void check_request(const struct request *req)
{
	static const char root[] = "https://h.example/";
	must(req->url && strncmp(req->url, root, sizeof root - 1) == 0);
	must(req->nparts == 0 || !req->body);
	if (req->body && *req->body == '{') must_be_json(req->body, req->body_len);
}

/* --- what is found in the text --- */

struct found {
	const char *text;
	size_t len, end;
};

static void each(void *ctx, const struct facet *facet)
{
	struct found *found = ctx;
	must(facet->start >= found->end && facet->end > facet->start && facet->end <= found->len);
	must(facet->target && *facet->target);
	must(strstr(found->text + facet->start, facet->target) != NULL);
	found->end = facet->end;
}

static void check_text(const struct account *account, const struct outgoing *item)
{
	struct found found = {item->text, strlen(item->text), 0};
	struct measure measure;
	network_mastodon.detect(account, item->text, found.len, each, &found);
	network_mastodon.measure(account, item, &measure);
	must(measure.fits <= found.len && measure.limit > 0);
	bool over = measure.count > measure.limit;
	/* What fits by one way of counting may be one off where clusters meet. */
	must(over || measure.fits == found.len || measure.count + 8 > measure.limit);
	must(utf8_valid(item->text, measure.fits));
}

/* --- a post --- */

static void check_result(const struct call *call, uint8_t what, enum call_next next)
{
	const struct publish *publish = call->publish;
	if (next != CALL_DONE) return;
	if (what % 5 == 0) {
		struct json *json = json_parse(publish->made, strlen(publish->made), NULL);
		must(json && json_str(json_root(json), "status") && publish->watermark);
		json_free(json);
	}
	if (what % 5 == 1) must(publish->remote_id != NULL);
	if (what % 5 == 2) must(!publish->found || publish->remote_id);
	if (what % 5 == 4) must(publish->made != NULL);
}

static void post(uint8_t what, uint8_t how, char *text, char *parent, char *answers)
{
	call_step *const steps[] = {network_mastodon.prepare, network_mastodon.publish,
	        network_mastodon.reconcile, network_mastodon.withdraw, network_mastodon.upload};
	struct account account = {.host = (char *)"h.example",
	        .name = (char *)"me",
	        .network = (char *)"mastodon",
	        .handle = (char *)"me@h.example",
	        .uri = (char *)"https://h.example/me",
	        .software = (char *)(how & SNAC ? "snac 2.92" : "mastodon 4.5.2"),
	        .api = how & SNAC ? 0 : 7,
	        .remote_id = (char *)(how & KNOWN ? "42" : "")};
	char *options[] = {(char *)"yes", (char *)"no"};
	struct draft_poll poll = {options, 2, 3600, true, false};
	struct outgoing_media media = {
	        .path = (char *)"/a", .alt = (char *)"x", .made = (char *)"m"};
	struct outgoing item = {.text = text,
	        .key = (char *)"k",
	        .reply_to = *parent ? parent : NULL,
	        .quote_of = (char *)(how & QUOTES ? "https://far.example/1" : NULL),
	        .warning = (char *)(how & WARNS ? "careful" : NULL),
	        .media = &media,
	        .nmedia = how & PICTURES ? 1 : 0,
	        .poll = how & ASKS ? &poll : NULL,
	        .frozen = (char *)"{\"status\":\"hello\"}",
	        .remote_id = (char *)"9",
	        .state = how & KEPT_NOW ? OUTGOING_KEPT : OUTGOING_UNKNOWN,
	        .at = {.utc_ms = 1795222800000},
	        .watermark = (char *)"1"};
	struct publish publish = {
	        .item = &item, .file = "/a", .type = "image/png", .keep = how & KEEPS};
	struct call call = {
	        .account = &account, .token = "t", .publish = &publish, .now_ms = 1795222800000};
	if (what % 5 == 4) item.nmedia = 1;
	check_text(&account, &item);
	call.data = xcalloc(1, network_mastodon.call_size);
	struct talk talk = {
	        .statuses = statuses, .most = 150, .check = check_request, .answers = answers};
	enum call_next next = talk_through(&talk, &call, steps[what % 5]);
	check_result(&call, what, next);
	network_mastodon.call_finish(&call);
	free(call.data);
	page_free(call.out);
	talk_finish_publish(&publish);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (len < 3) return 0;
	char *text = xstrndup((const char *)bytes + 2, len - 2);
	char *parent = strchr(text, '\n');
	char *answers = parent ? strchr(parent + 1, '\n') : NULL;
	if (parent) *parent++ = '\0';
	if (answers) *answers++ = '\0';
	if (utf8_valid(text, strlen(text)) && (!parent || utf8_valid(parent, strlen(parent))))
		post(bytes[0], bytes[1], text, parent ? parent : (char *)"",
		        answers ? answers : (char *)"");
	free(text);
	return 0;
}
