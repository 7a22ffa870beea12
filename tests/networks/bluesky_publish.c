/* Posting on Bluesky: what is asked before, what is frozen, what answers mean. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "bluesky_world.h"
#include "networks/bluesky_card.h"
#include "networks/bluesky_record.h"

#define BLOB                                                                                       \
	"{\"$type\":\"blob\",\"ref\":{\"$link\":\"bafkrei\"},\"mimeType\":\"image/"                \
	"png\",\"size\":9}"

struct way {
	struct world w;
	struct outgoing item;
	struct outgoing_media media[5];
	struct publish publish;
};

static void way_init(struct way *way, const char *text)
{
	*way = (struct way){0};
	world_init(&way->w);
	way->item = (struct outgoing){
	        .text = (char *)text, .key = (char *)"3kabcdefghij2", .media = way->media};
	way->publish.item = &way->item;
	way->w.call.publish = &way->publish;
}

static void way_finish(struct way *way)
{
	free(way->publish.made);
	free(way->publish.uri);
	free(way->publish.url);
	free(way->publish.remote_id);
	world_finish(&way->w);
}

/* The record that was frozen, as it stands between its request's braces. */
static void assert_frozen(struct way *way, const char *record)
{
	struct str expected = {0};
	str_addf(&expected,
	        "{\"repo\":\"did:plc:ada\",\"collection\":\"app.bsky.feed.post\","
	        "\"rkey\":\"3kabcdefghij2\",\"record\":{\"$type\":\"app.bsky.feed.post\",%s,"
	        "\"createdAt\":\"2026-11-21T01:00:00Z\"},\"swapRecord\":null}",
	        record);
	assert_int_equal(way->w.next, CALL_DONE);
	assert_string_equal(way->publish.made, str_c(&expected));
	str_finish(&expected);
}

static void assert_failed(struct way *way, enum err_code code, const char *words)
{
	assert_int_equal(way->w.next, CALL_FAIL);
	assert_int_equal(way->w.call.err.code, code);
	assert_string_equal(way->w.call.err.text, words);
}

/* --- preparing --- */

static void plain_text_needs_no_question(void **state)
{
	(void)state;
	struct way way;
	way_init(&way, "a \"quote\"\nand #tags");
	way.item.lang = (char *)"nl";
	way.item.self_labels = (char *)" sexual  nudity ";
	begin(&way.w, bluesky()->prepare);
	assert_frozen(&way,
	        "\"text\":\"a \\\"quote\\\"\\nand #tags\",\"facets\":[{\"index\":{\"byteStart\":14,"
	        "\"byteEnd\":19},\"features\":[{\"$type\":\"app.bsky.richtext.facet#tag\","
	        "\"tag\":\"tags\"}]}],\"langs\":[\"nl\"],\"labels\":{\"$type\":"
	        "\"com.atproto.label.defs#selfLabels\",\"values\":[{\"val\":\"sexual\"},"
	        "{\"val\":\"nudity\"}]}");
	way_finish(&way);
}

static void a_warning_stands_before_the_text(void **state)
{
	(void)state;
	struct way way;
	struct measure m;
	way_init(&way, "the end: \xf0\x9f\x87\xb3\xf0\x9f\x87\xb1");
	way.item.warning = (char *)"film";
	begin(&way.w, bluesky()->prepare);
	assert_frozen(&way, "\"text\":\"CW: film\\n\\nthe end: \xf0\x9f\x87\xb3\xf0\x9f\x87\xb1\"");
	bluesky()->measure(&way.w.account, &way.item, &m);
	assert_string_equal(m.unit, "graphemes");
	assert_int_equal(m.count, 20);
	assert_int_equal(m.bytes, 27);
	assert_int_equal(m.limit, 300);
	assert_int_equal(m.byte_max, 3000);
	assert_int_equal(m.fits, 17);
	way.w.account.limits.text = 19; /* the flag does not fit */
	bluesky()->measure(&way.w.account, &way.item, &m);
	assert_int_equal(m.fits, 9);
	way_finish(&way);
}

