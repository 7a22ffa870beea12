#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "model/post.h"

static void nonsense_is_no_post(void **state)
{
	(void)state;
	assert_null(post_decode(NULL, 0));
	assert_null(post_decode("", 0));
	assert_null(post_decode("\x01", 1));
	assert_null(post_decode("\x02\x41\x01x", 4));
	assert_null(post_decode("\x01\x41\x05x", 4));
	assert_null(post_decode("\x01\x41\x00", 3));
	assert_null(post_decode("\x01\x41\x01\x1b", 4));
	assert_null(post_decode("\x01\x41\x01\xff", 4));
	assert_null(post_decode("\x01\x41\x02x\0", 5));
	assert_null(post_decode("\x01\x41\x01x\x10", 5));
	struct post *post = post_decode("\x01\x41\x01x", 4);
	assert_string_equal(post_str(post, POST_URI), "x");
	assert_int_equal(post->likes, POST_UNKNOWN);
	free(post);
}

static void unknown_fields_are_skipped(void **state)
{
	static const char bytes[] = "\x01"
	                            "\x41\x01x"
	                            "\xce\x10\x05"
	                            "\xcf\x10\x03???"
	                            "\x0e\x0a"
	                            "\x17\x06"
	                            "\x02\x00"
	                            "\x04\x02"
	                            "\x7e\x02";

	(void)state;
	struct post *post = post_decode(bytes, sizeof bytes - 1);
	assert_non_null(post);
	assert_int_equal(post->likes, 5);
	free(post);
}

static const char *pick(struct random *random)
{
	static const char *const words[] = {NULL, "", "a", "Ünïcode 漢字 👨\u200d👩",
	        "https://example.org/users/ada/statuses/99", "99", "two\nlines\n",
	        "3\tYes\n-1\tNo"};

	return words[random_below(random, sizeof words / sizeof *words)];
}

static int64_t some_time(struct random *random)
{
	static const int64_t times[] = {0, 1, -1, 1700000000000, INT64_MAX, INT64_MIN};

	return times[random_below(random, 6)];
}

static uint32_t some_count(struct random *random)
{
	static const uint32_t counts[] = {0, 1, 127, 128, 70000, UINT32_MAX - 1, POST_UNKNOWN};

	return counts[random_below(random, 7)];
}

static struct post *some_post(struct random *random)
{
	struct facet facets[4];
	struct media media[3];
	struct viewer viewers[3];
	struct post_parts parts = {.facets = facets,
	        .nfacets = random_below(random, 5),
	        .media = media,
	        .nmedia = random_below(random, 4),
	        .viewers = viewers,
	        .nviewers = random_below(random, 4),
	        .created_ms = some_time(random),
	        .edited_ms = some_time(random),
	        .seen_ms = some_time(random),
	        .poll_ends_ms = some_time(random),
	        .replies = some_count(random),
	        .reposts = some_count(random),
	        .likes = some_count(random),
	        .quotes = some_count(random),
	        .visibility = random_below(random, VIS_COUNT),
	        .flags = (unsigned)random_below(random, 32)};

	for (int i = 0; i < POST_NSTRINGS; i++)
		parts.str[i] = pick(random);
	parts.str[POST_URI] =
	        random_below(random, 2) ? "at://did:plc:x/1" : "https://example.org/users/99";
	for (int i = 0; i < 4; i++) {
		facets[i] = (struct facet){.kind = random_below(random, FACET_NKINDS),
		        .start = (uint32_t)i,
		        .end = (uint32_t)random_below(random, 9),
		        .target = pick(random)};
	}
	for (int i = 0; i < 3; i++) {
		media[i] = (struct media){.kind = random_below(random, MEDIA_NKINDS),
		        .url = pick(random),
		        .alt = pick(random),
		        .type = pick(random)};
		viewers[i] = (struct viewer){.account = some_count(random),
		        .flags = some_count(random),
		        .remote_id = pick(random)};
	}
	return post_new(&parts);
}

static void what_is_written_is_read(void **state)
{
	struct random random;

	(void)state;
	random_init(&random, 2);
	for (int round = 0; round < 20000; round++) {
		struct str bytes = {0};
		struct post *post = some_post(&random);
		post_encode(&bytes, post);
		struct post *back = post_decode(bytes.p, bytes.len);
		assert_non_null(back);
		assert_int_equal(back->size, post->size);
		assert_memory_equal(back, post, post->size);
		free(back);
		free(post);
		str_finish(&bytes);
	}
}

static void damaged_bytes_never_break_us(void **state)
{
	struct random random;
	size_t refused = 0;

	(void)state;
	random_init(&random, 6);
	for (int round = 0; round < 20000; round++) {
		struct str bytes = {0};
		struct post *post = some_post(&random);
		post_encode(&bytes, post);
		for (int hits = 0; hits < 3; hits++) {
			bytes.p[random_below(&random, bytes.len)] ^=
			        (char)(1 << random_below(&random, 8));
		}
		struct post *back = post_decode(bytes.p, random_below(&random, bytes.len) + 1);
		refused += !back;
		free(back);
		free(post);
		str_finish(&bytes);
	}
	assert_in_range(refused, 5000, 19999);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(nonsense_is_no_post),
	        cmocka_unit_test(unknown_fields_are_skipped),
	        cmocka_unit_test(what_is_written_is_read),
	        cmocka_unit_test(damaged_bytes_never_break_us),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
