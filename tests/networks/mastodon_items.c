/* Collections of a Mastodon server, page by page. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "mastodon_steps.h"

static void list(struct world *w, enum collection kind, const char *arg, const char *cursor)
{
	items_free(w->call.items);
	w->call.items = NULL;
	w->call.collection = kind;
	w->call.arg = arg;
	w->call.cursor = cursor;
	begin(w, mastodon()->items);
}

static void reply(struct world *w, int status, const char *body)
{
	answer_by(w, mastodon()->items, status, NULL, body);
}

static void finish(struct world *w)
{
	items_free(w->call.items);
	world_finish(w);
}

#define ACCOUNT(id, more)                                                                          \
	"{\"id\":\"" id "\",\"uri\":\"https://far.example/users/" id "\",\"acct\":\"u" id          \
	"@far.example\"" more "}"
#define FOUND_POST "{\"statuses\":[{\"id\":\"12\",\"uri\":\"https://far.example/s/12\"}]}"

static const struct row {
	enum collection kind;
	const char *arg, *path, *body;
	/* The first item. */
	const char *id, *title, *detail;
	int64_t at_ms;
} rows[] = {
        {COLLECTION_LISTS, NULL, "/api/v1/lists",
                "[{\"id\":\"3\",\"title\":\"Fri\\u001bends\"},{\"title\":\"no id\"}]", "3",
                "Friends", NULL, 0},
        {COLLECTION_MEMBERS, "3/4", "/api/v1/lists/3%2F4/accounts?limit=80",
                "[" ACCOUNT("9", ",\"display_name\":\"Ada\"") "]", "u9@far.example", "Ada", NULL,
                0},
        {COLLECTION_ON_LISTS, "u9@far.example", "/api/v1/accounts/9/lists",
                "[{\"id\":\"3\",\"title\":\"T\",\"exclusive\":true}]", "3", "T",
                "its members' posts are not in home", 0},
        {COLLECTION_MUTES, NULL, "/api/v1/mutes?limit=80",
                "[" ACCOUNT("9", ",\"mute_expires_at\":\"2026-11-21T01:00:00Z\"") "]",
                "u9@far.example", "u9@far.example", NULL, 1795222800000},
        {COLLECTION_BLOCKS, NULL, "/api/v1/blocks?limit=80",
                "[{\"id\":\"x\"}," ACCOUNT("9", ",\"note\":\"<p>Hi</p>\"") "]", "u9@far.example",
                "u9@far.example", "Hi", 0},
        {COLLECTION_DOMAINS, NULL, "/api/v1/domain_blocks?limit=200", "[7,\"bad.example\"]",
                "bad.example", "bad.example", NULL, 0},
        {COLLECTION_TAGS, NULL, "/api/v1/followed_tags?limit=200", "[{},{\"name\":\"c\"}]", "c",
                "#c", NULL, 0},
        {COLLECTION_REQUESTS, NULL, "/api/v1/follow_requests?limit=80", "[" ACCOUNT("9", "") "]",
                "u9@far.example", "u9@far.example", NULL, 0},
        {COLLECTION_FOLLOWERS, "u9@far.example", "/api/v1/accounts/9/followers?limit=80",
                "[" ACCOUNT("8", "") "]", "u8@far.example", "u8@far.example", NULL, 0},
        {COLLECTION_FOLLOWING, "u9@far.example", "/api/v1/accounts/9/following?limit=80",
                "[" ACCOUNT("8", "") "]", "u8@far.example", "u8@far.example", NULL, 0},
        {COLLECTION_LIKED_BY, "https://far.example/s/12",
                "/api/v1/statuses/12/favourited_by?limit=80", "[" ACCOUNT("8", "") "]",
                "u8@far.example", "u8@far.example", NULL, 0},
        {COLLECTION_REPOSTED_BY, "https://far.example/s/12",
                "/api/v1/statuses/12/reblogged_by?limit=80", "[" ACCOUNT("8", "") "]",
                "u8@far.example", "u8@far.example", NULL, 0},
        {COLLECTION_HISTORY, "https://far.example/s/12", "/api/v1/statuses/12/history",
                "[{\"content\":\"<p>a<br>b</p>\",\"spoiler_text\":\"w\",\"created_at\":"
                "\"2026-11-21T01:00:00Z\"}]",
                "1", "w", "a\nb", 1795222800000},
        {COLLECTION_SOURCE, "https://far.example/s/12", "/api/v1/statuses/12/source",
                "{\"id\":\"12\",\"text\":\"a\\n\\u001b*b*\",\"spoiler_text\":\"w\"}", "12", "w",
                "a\n*b*", 0},
        {COLLECTION_PEOPLE, "u 8&", "/api/v1/accounts/search?limit=10&q=u%208%26",
                "[" ACCOUNT("8", "") "]", "u8@far.example", "u8@far.example", NULL, 0},
        {COLLECTION_EMOJI, NULL, "/api/v1/custom_emojis",
                "[{},{\"shortcode\":\"no\",\"visible_in_picker\":false},{\"shortcode\":\"wave\"}]",
                "wave", "wave", NULL, 0},
};

static void find(struct world *w, const struct row *row)
{
	if (!row->arg || row->kind == COLLECTION_MEMBERS || row->kind == COLLECTION_PEOPLE) return;
	assert_null(strstr(w->req.url, row->path));
	reply(w, 200, strstr(row->arg, "://") ? FOUND_POST : ACCOUNT("9", ""));
}