static void people_are_asked_for_by_name(void **state)
{
	(void)state;
	struct way way;
	way_init(&way, "@bob.test @no.test @bob.test http.cat");
	begin(&way.w, bluesky()->prepare);
	assert_string_equal(way.w.req.url,
	        "https://pds.example/xrpc/com.atproto.identity.resolveHandle?handle=bob.test");
	answer(&way.w, 200, "{\"did\":\"did:plc:bob\"}");
	assert_non_null(strstr(way.w.req.url, "handle=no.test"));
	answer(&way.w, 400, "{\"error\":\"InvalidRequest\",\"message\":\"Unable to resolve\"}");
	/* Nobody of that name, and what is no address, are plain text. */
	assert_frozen(&way,
	        "\"text\":\"@bob.test @no.test @bob.test http.cat\",\"facets\":[{\"index\":"
	        "{\"byteStart\":0,\"byteEnd\":9},\"features\":[{\"$type\":"
	        "\"app.bsky.richtext.facet#mention\",\"did\":\"did:plc:bob\"}]},{\"index\":"
	        "{\"byteStart\":19,\"byteEnd\":28},\"features\":[{\"$type\":"
	        "\"app.bsky.richtext.facet#mention\",\"did\":\"did:plc:bob\"}]}]");
	begin(&way.w, bluesky()->prepare);
	answer(&way.w, 502, "{\"error\":\"UpstreamFailure\"}"); /* no answer is no "nobody" */
	assert_int_equal(way.w.next, CALL_FAIL);
	assert_int_equal(way.w.call.err.code, ERR_SERVER);
	way_finish(&way);
}

#define VIEW(uri, rest)                                                                            \
	"{\"posts\":[{\"uri\":\"" uri "\",\"cid\":\"bafyone\",\"record\":{" rest "}}]}"
#define BOBS "at://did:plc:bob/app.bsky.feed.post/3kone"

static void an_answer_knows_the_whole_conversation(void **state)
{
	(void)state;
	struct way way;
	way_init(&way, "yes");
	way.item.reply_to = (char *)"https://bsky.app/profile/bob.test/post/3kone?ref=x";
	begin(&way.w, bluesky()->prepare);
	assert_non_null(strstr(way.w.req.url, "resolveHandle?handle=bob.test"));
	answer(&way.w, 200, "{\"did\":\"did:plc:bob\"}");
	assert_string_equal(way.w.req.url,
	        "https://pds.example/xrpc/app.bsky.feed.getPosts?uris="
	        "at%3A%2F%2Fdid%3Aplc%3Abob%2Fapp.bsky.feed.post%2F3kone");
	answer(&way.w, 200, VIEW(BOBS, "\"text\":\"root\""));
	assert_frozen(&way,
	        "\"text\":\"yes\",\"reply\":{\"root\":{\"uri\":\"" BOBS
	        "\",\"cid\":\"bafyone\"},\"parent\":{\"uri\":\"" BOBS "\",\"cid\":\"bafyone\"}}");
	way.item.reply_to = (char *)BOBS;
	begin(&way.w, bluesky()->prepare);
	answer(&way.w, 200,
	        VIEW(BOBS, "\"reply\":{\"root\":{\"uri\":\"at://r\",\"cid\":\"bafyroot\"},"
	                   "\"parent\":{\"uri\":\"at://p\",\"cid\":\"bafyp\"}}"));
	assert_frozen(&way, "\"text\":\"yes\",\"reply\":{\"root\":{\"uri\":\"at://r\",\"cid\":"
	                    "\"bafyroot\"},\"parent\":{\"uri\":\"" BOBS "\",\"cid\":\"bafyone\"}}");
	way_finish(&way);
}

