#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "model/post_json.h"

static void check(const struct post_json *row, const char *want)
{
	struct str out = {0};
	struct err err = {0};

	str_adds(&out, "{before}\n");
	post_json_print(&out, row);
	assert_string_equal(out.p + 9, want);
	struct json *json = json_parse(out.p + 9, out.len - 9, &err);
	if (!json) fail_msg("%s", err.text);
	json_free(json);
	str_finish(&out);
}

static void what_is_unknown_is_null(void **state)
{
	struct post_parts parts = {.str = {[POST_URI] = "at://x"},
	        .replies = POST_UNKNOWN,
	        .reposts = POST_UNKNOWN,
	        .likes = POST_UNKNOWN,
	        .quotes = POST_UNKNOWN};
	struct post *post = post_new(&parts);

	(void)state;
	check(&(struct post_json){.post = post},
	        "{\"id\":null,\"uri\":\"at://x\",\"url\":null,\"network\":null,\"source\":[],"
	        "\"author\":null,\"created_at\":null,\"edited_at\":null,\"text\":\"\","
	        "\"facets\":[],\"title\":null,\"warning\":null,\"lang\":null,"
	        "\"visibility\":\"public\",\"media\":[],\"poll\":null,\"reply_to\":null,"
	        "\"reply_to_author\":null,\"quote_of\":null,\"reposted_by\":null,\"counts\":{"
	        "\"replies\":null,"
	        "\"reposts\":null,\"likes\":null,\"quotes\":null},\"flags\":[],\"app\":null,"
	        "\"me\":null}\n");
	free(post);
}

static void a_feeds_item_has_its_own_id(void **state)
{
	struct post_parts parts = {.str = {[POST_URI] = "https://x.example/feed#urn:a#b"}};
	struct post *post = post_new(&parts);
	struct post_json row = {.post = post, .network = "feed"};
	struct str out = {0};

	(void)state;
	post_json_print(&out, &row);
	assert_non_null(strstr(out.p, "{\"id\":\"urn:a#b\","));
	assert_non_null(strstr(out.p, "\"url\":null"));
	row.network = "mastodon";
	str_clear(&out);
	post_json_print(&out, &row);
	assert_non_null(strstr(out.p, "{\"id\":null,"));
	str_finish(&out);
	free(post);
}

static struct post *full_post(void)
{
	static const struct facet facets[] = {
	        {FACET_LINK, 4, 9, "https://x.example/"}, {FACET_CODE, 10, 11, NULL}};
	static const struct media media[] = {
	        {.kind = MEDIA_IMAGE, .url = "https://x/i.png", .alt = "a \"cat\""},
	        {.kind = MEDIA_AUDIO, .url = "https://x/a.ogg", .type = "audio/ogg"}};
	static const struct viewer viewers[] = {
	        {2, VIEWER_LIKED | VIEWER_OWN, "771"}, {5, VIEWER_BOOKMARKED, "9"}};
	struct post_parts parts = {.str = {[POST_URI] = "https://m.example/users/ada/1",
	                                   [POST_URL] = "https://m.example/@ada/1",
	                                   [POST_TITLE] = "Title",
	                                   [POST_BODY] = "see x.com\x1b ?\n👍",
	                                   [POST_WARNING] = "cw",
	                                   [POST_LANG] = "nl",
	                                   [POST_REPLY_TO] = "https://m/0",
	                                   [POST_QUOTE_OF] = "https://m/q",
	                                   [POST_APP] = "stoa",
	                                   [POST_POLL] = "3\tYes\n-1\tNo\n\nodd"},
	        .facets = facets,
	        .nfacets = 2,
	        .media = media,
	        .nmedia = 2,
	        .viewers = viewers,
	        .nviewers = 2,
	        .created_ms = 1764000000123,
	        .edited_ms = 1764000001000,
	        .poll_ends_ms = 1764000002000,
	        .replies = 1,
	        .reposts = 2,
	        .likes = 3,
	        .quotes = 0,
	        .visibility = VIS_FOLLOWERS,
	        .flags = POST_IS_SENSITIVE | POST_IS_POLL_MULTIPLE};

	return post_new(&parts);
}

