/* The queue in front of the network: examples, then a long random run against its promises. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "net/pace.h"

static int items[4000];

static unsigned add(struct pace *pace, const char *host, int item, enum pace_priority priority)
{
	struct pace_want want = {.host = host, .priority = priority, .item = &items[item]};
	return pace_add(pace, &want);
}

/* The item's number, or -1. */
static int next(struct pace *pace, int64_t now_ms, int64_t *out_next_ms)
{
	int *item = pace_next(pace, now_ms, out_next_ms);
	return item ? (int)(item - items) : -1;
}

static void nothing(void **state)
{
	(void)state;
	struct pace *pace = pace_new(&(struct pace_limits){0});
	int64_t at;
	assert_int_equal(next(pace, 0, &at), -1);
	assert_true(at == INT64_MAX);
	pace_done(pace, 0);
	pace_done(pace, 17);
	pace_free(pace);
	pace_free(NULL);
}

static void one_host_is_spaced(void **state)
{
	(void)state;
	struct pace *pace = pace_new(&(struct pace_limits){.spacing_ms = 1000});
	int64_t at;
	unsigned first = add(pace, "a", 0, PACE_LATER);
	unsigned second = add(pace, "a", 1, PACE_LATER);
	add(pace, "a", 2, PACE_LATER);
	assert_int_equal(next(pace, 5000, &at), 0);
	assert_int_equal(next(pace, 5000, &at), -1);
	assert_int_equal(at, 6000);
	assert_int_equal(next(pace, 5999, &at), -1);
	assert_int_equal(next(pace, 6000, &at), 1);
	assert_int_equal(next(pace, 9000, &at), -1); /* two in flight */
	assert_true(at == INT64_MAX);
	pace_done(pace, first);
	assert_int_equal(next(pace, 9000, &at), 2);
	pace_done(pace, second);
	assert_int_equal(pace_in_flight(pace), 1);
	assert_int_equal(pace_waiting(pace), 0);
	pace_free(pace);
}

static void priorities_come_first(void **state)
{
	(void)state;
	struct pace *pace = pace_new(&(struct pace_limits){.max_host = 9});
	int64_t at;
	add(pace, "a", 0, PACE_LATER);
	add(pace, "b", 1, PACE_LATER);
	add(pace, "a", 2, PACE_USER);
	add(pace, "c", 3, PACE_FIRST);
	add(pace, "b", 4, PACE_USER);
	static const int order[] = {2, 4, 3, 0, 1};
	for (int i = 0; i < 5; i++)
		assert_int_equal(next(pace, 0, &at), order[i]);
	pace_free(pace);
}

static void a_burst_runs_ahead(void **state)
{
	(void)state;
	struct pace *pace = pace_new(&(struct pace_limits){.spacing_ms = 1000, .max_host = 99});
	int64_t at;
	for (int i = 0; i < 6; i++) {
		struct pace_want want = {.host = "a", .burst = 3, .item = &items[i]};
		pace_add(pace, &want);
	}
	for (int i = 0; i < 3; i++)
		assert_int_equal(next(pace, 0, &at), i);
	assert_int_equal(next(pace, 0, &at), -1);
	assert_int_equal(at, 1000);
	assert_int_equal(next(pace, 1000, &at), 3);
	assert_int_equal(next(pace, 1000, &at), -1);
	/* Who may not run ahead waits one spacing, not for the burst to be paid back. */
	for (int i = 0; i < 3; i++) {
		struct pace_want want = {.host = "b", .burst = 3, .item = &items[i]};
		pace_add(pace, &want);
		assert_int_equal(next(pace, 1000, &at), i);
	}
	add(pace, "b", 9, PACE_LATER);
	assert_int_equal(next(pace, 1999, &at), -1);
	assert_int_equal(next(pace, 2000, &at), 4); /* of host a */
	assert_int_equal(next(pace, 2000, &at), 9);
	pace_free(pace);
}

static void holds_hold(void **state)
{
	(void)state;
	struct pace *pace = pace_new(&(struct pace_limits){0});
	int64_t at;
	pace_hold_host(pace, "a", 5000);
	pace_hold_host(pace, "a", 1000); /* never shortens */
	pace_hold_lane(pace, 7, 3000);
	add(pace, "a", 0, PACE_USER);
	struct pace_want want = {.host = "b", .lane = 7, .item = &items[1]};
	pace_add(pace, &want);
	add(pace, "b", 2, PACE_LATER);
	assert_int_equal(next(pace, 0, &at), 2); /* others of that host go on */
	assert_int_equal(next(pace, 0, &at), -1);
	assert_int_equal(at, 3000);
	assert_int_equal(next(pace, 3000, &at), 1);
	assert_int_equal(next(pace, 3000, &at), -1);
	assert_int_equal(at, 5000);
	assert_int_equal(next(pace, 5000, &at), 0);
	pace_free(pace);
}