static void what_the_network_does_not_show_yet_is_asked_for_at_its_repository(void **state)
{
	(void)state;
	struct way way;
	way_init(&way, "yes");
	way.item.quote_of = (char *)BOBS;
	begin(&way.w, bluesky()->prepare);
	answer(&way.w, 200, "{\"posts\":[]}");
	assert_string_equal(way.w.req.url,
	        "https://pds.example/xrpc/com.atproto.repo.getRecord?repo=did%3Aplc%3Abob&"
	        "collection=app.bsky.feed.post&rkey=3kone");
	answer(&way.w, 200, "{\"uri\":\"" BOBS "\",\"cid\":\"bafyone\",\"value\":{}}");
	assert_frozen(&way, "\"text\":\"yes\",\"embed\":{\"$type\":\"app.bsky.embed.record\","
	                    "\"record\":{\"uri\":\"" BOBS "\",\"cid\":\"bafyone\"}}");
	begin(&way.w, bluesky()->prepare);
	answer(&way.w, 200, "{\"posts\":[]}");
	answer(&way.w, 400, "{\"error\":\"RecordNotFound\",\"message\":\"x\"}");
	assert_failed(&way, ERR_NOT_FOUND, "the post that this quotes is gone");
	begin(&way.w, bluesky()->prepare);
	answer(&way.w, 200,
	        "{\"posts\":[{\"uri\":\"" BOBS "\",\"cid\":\"bafyone\",\"record\":{},"
	        "\"viewer\":{\"embeddingDisabled\":true}}]}");
	assert_failed(&way, ERR_REFUSED, "its author does not want it quoted");
	way.item.quote_of = NULL;
	way.item.reply_to = (char *)BOBS;
	begin(&way.w, bluesky()->prepare);
	answer(&way.w, 200,
	        "{\"posts\":[{\"uri\":\"" BOBS "\",\"cid\":\"bafyone\",\"record\":{},"
	        "\"viewer\":{\"replyDisabled\":true}}]}");
	assert_failed(&way, ERR_REFUSED, "its author has limited who may answer");
	begin(&way.w, bluesky()->prepare);
	answer(&way.w, 200, "{\"posts\":[{\"uri\":7}]}");
	assert_failed(&way, ERR_FORMAT, "the server's answer makes no sense");
	way_finish(&way);
}

static void a_thread_goes_on_from_the_part_before(void **state)
{
	(void)state;
	struct way way;
	struct outgoing before = {.uri = (char *)"at://did:plc:ada/app.bsky.feed.post/3ka",
	        .remote_id = (char *)"bafya"};
	way_init(&way, "two");
	way.publish.before = &before;
	begin(&way.w, bluesky()->prepare);
	assert_frozen(&way, "\"text\":\"two\",\"reply\":{\"root\":{\"uri\":\"at://did:plc:ada/"
	                    "app.bsky.feed.post/3ka\",\"cid\":\"bafya\"},\"parent\":{\"uri\":"
	                    "\"at://did:plc:ada/app.bsky.feed.post/3ka\",\"cid\":\"bafya\"}}");
	static const char *const frozen[] = {
	        "{\"record\":{\"reply\":{\"root\":{\"uri\":\"at://r\",\"cid\":\"bafyr\"}}}}",
	        "{\"writes\":[{\"value\":{\"reply\":{\"root\":{\"uri\":\"at://r\",\"cid\":"
	        "\"bafyr\"}}}},{\"value\":{}}]}"};
	for (size_t i = 0; i < 2; i++) {
		before.frozen = (char *)frozen[i];
		begin(&way.w, bluesky()->prepare);
		assert_non_null(strstr(
		        way.publish.made, "\"root\":{\"uri\":\"at://r\",\"cid\":\"bafyr\"}"));
		assert_non_null(strstr(way.publish.made, "3ka\",\"cid\":\"bafya\"}"));
	}
	way.item.gate = DRAFT_GATE_NOBODY; /* stands at the first part, and holds for all */
	begin(&way.w, bluesky()->prepare);
	assert_null(strstr(way.publish.made, "writes"));
	before.remote_id = NULL;
	begin(&way.w, bluesky()->prepare);
	assert_failed(&way, ERR_NOT_FOUND, "the part before this is not posted");
	way_finish(&way);
}