static void each_collection_has_its_place(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	/* All but custom feeds, which are Bluesky's. */
	list(&w, COLLECTION_FEEDS, NULL, NULL);
	assert_int_equal(w.next, CALL_FAIL);
	assert_int_equal(w.call.err.code, ERR_UNSUPPORTED);
	assert_int_equal(sizeof rows / sizeof *rows, COLLECTION_COUNT - 1);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		list(&w, rows[i].kind, rows[i].arg, NULL);
		find(&w, &rows[i]);
		asks(&w, "GET", rows[i].path, NULL);
		reply(&w, 200, rows[i].body);
		is_done(&w);
		const struct items *items = w.call.items;
		assert_int_equal(items->kind, rows[i].kind);
		assert_int_equal(items->nitems, 1);
		assert_string_equal(items->items[0].id, rows[i].id);
		assert_string_equal(items->items[0].title, rows[i].title);
		if (rows[i].detail)
			assert_string_equal(items->items[0].detail, rows[i].detail);
		else
			assert_null(items->items[0].detail);
		assert_int_equal(items->items[0].at_ms, rows[i].at_ms);
		assert_null(items->older);
	}
	finish(&w);
}

static void pages_go_on_where_the_link_says(void **state)
{
	(void)state;
	static const char link[] = "Link: <https://x.example/y?limit=80&max_id=7>; rel=\"next\"";
	struct world w;
	world_init(&w);
	list(&w, COLLECTION_BLOCKS, NULL, NULL);
	answer_by(&w, mastodon()->items, 200, link, "[]");
	is_done(&w);
	assert_string_equal(w.call.items->older, "?limit=80&max_id=7");
	list(&w, COLLECTION_BLOCKS, NULL, "?limit=80&max_id=7");
	asks(&w, "GET", "/api/v1/blocks?limit=80&max_id=7", NULL);

	/* What was looked up for the first page is not looked up again. */
	list(&w, COLLECTION_FOLLOWERS, "u9@far.example", NULL);
	reply(&w, 200, ACCOUNT("9/x", ""));
	answer_by(&w, mastodon()->items, 200, link, "[]");
	assert_string_equal(w.call.items->older, "9%2Fx?limit=80&max_id=7");
	list(&w, COLLECTION_FOLLOWERS, "u9@far.example", "9%2Fx?limit=80&max_id=7");
	asks(&w, "GET", "/api/v1/accounts/9%2Fx/followers?limit=80&max_id=7", NULL);

	list(&w, COLLECTION_FOLLOWERS, "u9@far.example", "nonsense");
	is_failed(&w, ERR_SYNTAX, "no such page");
	list(&w, COLLECTION_FOLLOWERS, "u9@far.example", "9?a b");
	is_failed(&w, ERR_SYNTAX, "no such page");
	finish(&w);
}

static void ids_and_ourselves_need_no_lookup(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	list(&w, COLLECTION_SOURCE, "12", NULL);
	asks(&w, "GET", "/api/v1/statuses/12/source", NULL);
	w.account.remote_id = (char *)"109";
	list(&w, COLLECTION_FOLLOWERS, "@ADA@social.example", NULL);
	asks(&w, "GET", "/api/v1/accounts/109/followers?limit=80", NULL);
	list(&w, COLLECTION_FOLLOWING, "https://social.example/users/ada", NULL);
	asks(&w, "GET", "/api/v1/accounts/109/following?limit=80", NULL);
	finish(&w);
}

static void failures_are_told(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	list(&w, COLLECTION_MEMBERS, NULL, NULL);
	is_failed(&w, ERR_SYNTAX, "of what");
	list(&w, COLLECTION_DOMAINS, NULL, NULL);
	reply(&w, 404, "<html>");
	is_failed(&w, ERR_UNSUPPORTED, "social.example does not tell this: hosts hidden");
	list(&w, COLLECTION_TAGS, NULL, NULL);
	reply(&w, 404, "{\"error\":\"Not found\"}");
	is_failed(&w, ERR_UNSUPPORTED, "does not tell this: tags followed");
	list(&w, COLLECTION_MEMBERS, "3", NULL);
	reply(&w, 404, "{\"error\":\"Record not found\"}");
	is_failed(&w, ERR_NOT_FOUND, "visible to work");
	list(&w, COLLECTION_MEMBERS, "3", NULL);
	reply(&w, 200, "{}");
	is_failed(&w, ERR_FORMAT, "not what was asked");
	list(&w, COLLECTION_SOURCE, "3", NULL);
	reply(&w, 200, "[]");
	is_failed(&w, ERR_FORMAT, "not what was asked");
	finish(&w);
}

static void a_page_without_end_has_one(void **state)
{
	(void)state;
	struct str body = {0};
	struct world w;
	world_init(&w);
	str_addc(&body, '[');
	for (int i = 0; i < 5000; i++)
		str_addf(&body, "%s\"h%d.example\"", i ? "," : "", i);
	str_addc(&body, ']');
	list(&w, COLLECTION_DOMAINS, NULL, NULL);
	reply(&w, 200, body.p);
	is_done(&w);
	assert_int_equal(w.call.items->nitems, 2000);
	str_finish(&body);
	finish(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(each_collection_has_its_place),
	        cmocka_unit_test(pages_go_on_where_the_link_says),
	        cmocka_unit_test(ids_and_ourselves_need_no_lookup),
	        cmocka_unit_test(failures_are_told),
	        cmocka_unit_test(a_page_without_end_has_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
