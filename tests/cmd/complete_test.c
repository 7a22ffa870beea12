#include "cmd/cmd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void complete_set(void *app, char **words, int arg,
        void (*add)(void *ctx, const char *word, const char *help), void *ctx)
{
	(void)app;
	if (arg == 1) {
		add(ctx, "refresh", "");
		add(ctx, "reader-max", "");
	} else {
		assert_string_equal(words[0], "set");
		add(ctx, words[1], "");
	}
}

static const struct cmd_hooks set_hooks = {.complete = complete_set};
static const struct cmd rows[] = {
        {"column add", "TITLE SOURCE… [as ACCOUNT] [query QUERY]", "add", 0, NULL, NULL},
        {"column close", "", "close", 0, NULL, NULL},
        {"set", "NAME VALUE", "set an option", 0, NULL, &set_hooks},
        {0},
};
static const struct cmd *const tables[] = {rows, NULL};
static const struct cmd_set set = {tables};

static void add_word(void *ctx, const char *word, const char *help)
{
	(void)help;
	str_addf(ctx, "%s,", word);
}

/* "WHERE:word,word," */
static void expect(const char *line, const char *wanted)
{
	struct str got = {0}, words = {0};
	size_t at = cmd_complete(&set, NULL, line, strlen(line), add_word, &words);
	str_addf(&got, "%zu:%s", at, str_c(&words));
	assert_string_equal(str_c(&got), wanted);
	str_finish(&got);
	str_finish(&words);
}

static void test_names(void **state)
{
	(void)state;
	expect("", "0:column add,column close,set,");
	expect("col", "0:column add,column close,");
	expect("column ", "7:add,close,");
	expect("column cl", "7:close,");
	expect("set x; s", "7:set,");
	expect("zzz", "0:");
}

static void test_arguments(void **state)
{
	(void)state;
	expect("set re", "4:refresh,reader-max,");
	expect("set ref", "4:refresh,");
	expect("set colour ", "11:colour,");
	expect("column add T a ", "15:as,query,");
	expect("column add T a q", "15:query,");
	expect("set 'open", "4:");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_names),
	        cmocka_unit_test(test_arguments),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
