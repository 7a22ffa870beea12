/* Waits, backoff, Retry-After; what a source remembers; messages. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/memory.h"
#include "engine/message.h"
#include "engine/schedule.h"

static void jitter_stays_within_a_tenth(void **state)
{
	(void)state;
	struct random random;
	int64_t low = INT64_MAX, high = 0;
	random_init(&random, 1);
	for (int i = 0; i < 10000; i++) {
		int64_t wait = schedule_jitter(&random, 90000);
		low = wait < low ? wait : low;
		high = wait > high ? wait : high;
	}
	assert_in_range(low, 81000, 81200);
	assert_in_range(high, 98800, 99000);
	assert_int_equal(schedule_jitter(&random, 0), 0);
}

static void backoff_fills_its_span(void **state)
{
	(void)state;
	struct random random;
	random_init(&random, 1);
	for (int failures = 1; failures < 70; failures++) {
		int64_t most = 1000, low = INT64_MAX, high = 0;
		for (int i = 0; i < failures && most < 900000; i++)
			most *= 2;
		most = most < 900000 ? most : 900000;
		for (int i = 0; i < 2000; i++) {
			int64_t wait = schedule_backoff(&random, &patience_account, failures);
			low = wait < low ? wait : low;
			high = wait > high ? wait : high;
		}
		assert_in_range(low, 1000, 1000 + most / 50);
		assert_in_range(high, most - most / 50, most);
	}
}

static int64_t wait_of(int status, char *header)
{
	const struct response response = {.status = status, .headers = &header, .nheaders = 1};
	return schedule_retry_after(&response, 784111777000); /* Sun, 06 Nov 1994 08:49:37 GMT */
}

static void retry_after(void **state)
{
	(void)state;
	assert_int_equal(wait_of(429, (char *)"Retry-After: 5"), 5000);
	assert_int_equal(wait_of(503, (char *)"retry-after:  120 "), 120000);
	assert_int_equal(wait_of(429, (char *)"Retry-After: 0"), 0);
	assert_int_equal(wait_of(429, (char *)"Retry-After: -5"), 0);
	assert_int_equal(wait_of(429, (char *)"Retry-After: 5 minutes"), 0);
	assert_int_equal(wait_of(429, (char *)"Retry-After:"), 0);
	assert_true(wait_of(429, (char *)"Retry-After: 99999999999999999999999999") > 1000000000);
	assert_int_equal(wait_of(429, (char *)"Retry-After: Sun, 06 Nov 1994 08:50:37 GMT"), 60000);
	assert_int_equal(
	        wait_of(429, (char *)"Retry-After: Sunday, 06-Nov-94 08:50:37 GMT"), 60000);
	assert_int_equal(wait_of(429, (char *)"Retry-After: Sun, 06 Nov 1994 08:00:00 GMT"), 0);
	assert_int_equal(
	        wait_of(429, (char *)"X-Ratelimit-Reset: 1994-11-06T08:50:37.000001Z"), 60000);
	assert_int_equal(wait_of(200, (char *)"X-RateLimit-Reset: 1994-11-06T08:50:37Z"), 0);
	/* As the AT Protocol has it: seconds since 1970. */
	assert_int_equal(wait_of(429, (char *)"RateLimit-Reset: 784111837"), 60000);
	assert_int_equal(wait_of(429, (char *)"RateLimit-Reset: 784111000"), 0);
	assert_int_equal(wait_of(200, (char *)"RateLimit-Reset: 784111837"), 0);
	assert_int_equal(schedule_retry_after(NULL, 0), 0);
}

static void memory_survives(void **state)
{
	(void)state;
	struct memory memory = {0}, again;
	struct str text = {0}, twice = {0};
	memory_print(&text, &memory);
	assert_string_equal(text.p, "{}");
	str_clear(&text);
	memory.fetch.etag = xstrdup("W/\"a\\b\n\xc3\xa9\"");
	memory.fetch.newest = xstrdup("115");
	memory.fetch.error = xstrdup("no answer");
	memory.fetch.fetched_ms = 1795000000123;
	memory.fetch.failures = 3;
	memory.fetch.gone = true;
	memory.fetch.body_hash = 0xfedcba9876543210u;
	memory.newest_ms = 17;
	memory_add_gap(&memory, "c\"1", 5, true);
	memory_add_gap(&memory, "c2", INT64_C(1795000000000), false);
	memory_print(&text, &memory);
	assert_true(memory_parse(text.p, &again));
	memory_print(&twice, &again);
	assert_string_equal(text.p, twice.p);
	assert_string_equal(again.fetch.etag, memory.fetch.etag);
	assert_true(again.fetch.body_hash == memory.fetch.body_hash);
	assert_true(again.fetch.gone);
	struct known_gap gap = {0};
	assert_true(memory.gaps[0].live && !again.gaps[0].live); /* of that run alone */
	assert_false(memory_take_gap(&again, "c3", &gap));
	assert_true(memory_take_gap(&again, "c\"1", &gap));
	assert_int_equal(gap.below_ms, 5);
	assert_int_equal(again.ngaps, 1);
	memory_finish(&memory);
	memory_finish(&again);
	str_finish(&text);
	str_finish(&twice);
}

