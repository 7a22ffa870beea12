/* Posting: what is asked, what is frozen, and what each answer means. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "mastodon_steps.h"
#include "model/draft.h"

struct posting {
	struct world w;
	struct outgoing item, before;
	struct outgoing_media media[2];
	struct publish publish;
};

static void init(struct posting *p)
{
	*p = (struct posting){0};
	world_init(&p->w);
	p->w.account.remote_id = (char *)"42";
	p->w.account.software = (char *)"mastodon 4.5.2";
	p->w.account.caps = mastodon()->caps;
	p->w.account.api = 7;
	p->item = (struct outgoing){.text = (char *)"hello", .key = (char *)"k-1"};
	p->item.media = p->media;
	p->publish.item = &p->item;
	p->w.call.publish = &p->publish;
}

static void forget(struct publish *publish)
{
	free(publish->made);
	free(publish->watermark);
	free(publish->remote_id);
	free(publish->uri);
	free(publish->url);
	publish->made = publish->watermark = publish->remote_id = publish->uri = publish->url =
	        NULL;
	publish->kept = publish->found = false;
	publish->server_ms = 0;
}

static void finish(struct posting *p)
{
	forget(&p->publish);
	world_finish(&p->w);
}

static void start(struct posting *p, call_step *step)
{
	forget(&p->publish);
	begin(&p->w, step);
}

#define TOLD(id, text)                                                                             \
	"{\"id\":\"" id "\",\"uri\":\"https://social.example/users/ada/statuses/" id               \
	"\",\"url\":\"https://social.example/@ada/" id                                             \
	"\",\"created_at\":\"2026-11-21T01:00:05.000Z\",\"content\":\"<p>" text                    \
	"</p>\",\"visibility\":\"public\",\"spoiler_text\":\"\",\"media_attachments\":[],"         \
	"\"account\":{\"id\":\"42\",\"uri\":\"https://social.example/users/"                       \
	"ada\",\"acct\":\"ada\"}}"
#define KEPT(id, at, text)                                                                         \
	"{\"id\":\"" id "\",\"scheduled_at\":\"" at "\",\"params\":{\"text\":\"" text              \
	"\",\"visibility\":\"public\",\"in_reply_to_id\":null},\"media_attachments\":[]}"

/* --- prepare --- */

static void a_plain_post_asks_for_the_newest_only(void **state)
{
	(void)state;
	struct posting p;
	init(&p);
	start(&p, mastodon()->prepare);
	asks(&p.w, "GET", "/api/v1/accounts/42/statuses?limit=1&exclude_reblogs=true", NULL);
	answer_by(&p.w, mastodon()->prepare, 200, "Date: Sat, 21 Nov 2026 01:00:07 GMT",
	        "[" TOLD("900", "old") "]");
	is_done(&p.w);
	assert_string_equal(p.publish.watermark, "900");
	assert_string_equal(p.publish.made, "{\"status\":\"hello\"}");
	assert_int_equal(p.publish.server_ms, now_ms + 7000);
	finish(&p);
}

static void nothing_was_posted_before(void **state)
{
	(void)state;
	struct posting p;
	init(&p);
	start(&p, mastodon()->prepare);
	answer_by(&p.w, mastodon()->prepare, 200, NULL, "[]");
	is_done(&p.w);
	assert_string_equal(p.publish.watermark, "");
	finish(&p);
}