static unsigned add_lane(struct pace *pace, int item, enum pace_priority priority)
{
	struct pace_want want = {
	        .host = "a", .lane = 7, .priority = priority, .item = &items[item]};
	return pace_add(pace, &want);
}

static void an_allowance_is_spread(void **state)
{
	(void)state;
	struct pace *pace = pace_new(&(struct pace_limits){.max_host = 99, .max_total = 99});
	int64_t at;
	assert_true(pace_lane_ms(pace, 7, PACE_LATER) == INT64_MIN);
	pace_allow(pace, 7, 300, 300, 300000);
	assert_true(pace_lane_ms(pace, 7, PACE_LATER) == INT64_MIN); /* plenty */
	/* 30 are kept, 10 go in the 110 s that are left. */
	unsigned number = add_lane(pace, 0, PACE_LATER);
	assert_int_equal(next(pace, 190000, &at), 0);
	pace_done(pace, number);
	pace_allow(pace, 7, 300, 40, 300000);
	for (int i = 1; i < 20; i++)
		add_lane(pace, i, PACE_LATER);
	int64_t now = 190000;
	for (int i = 1; i <= 10; i++) {
		assert_int_equal(next(pace, now, &at), -1);
		assert_in_range(at - now, 9000, 11000);
		now = at;
		assert_int_equal(next(pace, now, &at), i);
	}
	assert_int_equal(next(pace, now, &at), -1);
	assert_true(at == 300000);
	/* What somebody waits for may have the rest, and goes before them. */
	for (int i = 0; i < 30; i++) {
		add_lane(pace, 100 + i, PACE_USER);
		assert_int_equal(next(pace, now, &at), 100 + i);
	}
	add_lane(pace, 200, PACE_USER);
	assert_int_equal(next(pace, now, &at), -1);
	assert_true(at == 300000);
	assert_true(pace_lane_ms(pace, 7, PACE_USER) == 300000);
	assert_int_equal(next(pace, 300000, &at), 200);
	/* Another account of that host has an allowance of its own. */
	struct pace_want other = {.host = "a", .lane = 8, .item = &items[300]};
	pace_add(pace, &other);
	pace_allow(pace, 7, 300, 0, 900000);
	assert_int_equal(next(pace, 400000, &at), 300);
	pace_allow(pace, 7, 300, 300, 900000);
	assert_int_equal(next(pace, 400000, &at), 11);
	pace_free(pace);
}

/* Whatever is told, what waits is sent by the time of the reset, and the answer never lies. */
static void odd_allowances_end(void **state)
{
	(void)state;
	static const int64_t numbers[] = {INT64_MIN, -1, 0, 1, 2, 10, 300, INT64_MAX};
	enum { N = sizeof numbers / sizeof *numbers };
	for (int i = 0; i < N * N; i++) {
		struct pace *pace =
		        pace_new(&(struct pace_limits){.max_host = 99, .max_total = 99});
		int64_t at, now = 5;
		pace_allow(pace, 7, numbers[i / N], numbers[i % N], 1000);
		for (int j = 0; j < 50; j++)
			add_lane(pace, j, PACE_LATER);
		while (pace_waiting(pace) > 0) {
			if (next(pace, now, &at) >= 0) continue;
			assert_true(at > now);
			now = at;
		}
		assert_true(now <= 1000);
		pace_free(pace);
	}
}

static void what_is_dropped_never_goes(void **state)
{
	(void)state;
	struct pace *pace = pace_new(&(struct pace_limits){.max_total = 1});
	int64_t at;
	unsigned a = add(pace, "a", 0, PACE_LATER), b = add(pace, "b", 1, PACE_LATER);
	add(pace, "c", 2, PACE_LATER);
	pace_done(pace, a);
	assert_int_equal(next(pace, 0, &at), 1);
	assert_int_equal(next(pace, 0, &at), -1);
	pace_done(pace, b);
	pace_done(pace, b);
	assert_int_equal(pace_in_flight(pace), 0);
	assert_int_equal(next(pace, 0, &at), 2);
	pace_free(pace);
}

/*
 * Random adds, ends, drops and holds over a moving clock. Promises: limits, spacing,
 * holds, order in a host, nothing lost, nothing twice, and *out_next_ms tells the truth.
 */