static void pictures_and_a_quote_go_together(void **state)
{
	(void)state;
	struct way way;
	way_init(&way, "https://a.com");
	way.item.nmedia = 2;
	way.media[0] = (struct outgoing_media){
	        .alt = (char *)"a \"wall\"", .width = 4, .height = 3, .made = (char *)BLOB};
	way.media[1] = (struct outgoing_media){.made = (char *)BLOB};
	way.item.quote_of = (char *)BOBS;
	begin(&way.w, bluesky()->prepare);
	answer(&way.w, 200, VIEW(BOBS, ""));
	/* And no page is asked for: its card would have no place. */
	assert_int_equal(way.w.next, CALL_DONE);
	assert_non_null(strstr(way.publish.made,
	        "\"embed\":{\"$type\":\"app.bsky.embed.recordWithMedia\",\"record\":{\"$type\":"
	        "\"app.bsky.embed.record\",\"record\":{\"uri\":\"" BOBS
	        "\",\"cid\":\"bafyone\"}},\"media\":{\"$type\":\"app.bsky.embed.images\","
	        "\"images\":[{\"image\":" BLOB ",\"alt\":\"a \\\"wall\\\"\",\"aspectRatio\":"
	        "{\"width\":4,\"height\":3}},{\"image\":" BLOB ",\"alt\":\"\"}]}},\"createdAt\""));
	way_finish(&way);
}

static void the_first_link_has_a_card(void **state)
{
	(void)state;
	struct way way;
	way_init(&way, "http://no.com see a.com and b.com");
	begin(&way.w, bluesky()->prepare);
	assert_string_equal(way.w.req.url, "https://a.com");
	assert_null(header_of(&way.w.req, "Authorization"));
	assert_true(way.w.req.follow);
	assert_false(way.w.req.allow_http);
	assert_int_not_equal(way.w.req.max_body, 0);
	answer(&way.w, 200,
	        "<html><head><title>not this</title><meta property=\"og:title\" content=\"A &amp; "
	        "B\n\"><meta name=description content=\"what \x1b[31mthey do\"></head>");
	assert_non_null(strstr(way.publish.made,
	        "\"embed\":{\"$type\":\"app.bsky.embed.external\",\"external\":{\"uri\":"
	        "\"https://a.com\",\"title\":\"A & B\",\"description\":\"what [31mthey do\"}}"));
	static const struct {
		int status;
		const char *body;
	} none[] = {{404, "<title>gone</title>"}, {0, NULL}, {200, ""}, {200, "<p>no title"}};
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		begin(&way.w, bluesky()->prepare);
		answer(&way.w, none[i].status, none[i].body);
		assert_int_equal(way.w.next, CALL_DONE);
		assert_null(strstr(way.publish.made, "embed"));
	}
	way_finish(&way);
}

static void a_card_is_what_a_page_says_of_itself(void **state)
{
	(void)state;
	static const struct {
		const char *page, *title, *text;
	} rows[] = {
	        {"<title> one\n two </title>", "one two", ""},
	        {"<meta name='twitter:title' content=T><title>t</title>", "T", ""},
	        {"<meta property='og:title' content=''><title>t</title>", "t", ""},
	        {"<title>t</title><body><meta property='og:title' content='late'>", "t", ""},
	        {"<title>first</title><title>second</title>", "first", ""},
	        {"<meta property='og:description' content='d'><title>t</title>", "t", "d"},
	        {"<meta charset=latin1><title>caf\xe9</title>", "caf\xc3\xa9", ""},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct bluesky_card card;
		assert_true(bluesky_card_read(
		        &card, rows[i].page, strlen(rows[i].page), NULL, "https://a.com"));
		assert_string_equal(card.title, rows[i].title);
		assert_string_equal(card.text, rows[i].text);
		bluesky_card_finish(&card);
	}
	struct str page = {0};
	struct bluesky_card card;
	str_adds(&page, "<title>");
	for (int i = 0; i < 10000; i++)
		str_adds(&page, "\xc3\xa9");
	assert_true(bluesky_card_read(&card, page.p, page.len, NULL, "https://a.com"));
	assert_int_equal(strlen(card.title), 300);
	bluesky_card_finish(&card);
	str_finish(&page);
}

