/* Signing in on Bluesky, renewing the session, and what each action asks of the server. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "bluesky_world.h"

static const char session[] =
        "{\"accessJwt\":\"new-access\",\"refreshJwt\":\"new-refresh\",\"handle\":\"ada.example\","
        "\"did\":\"did:plc:ada\",\"didDoc\":{\"service\":[{\"id\":\"#other\",\"type\":\"x\","
        "\"serviceEndpoint\":\"https://no.example\"},{\"id\":\"#atproto_pds\",\"type\":"
        "\"AtprotoPersonalDataServer\",\"serviceEndpoint\":\"https://pds2.example/\"}]}}";

static void sign_in_finds_where_an_account_lives(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	w.account.host = (char *)"@Ada.Example";
	w.call.token = "app-pass";
	begin(&w, bluesky()->login);
	assert_string_equal(w.req.url,
	        "https://public.api.bsky.app/xrpc/com.atproto.identity.resolveHandle?"
	        "handle=ada.example");
	assert_null(header_of(&w.req, "Authorization"));
	answer(&w, 200, "{\"did\":\"did:plc:ada\"}");
	assert_string_equal(w.req.url, "https://plc.directory/did:plc:ada");
	answer(&w, 200,
	        "{\"service\":[{\"id\":\"did:plc:ada#atproto_pds\",\"type\":"
	        "\"AtprotoPersonalDataServer\",\"serviceEndpoint\":\"https://pds.example\"}]}");
	assert_string_equal(w.req.url, "https://pds.example/xrpc/com.atproto.server.createSession");
	assert_string_equal(
	        w.req.body, "{\"identifier\":\"ada.example\",\"password\":\"app-pass\"}");
	assert_null(header_of(&w.req, "Authorization"));
	answer(&w, 200, session);
	assert_int_equal(w.next, CALL_DONE);
	assert_string_equal(w.sign_in.secret, "new-access new-refresh");
	assert_string_equal(w.call.signed_in->host, "pds2.example");
	assert_string_equal(w.call.signed_in->handle, "ada.example");
	assert_string_equal(w.call.signed_in->uri, "did:plc:ada");
	assert_int_equal(w.call.signed_in->limits.text, 300);
	world_finish(&w);
}

static void sign_in_goes_where_it_is_told(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	w.account.host = (char *)"ada.test@http://localhost:2583/";
	w.call.token = "pass\"word";
	w.sign_in.code = "ABC-DEF";
	begin(&w, bluesky()->login);
	assert_string_equal(
	        w.req.url, "http://localhost:2583/xrpc/com.atproto.server.createSession");
	assert_string_equal(w.req.body,
	        "{\"identifier\":\"ada.test\",\"password\":\"pass\\\"word\","
	        "\"authFactorToken\":\"ABC-DEF\"}");
	answer(&w, 401, "{\"error\":\"AuthFactorTokenRequired\",\"message\":\"A code was sent\"}");
	assert_int_equal(w.next, CALL_FAIL);
	assert_int_equal(w.call.err.code, ERR_CODE);
	assert_string_equal(
	        w.call.err.text, "the server has sent a code by e-mail (401): A code was sent");
	assert_null(w.call.signed_in);
	w.account.host = (char *)"nonsense";
	begin(&w, bluesky()->login);
	assert_int_equal(w.next, CALL_FAIL);
	assert_string_equal(
	        w.call.err.text, "'nonsense' is no handle; they look like ada.bsky.social");
	w.account.host = (char *)"ada.test@host/x at://y";
	begin(&w, bluesky()->login);
	assert_int_equal(w.next, CALL_FAIL);
	assert_int_equal(w.call.err.code, ERR_SYNTAX);
	w.account.host = (char *)"did:plc:bob/x?y";
	begin(&w, bluesky()->login);
	assert_int_equal(w.next, CALL_FAIL);
	world_finish(&w);
}

static void a_session_is_renewed_by_the_other_token(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	begin(&w, bluesky()->refresh);
	assert_string_equal(
	        w.req.url, "https://pds.example/xrpc/com.atproto.server.refreshSession");
	assert_string_equal(header_of(&w.req, "Authorization"), "Bearer refresh");
	assert_null(w.req.body);
	answer(&w, 200, session);
	assert_int_equal(w.next, CALL_DONE);
	assert_string_equal(w.sign_in.secret, "new-access new-refresh");
	begin(&w, bluesky()->refresh);
	answer(&w, 400, "{\"error\":\"ExpiredToken\"}");
	assert_int_equal(w.next, CALL_FAIL);
	assert_int_equal(w.call.err.code, ERR_AUTH);
	assert_string_equal(w.call.err.text, "sign in again: the session has ended for good");
	begin(&w, bluesky()->refresh);
	answer(&w, 502, "");
	assert_int_equal(w.call.err.code, ERR_SERVER);
	world_finish(&w);
}

/* --- actions --- */