enum { ROUNDS = 20000, HOSTS = 6, TOTAL = 5, SPACING = 100 };

struct model {
	struct {
		int host, state; /* 0 none, 1 waiting, 2 in flight, 3 over */
		enum pace_priority priority;
		unsigned number;
	} item[4000];
	int nitems, in_flight, host_in_flight[HOSTS];
	int64_t last[HOSTS], hold[HOSTS];
};

static void check_sent(struct model *model, int got, int64_t now)
{
	assert_int_equal(model->item[got].state, 1);
	int host = model->item[got].host;
	assert_true(model->in_flight < TOTAL);
	assert_true(model->host_in_flight[host] < 2);
	assert_true(now >= model->last[host] + SPACING);
	assert_true(now >= model->hold[host]);
	for (int i = 0; i < model->nitems; i++) {
		if (model->item[i].state != 1 || model->item[i].host != host || i == got) continue;
		assert_true(model->item[i].priority > model->item[got].priority ||
		            (model->item[i].priority == model->item[got].priority && i > got));
	}
	model->item[got].state = 2;
	model->in_flight++;
	model->host_in_flight[host]++;
	model->last[host] = now;
}

/* When the model says that something may go, if nothing else happens. */
static int64_t model_next(const struct model *model)
{
	int64_t best = INT64_MAX;
	for (int i = 0; i < model->nitems && model->in_flight < TOTAL; i++) {
		int host = model->item[i].host;
		if (model->item[i].state != 1 || model->host_in_flight[host] >= 2) continue;
		int64_t at = model->last[host] + SPACING;
		at = at > model->hold[host] ? at : model->hold[host];
		best = at < best ? at : best;
	}
	return best;
}

static void end_one(struct pace *pace, struct model *model, int i)
{
	if (model->item[i].state == 2) {
		model->in_flight--;
		model->host_in_flight[model->item[i].host]--;
	}
	model->item[i].state = 3;
	pace_done(pace, model->item[i].number);
}

static void a_long_random_run(void **state)
{
	(void)state;
	static struct model model;
	struct random random;
	random_init(&random, 42);
	struct pace *pace =
	        pace_new(&(struct pace_limits){.max_total = TOTAL, .spacing_ms = SPACING});
	int64_t now = 1000000, at;
	char host[2] = "a";
	for (int i = 0; i < HOSTS; i++)
		model.last[i] = model.hold[i] = INT64_MIN / 2;
	for (int round = 0; round < ROUNDS; round++) {
		uint64_t dice = random_below(&random, 100);
		int h = (int)random_below(&random, HOSTS);
		host[0] = (char)('a' + h);
		if (dice < 20 && model.nitems < 4000) {
			int i = model.nitems++;
			model.item[i].host = h;
			model.item[i].priority = (enum pace_priority)random_below(&random, 3);
			model.item[i].state = 1;
			model.item[i].number = add(pace, host, i, model.item[i].priority);
		} else if (dice < 45 && model.nitems > 0) {
			int i = (int)random_below(&random, (uint64_t)model.nitems);
			if (model.item[i].state == 2 || (model.item[i].state == 1 && dice < 21))
				end_one(pace, &model, i);
		} else if (dice < 47) {
			int64_t until = now + (int64_t)random_below(&random, 3000);
			pace_hold_host(pace, host, until);
			model.hold[h] = until > model.hold[h] ? until : model.hold[h];
		} else if (dice < 75) {
			now += (int64_t)random_below(&random, 120);
		}
		for (int got; (got = next(pace, now, &at)) >= 0;)
			check_sent(&model, got, now);
		int64_t truth = model_next(&model);
		assert_true(truth > now);
		assert_true(at == truth);
	}
	while (pace_waiting(pace) + pace_in_flight(pace) > 0) { /* all that is left gets its turn */
		for (int i = 0; i < model.nitems; i++) {
			if (model.item[i].state == 2) end_one(pace, &model, i);
		}
		int got = next(pace, now, &at);
		if (got >= 0)
			check_sent(&model, got, now);
		else if (at != INT64_MAX)
			now = at;
	}
	pace_free(pace);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(nothing),
	        cmocka_unit_test(one_host_is_spaced),
	        cmocka_unit_test(priorities_come_first),
	        cmocka_unit_test(a_burst_runs_ahead),
	        cmocka_unit_test(holds_hold),
	        cmocka_unit_test(an_allowance_is_spread),
	        cmocka_unit_test(odd_allowances_end),
	        cmocka_unit_test(what_is_dropped_never_goes),
	        cmocka_unit_test(a_long_random_run),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
