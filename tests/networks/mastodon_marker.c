/* Up to where the server thinks that a timeline was read. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "mastodon_steps.h"

struct bookmark {
	struct world w;
	struct marker marker;
	call_step *step;
};

static void reply(struct bookmark *b, int status, const char *body)
{
	answer_by(&b->w, b->step, status, NULL, body);
}

static void open_at(struct bookmark *b, enum source_kind kind, call_step *step, const char *cursor,
        int64_t at_ms)
{
	world_init(&b->w);
	b->w.source.kind = kind;
	b->marker = (struct marker){.cursor = xstrdup(cursor), .at_ms = at_ms};
	b->w.call.marker = &b->marker;
	b->step = step;
	begin(&b->w, step);
}

static void close_book(struct bookmark *b)
{
	free(b->marker.cursor);
	world_finish(&b->w);
}

static const char home_7[] = "{\"home\":{\"last_read_id\":\"7\",\"version\":4}}";
static const char at_2[] = "{\"id\":\"7\",\"created_at\":\"2026-11-21T02:00:00Z\"}";
static const int64_t two = 1795222800000 + 3600000;
static const char put_8[] = "{\"home\":{\"last_read_id\":\"8\"}}";

static void a_marker_is_read_with_its_time(void **state)
{
	(void)state;
	struct bookmark b;
	open_at(&b, SOURCE_HOME, mastodon()->marker_read, "old", 5);
	asks(&b.w, "GET", "/api/v1/markers?timeline%5B%5D=home", NULL);
	reply(&b, 200, home_7);
	asks(&b.w, "GET", "/api/v1/statuses/7", NULL);
	reply(&b, 200, at_2);
	is_done(&b.w);
	assert_string_equal(b.marker.cursor, "7");
	assert_int_equal(b.marker.at_ms, two);
	close_book(&b);

	open_at(&b, SOURCE_NOTIFICATIONS, mastodon()->marker_read, NULL, 0);
	asks(&b.w, "GET", "/api/v1/markers?timeline%5B%5D=notifications", NULL);
	reply(&b, 200, "{\"notifications\":{\"last_read_id\":\"x/7\"}}");
	asks(&b.w, "GET", "/api/v1/notifications/x%2F7", NULL);
	reply(&b, 404, "{\"error\":\"gone\"}");
	is_done(&b.w);
	assert_string_equal(b.marker.cursor, "x/7");
	assert_int_equal(b.marker.at_ms, 0);
	close_book(&b);

	open_at(&b, SOURCE_HOME, mastodon()->marker_read, "old", 5);
	reply(&b, 200, "{}");
	is_done(&b.w);
	assert_null(b.marker.cursor);
	assert_int_equal(b.marker.at_ms, 0);
	close_book(&b);
}

static void a_marker_goes_forward(void **state)
{
	(void)state;
	struct bookmark b;
	open_at(&b, SOURCE_HOME, mastodon()->marker_write, "8", two + 1);
	asks(&b.w, "GET", "/api/v1/markers?timeline%5B%5D=home", NULL);
	reply(&b, 200, home_7);
	asks(&b.w, "GET", "/api/v1/statuses/7", NULL);
	reply(&b, 200, at_2);
	asks(&b.w, "POST", "/api/v1/markers", put_8);
	reply(&b, 200, "{}");
	is_done(&b.w);
	assert_string_equal(b.marker.cursor, "8");
	close_book(&b);

	open_at(&b, SOURCE_HOME, mastodon()->marker_write, "8", 0);
	reply(&b, 200, "{}");
	asks(&b.w, "POST", "/api/v1/markers", put_8);
	close_book(&b);
	open_at(&b, SOURCE_HOME, mastodon()->marker_write, "7", 0);
	reply(&b, 200, home_7);
	is_done(&b.w);
	close_book(&b);
}

static void a_marker_never_goes_back(void **state)
{
	(void)state;
	struct bookmark b;
	open_at(&b, SOURCE_HOME, mastodon()->marker_write, "8", two - 1);
	reply(&b, 200, home_7);
	reply(&b, 200, at_2);
	is_done(&b.w);
	assert_string_equal(b.marker.cursor, "7");
	assert_int_equal(b.marker.at_ms, two);
	close_book(&b);
}

static void without_times_ids_are_compared(void **state)
{
	(void)state;
	static const struct {
		const char *theirs, *ours;
		bool moves;
	} rows[] = {
	        {"99", "100", true},
	        {"100", "99", false},
	        {"01ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAW", true},
	        {"01ARZ3NDEKTSV4RRFFQ69G5FAW", "01ARZ3NDEKTSV4RRFFQ69G5FAV", false},
	        {"abcd", "ab", true},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct bookmark b;
		char body[100];
		open_at(&b, SOURCE_HOME, mastodon()->marker_write, rows[i].ours, 0);
		snprintf(body, sizeof body, "{\"home\":{\"last_read_id\":\"%s\"}}", rows[i].theirs);
		reply(&b, 200, body);
		reply(&b, 404, "{}");
		assert_int_equal(b.w.next, rows[i].moves ? CALL_SEND : CALL_DONE);
		close_book(&b);
	}
}

static void a_conflict_is_tried_once_more(void **state)
{
	(void)state;
	struct bookmark b;
	open_at(&b, SOURCE_HOME, mastodon()->marker_write, "8", two + 1);
	reply(&b, 200, "{}");
	reply(&b, 409, "{\"error\":\"Conflict\"}");
	asks(&b.w, "GET", "/api/v1/markers?timeline%5B%5D=home", NULL);
	reply(&b, 200, "{}");
	asks(&b.w, "POST", "/api/v1/markers", put_8);
	reply(&b, 409, "{\"error\":\"Conflict\"}");
	assert_int_equal(b.w.next, CALL_FAIL);
	close_book(&b);
}

static void what_cannot_be_marked_is_told(void **state)
{
	(void)state;
	struct bookmark b;
	open_at(&b, SOURCE_LOCAL, mastodon()->marker_read, NULL, 0);
	is_failed(&b.w, ERR_UNSUPPORTED, "home and notifications only");
	close_book(&b);
	open_at(&b, SOURCE_HOME, mastodon()->marker_write, NULL, 0);
	is_failed(&b.w, ERR_SYNTAX, "up to where");
	close_book(&b);
	open_at(&b, SOURCE_HOME, mastodon()->marker_read, NULL, 0);
	reply(&b, 404, "<html>");
	is_failed(&b.w, ERR_UNSUPPORTED, "social.example cannot remember what was read");
	close_book(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_marker_is_read_with_its_time),
	        cmocka_unit_test(a_marker_goes_forward),
	        cmocka_unit_test(a_marker_never_goes_back),
	        cmocka_unit_test(without_times_ids_are_compared),
	        cmocka_unit_test(a_conflict_is_tried_once_more),
	        cmocka_unit_test(what_cannot_be_marked_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