static void all_fields_are_told(void **state)
{
	static const struct profile ada = {.uri = "https://m.example/users/ada",
	        .handle = "ada@m.example",
	        .name = "Ada",
	        .bio = "bio",
	        .followers = 7};
	static const struct profile bob = {.uri = "https://m.example/users/bob",
	        .handle = "bob@m.example",
	        .name = "",
	        .followers = -1,
	        .bot = true};
	static const char *const sources[] = {"work/home", "feeds/all"};
	struct post *post = full_post();
	struct post_json row = {.post = post,
	        .author = &ada,
	        .actor = &bob,
	        .reason = REASON_REPOSTED,
	        .network = "mastodon",
	        .sources = sources,
	        .nsources = 2,
	        .me = "me@m.example",
	        .account = 2,
	        .unread = true};

	(void)state;
	check(&row, "{\"id\":\"771\",\"uri\":\"https://m.example/users/ada/1\","
	            "\"url\":\"https://m.example/@ada/1\",\"network\":\"mastodon\","
	            "\"source\":[\"work/home\",\"feeds/all\"],"
	            "\"author\":{\"handle\":\"ada@m.example\",\"name\":\"Ada\","
	            "\"uri\":\"https://m.example/users/ada\",\"bot\":false,\"bio\":\"bio\","
	            "\"followers\":7},\"created_at\":\"2025-11-24T16:00:00.123Z\","
	            "\"edited_at\":\"2025-11-24T16:00:01Z\",\"text\":\"see x.com\\u001b ?\\n👍\","
	            "\"facets\":[{\"kind\":\"link\",\"start\":4,\"end\":9,"
	            "\"target\":\"https://x.example/\"},{\"kind\":\"code\",\"start\":10,"
	            "\"end\":11,\"target\":null}],\"title\":\"Title\",\"warning\":\"cw\","
	            "\"lang\":\"nl\",\"visibility\":\"followers\",\"media\":[{\"type\":\"image\","
	            "\"url\":\"https://x/i.png\",\"alt\":\"a \\\"cat\\\"\"},{\"type\":\"audio\","
	            "\"url\":\"https://x/a.ogg\",\"alt\":null}],\"poll\":{\"options\":["
	            "{\"title\":\"Yes\",\"votes\":3},{\"title\":\"No\",\"votes\":null},"
	            "{\"title\":\"\",\"votes\":null},{\"title\":\"odd\",\"votes\":null}],"
	            "\"multiple\":true,\"over\":false,\"ends_at\":\"2025-11-24T16:00:02Z\"},"
	            "\"reply_to\":\"https://m/0\",\"reply_to_author\":null,\"quote_of\":\"https://"
	            "m/q\","
	            "\"reposted_by\":{\"handle\":\"bob@m.example\",\"name\":\"\","
	            "\"uri\":\"https://m.example/users/bob\",\"bot\":true,\"bio\":null,"
	            "\"followers\":null},\"counts\":{\"replies\":1,\"reposts\":2,\"likes\":3,"
	            "\"quotes\":0},\"flags\":[\"unread\",\"sensitive\",\"liked\",\"own\"],"
	            "\"app\":\"stoa\",\"me\":\"me@m.example\"}\n");
	free(post);
}

static void without_an_account_all_viewers_speak(void **state)
{
	static const struct profile bob = {.uri = "x", .handle = "bob", .name = ""};
	struct str out = {0};
	struct post *post = full_post();
	struct post_json row = {.post = post, .reason = REASON_MENTIONED, .actor = &bob};

	(void)state;
	post_json_print(&out, &row);
	assert_non_null(strstr(out.p, "\"flags\":[\"sensitive\",\"liked\",\"bookmarked\",\"own\","
	                              "\"mentioned\"]"));
	assert_non_null(strstr(out.p, "\"id\":\"771\""));
	assert_non_null(strstr(out.p, "\"reposted_by\":null"));
	str_clear(&out);
	row.account = 9;
	post_json_print(&out, &row);
	assert_non_null(strstr(out.p, "\"id\":null"));
	assert_non_null(strstr(out.p, "\"flags\":[\"sensitive\",\"mentioned\"]"));
	str_finish(&out);
	free(post);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(what_is_unknown_is_null),
	        cmocka_unit_test(a_feeds_item_has_its_own_id),
	        cmocka_unit_test(all_fields_are_told),
	        cmocka_unit_test(without_an_account_all_viewers_speak),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