static const char post[] =
        "{\"posts\":[{\"uri\":\"at://did:plc:bob/app.bsky.feed.post/3k\",\"cid\":\"bafy\","
        "\"indexedAt\":\"2026-11-20T00:00:00Z\",\"author\":{\"did\":\"did:plc:bob\",\"handle\":"
        "\"bob.example\"},\"record\":{\"text\":\"words\",\"reply\":{\"root\":{\"uri\":"
        "\"at://root\"},\"parent\":{\"uri\":\"at://parent\"}}},\"likeCount\":4,\"viewer\":{}}]}";
static const char liked[] =
        "{\"posts\":[{\"uri\":\"at://did:plc:bob/app.bsky.feed.post/3k\",\"cid\":\"bafy\","
        "\"indexedAt\":\"2026-11-20T00:00:00Z\",\"author\":{\"did\":\"did:plc:bob\",\"handle\":"
        "\"bob.example\"},\"record\":{\"text\":\"words\"},\"likeCount\":4,\"viewer\":{\"like\":"
        "\"at://did:plc:ada/app.bsky.feed.like/3klike\"}}]}";
static const char person[] = "{\"did\":\"did:plc:bob\",\"handle\":\"bob.example\",\"viewer\":{"
                             "\"followedBy\":\"at://y\"}}";

static void act(struct world *w, struct action *action)
{
	w->call.source = NULL;
	w->call.action = action;
	begin(w, bluesky()->act);
}

static void a_like_is_a_record(void **state)
{
	(void)state;
	struct world w;
	struct action action = {
	        .verb = VERB_LIKE, .uri = (char *)"https://bsky.app/profile/bob.example/post/3k"};
	world_init(&w);
	act(&w, &action);
	assert_string_equal(w.req.url,
	        "https://pds.example/xrpc/com.atproto.identity.resolveHandle?handle=bob.example");
	answer(&w, 200, "{\"did\":\"did:plc:bob\"}");
	assert_string_equal(w.req.url, "https://pds.example/xrpc/app.bsky.feed.getPosts?"
	                               "uris=at%3A%2F%2Fdid%3Aplc%3Abob%2Fapp.bsky.feed.post%2F3k");
	answer(&w, 200, post);
	assert_string_equal(w.req.url, "https://pds.example/xrpc/com.atproto.repo.createRecord");
	assert_string_equal(w.req.body,
	        "{\"repo\":\"did:plc:ada\",\"collection\":\"app.bsky.feed.like\",\"record\":{"
	        "\"$type\":\"app.bsky.feed.like\",\"subject\":{\"uri\":"
	        "\"at://did:plc:bob/app.bsky.feed.post/3k\",\"cid\":\"bafy\"},"
	        "\"createdAt\":\"2026-11-21T01:00:00Z\"}}");
	answer(&w, 200, "{\"uri\":\"at://did:plc:ada/app.bsky.feed.like/new\",\"cid\":\"c\"}");
	assert_int_equal(w.next, CALL_DONE);
	assert_int_equal(post_viewer(w.call.out->posts[0], 0).flags, VIEWER_LIKED);
	assert_int_equal(w.call.out->posts[0]->likes, 5);
	/* Once more: it stands already, and nothing is sent. */
	act(&w, &action);
	answer(&w, 200, "{\"did\":\"did:plc:bob\"}");
	answer(&w, 200, liked);
	assert_int_equal(w.next, CALL_DONE);
	assert_int_equal(w.call.out->posts[0]->likes, 4);
	world_finish(&w);
}