static void all_that_is_asked_for_is_frozen(void **state)
{
	(void)state;
	struct posting p;
	char *options[] = {(char *)"yes", (char *)"no \"way\""};
	struct draft_poll poll = {options, 2, 3600, true, false};
	init(&p);
	p.w.account.remote_id = (char *)"";
	p.item.warning = (char *)"careful";
	p.item.lang = (char *)"nl";
	p.item.reply_to = (char *)"https://far.example/s/1";
	p.item.quote_of = (char *)"https://far.example/s/2";
	p.item.visibility = VIS_FOLLOWERS;
	p.item.visibility_set = p.item.sensitive = true;
	p.item.poll = &poll;
	p.item.gate = DRAFT_GATE_NO_QUOTES | DRAFT_GATE_FOLLOWED;
	p.item.nmedia = 2;
	p.media[0].made = (char *)"m1";
	p.media[1].made = (char *)"m2";
	start(&p, mastodon()->prepare);
	asks(&p.w, "GET", "/api/v1/accounts/verify_credentials", NULL);
	answer_by(&p.w, mastodon()->prepare, 200, NULL, "{\"id\":\"42\",\"acct\":\"ada\"}");
	asks(&p.w, "GET",
	        "/api/v2/search?q=https%3A%2F%2Ffar.example%2Fs%2F1&resolve=true&limit=5"
	        "&type=statuses",
	        NULL);
	answer_by(&p.w, mastodon()->prepare, 200, NULL,
	        "{\"statuses\":[{\"id\":\"71\",\"uri\":\"https://far.example/s/1\"}]}");
	asks(&p.w, "GET",
	        "/api/v2/search?q=https%3A%2F%2Ffar.example%2Fs%2F2&resolve=true&limit=5"
	        "&type=statuses",
	        NULL);
	answer_by(&p.w, mastodon()->prepare, 200, NULL,
	        "{\"statuses\":[{\"id\":\"72\",\"uri\":\"https://far.example/s/2\"}]}");
	asks(&p.w, "GET", "/api/v1/media/m1", NULL);
	answer_by(&p.w, mastodon()->prepare, 200, NULL, "{\"id\":\"m1\"}");
	asks(&p.w, "GET", "/api/v1/media/m2", NULL);
	answer_by(&p.w, mastodon()->prepare, 404, NULL, "<html>no such page</html>");
	asks(&p.w, "GET", "/api/v1/accounts/42/statuses?limit=1&exclude_reblogs=true", NULL);
	answer_by(&p.w, mastodon()->prepare, 200, NULL, "[]");
	is_done(&p.w);
	assert_string_equal(p.publish.made,
	        "{\"status\":\"hello\",\"spoiler_text\":\"careful\",\"sensitive\":true,"
	        "\"visibility\":\"private\",\"language\":\"nl\",\"in_reply_to_id\":\"71\","
	        "\"quoted_status_id\":\"72\",\"quote_approval_policy\":\"nobody\","
	        "\"media_ids\":[\"m1\",\"m2\"],\"poll\":{\"options\":[\"yes\",\"no \\\"way\\\"\"],"
	        "\"expires_in\":3600,\"multiple\":true,\"hide_totals\":false}}");
	finish(&p);
}

static void a_part_answers_the_one_before(void **state)
{
	(void)state;
	struct posting p;
	init(&p);
	p.before.remote_id = (char *)"901";
	p.publish.before = &p.before;
	p.item.reply_to = (char *)"https://far.example/s/1"; /* of the first part */
	start(&p, mastodon()->prepare);
	answer_by(&p.w, mastodon()->prepare, 200, NULL, "[]");
	is_done(&p.w);
	assert_string_equal(p.publish.made, "{\"status\":\"hello\",\"in_reply_to_id\":\"901\"}");
	finish(&p);
}

static void a_parent_that_is_gone(void **state)
{
	(void)state;
	struct posting p;
	init(&p);
	p.item.reply_to = (char *)"https://far.example/s/1";
	start(&p, mastodon()->prepare);
	answer_by(&p.w, mastodon()->prepare, 200, NULL, "{\"statuses\":[]}");
	is_failed(&p.w, ERR_NOT_FOUND, "the post that it answers: social.example finds no post");
	finish(&p);
}

static void a_quote_that_its_author_denies(void **state)
{
	(void)state;
	struct posting p;
	init(&p);
	p.item.quote_of = (char *)"https://far.example/s/2";
	start(&p, mastodon()->prepare);
	answer_by(&p.w, mastodon()->prepare, 200, NULL,
	        "{\"statuses\":[{\"id\":\"72\",\"uri\":\"https://far.example/s/2\","
	        "\"quote_approval\":{\"current_user\":\"denied\"}}]}");
	is_failed(&p.w, ERR_SYNTAX, "does not let this post be quoted");
	finish(&p);
}