static void gates_go_with_the_post_or_not_at_all(void **state)
{
	(void)state;
	struct way way;
	way_init(&way, "x");
	way.item.gate = DRAFT_GATE_MENTIONED | DRAFT_GATE_FOLLOWERS | DRAFT_GATE_NO_QUOTES;
	begin(&way.w, bluesky()->prepare);
	assert_string_equal(way.publish.made,
	        "{\"repo\":\"did:plc:ada\",\"writes\":["
	        "{\"$type\":\"com.atproto.repo.applyWrites#create\",\"collection\":"
	        "\"app.bsky.feed.post\",\"rkey\":\"3kabcdefghij2\",\"value\":{\"$type\":"
	        "\"app.bsky.feed.post\",\"text\":\"x\",\"createdAt\":\"2026-11-21T01:00:00Z\"}},"
	        "{\"$type\":\"com.atproto.repo.applyWrites#create\",\"collection\":"
	        "\"app.bsky.feed.threadgate\",\"rkey\":\"3kabcdefghij2\",\"value\":{\"$type\":"
	        "\"app.bsky.feed.threadgate\",\"post\":\"at://did:plc:ada/app.bsky.feed.post/"
	        "3kabcdefghij2\",\"allow\":[{\"$type\":\"app.bsky.feed.threadgate#mentionRule\"},"
	        "{\"$type\":\"app.bsky.feed.threadgate#followerRule\"}],\"createdAt\":"
	        "\"2026-11-21T01:00:00Z\"}},"
	        "{\"$type\":\"com.atproto.repo.applyWrites#create\",\"collection\":"
	        "\"app.bsky.feed.postgate\",\"rkey\":\"3kabcdefghij2\",\"value\":{\"$type\":"
	        "\"app.bsky.feed.postgate\",\"post\":\"at://did:plc:ada/app.bsky.feed.post/"
	        "3kabcdefghij2\",\"embeddingRules\":[{\"$type\":\"app.bsky.feed.postgate#"
	        "disableRule\"}],\"createdAt\":\"2026-11-21T01:00:00Z\"}}]}");
	way.item.frozen = way.publish.made;
	begin(&way.w, bluesky()->publish);
	assert_string_equal(way.w.req.url, "https://pds.example/xrpc/com.atproto.repo.applyWrites");
	assert_string_equal(way.w.req.body, way.publish.made);
	answer(&way.w, 200,
	        "{\"results\":[{\"uri\":\"at://did:plc:ada/app.bsky.feed.post/3k\",\"cid\":"
	        "\"bafyone\"},{\"uri\":\"at://gate\",\"cid\":\"bafytwo\"}]}");
	assert_int_equal(way.w.next, CALL_DONE);
	assert_string_equal(way.publish.remote_id, "bafyone");
	way_finish(&way);
}

/* --- sending --- */

static void the_frozen_is_sent_as_it_is(void **state)
{
	(void)state;
	struct way way;
	way_init(&way, "x");
	begin(&way.w, bluesky()->publish);
	assert_failed(&way, ERR_SYNTAX, "nothing was made ready to be posted");
	way.item.frozen = (char *)"{\"repo\":\"did:plc:ada\", \"rkey\":\"3k\"}";
	begin(&way.w, bluesky()->publish);
	assert_string_equal(way.w.req.url, "https://pds.example/xrpc/com.atproto.repo.putRecord");
	assert_string_equal(way.w.req.method, "POST");
	assert_string_equal(way.w.req.body, way.item.frozen);
	assert_string_equal(header_of(&way.w.req, "Authorization"), "Bearer access");
	assert_true(way.w.req.fresh);
	char date[] = "Date: Sat, 21 Nov 2026 01:00:07 GMT", *headers[] = {date};
	const char *body =
	        "{\"uri\":\"at://did:plc:ada/app.bsky.feed.post/3k\",\"cid\":\"bafyone\"}";
	struct response response = {.status = 200,
	        .headers = headers,
	        .nheaders = 1,
	        .body = (char *)body,
	        .body_len = strlen(body)};
	assert_int_equal(bluesky()->publish(&way.w.call, &response, &way.w.req), CALL_DONE);
	assert_string_equal(way.publish.uri, "at://did:plc:ada/app.bsky.feed.post/3k");
	assert_string_equal(way.publish.remote_id, "bafyone");
	assert_string_equal(way.publish.url, "https://bsky.app/profile/did:plc:ada/post/3k");
	assert_int_equal(way.publish.server_ms, 1795222807000);
	way_finish(&way);
}

