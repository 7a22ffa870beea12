/* Streams: sharing, catching up, silence, reconnecting, and that nothing is lost by it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "world.h"

static enum health_kind health(struct world *world, source_id source)
{
	struct event *event = health_of(world, source);
	assert_non_null(event);
	return event->health.kind;
}

/* The newest stream's number in the replay. */
static size_t stream(struct world *world)
{
	for (size_t i = replay_count(world->replay); i-- > 0;) {
		if (replay_request(world->replay, i)->stream) return i;
	}
	fail_msg("there is no stream");
	return 0;
}

/* The last WebSocket: a colleague may have asked for events while it was opened. */
static size_t socket_of(struct world *world)
{
	for (size_t i = replay_count(world->replay); i-- > 0;) {
		if (replay_request(world->replay, i)->websocket) return i;
	}
	fail_msg("there is no WebSocket");
	return 0;
}

static size_t streams(struct world *world)
{
	size_t n = 0;
	for (size_t i = 0; i < replay_count(world->replay); i++)
		n += replay_request(world->replay, i)->stream;
	return n;
}

static void event(struct world *world, const char *name, const char *data)
{
	struct str bytes = {0};
	str_addf(&bytes, "event: %s\ndata: ", name);
	str_addf(&bytes, "%.*s\n\n", (int)strcspn(data, "\n"), data);
	replay_chunk(world->replay, stream(world), bytes.p);
	str_finish(&bytes);
}

static void update(struct world *world, int id)
{
	char a[64];
	event(world, "update", row(world, a, id, 0));
}

static void sources_share_a_stream(void **state)
{
	struct world *world = *state;
	login(world);
	replay_script(world->replay, "newer=", 200, "", "");
	watch(world, 1, "work/home");
	watch(world, 2, "work/mentions");
	watch(world, 3, "work/tag:c");
	watch(world, 4, "work/local");
	settle(world);
	assert_int_equal(streams(world), 1);
	pass(world, SECOND);                 /* not all at one moment */
	assert_int_equal(streams(world), 2); /* user, tag-c; local has none */
	size_t user = 0;
	for (size_t i = 0; i < replay_count(world->replay); i++) {
		if (strstr(replay_url(world->replay, i), "/stream/user")) user = i;
	}
	replay_open(world->replay, user);
	settle(world);
	assert_int_equal(health(world, 1), HEALTH_LIVE);
	assert_int_equal(health(world, 2), HEALTH_LIVE);
	assert_int_equal(health(world, 3), HEALTH_POLLING);
	char a[64], bytes[128];
	snprintf(bytes, sizeof(bytes), "event: mention\ndata: %s\n", row(world, a, 7, 0));
	replay_chunk(world->replay, user, bytes);
	pass(world, 100);
	assert_rows(world, 1, "");
	assert_rows(world, 2, "7");
	post(world, job_of(JOB_UNWATCH, 1, ""));
	settle(world);
	assert_true(replay_is_open(world->replay, user));
	post(world, job_of(JOB_UNWATCH, 2, ""));
	settle(world);
	assert_false(replay_is_open(world->replay, user));
}

static void what_came_before_is_fetched_first(void **state)
{
	struct world *world = *state;
	char a[64];
	login(world);
	replay_script(world->replay, "newer=", 200, "", row(world, a, 1, HOUR));
	watch(world, 1, "work/home");
	settle(world);
	replay_script(world->replay, "newer=1", 500, "", ""); /* once, then as scripted above */
	replay_delay(world->replay, 2 * SECOND);
	replay_script(world->replay, "newer=1", 200, "", row(world, a, 2, MINUTE));
	replay_open(world->replay, stream(world));
	settle(world);
	update(world, 3);
	pass(world, 1);
	update(world, 4);
	settle(world);
	assert_rows(world, 1, "1"); /* held back */
	pass(world, 10 * SECOND);
	assert_rows(world, 1, "1 2 4 3");
	assert_int_equal(health(world, 1), HEALTH_LIVE);
	update(world, 5);
	settle(world);
	pass(world, SECOND);
	assert_rows(world, 1, "1 2 4 3 5");
	/* The next fetch goes on from the stream's newest row, and is rare. */
	replay_delay(world->replay, 0);
	size_t before = replay_count(world->replay);
	for (int i = 0; i < 16; i++) {
		replay_chunk(world->replay, stream(world), ":thump\n");
		pass(world, 40 * SECOND);
	}
	assert_int_equal(replay_count(world->replay), before);
	for (int i = 0; i < 16; i++) {
		replay_chunk(world->replay, stream(world), ":thump\n");
		pass(world, 40 * SECOND);
	}
	assert_int_equal(replay_count(world->replay), before + 1);
	assert_non_null(strstr(replay_url(world->replay, before), "newer=5"));
}

