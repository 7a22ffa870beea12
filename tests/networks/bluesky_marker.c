/* Bluesky's notifications: up to when they were seen. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "bluesky_world.h"

#define SEEN "2026-11-21T00:30:00.500Z"
enum { SEEN_S = 1795221000 };
#define SEEN_MS (SEEN_S * INT64_C(1000) + 500)

struct seen {
	struct world w;
	struct marker marker;
};

static void seen_init(struct seen *seen, enum source_kind kind)
{
	*seen = (struct seen){0};
	world_init(&seen->w);
	seen->w.source.kind = kind;
	seen->w.call.source = &seen->w.source;
	seen->w.call.marker = &seen->marker;
}

static void seen_finish(struct seen *seen)
{
	free(seen->marker.cursor);
	world_finish(&seen->w);
}

static void the_server_says_up_to_when(void **state)
{
	(void)state;
	struct seen seen;
	seen_init(&seen, SOURCE_NOTIFICATIONS);
	begin(&seen.w, bluesky()->marker_read);
	assert_string_equal(seen.w.req.url,
	        "https://pds.example/xrpc/app.bsky.notification.listNotifications?limit=1");
	answer(&seen.w, 200, "{\"notifications\":[],\"seenAt\":\"" SEEN "\"}");
	assert_int_equal(seen.w.next, CALL_DONE);
	/* What came at that very moment is new there. */
	assert_string_equal(seen.marker.cursor, "2026-11-21T00:30:00.499Z");
	assert_true(seen.marker.at_ms == SEEN_MS - 1);
	seen_finish(&seen);
}

static void never_seen_is_no_marker(void **state)
{
	(void)state;
	struct seen seen;
	seen_init(&seen, SOURCE_NOTIFICATIONS);
	begin(&seen.w, bluesky()->marker_read);
	answer(&seen.w, 200, "{\"notifications\":[],\"seenAt\":\"yesterday\"}");
	assert_int_equal(seen.w.next, CALL_DONE);
	assert_null(seen.marker.cursor);
	/* The server says the newest row's time when it has no other. */
	begin(&seen.w, bluesky()->marker_read);
	answer(&seen.w, 200,
	        "{\"notifications\":[{\"indexedAt\":\"" SEEN "\"}],\"seenAt\":\"" SEEN "\"}");
	assert_null(seen.marker.cursor);
	begin(&seen.w, bluesky()->marker_read);
	answer(&seen.w, 502, "");
	assert_int_equal(seen.w.next, CALL_FAIL);
	seen_finish(&seen);
}

static void seen_goes_forward_alone(void **state)
{
	(void)state;
	static const struct {
		int64_t ours_ms;
		bool writes;
	} rows[] = {
	        {SEEN_MS + 1, true}, {SEEN_MS, true}, {SEEN_MS - 1, false}, {SEEN_MS - 9, false}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct seen seen;
		seen_init(&seen, SOURCE_NOTIFICATIONS);
		seen.marker = (struct marker){
		        .cursor = xstrdup("2026-11-21T00:30:00.501Z"), .at_ms = rows[i].ours_ms};
		begin(&seen.w, bluesky()->marker_write);
		answer(&seen.w, 200, "{\"notifications\":[],\"seenAt\":\"" SEEN "\"}");
		assert_int_equal(seen.w.next, rows[i].writes ? CALL_SEND : CALL_DONE);
		if (rows[i].writes) {
			assert_string_equal(seen.w.req.url,
			        "https://pds.example/xrpc/app.bsky.notification.updateSeen");
			assert_string_equal(seen.w.req.body,
			        i == 0 ? "{\"seenAt\":\"2026-11-21T00:30:00.502Z\"}"
			               : "{\"seenAt\":\"2026-11-21T00:30:00.501Z\"}");
			answer(&seen.w, 200, "");
			assert_int_equal(seen.w.next, CALL_DONE);
		} else {
			assert_true(seen.marker.at_ms == SEEN_MS - 1);
		}
		seen_finish(&seen);
	}
}

static void what_was_never_seen_is_written(void **state)
{
	(void)state;
	struct seen seen;
	seen_init(&seen, SOURCE_NOTIFICATIONS);
	begin(&seen.w, bluesky()->marker_write);
	assert_int_equal(seen.w.next, CALL_FAIL);
	seen.marker = (struct marker){.cursor = xstrdup(SEEN), .at_ms = SEEN_MS};
	begin(&seen.w, bluesky()->marker_write);
	answer(&seen.w, 200, "{\"notifications\":[]}");
	assert_string_equal(seen.w.req.body, "{\"seenAt\":\"2026-11-21T00:30:00.501Z\"}");
	answer(&seen.w, 400, "{\"error\":\"ExpiredToken\"}");
	assert_int_equal(seen.w.next, CALL_FAIL);
	assert_int_equal(seen.w.call.err.code, ERR_AUTH);
	seen_finish(&seen);
}

static void of_home_nothing_is_remembered(void **state)
{
	(void)state;
	struct seen seen;
	seen_init(&seen, SOURCE_HOME);
	begin(&seen.w, bluesky()->marker_read);
	assert_int_equal(seen.w.next, CALL_DONE);
	assert_null(seen.marker.cursor);
	seen.marker = (struct marker){.cursor = xstrdup("x"), .at_ms = 1};
	begin(&seen.w, bluesky()->marker_write);
	assert_int_equal(seen.w.next, CALL_DONE);
	seen_finish(&seen);
}

static void a_row_is_known_by_its_time(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	ask(&w, SOURCE_NOTIFICATIONS, NULL);
	answer(&w, 200,
	        "{\"notifications\":[{\"uri\":\"at://did:plc:bob/app.bsky.graph.follow/"
	        "3k\",\"cid\":"
	        "\"b\",\"author\":{\"did\":\"did:plc:bob\",\"handle\":\"bob.test\"},\"reason\":"
	        "\"follow\",\"record\":{},\"isRead\":false,\"indexedAt\":\"" SEEN "\"}]}");
	assert_int_equal(w.next, CALL_DONE);
	assert_int_equal(w.call.out->nentries, 1);
	assert_string_equal(w.call.out->entries[0].cursor, SEEN);
	world_finish(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(the_server_says_up_to_when),
	        cmocka_unit_test(never_seen_is_no_marker),
	        cmocka_unit_test(seen_goes_forward_alone),
	        cmocka_unit_test(what_was_never_seen_is_written),
	        cmocka_unit_test(of_home_nothing_is_remembered),
	        cmocka_unit_test(a_row_is_known_by_its_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
