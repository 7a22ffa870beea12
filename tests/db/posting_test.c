#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "db/posting.h"

enum { MAX_PAIRS = 4000, MAX_IDS = 256 };

static uint64_t pair_of(uint32_t token, size_t post)
{
	return (uint64_t)token << POSTING_SHIFT | post;
}

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

/* Few tokens, of which some are in nearly every post; rising, each pair once. */
static size_t make_pairs(struct random *random, uint64_t *pairs, uint32_t first, size_t posts)
{
	size_t n = 0, kept = 0;
	for (uint64_t tokens = random_below(random, 8); tokens > 0; tokens--) {
		uint32_t token = first + (uint32_t)random_below(random, 70000);
		size_t times = (size_t)random_below(random, random_below(random, 2) ? 3 : posts);
		for (; times > 0 && n < MAX_PAIRS; times--)
			pairs[n++] = pair_of(token, (size_t)random_below(random, posts));
	}
	posting_sort(pairs, n);
	for (size_t i = 0; i < n; i++) {
		if (kept == 0 || pairs[kept - 1] != pairs[i]) pairs[kept++] = pairs[i];
	}
	return kept;
}

static void check_bucket(const uint64_t *pairs, size_t n, uint32_t first, size_t posts)
{
	struct str bytes = {0};
	struct posting posting;
	size_t at = 0;
	posting_write(&bytes, pairs, n, first, posts);
	posting_init(&posting, str_c(&bytes), bytes.len, first, posts);
	while (posting_next(&posting)) {
		uint64_t set[POSTING_MAX_POSTS / 64] = {0};
		posting_mark(&posting, set);
		for (size_t post = 0; post < posts; post++) {
			if (!(set[post / 64] >> post % 64 & 1)) continue;
			assert_true(at < n);
			assert_int_equal(pairs[at++], pair_of(posting.token, post));
		}
	}
	assert_int_equal(at, n);
	str_finish(&bytes);
}

static void lists_come_back(void **state)
{
	static const size_t sizes[] = {1, 7, 64, 100, 2048, POSTING_MAX_POSTS};
	static uint64_t pairs[MAX_PAIRS];
	struct random random;
	(void)state;
	random_init(&random, 11);
	for (int round = 0; round < 600; round++) {
		size_t posts = sizes[round % 6];
		uint32_t first = (uint32_t)random_below(&random, 1 << 29);
		check_bucket(pairs, make_pairs(&random, pairs, first, posts), first, posts);
	}
}

/* A token of every post takes a bit a post, not a byte. */
static void what_is_everywhere_is_short(void **state)
{
	static uint64_t pairs[2048];
	struct str bytes = {0};
	(void)state;
	for (size_t i = 0; i < 2048; i++)
		pairs[i] = pair_of(5, i);
	posting_write(&bytes, pairs, 2048, 0, 2048);
	assert_true(bytes.len < 2048 / 8 + 8);
	str_finish(&bytes);
}

static void pairs_are_sorted(void **state)
{
	uint64_t pairs[500], want[500];
	struct random random;
	(void)state;
	random_init(&random, 12);
	for (size_t n = 0; n <= 500; n += 50) {
		for (size_t i = 0; i < n; i++)
			pairs[i] = want[i] = random_below(&random, UINT64_C(1) << 46);
		qsort(want, n, sizeof *want, by_number);
		posting_sort(pairs, n);
		assert_memory_equal(pairs, want, n * sizeof *want);
	}
}

/* Whatever the bytes are: it ends, and no bit is set that is not a post's. */
static void damage_ends_a_bucket(void **state)
{
	static uint64_t pairs[MAX_PAIRS];
	struct random random;
	(void)state;
	random_init(&random, 13);
	for (int round = 0; round < 3000; round++) {
		size_t posts = 1 + (size_t)random_below(&random, 300);
		struct str bytes = {0};
		struct posting posting;
		posting_write(&bytes, pairs, make_pairs(&random, pairs, 0, posts), 0, posts);
		for (uint64_t n = random_below(&random, 5); n > 0 && bytes.len > 0; n--)
			bytes.p[random_below(&random, bytes.len)] =
			        (char)random_below(&random, 256);
		char *exact = malloc(bytes.len + 1);
		memcpy(exact, str_c(&bytes), bytes.len);
		posting_init(
		        &posting, exact, (size_t)random_below(&random, bytes.len + 1), 0, posts);
		while (posting_next(&posting)) {
			uint64_t set[POSTING_MAX_POSTS / 64] = {0};
			posting_mark(&posting, set);
			for (size_t post = posts; post < POSTING_MAX_POSTS; post++)
				assert_false(set[post / 64] >> post % 64 & 1);
		}
		free(exact);
		str_finish(&bytes);
	}
}

static void numbers_come_back(void **state)
{
	int64_t ids[MAX_IDS], back[MAX_IDS];
	struct random random;
	(void)state;
	random_init(&random, 14);
	for (size_t n = 1; n <= MAX_IDS; n++) {
		struct str bytes = {0};
		ids[0] = INT64_C(1) << 40;
		for (size_t i = 1; i < n; i++)
			ids[i] = ids[i - 1] - 1 - (int64_t)random_below(&random, 1 << (i % 20));
		posting_write_ids(&bytes, ids, n);
		assert_int_equal(posting_read_ids(str_c(&bytes), bytes.len, back, MAX_IDS), n);
		assert_memory_equal(ids, back, n * sizeof *ids);
		assert_int_equal(posting_read_ids(str_c(&bytes), bytes.len, back, n / 2), n / 2);
		assert_int_equal(posting_read_ids("\xff\xff", 2, back, n), 0);
		str_finish(&bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(lists_come_back),
	        cmocka_unit_test(what_is_everywhere_is_short),
	        cmocka_unit_test(pairs_are_sorted),
	        cmocka_unit_test(damage_ends_a_bucket),
	        cmocka_unit_test(numbers_come_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