static void silence_is_a_fault(void **state)
{
	struct world *world = *state;
	login(world);
	replay_script(world->replay, "newer=", 200, "", "");
	watch(world, 1, "work/home");
	settle(world);
	size_t first = stream(world);
	replay_open(world->replay, first);
	for (int i = 0; i < 5; i++) {
		pass(world, 44 * SECOND);
		assert_true(replay_is_open(world->replay, first));
		replay_chunk(world->replay, first, ":thump\n");
	}
	pass(world, 46 * SECOND);
	assert_false(replay_is_open(world->replay, first));
	pass(world, 3 * SECOND); /* it was healthy: back at once */
	assert_int_equal(streams(world), 2);
	assert_int_not_equal(health(world, 1), HEALTH_LIVE);
	pass(world, 50 * SECOND); /* one that never opens */
	assert_false(replay_is_open(world->replay, first + 2));
}

static void reconnecting_backs_off(void **state)
{
	struct world *world = *state;
	login(world);
	replay_script(world->replay, "newer=", 200, "", "");
	replay_script(world->replay, "/stream/", 502, "", "");
	watch(world, 1, "work/home");
	pass(world, 20 * MINUTE);
	int64_t last = -1, most = SECOND;
	size_t n = 0;
	for (size_t i = 0; i < replay_count(world->replay); i++) {
		if (!replay_request(world->replay, i)->stream) continue;
		int64_t at = replay_sent_ms(world->replay, i);
		if (last >= 0) {
			most = most * 2 < MINUTE ? most * 2 : MINUTE;
			assert_in_range(at - last, SECOND, most);
		}
		last = at;
		n++;
	}
	assert_in_range(n, 20, 80);
	/* Meanwhile the source is asked as if there were no streams. */
	assert_true(replay_count(world->replay) - n >= 13);
	assert_int_equal(health(world, 1), HEALTH_POLLING);
}

static void a_minute_of_health_ends_the_backoff(void **state)
{
	struct world *world = *state;
	login(world);
	replay_script(world->replay, "newer=", 200, "", "");
	watch(world, 1, "work/home");
	settle(world);
	for (int i = 0; i < 8; i++) {
		replay_answer(world->replay, stream(world), 502, "", "");
		pass(world, SECOND);
		for (int j = 0; j < 70 && !replay_is_open(world->replay, stream(world)); j++)
			pass(world, SECOND);
	}
	size_t last = stream(world);
	replay_open(world->replay, last);
	pass(world, 40 * SECOND);
	replay_chunk(world->replay, last, ":thump\n");
	pass(world, 30 * SECOND);
	replay_answer(world->replay, last, 200, "", "");
	pass(world, 2 * SECOND);
	assert_true(stream(world) > last);
}

/* Asked `first` times at once, and then no more than `most` times. */
static void refused(void **state, int status, size_t first, int64_t wait, size_t most)
{
	struct world *world = *state;
	login(world);
	replay_script(world->replay, "newer=", 200, "", "");
	replay_script(world->replay, "/stream/", status, "", "");
	replay_script(world->replay, "/socket/", status, "", "");
	watch(world, 1, "work/home");
	pass(world, wait);
	assert_int_equal(streams(world), first);
	pass(world, 3 * HOUR);
	assert_in_range(streams(world), first, most);
	assert_int_equal(health(world, 1), HEALTH_POLLING);
}

static void no_such_stream(void **state)
{
	refused(state, 404, 2, 59 * MINUTE, 8);
}

static void a_stream_wants_another_token(void **state)
{
	refused(state, 401, 1, 10 * HOUR, 1);
}