static void a_refusal_says_what_it_means(void **state)
{
	(void)state;
	static const struct {
		int status;
		const char *body, *words;
		enum err_code code;
	} rows[] = {
	        {400, "{\"error\":\"InvalidSwap\",\"message\":\"m\"}",
	                "something else stands there already (400): m", ERR_SYNTAX},
	        {400, "{\"error\":\"InvalidRequest\",\"message\":\"too big\"}",
	                "the server refuses the request (400): too big", ERR_SYNTAX},
	        {400, "{\"error\":\"BlobNotFound\",\"message\":\"m\"}",
	                "the server has forgotten a picture (400): m", ERR_NOT_FOUND},
	        {400, "{\"error\":\"ExpiredToken\",\"message\":\"m\"}",
	                "the session has ended (400): m", ERR_AUTH},
	        {401, "", "the server refuses the request (401)", ERR_AUTH},
	        {500, "", "the server has a problem (500)", ERR_SERVER},
	        {0, NULL, "no answer", ERR_NETWORK},
	};
	struct way way;
	way_init(&way, "x");
	way.item.frozen = (char *)"{}";
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		begin(&way.w, bluesky()->publish);
		answer(&way.w, rows[i].status, rows[i].body);
		assert_failed(&way, rows[i].code, rows[i].words);
	}
	begin(&way.w, bluesky()->publish);
	answer(&way.w, 200, "{\"uri\":\"at://x\"}"); /* posted, but nobody knows what */
	assert_failed(&way, ERR_FORMAT, "the server does not say what it posted");
	assert_null(way.publish.uri);
	way_finish(&way);
}

static void looking_never_posts(void **state)
{
	(void)state;
	struct way way;
	way_init(&way, "x");
	begin(&way.w, bluesky()->reconcile);
	assert_string_equal(way.w.req.method, "GET");
	assert_string_equal(way.w.req.url,
	        "https://pds.example/xrpc/com.atproto.repo.getRecord?repo=did%3Aplc%3Aada&"
	        "collection=app.bsky.feed.post&rkey=3kabcdefghij2");
	answer(&way.w, 400, "{\"error\":\"RecordNotFound\",\"message\":\"x\"}");
	assert_int_equal(way.w.next, CALL_DONE);
	assert_false(way.publish.found);
	assert_int_equal(way.w.call.err.code, ERR_NONE);
	begin(&way.w, bluesky()->reconcile);
	answer(&way.w, 200,
	        "{\"uri\":\"at://did:plc:ada/app.bsky.feed.post/3k\",\"cid\":\"bafyone\","
	        "\"value\":{}}");
	assert_int_equal(way.w.next, CALL_DONE);
	assert_true(way.publish.found);
	assert_string_equal(way.publish.remote_id, "bafyone");
	begin(&way.w, bluesky()->reconcile);
	answer(&way.w, 503, "");
	assert_int_equal(way.w.next, CALL_FAIL);
	assert_false(way.publish.found);
	way_finish(&way);
}