static void an_attachment_that_is_gone(void **state)
{
	(void)state;
	static const struct {
		int status;
		const char *body, *words;
	} rows[] = {
	        {404, "{\"error\":\"Record not found\"}", "no longer has attachment 1"},
	        {206, "{\"id\":\"m1\"}", "not ready with attachment 1"},
	        {422, "{\"error\":\"no\"}", "not ready"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct posting p;
		init(&p);
		p.item.nmedia = 1;
		p.media[0].made = (char *)"m1";
		start(&p, mastodon()->prepare);
		answer_by(&p.w, mastodon()->prepare, rows[i].status, NULL, rows[i].body);
		is_failed(&p.w, ERR_GONE, rows[i].words);
		finish(&p);
	}
}

/* --- publish --- */

static void send(struct posting *p, const char *frozen)
{
	p->item.frozen = (char *)frozen;
	start(p, mastodon()->publish);
}

static void what_is_frozen_is_sent(void **state)
{
	(void)state;
	struct posting p;
	init(&p);
	send(&p, "{\"status\":\"hello\",\"media_ids\":[\"m1\"]}");
	asks(&p.w, "POST", "/api/v1/statuses", "{\"status\":\"hello\",\"media_ids\":[\"m1\"]}");
	assert_string_equal(header_of(&p.w.req, "Idempotency-Key"), "k-1");
	assert_true(p.w.req.fresh);
	answer_by(&p.w, mastodon()->publish, 200, NULL, TOLD("901", "hello"));
	is_done(&p.w);
	assert_string_equal(p.publish.remote_id, "901");
	assert_string_equal(p.publish.uri, "https://social.example/users/ada/statuses/901");
	assert_string_equal(p.publish.url, "https://social.example/@ada/901");
	assert_false(p.publish.kept);
	assert_int_equal(p.w.call.out->nposts, 1);
	finish(&p);
}

static void snac_gets_a_form(void **state)
{
	(void)state;
	struct posting p;
	init(&p);
	p.w.account.software = (char *)"snac 2.75";
	p.w.account.api = 0;
	send(&p, "{\"status\":\"a&b\",\"media_ids\":[\"m1\",\"m2\"],\"poll\":{\"options\":[\"x\"],"
	         "\"expires_in\":60,\"multiple\":true}}");
	asks(&p.w, "POST", "/api/v1/statuses",
	        "status=a%26b&media_ids%5B%5D=m1&media_ids%5B%5D=m2&poll%5Boptions%5D%5B%5D=x"
	        "&poll%5Bexpires_in%5D=60&poll%5Bmultiple%5D=true");
	finish(&p);
}

static void the_server_keeps_it(void **state)
{
	(void)state;
	struct posting p;
	init(&p);
	p.publish.keep = true;
	p.item.at.utc_ms = now_ms + 3600000;
	send(&p, "{\"status\":\"hello\"}");
	asks(&p.w, "POST", "/api/v1/statuses",
	        "{\"status\":\"hello\",\"scheduled_at\":\"2026-11-21T02:00:00Z\"}");
	answer_by(&p.w, mastodon()->publish, 200, NULL,
	        KEPT("3", "2026-11-21T02:00:00.000Z", "hello"));
	is_done(&p.w);
	assert_true(p.publish.kept);
	assert_string_equal(p.publish.remote_id, "3");
	assert_null(p.publish.uri);
	finish(&p);
}

static void it_was_published_at_once_instead(void **state)
{
	(void)state;
	struct posting p;
	init(&p);
	p.publish.keep = true;
	p.item.at.utc_ms = now_ms + 3600000;
	send(&p, "{\"status\":\"hello\"}");
	answer_by(&p.w, mastodon()->publish, 200, NULL, TOLD("901", "hello"));
	is_done(&p.w);
	assert_false(p.publish.kept);
	assert_string_equal(p.publish.remote_id, "901");
	finish(&p);
}

static void what_failures_mean(void **state)
{
	(void)state;
	static const struct {
		int status;
		const char *headers, *body;
		enum err_code code;
		const char *words;
	} rows[] = {
	        {0, NULL, NULL, ERR_NETWORK, "no answer"},
	        {200, NULL, "<html>", ERR_FORMAT, "web page"},
	        {200, NULL, "{}", ERR_FORMAT, "does not tell what it made"},
	        {200, NULL, "{\"id\":\"9\"", ERR_FORMAT, "cannot be read"},
	        {302, "Location: /", NULL, ERR_SERVER, "moved"},
	        {400, NULL, "{\"error\":\"too long\"}", ERR_SYNTAX, "too long"},
	        {401, NULL, "{\"error\":\"no\"}", ERR_AUTH, "sign in"},
	        {403, NULL, "{\"error\":\"This is not allowed\"}", ERR_SYNTAX, "permit"},
	        {403, NULL, "{\"error\":\"outside the authorized scopes\"}", ERR_AUTH, "token"},
	        {404, NULL, "{\"error\":\"Record not found\"}", ERR_SYNTAX, "no such thing"},
	        {408, NULL, NULL, ERR_SERVER, "problem"},
	        {409, NULL, NULL, ERR_SERVER, "problem"},
	        {413, NULL, "<html>", ERR_SYNTAX, "as large"},
	        {422, NULL, "{\"error\":\"Text limit\"}", ERR_SYNTAX, "Text limit"},
	        {422, NULL, NULL, ERR_AUTH, "sign in"},
	        {429, "Retry-After: 90", NULL, ERR_RATE_LIMITED, "90 s"},
	        {500, NULL, "{\"error\":\"oops\"}", ERR_SERVER, "oops"},
	        {502, NULL, NULL, ERR_SERVER, "problem"},
	        {503, "Retry-After: 30", NULL, ERR_SERVER, "30 s"},
	        {504, NULL, NULL, ERR_SERVER, "problem"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct posting p;
		init(&p);
		send(&p, "{\"status\":\"hello\"}");
		answer_by(&p.w, mastodon()->publish, rows[i].status, rows[i].headers, rows[i].body);
		if (p.w.call.err.code != rows[i].code)
			print_message("status %d, row %zu\n", rows[i].status, i);
		is_failed(&p.w, rows[i].code, rows[i].words);
		assert_null(p.publish.remote_id);
		finish(&p);
	}
}

static void a_parent_that_went_in_the_meantime(void **state)
{
	(void)state;
	struct posting p;
	init(&p);
	p.item.reply_to = (char *)"https://far.example/s/1";
	send(&p, "{\"status\":\"hello\",\"in_reply_to_id\":\"71\"}");
	answer_by(&p.w, mastodon()->publish, 404, NULL, "{\"error\":\"Record not found\"}");
	is_failed(&p.w, ERR_NOT_FOUND, "the post that it answers is no longer there");
	finish(&p);
}

/* --- upload --- */

static void upload(struct posting *p)
{
	p->item.nmedia = 1;
	p->media[0] = (struct outgoing_media){
	        .path = (char *)"/home/ada/beach.jpg", .alt = (char *)"a beach"};
	p->publish.file = "/tmp/made.jpg";
	p->publish.type = "image/jpeg";
	start(p, mastodon()->upload);
}

static void again(struct posting *p)
{
	assert_int_equal(p->w.next, CALL_WAIT);
	p->w.next = mastodon()->upload(&p->w.call, NULL, &p->w.req);
}

static void an_image_is_uploaded(void **state)
{
	(void)state;
	struct posting p;
	init(&p);
	upload(&p);
	asks(&p.w, "POST", "/api/v2/media", NULL);
	assert_int_equal(p.w.req.nparts, 2);
	assert_string_equal(p.w.req.parts[0].name, "description");
	assert_string_equal(p.w.req.parts[0].value, "a beach");
	assert_string_equal(p.w.req.parts[1].name, "file");
	assert_string_equal(p.w.req.parts[1].file, "/tmp/made.jpg");
	assert_string_equal(p.w.req.parts[1].type, "image/jpeg");
	assert_string_equal(p.w.req.parts[1].title, "image.jpg");
	answer_by(&p.w, mastodon()->upload, 200, NULL,
	        "{\"id\":\"m1\",\"url\":\"https://x.example\"}");
	is_done(&p.w);
	assert_string_equal(p.publish.made, "m1");
	finish(&p);
}

static void a_video_takes_its_time(void **state)
{
	(void)state;
	struct posting p;
	static const int waits[] = {1000, 2000, 4000, 8000, 10000, 10000};
	init(&p);
	upload(&p);
	answer_by(&p.w, mastodon()->upload, 202, NULL, "{\"id\":\"m1\",\"url\":null}");
	for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
		assert_int_equal(p.w.call.wait_ms, waits[i]);
		again(&p);
		asks(&p.w, "GET", "/api/v1/media/m1", NULL);
		answer_by(&p.w, mastodon()->upload, 206, NULL, i % 2 ? "" : "{\"id\":\"m1\"}");
	}
	again(&p);
	answer_by(&p.w, mastodon()->upload, 200, NULL, "{\"id\":\"m1\"}");
	is_done(&p.w);
	assert_string_equal(p.publish.made, "m1");
	finish(&p);
}

static void a_video_that_never_ends(void **state)
{
	(void)state;
	struct posting p;
	int rounds = 0;
	init(&p);
	upload(&p);
	answer_by(&p.w, mastodon()->upload, 202, NULL, "{\"id\":\"m1\",\"url\":null}");
	while (p.w.next == CALL_WAIT && rounds++ < 1000) {
		again(&p);
		answer_by(&p.w, mastodon()->upload, 206, NULL, "{}");
	}
	is_failed(&p.w, ERR_SERVER, "still at work");
	finish(&p);
}

static void a_video_that_fails(void **state)
{
	(void)state;
	struct posting p;
	init(&p);
	upload(&p);
	answer_by(&p.w, mastodon()->upload, 202, NULL, "{\"id\":\"m1\",\"url\":null}");
	again(&p);
	answer_by(&p.w, mastodon()->upload, 422, NULL, "{\"error\":\"Error processing\"}");
	is_failed(&p.w, ERR_SYNTAX, "beach.jpg: the server refuses the request (422): Error");
	finish(&p);
}

static void an_old_server_has_the_old_way(void **state)
{
	(void)state;
	struct posting p;
	init(&p);
	upload(&p);
	answer_by(&p.w, mastodon()->upload, 404, NULL, "<html>");
	asks(&p.w, "POST", "/api/v1/media", NULL);
	assert_int_equal(p.w.req.nparts, 2);
	answer_by(&p.w, mastodon()->upload, 200, NULL, "{\"id\":\"m1\"}");
	is_done(&p.w);
	finish(&p);
}

static void a_file_that_is_refused(void **state)
{
	(void)state;
	static const struct {
		int status;
		const char *body;
		enum err_code code;
		const char *words;
	} rows[] = {
	        {413, "<html>", ERR_SYNTAX, "beach.jpg: social.example takes no"},
	        {422, "{\"error\":\"File content type is invalid\"}", ERR_SYNTAX, "content type"},
	        {429, "{}", ERR_RATE_LIMITED, "too many"},
	        {401, "{}", ERR_AUTH, "sign in"},
	        {500, "", ERR_SERVER, "problem"},
	        {200, "{}", ERR_FORMAT, "what it calls the attachment"},
	        {200, "<html>", ERR_FORMAT, "web page"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct posting p;
		init(&p);
		upload(&p);
		answer_by(&p.w, mastodon()->upload, rows[i].status, NULL, rows[i].body);
		is_failed(&p.w, rows[i].code, rows[i].words);
		finish(&p);
	}
}

/* --- reconcile --- */

static void look(struct posting *p, const char *frozen)
{
	p->item.frozen = (char *)frozen;
	p->item.watermark = (char *)"900";
	p->item.first_ms = now_ms;
	start(p, mastodon()->reconcile);
}

static void reply(struct posting *p, int status, const char *body)
{
	answer_by(&p->w, mastodon()->reconcile, status, NULL, body);
}

#define OWN "/api/v1/accounts/42/statuses?limit=40&exclude_reblogs=true&since_id=900"

static void it_is_found_by_what_was_typed(void **state)
{
	(void)state;
	struct posting p;
	init(&p);
	look(&p, "{\"status\":\"hello \\n\"}");
	asks(&p.w, "GET", OWN, NULL);
	reply(&p, 200, "[" TOLD("903", "other") "," TOLD("902", "HELLO!") "]");
	asks(&p.w, "GET", OWN "&max_id=902", NULL);
	reply(&p, 200, "[]");
	asks(&p.w, "GET", "/api/v1/statuses/902/source", NULL);
	reply(&p, 200, "{\"id\":\"902\",\"text\":\"hello\",\"spoiler_text\":\"\"}");
	asks(&p.w, "GET", "/api/v1/statuses/902", NULL);
	reply(&p, 200, TOLD("902", "HELLO!"));
	is_done(&p.w);
	assert_true(p.publish.found);
	assert_false(p.publish.kept);
	assert_string_equal(p.publish.remote_id, "902");
	assert_string_equal(p.publish.url, "https://social.example/@ada/902");
	finish(&p);
}

static void it_is_not_there(void **state)
{
	(void)state;
	struct posting p;
	init(&p);
	look(&p, "{\"status\":\"hello\"}");
	reply(&p, 200, "[" TOLD("903", "hello") "]");
	reply(&p, 200, "[]");
	asks(&p.w, "GET", "/api/v1/statuses/903/source", NULL);
	reply(&p, 200, "{\"id\":\"903\",\"text\":\"hello, you\",\"spoiler_text\":\"\"}");
	is_done(&p.w);
	assert_false(p.publish.found);
	assert_null(p.publish.remote_id);
	finish(&p);
}

/* The same text as yesterday's is not today's. */
static void what_was_there_before_does_not_count(void **state)
{
	(void)state;
	struct posting p;
	init(&p);
	look(&p, "{\"status\":\"hello\"}");
	reply(&p, 200, "[" TOLD("900", "hello") "," TOLD("899", "hello") "]");
	is_done(&p.w);
	assert_false(p.publish.found);
	look(&p, "{\"status\":\"hello\"}");
	p.item.first_ms = now_ms + 86400000; /* by its time, where the mark was deleted */
	reply(&p, 200, "[" TOLD("880", "hello") "]");
	is_done(&p.w);
	assert_false(p.publish.found);
	finish(&p);
}

static void what_differs_is_another(void **state)
{
	(void)state;
	static const char *const others[] = {
	        "{\"status\":\"hello\",\"in_reply_to_id\":\"71\"}",
	        "{\"status\":\"hello\",\"media_ids\":[\"m1\"]}",
	        "{\"status\":\"hello\",\"visibility\":\"private\"}",
	        "{\"status\":\"hello\",\"spoiler_text\":\"careful\"}",
	        "{\"status\":\"hello\",\"poll\":{\"options\":[\"a\",\"b\"]}}",
	};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		struct posting p;
		init(&p);
		look(&p, others[i]);
		reply(&p, 200, "[" TOLD("902", "hello") "]");
		reply(&p, 200, "[]");
		is_done(&p.w);
		assert_false(p.publish.found);
		finish(&p);
	}
}

static void without_source_the_content_tells(void **state)
{
	(void)state;
	static const struct {
		const char *typed, *made;
		bool same;
	} rows[] = {
	        {"hello", "hello", true},
	        {"*hello*", "<b>hello</b>", true},
	        {"hello @bob@far.example, see https://far.example/a/long/path ok",
	                "hello <span class=\\\"h-card\\\"><a class=\\\"u-url mention\\\" "
	                "href=\\\"https://far.example/@bob\\\">@<span>bob</span></a></span>, see "
	                "<a href=\\\"https://far.example/a/long/path\\\">far.example/a</a> ok",
	                true},
	        {"a\\n\\nb", "a</p><p>b", true},
	        {"hello you", "hello", false},
	        {"hello 1", "hello 2", false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct posting p;
		struct str frozen = {0}, page = {0};
		init(&p);
		str_addf(&frozen, "{\"status\":\"%s\"}", rows[i].typed);
		str_addf(&page,
		        "[{\"id\":\"902\",\"content\":\"<p>%s</p>\",\"spoiler_text\":\"\","
		        "\"account\":{\"id\":\"42\"}}]",
		        rows[i].made);
		look(&p, frozen.p);
		reply(&p, 200, page.p);
		reply(&p, 200, "[]");
		asks(&p.w, "GET", "/api/v1/statuses/902/source", NULL);
		reply(&p, 404, "<html>");
		assert_int_equal(p.w.next, rows[i].same ? CALL_SEND : CALL_DONE);
		if (rows[i].same) {
			asks(&p.w, "GET", "/api/v1/statuses/902", NULL);
			reply(&p, 200, TOLD("902", "hello"));
		}
		is_done(&p.w);
		assert_int_equal(p.publish.found, rows[i].same);
		str_finish(&frozen);
		str_finish(&page);
		finish(&p);
	}
}

static void a_server_in_trouble_is_no_proof(void **state)
{
	(void)state;
	static const int statuses_[] = {0, 401, 429, 500, 503};
	for (size_t i = 0; i < sizeof statuses_ / sizeof *statuses_; i++) {
		struct posting p;
		init(&p);
		look(&p, "{\"status\":\"hello\"}");
		reply(&p, statuses_[i], "");
		assert_int_equal(p.w.next, CALL_FAIL);
		look(&p, "{\"status\":\"hello\"}");
		reply(&p, 200, "[" TOLD("902", "other") "]");
		reply(&p, 200, "[]");
		reply(&p, statuses_[i], "");
		assert_int_equal(p.w.next, CALL_FAIL);
		assert_int_not_equal(p.w.call.err.code, ERR_NONE);
		finish(&p);
	}
}

static void what_the_server_was_to_keep_is_looked_for_there(void **state)
{
	(void)state;
	struct posting p;
	init(&p);
	p.publish.keep = true;
	p.item.at.utc_ms = now_ms + 3600000;
	look(&p, "{\"status\":\"hello\"}");
	asks(&p.w, "GET", "/api/v1/scheduled_statuses?limit=40", NULL);
	reply(&p, 200,
	        "[" KEPT("5", "2026-11-21T02:00:00.000Z", "other") "," KEPT(
	                "4", "2026-11-21T03:00:00.000Z", "hello") "]");
	asks(&p.w, "GET", "/api/v1/scheduled_statuses?limit=40&max_id=4", NULL);
	reply(&p, 200, "[" KEPT("3", "2026-11-21T02:00:00.000Z", "hello") "]");
	is_done(&p.w);
	assert_true(p.publish.found && p.publish.kept);
	assert_string_equal(p.publish.remote_id, "3");
	finish(&p);
}

static void what_was_not_kept_may_be_published(void **state)
{
	(void)state;
	struct posting p;
	init(&p);
	p.publish.keep = true;
	p.item.at.utc_ms = now_ms + 3600000;
	look(&p, "{\"status\":\"hello\"}");
	reply(&p, 200, "[]");
	asks(&p.w, "GET", OWN, NULL);
	reply(&p, 200, "[" TOLD("902", "hello") "]");
	reply(&p, 200, "[]");
	reply(&p, 200, "{\"id\":\"902\",\"text\":\"hello\"}");
	reply(&p, 200, TOLD("902", "hello"));
	is_done(&p.w);
	assert_true(p.publish.found);
	assert_false(p.publish.kept);
	finish(&p);
}

static void after_its_time_a_kept_post_is_looked_for(void **state)
{
	(void)state;
	struct posting p;
	init(&p);
	p.item.state = OUTGOING_KEPT;
	p.item.remote_id = (char *)"3";
	p.item.at.utc_ms = now_ms;
	look(&p, "{\"status\":\"hello\"}");
	asks(&p.w, "GET", "/api/v1/scheduled_statuses/3", NULL);
	reply(&p, 200, KEPT("3", "2026-11-21T01:00:00.000Z", "hello"));
	is_done(&p.w);
	assert_true(p.publish.found && p.publish.kept);
	look(&p, "{\"status\":\"hello\"}");
	reply(&p, 404, "{\"error\":\"Record not found\"}");
	asks(&p.w, "GET", OWN, NULL);
	finish(&p);
}

/* --- withdraw, and what is known of servers --- */

static void what_is_kept_is_taken_back(void **state)
{
	(void)state;
	struct posting p;
	init(&p);
	p.item.remote_id = (char *)"3";
	start(&p, mastodon()->withdraw);
	asks(&p.w, "DELETE", "/api/v1/scheduled_statuses/3", NULL);
	answer_by(&p.w, mastodon()->withdraw, 200, NULL, "{}");
	is_done(&p.w);
	assert_true(p.publish.found);
	start(&p, mastodon()->withdraw);
	answer_by(&p.w, mastodon()->withdraw, 404, NULL, "{\"error\":\"Record not found\"}");
	is_done(&p.w);
	assert_false(p.publish.found);
	start(&p, mastodon()->withdraw);
	answer_by(&p.w, mastodon()->withdraw, 503, NULL, "");
	assert_int_equal(p.w.next, CALL_FAIL);
	finish(&p);
}

static void which_servers_keep_and_know_a_key(void **state)
{
	(void)state;
	static const struct {
		const char *software;
		uint32_t api;
		bool keeps, honours;
	} rows[] = {
	        {"mastodon 4.5.2", 7, true, true},
	        {"mastodon 3.5.3", 0, true, true},
	        {"Pleroma 2.7", 0, true, true},
	        {"akkoma 3.13", 0, true, true},
	        {"pleroma", 0, false, true}, /* guessed */
	        {"hometown 1.1", 2, false, true},
	        {"gotosocial 0.19", 0, false, false},
	        {"snac 2.75", 0, false, false},
	        {"pixelfed 0.12", 0, false, false},
	        {"mastodonish 1", 0, false, false},
	        {"", 0, false, false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct account account = {.software = (char *)rows[i].software,
		        .api = rows[i].api,
		        .caps = CAP_SCHEDULE};
		assert_int_equal(mastodon()->can_keep(&account), rows[i].keeps);
		assert_int_equal(mastodon()->repeat_ms(&account), rows[i].honours ? 3000000 : 0);
		account.caps = 0;
		assert_false(mastodon()->can_keep(&account));
	}
}

/* --- check --- */

static void checked(const struct account *account, const struct outgoing *item, const char *words)
{
	struct err err = {0};
	bool fine = mastodon()->check(account, item, &err);
	if (fine != !words) fail_msg("check says %d: %s", fine, err.text);
	if (!words) return;
	assert_int_equal(err.code, ERR_SYNTAX);
	if (!strstr(err.text, words)) fail_msg("'%s' is not in: %s", words, err.text);
}

static void what_is_too_long_or_too_much(void **state)
{
	(void)state;
	struct posting p;
	struct outgoing_media media[6] = {0};
	init(&p);
	p.w.account.limits = (struct limits){.text = 5, .media = 2, .alt_text = 3};
	checked(&p.w.account, &p.item, NULL);
	p.item.warning = (char *)"x";
	checked(&p.w.account, &p.item, "takes 5 characters, this post has 6");
	p.item.warning = NULL;
	p.item.text = (char *)" \n";
	checked(&p.w.account, &p.item, "the post is empty");
	p.item.media = media;
	p.item.nmedia = 2;
	checked(&p.w.account, &p.item, NULL);
	media[1].alt = (char *)"abcd";
	checked(&p.w.account, &p.item, "takes 3 characters to describe an attachment, number 2");
	p.item.nmedia = 3;
	checked(&p.w.account, &p.item, "takes 2 attachments in a post, this one has 3");
	p.w.account.limits = (struct limits){0};
	p.item.nmedia = 5;
	checked(&p.w.account, &p.item, "takes 4 attachments");
	p.w.account.software = (char *)"akkoma 3.13";
	checked(&p.w.account, &p.item, NULL);
	finish(&p);
}

static void what_a_poll_may_be(void **state)
{
	(void)state;
	char *options[] = {(char *)"yes", (char *)"no", (char *)"perhaps"};
	struct draft_poll poll = {options, 2, 3600, false, false};
	struct posting p;
	init(&p);
	p.w.account.limits = (struct limits){
	        .poll_options = 2, .poll_option_text = 6, .poll_min_s = 300, .poll_max_s = 172800};
	p.item.poll = &poll;
	checked(&p.w.account, &p.item, NULL);
	poll.noptions = 3;
	checked(&p.w.account, &p.item, "has 2 to 2 options, this one has 3");
	p.w.account.limits.poll_options = 3;
	checked(&p.w.account, &p.item, "takes 6 characters in an option of a poll, option 3 has 7");
	options[2] = (char *)"yes";
	checked(&p.w.account, &p.item, "options 1 and 3 of the poll are the same");
	options[2] = (char *)" ";
	checked(&p.w.account, &p.item, "option 3 of the poll is empty");
	poll.noptions = 1;
	checked(&p.w.account, &p.item, "this one has 1");
	poll.noptions = 2;
	poll.for_s = 299;
	checked(&p.w.account, &p.item, "may run 5 minutes to 2 days");
	poll.for_s = 172801;
	checked(&p.w.account, &p.item, "may run 5 minutes to 2 days");
	poll.for_s = 300;
	p.item.nmedia = 1;
	checked(&p.w.account, &p.item, "a poll and attachments");
	p.item.nmedia = 0;
	p.item.text = (char *)"";
	checked(&p.w.account, &p.item, "a poll needs a question");
	p.item.text = (char *)"?";
	p.item.reply_to = (char *)"https://far.example/s/1";
	checked(&p.w.account, &p.item, NULL);
	p.w.account.software = (char *)"snac 2.90";
	checked(&p.w.account, &p.item, "is public and answers nothing");
	p.item.reply_to = NULL;
	checked(&p.w.account, &p.item, NULL);
	p.w.account.software = (char *)"snac 2.75";
	checked(&p.w.account, &p.item, "has no polls");
	p.w.account.caps &= ~(unsigned)CAP_POLL;
	checked(&p.w.account, &p.item, "has no polls");
	finish(&p);
}

static void what_a_quote_may_be(void **state)
{
	(void)state;
	struct posting p;
	init(&p);
	p.w.account.learned_ms = 1;
	p.item.quote_of = (char *)"https://far.example/s/2";
	checked(&p.w.account, &p.item, NULL);
	p.item.nmedia = 1;
	checked(&p.w.account, &p.item, "a quote and attachments");
	p.item.nmedia = 0;
	p.w.account.caps &= ~(unsigned)CAP_QUOTE;
	checked(&p.w.account, &p.item, "cannot quote");
	finish(&p);
}

static void keys_are_uuids(void **state)
{
	(void)state;
	char *key = mastodon()->make_key(0x0123456789ab, 0xfedcba9876543210);
	assert_string_equal(key, "01234567-89ab-7fed-800c-ba9876543210");
	free(key);
	key = mastodon()->make_key(0, 0);
	assert_string_equal(key, "00000000-0000-7000-8000-000000000000");
	free(key);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_plain_post_asks_for_the_newest_only),
	        cmocka_unit_test(nothing_was_posted_before),
	        cmocka_unit_test(all_that_is_asked_for_is_frozen),
	        cmocka_unit_test(a_part_answers_the_one_before),
	        cmocka_unit_test(a_parent_that_is_gone),
	        cmocka_unit_test(a_quote_that_its_author_denies),
	        cmocka_unit_test(an_attachment_that_is_gone),
	        cmocka_unit_test(what_is_frozen_is_sent),
	        cmocka_unit_test(snac_gets_a_form),
	        cmocka_unit_test(the_server_keeps_it),
	        cmocka_unit_test(it_was_published_at_once_instead),
	        cmocka_unit_test(what_failures_mean),
	        cmocka_unit_test(a_parent_that_went_in_the_meantime),
	        cmocka_unit_test(an_image_is_uploaded),
	        cmocka_unit_test(a_video_takes_its_time),
	        cmocka_unit_test(a_video_that_never_ends),
	        cmocka_unit_test(a_video_that_fails),
	        cmocka_unit_test(an_old_server_has_the_old_way),
	        cmocka_unit_test(a_file_that_is_refused),
	        cmocka_unit_test(it_is_found_by_what_was_typed),
	        cmocka_unit_test(it_is_not_there),
	        cmocka_unit_test(what_was_there_before_does_not_count),
	        cmocka_unit_test(what_differs_is_another),
	        cmocka_unit_test(without_source_the_content_tells),
	        cmocka_unit_test(a_server_in_trouble_is_no_proof),
	        cmocka_unit_test(what_the_server_was_to_keep_is_looked_for_there),
	        cmocka_unit_test(what_was_not_kept_may_be_published),
	        cmocka_unit_test(after_its_time_a_kept_post_is_looked_for),
	        cmocka_unit_test(what_is_kept_is_taken_back),
	        cmocka_unit_test(which_servers_keep_and_know_a_key),
	        cmocka_unit_test(what_is_too_long_or_too_much),
	        cmocka_unit_test(what_a_poll_may_be),
	        cmocka_unit_test(what_a_quote_may_be),
	        cmocka_unit_test(keys_are_uuids),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