static void an_undo_deletes_our_own_record(void **state)
{
	(void)state;
	struct world w;
	struct action action = {.verb = VERB_LIKE,
	        .undo = true,
	        .uri = (char *)"at://did:plc:bob/app.bsky.feed.post/3k"};
	world_init(&w);
	act(&w, &action);
	answer(&w, 200, liked);
	assert_string_equal(w.req.url, "https://pds.example/xrpc/com.atproto.repo.deleteRecord");
	assert_string_equal(w.req.body,
	        "{\"repo\":\"did:plc:ada\",\"collection\":\"app.bsky.feed.like\","
	        "\"rkey\":\"3klike\"}");
	answer(&w, 200, "{}");
	assert_int_equal(w.next, CALL_DONE);
	assert_int_equal(post_viewer(w.call.out->posts[0], 0).flags, 0);
	assert_int_equal(w.call.out->posts[0]->likes, 3);
	world_finish(&w);
}

static void each_verb_asks_for_its_own(void **state)
{
	(void)state;
	static const struct {
		enum verb verb;
		bool undo, of_post;
		const char *nsid, *body;
	} rows[] = {
	        {VERB_BOOKMARK, false, true, "app.bsky.bookmark.createBookmark",
	                "{\"uri\":\"at://did:plc:bob/app.bsky.feed.post/3k\",\"cid\":\"bafy\"}"},
	        {VERB_BOOKMARK, true, true, "app.bsky.bookmark.deleteBookmark",
	                "{\"uri\":\"at://did:plc:bob/app.bsky.feed.post/3k\"}"},
	        {VERB_MUTE_THREAD, false, true, "app.bsky.graph.muteThread",
	                "{\"root\":\"at://root\"}"},
	        {VERB_FOLLOW, false, false, "com.atproto.repo.createRecord",
	                "{\"repo\":\"did:plc:ada\",\"collection\":\"app.bsky.graph.follow\","
	                "\"record\":{\"$type\":\"app.bsky.graph.follow\",\"subject\":"
	                "\"did:plc:bob\",\"createdAt\":\"2026-11-21T01:00:00Z\"}}"},
	        {VERB_MUTE, false, false, "app.bsky.graph.muteActor",
	                "{\"actor\":\"did:plc:bob\"}"},
	        {VERB_MUTE, true, false, "app.bsky.graph.unmuteActor",
	                "{\"actor\":\"did:plc:bob\"}"},
	        {VERB_REPORT, false, false, "com.atproto.moderation.createReport",
	                "{\"reasonType\":\"com.atproto.moderation.defs#reasonSpam\",\"reason\":"
	                "\"sells things\",\"subject\":{\"$type\":"
	                "\"com.atproto.admin.defs#repoRef\",\"did\":\"did:plc:bob\"}}"},
	};
	struct world w;
	world_init(&w);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct action action = {.verb = rows[i].verb,
		        .reposts = true,
		        .undo = rows[i].undo,
		        .uri = rows[i].of_post ? (char *)"at://did:plc:bob/app.bsky.feed.post/3k"
		                               : NULL,
		        .profile = (char *)"@bob.example",
		        .name = (char *)"spam",
		        .text = (char *)"sells things"};
		char url[200];
		act(&w, &action);
		answer(&w, 200, rows[i].of_post ? post : person);
		snprintf(url, sizeof url, "https://pds.example/xrpc/%s", rows[i].nsid);
		assert_string_equal(w.req.url, url);
		assert_string_equal(w.req.body, rows[i].body);
		answer(&w, 200, "{}");
		assert_int_equal(w.next, CALL_DONE);
	}
	world_finish(&w);
}

static void only_an_own_post_is_deleted(void **state)
{
	(void)state;
	struct world w;
	struct action action = {.verb = VERB_DELETE,
	        .remote_id = (char *)"bafymine",
	        .uri = (char *)"at://did:plc:ada/app.bsky.feed.post/3kmine"};
	world_init(&w);
	act(&w, &action);
	answer_file(&w, "posts.json");
	assert_string_equal(w.req.body,
	        "{\"repo\":\"did:plc:ada\",\"collection\":\"app.bsky.feed.post\","
	        "\"rkey\":\"3kmine\"}");
	answer(&w, 200, "{}");
	assert_int_equal(w.next, CALL_DONE);
	assert_string_equal(w.call.gone, "bafymine");
	act(&w, &action);
	answer(&w, 200, post);
	assert_int_equal(w.next, CALL_FAIL);
	assert_string_equal(w.call.err.text, "this is not yours to delete");
	world_finish(&w);
}

