#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "db/article_codec.h"
#include "db/id_map.h"
#include "db/pack.h"

static void there_and_back(const char *bytes, size_t len)
{
	struct str packed = {0}, back = {0};
	pack(&packed, bytes, len);
	assert_true(unpack(&back, packed.p, packed.len));
	assert_int_equal(back.len, len);
	assert_memory_equal(str_c(&back), len ? bytes : "", len);
	str_finish(&packed);
	str_finish(&back);
}

static void bytes_come_back(void **state)
{
	(void)state;
	static const char *const texts[] = {"", "a", "abc", "abcd",
	        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	        "https://m.example/users/ada/statuses/1 https://m.example/@ada/1",
	        "abcabcabcabcabcabcabcabcabcabcabcabcab", "https://", "/statuses/1"};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		there_and_back(texts[i], strlen(texts[i]));

	struct random random;
	struct str made = {0};
	random_init(&random, 7);
	for (int round = 0; round < 500; round++) {
		str_clear(&made);
		uint64_t alphabet = 1 + random_below(&random, round % 2 ? 255 : 4);
		for (uint64_t n = random_below(&random, 3000); n > 0; n--)
			str_addc(&made, (char)random_below(&random, alphabet));
		there_and_back(str_c(&made), made.len);
	}
	str_finish(&made);
}

static void repetitions_are_short(void **state)
{
	(void)state;
	static const char post[] =
	        "https://social.example/users/ada/statuses/115816899078979593 "
	        "https://social.example/@ada/115816899078979593 115816899078979593";
	struct str packed = {0};
	pack(&packed, post, sizeof post);
	assert_true(packed.len < sizeof post * 3 / 5);
	str_finish(&packed);
}

static void damaged_bytes_are_refused(void **state)
{
	(void)state;
	static const char text[] = "one two one two one two https://one.example/two";
	struct random random;
	struct str packed = {0}, back = {0}, bad = {0};
	size_t refused = 0;
	random_init(&random, 3);
	pack(&packed, text, sizeof text);
	for (int i = 0; i < 5000; i++) {
		str_clear(&bad);
		str_clear(&back);
		str_add(&bad, packed.p, packed.len);
		bad.p[random_below(&random, bad.len)] ^= (char)(1 + random_below(&random, 255));
		bool ok = unpack(&back, bad.p, bad.len);
		assert_int_equal(back.len, ok ? sizeof text : 0);
		refused += !ok;
	}
	assert_true(refused > 1000);
	for (size_t len = 0; len < packed.len; len++)
		assert_false(unpack(&back, packed.p, len));
	assert_false(unpack(&back, "\1\xff\xff\xff\x7f", 5));
	str_finish(&packed);
	str_finish(&back);
	str_finish(&bad);
}

static void a_damaged_article_is_refused_or_sound(void **state)
{
	(void)state;
	struct random random;
	struct str bytes = {0};
	struct text text = {0};
	random_init(&random, 5);
	str_adds(&text.utf8, "wörds with a link and a tag");
	text_facet(&text, FACET_LINK, 0, 6, "https://a.example/");
	text_facet(&text, FACET_TAG, 8, 12, NULL);
	article_encode(&bytes, &text);
	for (int i = 0; i < 5000; i++) {
		struct text back = {0};
		struct str bad = {0};
		str_add(&bad, bytes.p, bytes.len);
		bad.p[random_below(&random, bad.len)] ^= (char)(1 + random_below(&random, 255));
		if (!article_decode(&back, bad.p, bad.len)) assert_null(back.facets);
		for (size_t k = 0; k < back.nfacets; k++)
			assert_true(back.facets[k].end <= back.utf8.len);
		text_finish(&back);
		str_finish(&bad);
	}
	for (size_t len = 0; len < bytes.len; len++) {
		struct text back = {0};
		assert_false(article_decode(&back, bytes.p, len));
	}
	text_finish(&text);
	str_finish(&bytes);
}

static void numbers_find_their_places(void **state)
{
	(void)state;
	struct id_map map = {0};
	assert_int_equal(id_map_get(&map, 5), 0);
	for (int64_t i = 1; i <= 1000; i++)
		id_map_put(&map, i * 1000003, (uint32_t)i);
	id_map_put(&map, 1000003, 7);
	assert_int_equal(map.n, 1000);
	assert_int_equal(id_map_get(&map, 1000003), 7);
	for (int64_t i = 2; i <= 1000; i++)
		assert_int_equal(id_map_get(&map, i * 1000003), i);
	assert_int_equal(id_map_get(&map, 12), 0);
	id_map_finish(&map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(bytes_come_back),
	        cmocka_unit_test(repetitions_are_short),
	        cmocka_unit_test(damaged_bytes_are_refused),
	        cmocka_unit_test(a_damaged_article_is_refused_or_sound),
	        cmocka_unit_test(numbers_find_their_places),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