static void nonsense_is_forgotten(void **state)
{
	(void)state;
	static const char *const wrong[] = {"", "x", "[1,2]",
	        "{\"fetch.etag\":5,\"newest_ms\":\"x\",\"gaps\":{}}",
	        "{\"gaps\":[1,{},{\"cursor\":5}]}", "{\"fetch.failures\":1e300}", "{"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct memory memory;
		memory_parse(wrong[i], &memory);
		assert_null(memory.fetch.etag);
		assert_int_equal(memory.ngaps, 0);
		memory_finish(&memory);
	}
	struct memory memory;
	assert_false(memory_parse(NULL, &memory));
}

static void gaps_have_a_limit(void **state)
{
	(void)state;
	struct memory memory = {0};
	struct known_gap gap;
	char cursor[16];
	for (int i = 0; i < MEMORY_MAX_GAPS + 5; i++) {
		snprintf(cursor, sizeof(cursor), "c%d", i);
		memory_add_gap(&memory, cursor, i, false);
	}
	assert_int_equal(memory.ngaps, MEMORY_MAX_GAPS);
	assert_false(memory_take_gap(&memory, "c4", &gap));
	assert_true(memory_take_gap(&memory, "c5", &gap));
	memory_finish(&memory);
}

static void messages(void **state)
{
	(void)state;
	job_free(NULL);
	event_free(NULL);
	for (int kind = 0; kind < JOB_COUNT; kind++) {
		struct job *job = job_new((enum job_kind)kind);
		assert_int_equal(job->kind, kind);
		job->arg = xstrdup("x");
		job_free(job);
	}
	struct event *event = event_new(EVENT_PAGE);
	event->page = page_new();
	event->text = xstrdup("t");
	event->article = xcalloc(1, sizeof(*event->article));
	str_adds(&event->article->utf8, "text");
	event_free(event);
}

/* `x`: what stands before the headers' names. */
static void check_allowances(const char *x)
{
	static const struct {
		const char *limit, *left, *reset, *date;
		int64_t reset_ms; /* -1: it says nothing */
	} rows[] = {
	        {"300", "12", "2026-11-22T08:05:00.000000Z", "Sun, 22 Nov 2026 08:00:00 GMT",
	                300000},
	        {"300", "12", "60", NULL, 60000},
	        {"300", "12", "1795334700", "Sun, 22 Nov 2026 08:00:00 GMT", 300000},
	        {"300", "0", "2026-11-22T07:00:00Z", "Sun, 22 Nov 2026 08:00:00 GMT", 0},
	        {"300", "12", "2027-11-22T07:00:00Z", "Sun, 22 Nov 2026 08:00:00 GMT", 3600000},
	        {"300", "12", "soon", NULL, -1},
	        {"300", "12", NULL, NULL, -1},
	        {"300", "-5", "60", NULL, -1},
	        {"0", "0", "60", NULL, -1},
	        {"5", "6", "60", NULL, -1},
	        {"x", "12", "60", NULL, -1},
	        {NULL, "12", "60", NULL, -1},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct request as_headers = {0};
		struct allowance told = {0};
		if (rows[i].limit)
			request_header(&as_headers, "%sratelimit-limit: %s", x, rows[i].limit);
		request_header(&as_headers, "%sRatelimit-Remaining: %s", x, rows[i].left);
		if (rows[i].reset)
			request_header(&as_headers, "%sRateLimit-Reset: %s", x, rows[i].reset);
		if (rows[i].date) request_header(&as_headers, "Date: %s", rows[i].date);
		const struct response response = {
		        .headers = as_headers.headers, .nheaders = as_headers.nheaders};
		bool said = schedule_allowance(&response, 5000, &told);
		assert_int_equal(said, rows[i].reset_ms >= 0);
		if (said) assert_int_equal(told.reset_ms, rows[i].reset_ms);
		if (said) assert_int_equal(told.limit, 300);
		request_finish(&as_headers);
	}
}

static void allowances(void **state)
{
	(void)state;
	check_allowances("X-");
	check_allowances("");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(jitter_stays_within_a_tenth),
	        cmocka_unit_test(backoff_fills_its_span),
	        cmocka_unit_test(retry_after),
	        cmocka_unit_test(allowances),
	        cmocka_unit_test(memory_survives),
	        cmocka_unit_test(nonsense_is_forgotten),
	        cmocka_unit_test(gaps_have_a_limit),
	        cmocka_unit_test(messages),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