static void what_it_cannot_do_it_says(void **state)
{
	(void)state;
	struct world w;
	struct action pin = {.verb = VERB_PIN, .uri = (char *)"at://x"};
	struct action like = {
	        .verb = VERB_LIKE, .uri = (char *)"at://did:plc:bob/app.bsky.feed.post/3k"};
	world_init(&w);
	act(&w, &pin);
	assert_int_equal(w.next, CALL_FAIL);
	assert_string_equal(w.call.err.text, "Bluesky cannot pin posts");
	act(&w, &like);
	answer(&w, 200, "{\"posts\":[]}");
	assert_int_equal(w.next, CALL_FAIL);
	assert_string_equal(w.call.err.text, "it is gone, or not visible to sky");
	act(&w, &like);
	answer(&w, 200, post);
	answer(&w, 400, "{\"error\":\"BlockedByActor\",\"message\":\"no\"}");
	assert_int_equal(w.next, CALL_FAIL);
	assert_string_equal(w.call.err.text, "they have blocked you (400): no");
	world_finish(&w);
}

static void a_profile_with_its_pinned_post(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	w.call.source = NULL;
	w.call.arg = "@bob.example";
	begin(&w, bluesky()->person);
	assert_string_equal(
	        w.req.url, "https://pds.example/xrpc/app.bsky.actor.getProfile?actor=bob.example");
	answer(&w, 200,
	        "{\"did\":\"did:plc:bob\",\"handle\":\"bob.example\",\"description\":\"one\\ntwo\","
	        "\"followersCount\":3,\"followsCount\":4,\"postsCount\":5,\"pinnedPost\":{\"uri\":"
	        "\"at://did:plc:bob/app.bsky.feed.post/3k\"},\"viewer\":{\"muted\":true}}");
	assert_int_equal(w.next, CALL_SEND);
	answer(&w, 200, post);
	assert_int_equal(w.next, CALL_DONE);
	assert_string_equal(w.call.person->bio, "one\ntwo");
	assert_int_equal(w.call.person->posts, 5);
	assert_int_equal(w.call.person->npinned, 1);
	assert_int_equal(w.call.out->relations[0].flags, RELATION_MUTING);
	world_finish(&w);
}

static void collections_come_by_pages(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	w.call.source = NULL;
	w.call.collection = COLLECTION_LISTS;
	begin(&w, bluesky()->items);
	assert_string_equal(w.req.url,
	        "https://pds.example/xrpc/app.bsky.graph.getLists?limit=100&actor=did%3Aplc%3Aada");
	answer(&w, 200,
	        "{\"cursor\":\"more\",\"lists\":[{\"uri\":\"at://l\",\"name\":\"Friends\"},{}]}");
	assert_int_equal(w.next, CALL_DONE);
	assert_int_equal(w.call.items->nitems, 1);
	assert_string_equal(w.call.items->items[0].id, "at://l");
	assert_string_equal(w.call.items->older, "more");
	w.call.collection = COLLECTION_PEOPLE;
	w.call.arg = "@ad";
	begin(&w, bluesky()->items);
	assert_string_equal(w.req.url, "https://pds.example/xrpc/app.bsky.actor."
	                               "searchActorsTypeahead?limit=100&q=ad");
	answer(&w, 200, "{\"actors\":[{\"did\":\"did:plc:x\",\"handle\":\"ada.example\"}]}");
	assert_string_equal(w.call.items->items[0].id, "ada.example");
	w.call.collection = COLLECTION_TAGS;
	begin(&w, bluesky()->items);
	assert_string_equal(w.call.err.text, "Bluesky keeps no tags");
	world_finish(&w);
}

#define LIST "at://did:plc:bob/app.bsky.graph.list/3kl"

