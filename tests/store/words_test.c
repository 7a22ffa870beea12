/* Words in a text, found all at once and one by one, against strstr: random words and texts. */
#include "store/automaton.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/random.h"
#include "store/literal.h"

enum { ROUNDS = 300, TEXTS = 40, MAX_WORDS = 30, MAX_TEXT = 200, MAX_LEN = 6 };

/* Few letters, so that words stand in one another and in the texts. */
static void random_text(struct random *random, char *out, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		out[i] = "ab\xc3\xa9 "[random_below(random, 5)];
	}
	out[len] = '\0';
}

static void check_text(const struct automaton *automaton, char words[][MAX_LEN + 1], size_t n,
        const char *text, struct slots *slots)
{
	slots_clear(slots, n + 1);
	automaton_find(automaton, text, strlen(text), slots);
	for (size_t i = 0; i < n; i++) {
		struct literal literal = {words[i], strlen(words[i])};
		const char *at = strstr(text, words[i]);

		assert_int_equal(slots->bits[(i + 1) / 64] >> (i + 1) % 64 & 1, at != NULL);
		assert_int_equal(literal_in(&literal, text, strlen(text)),
		        at ? (size_t)(at - text) : SIZE_MAX);
	}
}

static void test_words_are_found_as_strstr_finds_them(void **state)
{
	struct random random;
	struct slots slots = {0};

	(void)state;
	random_init(&random, 20261122);
	for (int round = 0; round < ROUNDS; round++) {
		char words[MAX_WORDS][MAX_LEN + 1], text[MAX_TEXT + 1];
		struct automaton_word given[MAX_WORDS];
		size_t n = 1 + (size_t)random_below(&random, MAX_WORDS - 1);
		struct automaton *automaton;

		for (size_t i = 0; i < n; i++) {
			bool twice;

			do {
				twice = false;
				random_text(&random, words[i],
				        1 + (size_t)random_below(&random, MAX_LEN));
				for (size_t k = 0; k < i; k++) {
					twice |= strcmp(words[k], words[i]) == 0;
				}
			} while (twice);
			given[i] = (struct automaton_word){
			        words[i], strlen(words[i]), (uint32_t)i + 1};
		}
		automaton = automaton_new(given, n);
		for (int i = 0; i < TEXTS; i++) {
			random_text(&random, text, (size_t)random_below(&random, MAX_TEXT));
			check_text(automaton, words, n, text, &slots);
		}
		automaton_free(automaton);
	}
	slots_finish(&slots);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_words_are_found_as_strstr_finds_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