static void events_are_gathered(void **state)
{
	struct world *world = *state;
	struct str bytes = {0};
	char a[64];
	login(world);
	replay_script(world->replay, "newer=", 200, "", "");
	watch(world, 1, "work/home");
	settle(world);
	replay_open(world->replay, stream(world));
	pass(world, SECOND);
	size_t before = count(world, EVENT_PAGE);
	for (int i = 1; i <= 1000; i++)
		str_addf(&bytes, "data: %s\n", row(world, a, i, 1000 - i));
	replay_chunk(world->replay, stream(world), bytes.p);
	settle(world);
	assert_int_equal(count(world, EVENT_PAGE), before + 1);
	struct page *page = event_at(world, EVENT_PAGE, before)->page;
	assert_int_equal(page->nentries, 1000);
	assert_string_equal(page->entries[0].cursor, "1000");
	/* A trickle is told at most ten times a second. */
	for (int i = 0; i < 200; i++) {
		update(world, 2000 + i);
		pass(world, 5);
	}
	pass(world, 100);
	assert_in_range(count(world, EVENT_PAGE) - before, 9, 12);
	str_finish(&bytes);
}

static void deletions_are_told(void **state)
{
	struct world *world = *state;
	login(world);
	replay_script(world->replay, "newer=", 200, "", "");
	watch(world, 1, "work/home");
	settle(world);
	replay_open(world->replay, stream(world));
	settle(world);
	event(world, "delete", "42");
	settle(world);
	struct event *gone = event_at(world, EVENT_GONE, 0);
	assert_non_null(gone);
	assert_string_equal(gone->text, "42");
	assert_true(gone->account > ACCOUNT_FEEDS);
	size_t before = replay_count(world->replay);
	event(world, "refresh", "x");
	settle(world);
	assert_int_equal(replay_count(world->replay), before + 1);
}

/* -- WebSockets -- */

static unsigned caps_of(struct world *world)
{
	return signin_find(world->core, "work")->account->caps;
}

static void set_caps(struct world *world, unsigned caps)
{
	struct signin *signin = signin_find(world->core, "work");
	signin_learned(world->core, signin->account->id, caps, 0);
	settle(world);
}

static void a_socket_carries_all(void **state)
{
	struct world *world = *state;
	char a[64], text[128];
	login(world);
	set_caps(world, CAP_STREAM | CAP_STREAM_WS);
	replay_script(world->replay, "newer=", 200, "", "");
	watch(world, 1, "work/home");
	watch(world, 2, "work/tag:c");
	pass(world, 5 * SECOND);
	assert_int_equal(streams(world), 1);
	size_t socket = stream(world);
	assert_non_null(strstr(replay_url(world->replay, socket), "/socket/user"));
	replay_open(world->replay, socket);
	pass(world, SECOND);
	assert_string_equal(replay_said(world->replay, socket), "+tag-c\n");
	assert_health(world, 1, HEALTH_LIVE);
	assert_health(world, 2, HEALTH_LIVE);
	snprintf(text, sizeof text, "user update\n%s", row(world, a, 7, 0));
	replay_chunk(world->replay, socket, text);
	snprintf(text, sizeof text, "- update\n%s", row(world, a, 8, 0));
	replay_chunk(
	        world->replay, socket, text); /* not said whose: of the first, by its address */
	snprintf(text, sizeof text, "else update\n%s", row(world, a, 9, 0));
	replay_chunk(world->replay, socket, text); /* nobody's */
	replay_chunk(world->replay, socket, "nonsense");
	pass(world, SECOND);
	assert_rows(world, 1, "7 8");
	/* One more column joins and leaves; what it missed is fetched. */
	size_t before = replay_count(world->replay);
	watch(world, 3, "work/tag:zig");
	pass(world, 5 * SECOND);
	assert_string_equal(replay_said(world->replay, socket), "+tag-c\n+tag-zig\n");
	assert_int_equal(replay_count(world->replay), before + 1);
	assert_health(world, 3, HEALTH_LIVE);
	post(world, job_of(JOB_UNWATCH, 3, ""));
	settle(world);
	assert_string_equal(replay_said(world->replay, socket), "+tag-c\n+tag-zig\n-tag-zig\n");
	/* It is asked whether it lives before it is given up. */
	pass(world, 26 * SECOND);
	assert_true(replay_is_open(world->replay, socket));
	assert_string_equal(replay_said(world->replay, socket), "+tag-c\n+tag-zig\n-tag-zig\n\n");
	replay_chunk(world->replay, socket, "");
	pass(world, 44 * SECOND);
	assert_true(replay_is_open(world->replay, socket));
	pass(world, 2 * SECOND);
	assert_false(replay_is_open(world->replay, socket));
}