static void a_picture_is_sent_from_its_file(void **state)
{
	(void)state;
	struct way way;
	way_init(&way, "x");
	way.item.nmedia = 2;
	way.media[1].path = (char *)"/tmp/wall.png";
	way.publish.upload = 1;
	way.publish.file = "/tmp/other.png";
	way.publish.type = "image/png";
	begin(&way.w, bluesky()->upload);
	assert_string_equal(way.w.req.url, "https://pds.example/xrpc/com.atproto.repo.uploadBlob");
	assert_string_equal(way.w.req.body_file, "/tmp/other.png");
	assert_null(way.w.req.body);
	assert_string_equal(header_of(&way.w.req, "Content-Type"), "image/png");
	answer(&way.w, 200, "{\"blob\":" BLOB "}");
	assert_int_equal(way.w.next, CALL_DONE);
	assert_string_equal(way.publish.made, BLOB);
	begin(&way.w, bluesky()->upload);
	answer(&way.w, 200, "{\"blob\":{\"ref\":{},\"mimeType\":\"image/png\",\"size\":2000001}}");
	assert_failed(&way, ERR_TOO_LARGE,
	        "/tmp/wall.png has 2000001 bytes: Bluesky takes pictures of 2000000");
	begin(&way.w, bluesky()->upload);
	answer(&way.w, 200, "{\"blob\":{\"ref\":{},\"mimeType\":\"text/html\",\"size\":2}}");
	assert_failed(&way, ERR_SYNTAX, "/tmp/wall.png is no picture to the server, but text/html");
	begin(&way.w, bluesky()->upload);
	answer(&way.w, 200, "{\"blob\":{}}");
	assert_failed(&way, ERR_FORMAT, "the server does not say what it kept");
	way.publish.type = "video/mp4";
	begin(&way.w, bluesky()->upload);
	assert_failed(&way, ERR_UNSUPPORTED,
	        "/tmp/wall.png is no picture (video/mp4): only pictures can be posted on Bluesky");
	way_finish(&way);
}

/* --- before anything --- */

static void assert_refused(struct way *way, enum err_code code, const char *words)
{
	struct err err = {0};
	assert_false(bluesky()->check(&way->w.account, &way->item, &err));
	assert_int_equal(err.code, code);
	assert_non_null(strstr(err.text, words));
}

static void what_cannot_be_posted_is_told_before(void **state)
{
	(void)state;
	struct way way;
	struct err err = {0};
	struct draft_poll poll = {0};
	way_init(&way, "fine");
	way.item.visibility_set = true; /* public */
	assert_true(bluesky()->check(&way.w.account, &way.item, &err));
	way.item.visibility = VIS_FOLLOWERS;
	assert_refused(&way, ERR_UNSUPPORTED, "everybody can read");
	way.item.visibility_set = false;
	way.item.poll = &poll;
	assert_refused(&way, ERR_UNSUPPORTED, "no polls");
	way.item.poll = NULL;
	static const char *const bad[] = {"dutch-x", "Nl", "n", "nl-", "nl-123456789", "nl_BE"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		way.item.lang = (char *)bad[i];
		assert_refused(&way, ERR_SYNTAX, "is no language");
	}
	way.item.lang = (char *)"zh-Hant-TW";
	assert_true(bluesky()->check(&way.w.account, &way.item, &err));
	way.item.self_labels = (char *)"nudity spam";
	assert_refused(&way, ERR_SYNTAX, "'spam' is no label");
	way.item.self_labels = NULL;
	way.item.reply_to = (char *)"https://mastodon.example/@ada/1";
	assert_refused(&way, ERR_SYNTAX, "what this answers");
	way.item.reply_to = (char *)BOBS;
	way.item.gate = DRAFT_GATE_NO_QUOTES;
	assert_true(bluesky()->check(&way.w.account, &way.item, &err));
	way.item.gate = DRAFT_GATE_NOBODY;
	assert_refused(&way, ERR_SYNTAX, "whoever began the conversation");
	way.item.reply_to = NULL;
	way.item.quote_of = (char *)"at://did:plc:bob/app.bsky.feed.like/3k";
	assert_refused(&way, ERR_SYNTAX, "what this quotes");
	way.item.quote_of = NULL;
	way.item.text = (char *)" \n";
	assert_refused(&way, ERR_SYNTAX, "nothing to post");
	way.item.text = (char *)"\xff";
	assert_refused(&way, ERR_SYNTAX, "no UTF-8");
	way.item.text =
	        (char *)"@a.nl @b.nl @c.nl @d.nl @e.nl @f.nl @g.nl @h.nl @i.nl @j.nl @k.nl @l.nl "
	                "@a.nl";
	assert_true(bluesky()->check(&way.w.account, &way.item, &err));
	way.item.warning = (char *)"@m.nl";
	assert_refused(&way, ERR_SYNTAX, "13 people");
	way_finish(&way);
}