static void lists_are_muted_and_blocked(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	act(&w, &(struct action){.verb = VERB_MUTE_LIST, .name = (char *)LIST});
	assert_string_equal(w.req.url, "https://pds.example/xrpc/app.bsky.graph.muteActorList");
	assert_string_equal(w.req.body, "{\"list\":\"" LIST "\"}");
	answer(&w, 200, "");
	assert_int_equal(w.next, CALL_DONE);
	act(&w, &(struct action){.verb = VERB_MUTE_LIST,
	                .undo = true,
	                .name = (char *)"https://bsky.app/profile/did:plc:bob/lists/3kl?x"});
	assert_string_equal(w.req.url, "https://pds.example/xrpc/app.bsky.graph.unmuteActorList");
	assert_string_equal(w.req.body, "{\"list\":\"" LIST "\"}");
	act(&w, &(struct action){.verb = VERB_BLOCK_LIST, .name = (char *)LIST});
	assert_non_null(strstr(w.req.body, "\"collection\":\"app.bsky.graph.listblock\""));
	assert_non_null(strstr(w.req.body, "\"subject\":\"" LIST "\""));
	act(&w, &(struct action){.verb = VERB_BLOCK_LIST, .undo = true, .name = (char *)LIST});
	assert_string_equal(w.req.url,
	        "https://pds.example/xrpc/app.bsky.graph.getList"
	        "?list=at%3A%2F%2Fdid%3Aplc%3Abob%2Fapp.bsky.graph.list%2F3kl&limit=1");
	answer(&w, 200,
	        "{\"list\":{\"viewer\":{\"blocked\":"
	        "\"at://did:plc:ada/app.bsky.graph.listblock/3kb\"}}}");
	assert_non_null(strstr(w.req.body, "\"rkey\":\"3kb\""));
	act(&w, &(struct action){.verb = VERB_BLOCK_LIST, .name = (char *)"friends"});
	assert_int_equal(w.next, CALL_FAIL);
	assert_int_equal(w.call.err.code, ERR_SYNTAX);
	world_finish(&w);
}

static void following_can_leave_reposts_out(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	act(&w, &(struct action){
	                .verb = VERB_FOLLOW, .profile = (char *)"bob.example", .notify = true});
	answer(&w, 200, person);
	assert_non_null(strstr(w.req.body, "app.bsky.graph.follow"));
	answer(&w, 200, "{}");
	assert_string_equal(w.req.url, "https://pds.example/xrpc/app.bsky.graph.muteActor");
	assert_string_equal(w.req.body, "{\"actor\":\"did:plc:bob\",\"onlyReposts\":true}");
	answer(&w, 200, "");
	assert_string_equal(w.req.url,
	        "https://pds.example/xrpc/app.bsky.notification.putActivitySubscription");
	assert_string_equal(w.req.body, "{\"subject\":\"did:plc:bob\",\"activitySubscription\":"
	                                "{\"post\":true,\"reply\":false}}");
	answer(&w, 200, "{}");
	assert_int_equal(w.next, CALL_DONE);
	assert_int_equal(w.call.out->relations[0].flags,
	        RELATION_FOLLOWING | RELATION_FOLLOWS_US | RELATION_NOTIFY);
	world_finish(&w);
}

static void reposts_are_heard_again(void **state)
{
	(void)state;
	static const char followed[] =
	        "{\"did\":\"did:plc:bob\",\"handle\":\"bob.example\",\"viewer\":{\"following\":"
	        "\"at://did:plc:ada/app.bsky.graph.follow/1\",\"mutedOnlyReposts\":true}}";
	struct world w;
	world_init(&w);
	act(&w, &(struct action){
	                .verb = VERB_FOLLOW, .profile = (char *)"bob.example", .reposts = true});
	answer(&w, 200, followed);
	assert_string_equal(w.req.url, "https://pds.example/xrpc/app.bsky.graph.unmuteActor");
	answer(&w, 200, "");
	assert_int_equal(w.next, CALL_DONE);
	assert_int_equal(w.call.out->relations[0].flags, RELATION_FOLLOWING | RELATION_REPOSTS);
	world_finish(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(sign_in_finds_where_an_account_lives),
	        cmocka_unit_test(sign_in_goes_where_it_is_told),
	        cmocka_unit_test(a_session_is_renewed_by_the_other_token),
	        cmocka_unit_test(a_like_is_a_record),
	        cmocka_unit_test(an_undo_deletes_our_own_record),
	        cmocka_unit_test(each_verb_asks_for_its_own),
	        cmocka_unit_test(only_an_own_post_is_deleted),
	        cmocka_unit_test(what_it_cannot_do_it_says),
	        cmocka_unit_test(a_profile_with_its_pinned_post),
	        cmocka_unit_test(collections_come_by_pages),
	        cmocka_unit_test(lists_are_muted_and_blocked),
	        cmocka_unit_test(following_can_leave_reposts_out),
	        cmocka_unit_test(reposts_are_heard_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