/* A second column makes one WebSocket of one event stream, where the server has both. */
static void two_columns_share_a_socket(void **state)
{
	struct world *world = *state;
	login(world);
	set_caps(world, CAP_STREAM | CAP_STREAM_WS | CAP_STREAM_SSE);
	replay_script(world->replay, "newer=", 200, "", "");
	watch(world, 1, "work/home");
	pass(world, SECOND);
	size_t events = stream(world);
	assert_false(replay_request(world->replay, events)->websocket);
	replay_open(world->replay, events);
	settle(world);
	watch(world, 2, "work/tag:c");
	pass(world, SECOND);
	assert_false(replay_is_open(world->replay, events));
	assert_int_equal(streams(world), 2);
	replay_open(world->replay, stream(world));
	pass(world, SECOND);
	assert_string_equal(replay_said(world->replay, stream(world)), "+tag-c\n");
	assert_health(world, 1, HEALTH_LIVE);
	assert_health(world, 2, HEALTH_LIVE);
}

/* A server that nothing is known of: events are asked for, then a WebSocket; that is kept. */
static void a_way_is_found_out(void **state)
{
	struct world *world = *state;
	login(world);
	replay_script(world->replay, "newer=", 200, "", "");
	replay_script(world->replay, "/stream/", 400, "", "no");
	watch(world, 1, "work/home");
	watch(world, 2, "work/tag:c");
	pass(world, 2 * SECOND);
	size_t socket = socket_of(world);
	replay_open(world->replay, socket);
	pass(world, SECOND);
	assert_health(world, 1, HEALTH_LIVE);
	assert_health(world, 2, HEALTH_LIVE);
	assert_string_equal(replay_said(world->replay, socket), "+tag-c\n");
	assert_int_equal(caps_of(world) & (CAP_STREAM_WS | CAP_STREAM_SSE), CAP_STREAM_WS);
	size_t before = streams(world);
	replay_answer(world->replay, socket, 0, "", "");
	pass(world, 5 * SECOND);
	assert_int_equal(streams(world), before + 1);
	assert_true(replay_request(world->replay, stream(world))->websocket);
}

static void a_web_page_is_no_stream(void **state)
{
	struct world *world = *state;
	login(world);
	replay_script(world->replay, "newer=", 200, "", "");
	watch(world, 1, "work/home");
	for (int i = 0; i < 2; i++) {
		settle(world);
		size_t page = stream(world);
		assert_int_equal(replay_request(world->replay, page)->websocket, i == 1);
		if (i == 0) {
			replay_open(world->replay, page);
			replay_chunk(world->replay, page, "<!doctype html>");
		}
		replay_answer(world->replay, page, 200, "Content-Type: text/html", "");
	}
	pass(world, 30 * MINUTE);
	assert_int_equal(streams(world), 2);
	assert_int_equal(caps_of(world) & (CAP_STREAM | CAP_STREAM_WS | CAP_STREAM_SSE), 0);
	assert_health(world, 1, HEALTH_POLLING);
}

/* Each event stream carries one column: those of a WebSocket that fails are parted again. */
static void a_socket_falls_apart(void **state)
{
	struct world *world = *state;
	login(world);
	set_caps(world, CAP_STREAM | CAP_STREAM_WS);
	replay_script(world->replay, "newer=", 200, "", "");
	replay_script(world->replay, "/socket/", 404, "", "");
	watch(world, 1, "work/home");
	watch(world, 2, "work/tag:c");
	pass(world, 2 * SECOND);
	size_t n = replay_count(world->replay);
	int open = 0;
	for (size_t i = 0; i < n; i++) {
		if (!replay_is_open(world->replay, i) || !replay_request(world->replay, i)->stream)
			continue;
		replay_open(world->replay, i);
		replay_chunk(world->replay, i, ":)\n");
		open++;
	}
	pass(world, SECOND);
	assert_int_equal(open, 2);
	assert_health(world, 1, HEALTH_LIVE);
	assert_health(world, 2, HEALTH_LIVE);
	assert_int_equal(caps_of(world) & (CAP_STREAM_WS | CAP_STREAM_SSE), CAP_STREAM_SSE);
}

/* After a short loss the stream is back within five seconds of the network's return. */
static void silence_of_the_network_is_looked_into(void **state)
{
	struct world *world = *state;
	login(world);
	replay_script(world->replay, "newer=", 200, "", "");
	replay_script(world->replay, "/stream/", 0, "", "");
	watch(world, 1, "work/home");
	pass(world, MINUTE);
	int64_t last = 0;
	for (size_t i = 0; i < replay_count(world->replay); i++) {
		if (!replay_request(world->replay, i)->stream) continue;
		int64_t at = replay_sent_ms(world->replay, i);
		if (last > 0) assert_in_range(at - last, SECOND, 15 * SECOND);
		if (last > 0 && at < world->clock.mono - 44 * SECOND)
			assert_in_range(at - last, SECOND, 4 * SECOND);
		last = at;
	}
	assert_in_range(streams(world), 8, 40);
}