static void limits_are_named(void **state)
{
	(void)state;
	struct way way;
	struct err err = {0};
	char text[3200];
	memset(text, 'a', sizeof text);
	text[300] = '\0';
	way_init(&way, text);
	assert_true(bluesky()->check(&way.w.account, &way.item, &err));
	text[300] = 'a';
	text[301] = '\0';
	assert_refused(&way, ERR_SYNTAX, "301 graphemes are too many: Bluesky takes 300");
	/* One cluster of very many bytes. */
	for (size_t i = 1; i < 3001; i += 2)
		memcpy(text + i, "\xcc\x81", 2);
	text[3001] = '\0';
	assert_refused(&way, ERR_SYNTAX, "3001 bytes are too many: Bluesky takes 3000");
	way.item.text = (char *)"";
	way.item.nmedia = 4;
	assert_true(bluesky()->check(&way.w.account, &way.item, &err));
	way.item.sensitive = true;
	assert_refused(&way, ERR_SYNTAX, "what makes the pictures sensitive");
	way.item.self_labels = (char *)"nudity";
	assert_true(bluesky()->check(&way.w.account, &way.item, &err));
	way.item.nmedia = 5;
	assert_refused(&way, ERR_SYNTAX, "5 pictures are too many: Bluesky takes 4");
	way.item.nmedia = 1;
	way.media[0].path = (char *)"/tmp/a";
	way.media[0].type = (char *)"video/mp4";
	assert_refused(&way, ERR_UNSUPPORTED, "/tmp/a is no picture (video/mp4)");
	way.media[0].type = NULL;
	way.w.account.limits.alt_text = 3;
	way.media[0].alt = (char *)"four";
	assert_refused(&way, ERR_SYNTAX, "describes /tmp/a has 4 graphemes: Bluesky takes 3");
	way_finish(&way);
}

static void a_key_is_a_tid(void **state)
{
	(void)state;
	char *key = bluesky()->make_key(1795222800000, 0), *more;
	assert_string_equal(key, "3n2rvkomt2222");
	more = bluesky()->make_key(1795222800001, 0);
	assert_true(strcmp(more, key) > 0);
	free(more);
	more = bluesky()->make_key(1795222800000, 1);
	assert_int_equal(strncmp(more, key, 12), 0);
	assert_string_not_equal(more, key);
	free(more);
	free(key);
	/* Some servers refuse what looks like a word of hate: two of g and q are in all of those.
	 */
	for (uint64_t random = 0; random < 5000; random++) {
		key = bluesky()->make_key(1795222800000, random * 7919);
		assert_int_equal(strlen(key), 13);
		assert_int_equal(strspn(key, "234567abcdefghijklmnopqrstuvwxyz"), 13);
		for (size_t i = 0; i < 12; i++)
			assert_false(strchr("gq", key[i]) && strchr("gq", key[i + 1]));
		free(key);
	}
	assert_true(bluesky()->repeat_ms(NULL) == INT64_MAX);
	assert_null(bluesky()->can_keep);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(plain_text_needs_no_question),
	        cmocka_unit_test(a_warning_stands_before_the_text),
	        cmocka_unit_test(people_are_asked_for_by_name),
	        cmocka_unit_test(an_answer_knows_the_whole_conversation),
	        cmocka_unit_test(what_the_network_does_not_show_yet_is_asked_for_at_its_repository),
	        cmocka_unit_test(a_thread_goes_on_from_the_part_before),
	        cmocka_unit_test(pictures_and_a_quote_go_together),
	        cmocka_unit_test(the_first_link_has_a_card),
	        cmocka_unit_test(a_card_is_what_a_page_says_of_itself),
	        cmocka_unit_test(gates_go_with_the_post_or_not_at_all),
	        cmocka_unit_test(the_frozen_is_sent_as_it_is),
	        cmocka_unit_test(a_refusal_says_what_it_means),
	        cmocka_unit_test(looking_never_posts),
	        cmocka_unit_test(a_picture_is_sent_from_its_file),
	        cmocka_unit_test(what_cannot_be_posted_is_told_before),
	        cmocka_unit_test(limits_are_named),
	        cmocka_unit_test(a_key_is_a_tid),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
