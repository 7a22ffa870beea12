/* Notifications: grouped ones, those of other servers, and those of nobody in particular. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "mastodon_world.h"

static const struct post *post_of(const struct page *page, size_t entry)
{
	assert_true(page->entries[entry].post > 0);
	return page->posts[page->entries[entry].post - 1];
}

static const char *actor_of(const struct page *page, size_t entry)
{
	uint32_t actor = page->entries[entry].actor;
	return actor ? page->profiles[actor - 1]->handle : "";
}

/* The rows of grouped.json. */
static const struct page *grouped(struct world *w)
{
	char *body = fixture("grouped.json");
	w->account.caps = CAP_GROUPED;
	ask(w, SOURCE_NOTIFICATIONS, NULL);
	assert_string_equal(w->req.url, "https://social.example/api/v2/notifications?limit=40");
	answer(w, 200, NULL, body);
	assert_int_equal(w->next, CALL_DONE);
	free(body);
	return w->call.out;
}

static void a_group_is_a_row_for_each_whom_it_names(void **state)
{
	(void)state;
	static const struct {
		enum reason reason;
		const char *actor, *cursor;
	} rows[] = {
	        {REASON_LIKED, "bob@far.example", "710"},
	        {REASON_LIKED, "cleo@isle.example", "710"},
	        {REASON_LIKED, "dan@social.example", "710"},
	        {REASON_MENTIONED, "bob@far.example", "705"},
	        {REASON_FOLLOWED, "dan@social.example", "704"},
	        {REASON_FOLLOWED, "cleo@isle.example", "704"},
	        {REASON_OTHER, "", "702"},
	        {REASON_OTHER, "", "701"},
	        {REASON_OTHER, "", "700"},
	};
	struct world w;
	world_init(&w);
	const struct page *page = grouped(&w);
	assert_int_equal(page->nentries, sizeof rows / sizeof *rows);
	assert_int_equal(page->unreadable, 0);
	for (size_t i = 0; i < page->nentries; i++) {
		assert_int_equal(page->entries[i].reason, rows[i].reason);
		assert_string_equal(actor_of(page, i), rows[i].actor);
		assert_string_equal(page->entries[i].cursor, rows[i].cursor);
	}
	assert_string_equal(post_str(post_of(page, 0), POST_BODY), "Mine");
	assert_int_equal(page->entries[0].post, page->entries[2].post);
	assert_true(post_viewer(post_of(page, 3), 0).flags & VIEWER_MENTIONED);
	assert_string_equal(w.state.newest, "710");
	world_finish(&w);
}

static void the_server_speaks_for_itself(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	const struct page *page = grouped(&w);
	assert_string_equal(post_str(post_of(page, 6), POST_BODY),
	        "3 followers and 1 followed were lost with "
	        "loud.example: the moderators blocked it");
	assert_string_equal(post_str(post_of(page, 7), POST_BODY),
	        "The moderators acted on this account (sensitive): Please mark such pictures.");
	assert_string_equal(
	        post_str(post_of(page, 8), POST_BODY), "A new thing\n\nhappened to you");
	assert_string_equal(
	        post_str(post_of(page, 6), POST_URI), "notification:social.example/702");
	assert_string_equal(page->profiles[post_of(page, 6)->author - 1]->handle, "social.example");
	world_finish(&w);
}

static void a_group_that_makes_no_sense_is_lost_alone(void **state)
{
	(void)state;
	static const char *const groups[] = {
	        "{}",
	        "7",
	        "{\"type\":\"follow\",\"most_recent_notification_id\":{},"
	        "\"latest_page_notification_at\":\"2026-11-20T10:00:00Z\"}",
	        "{\"type\":\"follow\",\"most_recent_notification_id\":-5,"
	        "\"latest_page_notification_at\":\"2026-11-20T10:00:00Z\"}",
	        "{\"type\":\"follow\",\"most_recent_notification_id\":5,"
	        "\"latest_page_notification_at\":\"yesterday\"}",
	        "{\"type\":\"follow\",\"most_recent_notification_id\":5,"
	        "\"latest_page_notification_at\":\"2026-11-20T10:00:00Z\","
	        "\"sample_account_ids\":[{},null,7,\"nobody\"]}",
	};
	struct world w;
	world_init(&w);
	w.account.caps = CAP_GROUPED;
	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
		struct str body = {0};
		str_addf(&body, "{\"accounts\":null,\"statuses\":{},\"notification_groups\":[%s]}",
		        groups[i]);
		ask(&w, SOURCE_NOTIFICATIONS, NULL);
		answer(&w, 200, NULL, body.p);
		assert_int_equal(w.next, CALL_DONE);
		assert_int_equal(w.call.out->unreadable, 1);
		assert_int_equal(w.call.out->nentries, 0);
		str_finish(&body);
	}
	world_finish(&w);
}

static void where_groups_are_gone_they_come_one_by_one(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	w.account.caps = CAP_GROUPED;
	w.state.newest = xstrdup("5");
	ask(&w, SOURCE_NOTIFICATIONS, NULL);
	assert_string_equal(
	        w.req.url, "https://social.example/api/v2/notifications?limit=40&since_id=5");
	answer(&w, 404, NULL, "{\"error\":\"Not found\"}");
	assert_int_equal(w.next, CALL_SEND);
	assert_string_equal(
	        w.req.url, "https://social.example/api/v1/notifications?limit=40&since_id=5");
	char *body = fixture("notifications.json");
	answer(&w, 200, "Link: <https://x?min_id=9>; rel=\"prev\"", body);
	assert_int_equal(w.next, CALL_DONE);
	assert_true(w.call.out->nentries > 5);
	free(body);
	world_finish(&w);
}

static void pleromas_own_types_are_rows(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	const struct page *page = page_of(&w, SOURCE_NOTIFICATIONS, "pleroma_notifications.json");
	assert_int_equal(page->nentries, 4);
	assert_int_equal(page->unreadable, 0);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(page->entries[i].reason, REASON_OTHER);
		assert_string_equal(actor_of(page, i), "eve@akko.example");
	}
	const struct post *post = post_of(page, 0);
	assert_string_equal(post_str(post, POST_BODY), "Tea, then\ncode");
	assert_int_equal(post->visibility, VIS_FOLLOWERS);
	assert_string_equal(post_viewer(post, 0).remote_id, "AoJYnQVCLzkqcQx1a4");
	world_finish(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_group_is_a_row_for_each_whom_it_names),
	        cmocka_unit_test(the_server_speaks_for_itself),
	        cmocka_unit_test(a_group_that_makes_no_sense_is_lost_alone),
	        cmocka_unit_test(where_groups_are_gone_they_come_one_by_one),
	        cmocka_unit_test(pleromas_own_types_are_rows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