static void filters_are_fetched_when_they_change(void **state)
{
	struct world *world = *state;
	login(world);
	set_caps(world, CAP_STREAM | CAP_STREAM_SSE);
	replay_script(world->replay, "newer=", 200, "", "");
	watch(world, 1, "work/home");
	settle(world);
	replay_open(world->replay, stream(world));
	settle(world);
	assert_true(signin_find(world->core, "work")->filters_ms == INT64_MAX);
	set_caps(world, CAP_FILTERS);
	event(world, "filters", "undefined");
	assert_true(signin_find(world->core, "work")->filters_ms < INT64_MAX);
}

/* -- gaps -- */

static size_t asked(struct world *world, const char *part)
{
	size_t n = 0;
	for (size_t i = 0; i < replay_count(world->replay); i++)
		n += strstr(replay_url(world->replay, i), part) != NULL;
	return n;
}

/* Live with row 1, then cut, then back: what was missed is more than one fetch brings. */
static void miss_much(struct world *world)
{
	char a[64], b[64];
	struct str body = {0};
	login(world);
	str_addf(&body, "%solder c0\ngap\n", row(world, a, 1, HOUR));
	replay_script(world->replay, "home?newer=", 200, "", body.p);
	replay_script(world->replay, "home?newer=", 200, "", "");
	watch(world, 1, "work/home");
	settle(world);
	replay_open(world->replay, stream(world));
	pass(world, SECOND);
	assert_health(world, 1, HEALTH_LIVE);
	assert_int_equal(asked(world, "gap="), 0); /* of an absence before this run */
	str_clear(&body);
	str_addf(&body, "%s%solder c7\ngap\n", row(world, a, 9, MINUTE),
	        row(world, b, 8, 2 * MINUTE));
	replay_script(world->replay, "home?newer=1", 200, "", body.p);
	replay_script(world->replay, "home?newer=9", 200, "", "");
	str_clear(&body);
	str_addf(&body, "%s%solder c5\ngap\n", row(world, a, 7, 3 * MINUTE),
	        row(world, b, 6, 4 * MINUTE));
	replay_script(world->replay, "gap=c7", 200, "", body.p);
	replay_answer(world->replay, stream(world), 0, "", "");
	pass(world, 3 * SECOND);
	replay_open(world->replay, stream(world));
	str_finish(&body);
}

static void a_gap_closes_by_itself(void **state)
{
	struct world *world = *state;
	char a[64];
	struct str body = {0};
	login(world);
	str_addf(&body, "%solder c1\n", row(world, a, 5, 5 * MINUTE));
	replay_script(world->replay, "gap=c5", 200, "", body.p);
	miss_much(world);
	pass(world, 5 * SECOND);
	assert_rows(world, 1, "1 9 8 7 6 5");
	assert_int_equal(asked(world, "gap="), 3); /* c7, c5 and c1, where nothing is */
	assert_health(world, 1, HEALTH_LIVE);
	str_finish(&body);
}

static void a_gap_that_fails_is_tried_again(void **state)
{
	struct world *world = *state;
	char a[64];
	struct str body = {0};
	login(world);
	str_addf(&body, "%s", row(world, a, 5, 5 * MINUTE));
	replay_script(world->replay, "gap=c5", 500, "", "");
	replay_script(world->replay, "gap=c5", 200, "", body.p);
	miss_much(world);
	pass(world, 30 * SECOND);
	assert_rows(world, 1, "1 9 8 7 6 5");
	assert_health(world, 1, HEALTH_LIVE);
	str_finish(&body);
}

/* A server where each page of a gap has one more below it is not followed for ever. */
static void a_gap_without_end_is_left(void **state)
{
	struct world *world = *state;
	char a[64];
	struct str body = {0};
	login(world);
	str_addf(&body, "%solder c5\ngap\n", row(world, a, 5, 5 * MINUTE));
	replay_script(world->replay, "gap=c5", 200, "", body.p);
	miss_much(world);
	pass(world, MINUTE);
	size_t n = asked(world, "gap=");
	assert_in_range(n, 250, 350);
	pass(world, 5 * MINUTE);
	assert_int_equal(asked(world, "gap="), n);
	str_finish(&body);
}

