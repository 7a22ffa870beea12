#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

static void empty_arena_can_be_reset_and_finished(void **state)
{
	struct arena arena = {0};

	(void)state;
	arena_finish(NULL);
	arena_reset(&arena);
	arena_finish(&arena);
	assert_non_null(arena_alloc(&arena, 0));
	assert_string_equal(arena_strndup(&arena, NULL, 0), "");
	arena_finish(&arena);
	assert_null(arena.blocks);
}

static void pieces_are_aligned_and_do_not_overlap(void **state)
{
	struct arena arena = {0};
	unsigned char *pieces[300];

	(void)state;
	for (size_t i = 0; i < 300; i++) {
		pieces[i] = arena_alloc(&arena, i * 7);
		assert_int_equal((uintptr_t)pieces[i] % 16, 0);
		memset(pieces[i], (int)(i & 0xff), i * 7);
	}
	for (size_t i = 0; i < 300; i++) {
		for (size_t k = 0; k < i * 7; k++)
			assert_int_equal(pieces[i][k], i & 0xff);
	}
	assert_true(arena.used >= 299 * 300 / 2 * 7);
	arena_finish(&arena);
}

static void reset_keeps_a_block_for_the_next_round(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (int i = 0; i < 100; i++)
		arena_alloc(&arena, 1000);
	struct arena_block *newest = arena.blocks;
	arena_reset(&arena);
	assert_int_equal(arena.used, 0);
	assert_ptr_equal(arena.blocks, newest);
	for (int round = 0; round < 10000; round++) {
		arena_alloc(&arena, 1000);
		assert_ptr_equal(arena.blocks, newest);
		arena_reset(&arena);
	}
	assert_string_equal(arena_strndup(&arena, "hello world", 5), "hello");
	arena_finish(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(empty_arena_can_be_reset_and_finished),
	        cmocka_unit_test(pieces_are_aligned_and_do_not_overlap),
	        cmocka_unit_test(reset_keeps_a_block_for_the_next_round),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