/*
 * A server that says each row once, on the stream or by REST, with the stream cut again
 * and again: in the end the deck has what the server's log has, no more and no less.
 */
static void nothing_is_lost_by_drops(void **state)
{
	enum { ROWS = 600, DROPS = 100 };
	struct world *world = *state;
	struct random random;
	static int seen[ROWS + 1];
	random_init(&random, 5);
	login(world);
	watch(world, 1, "work/home");
	settle(world);
	int id = 0, drops = 0;
	while (id < ROWS || drops < DROPS) {
		/* Answer what was asked by what the server has now. */
		for (size_t i = 0; i < replay_count(world->replay); i++) {
			if (!replay_is_open(world->replay, i) ||
			        replay_request(world->replay, i)->stream)
				continue;
			if (random_below(&random, 3) == 0) continue; /* slowly */
			const char *since = strstr(replay_url(world->replay, i), "newer=") + 6;
			struct str body = {0};
			int from = atoi(since) + 1, to = id < from + 19 ? id : from + 19;
			for (int j = to; j >= from; j--)
				str_addf(&body, "post %d %" PRId64 "\n", j, START_MS + j * 10);
			if (to < id) str_addf(&body, "newer %d\n", to);
			replay_answer(world->replay, i, 200, "", str_c(&body));
			str_finish(&body);
		}
		size_t live = stream(world);
		bool is_open = replay_is_open(world->replay, live) && world->core->streams->open;
		if (replay_is_open(world->replay, live) && !is_open &&
		        random_below(&random, 4) == 0)
			replay_open(world->replay, live);
		else if (is_open && random_below(&random, 10) == 0) {
			replay_answer(world->replay, live, 200, "", ""); /* cut */
			drops++;
		} else if (id < ROWS) {
			id++;
			char data[80];
			snprintf(data, sizeof(data), "post %d %" PRId64, id, START_MS + id * 10);
			if (is_open) event(world, "update", data);
		}
		pass(world, (int64_t)random_below(&random, 400));
	}
	replay_script(world->replay, "newer=", 200, "", "");
	for (int i = 0; i < 60; i++) { /* peace: the stream opens, and what is open is answered */
		for (size_t j = 0; j < replay_count(world->replay); j++) {
			if (!replay_is_open(world->replay, j)) continue;
			if (replay_request(world->replay, j)->stream) {
				if (!world->core->streams->open && j == stream(world))
					replay_open(world->replay, j);
				continue;
			}
			const char *since = strstr(replay_url(world->replay, j), "newer=") + 6;
			struct str body = {0};
			for (int k = ROWS; k > atoi(since); k--)
				str_addf(&body, "post %d %" PRId64 "\n", k, START_MS + k * 10);
			replay_answer(world->replay, j, 200, "", str_c(&body));
			str_finish(&body);
		}
		pass(world, SECOND);
	}
	struct event *page;
	for (size_t i = 0; (page = event_at(world, EVENT_PAGE, i)); i++) {
		for (size_t j = 0; j < page->page->nentries; j++)
			seen[atoi(page->page->entries[j].cursor)]++;
	}
	int missing = 0;
	for (int i = 1; i <= ROWS; i++)
		missing += seen[i] == 0;
	assert_int_equal(missing, 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)
	const struct CMUnitTest tests[] = {
	        TEST(sources_share_a_stream),
	        TEST(what_came_before_is_fetched_first),
	        TEST(silence_is_a_fault),
	        TEST(reconnecting_backs_off),
	        TEST(a_minute_of_health_ends_the_backoff),
	        TEST(no_such_stream),
	        TEST(a_stream_wants_another_token),
	        TEST(events_are_gathered),
	        TEST(deletions_are_told),
	        TEST(a_socket_carries_all),
	        TEST(two_columns_share_a_socket),
	        TEST(a_way_is_found_out),
	        TEST(a_web_page_is_no_stream),
	        TEST(a_socket_falls_apart),
	        TEST(silence_of_the_network_is_looked_into),
	        TEST(filters_are_fetched_when_they_change),
	        TEST(a_gap_closes_by_itself),
	        TEST(a_gap_that_fails_is_tried_again),
	        TEST(a_gap_without_end_is_left),
	        TEST(nothing_is_lost_by_drops),
	};
#undef TEST
	return cmocka_run_group_tests(tests, NULL, NULL);
}
