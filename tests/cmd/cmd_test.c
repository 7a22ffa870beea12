#include "cmd/cmd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"

/* What the commands were called with: "[name|word|word]" each. */
static struct str seen;

static bool run(const struct cmd_call *call, struct err *err)
{
	str_adds(&seen, "[");
	for (int i = 0; i < call->argc; i++)
		str_addf(&seen, "%s%s", i ? "|" : "", call->argv[i]);
	str_addf(&seen, "%s]", call->live ? " live" : "");
	if (call->argc > 1 && strcmp(call->argv[1], "fail") == 0)
		return err_set(err, ERR_IO, "it failed");
	return true;
}

static const struct cmd columns[] = {
        {"column add", "TITLE SOURCE… [as ACCOUNT] [width N] [query QUERY]", "add a column",
                CMD_CONFIG | CMD_DECK, run, NULL},
        {"column close", "", "close a column", 0, run, NULL},
        {0},
};
static const struct cmd others[] = {
        {"bind", "CONTEXT KEYS COMMAND", "bind a key", CMD_CONFIG, run, NULL},
        {"filter", "[QUERY]", "narrow", CMD_LIVE, run, NULL},
        {"focus", "left|right|N", "go to a column", 0, run, NULL},
        {"mute", "[for D|until T] [fold|hide] QUERY", "silence", CMD_CONFIG, run, NULL},
        {"pipe", "[--json] COMMAND", "pipe", 0, run, NULL},
        {"set", "NAME [VALUE]", "set an option", CMD_CONFIG | CMD_CTL, run, NULL},
        {"zoom", "[on|off]", "zoom", 0, run, NULL},
        {0},
};
static const struct cmd *const tables[] = {columns, others, NULL};
static const struct cmd_set set = {tables};

/* Run a line; the answer is what the commands saw, or the sentence. Borrowed. */
static const char *ran(const char *line)
{
	static struct str answer;
	struct err err = {0};
	str_clear(&seen);
	bool ok = cmd_run(&set, NULL, line, 0, false, NULL, &err);
	str_clear(&answer);
	str_adds(&answer, ok ? str_c(&seen) : err.text);
	if (ok) assert_int_equal(err.code, ERR_NONE);
	return str_c(&answer);
}

static void test_empty(void **state)
{
	(void)state;
	assert_string_equal(ran(""), "");
	assert_string_equal(ran("   \t "), "");
	assert_string_equal(ran("# a comment"), "");
	assert_string_equal(ran(";;"), "");
	assert_null(cmd_find(&set, ""));
	assert_null(cmd_of(&set, ""));
	int argc = -1;
	char **words = cmd_split("", &argc, NULL);
	assert_int_equal(argc, 0);
	cmd_words_free(words);
	cmd_words_free(NULL);
}

static void test_words(void **state)
{
	(void)state;
	assert_string_equal(ran("set a b"), "[set|a|b]");
	assert_string_equal(ran("set a  'b c'"), "[set|a|b c]");
	assert_string_equal(
	        ran("set a \"b \\\"c\\\" \\\\ \\n\\t\\q\""), "[set|a|b \"c\" \\ \n\t\\q]");
	assert_string_equal(ran("set a pre'fix 'x"), "[set|a|prefix x]");
	assert_string_equal(ran("set a \"\""), "[set|a|]");
	assert_string_equal(ran("set a # b"), "[set|a]");
	assert_string_equal(ran("set a #b"), "[set|a|#b]");
	assert_string_equal(ran("set a b; column close ;set c"), "[set|a|b][column close][set|c]");
	assert_string_equal(ran("set a 'b"), "the quote ' at column 7 is not closed");
}

static void test_failure_ends_the_line(void **state)
{
	(void)state;
	assert_string_equal(ran("set fail; set b"), "it failed");
	assert_string_equal(str_c(&seen), "[set|fail]");
}

static void test_arity(void **state)
{
	(void)state;
	assert_string_equal(ran("set"), "set: NAME is missing; usage: set NAME [VALUE]");
	assert_string_equal(ran("set a b c"), "set: c is one word too many (quotes keep words "
	                                      "together); usage: set NAME [VALUE]");
	assert_string_equal(ran("column close x"), "column close: x is one word too many (quotes "
	                                           "keep words together); usage: column close");
	assert_string_equal(ran("focus"), "focus: left is missing; usage: focus left|right|N");
	assert_string_equal(ran("focus 3"), "[focus|3]");
	assert_string_equal(ran("zoom"), "[zoom]");
	assert_string_equal(ran("zoom on"), "[zoom|on]");
	assert_string_equal(ran("zoom up"),
	        "zoom: up is one word too many (quotes keep words together); usage: zoom [on|off]");
}

static void test_keywords_in_any_order(void **state)
{
	(void)state;
	assert_string_equal(ran("column add T a b c"), "[column add|T|a|b|c]");
	assert_string_equal(
	        ran("column add T a width 50 as work"), "[column add|T|a|width|50|as|work]");
	assert_string_equal(ran("column add as a as work"), "[column add|as|a|as|work]");
	assert_string_equal(ran("column add T a as"),
	        "column add: ACCOUNT is missing; usage: column add TITLE SOURCE… [as ACCOUNT] "
	        "[width N] [query QUERY]");
	assert_string_equal(ran("column add T a 'as' b"), "[column add|T|a|as|b]");
}

static void test_raw_tails(void **state)
{
	(void)state;
	assert_string_equal(ran("mute #spam"), "[mute|#spam]");
	assert_string_equal(ran("mute # spam"), "[mute|# spam]");
	assert_string_equal(ran("mute \"exact phrase\"  "), "[mute|\"exact phrase\"]");
	assert_string_equal(ran("mute it's; fine"), "[mute|it's; fine]");
	assert_string_equal(ran("mute for 2w hide from:ada"), "[mute|for|2w|hide|from:ada]");
	assert_string_equal(ran("mute for 2w"),
	        "mute: QUERY is missing; usage: mute [for D|until T] "
	        "[fold|hide] QUERY");
	assert_string_equal(ran("column add T a query -x \"y z\" # c"),
	        "[column add|T|a|query|-x \"y z\" # c]");
	assert_string_equal(ran("filter"), "[filter]");
	assert_string_equal(ran("filter # x"), "[filter|# x]");
	assert_string_equal(ran("filter it's"), "[filter|it's]");
}

static void test_commands_lose_their_quotes(void **state)
{
	(void)state;
	assert_string_equal(ran("bind column L \"like; next\""), "[bind|column|L|like; next]");
	assert_string_equal(ran("bind column L like; next"), "[bind|column|L|like; next]");
	assert_string_equal(ran("bind column ';' palette"), "[bind|column|;|palette]");
	assert_string_equal(ran("bind column L set x \"y z\""), "[bind|column|L|set x \"y z\"]");
	assert_string_equal(ran("pipe --json jq ."), "[pipe|--json|jq .]");
	assert_string_equal(ran("pipe wc -w"), "[pipe|wc -w]");
}

static void test_suggestions(void **state)
{
	(void)state;
	assert_string_equal(ran("ste a"), "there is no command 'ste'; did you mean 'set'?");
	assert_string_equal(
	        ran("column ad x"), "there is no command 'column ad'; did you mean 'column add'?");
	assert_string_equal(ran("column"), "'column' wants one more word: add, close");
	assert_string_equal(ran("xyzzyx"), "there is no command 'xyzzyx'; `help` lists them");
}

static void test_allow(void **state)
{
	(void)state;
	struct err err = {0};
	assert_true(cmd_run(&set, NULL, "set a b", CMD_CONFIG, false, NULL, &err));
	assert_false(cmd_run(&set, NULL, "zoom", CMD_CONFIG, false, NULL, &err));
	assert_string_equal(err.text, "'zoom' has no place in the config file");
	assert_false(cmd_run(&set, NULL, "zoom", CMD_THEME, false, NULL, &err));
	assert_string_equal(err.text, "'zoom' has no place in a theme file");
}

static void test_live(void **state)
{
	(void)state;
	str_clear(&seen);
	assert_true(cmd_run(&set, NULL, "zoom", 0, true, NULL, NULL));
	assert_string_equal(str_c(&seen), "");
	assert_true(cmd_run(&set, NULL, "filter abc", 0, true, NULL, NULL));
	assert_string_equal(str_c(&seen), "[filter|abc live]");
}

static void on_error(void *ctx, const char *sentence)
{
	str_addf(ctx, "%s\n", sentence);
}

static void test_source(void **state)
{
	(void)state;
	static const char text[] =
	        "\xef\xbb\xbfset a b\r\n\n# c\nste x\nset 'd\nset e\n\xff\nset f\0g\nzoom";
	struct str errors = {0};
	str_clear(&seen);
	int n = cmd_source(
	        &set, NULL, "conf", text, sizeof(text) - 1, CMD_CONFIG, on_error, &errors);
	assert_string_equal(str_c(&seen), "[set|a|b][set|e]");
	assert_string_equal(str_c(&errors),
	        "conf:4: there is no command 'ste'; did you mean 'set'?\n"
	        "conf:5: the quote ' at column 5 is not closed\n"
	        "conf:7: the line is not UTF-8\n"
	        "conf:8: the line holds a NUL byte\n"
	        "conf:9: 'zoom' has no place in the config file\n");
	assert_int_equal(n, 5);
	str_finish(&errors);
}

static void test_limits(void **state)
{
	(void)state;
	struct str line = {0};
	str_adds(&line, "column add T");
	for (int i = 0; i < CMD_MAX_WORDS; i++)
		str_adds(&line, " s");
	assert_string_equal(ran(line.p), "more than 256 words");
	while (line.len <= CMD_MAX_LINE)
		str_adds(&line, " sssssssssssssssss");
	assert_string_equal(ran(line.p), "the line is longer than 65536 bytes");
	str_finish(&line);
}

static void test_quote_and_split_agree(void **state)
{
	(void)state;
	static const char *const words[] = {"", "plain", "two words", "it's", "a\"b\\c", "#x",
	        "x;y", "tab\there", "line\nbreak", "\\", NULL};
	struct str line = {0};
	for (size_t i = 0; words[i]; i++) {
		if (i) str_addc(&line, ' ');
		cmd_quote(&line, words[i]);
	}
	int argc;
	struct err err = {0};
	char **split = cmd_split(line.p, &argc, &err);
	assert_non_null(split);
	for (size_t i = 0; words[i]; i++)
		assert_string_equal(split[i], words[i]);
	assert_int_equal(argc, 10);
	cmd_words_free(split);
	str_finish(&line);
}

static const char *fruit(void *ctx, size_t i)
{
	static const char *const names[] = {"apple", "banana", "cherry", NULL};
	(void)ctx;
	return names[i];
}

static void test_nearest(void **state)
{
	(void)state;
	assert_string_equal(cmd_nearest("aple", fruit, NULL), "apple");
	assert_string_equal(cmd_nearest("abnana", fruit, NULL), "banana");
	assert_string_equal(cmd_nearest("che", fruit, NULL), "cherry");
	assert_null(cmd_nearest("xyz", fruit, NULL));
	assert_null(cmd_nearest("", fruit, NULL));
}

static int teardown(void **state)
{
	(void)state;
	str_finish(&seen);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_empty),
	        cmocka_unit_test(test_words),
	        cmocka_unit_test(test_failure_ends_the_line),
	        cmocka_unit_test(test_arity),
	        cmocka_unit_test(test_keywords_in_any_order),
	        cmocka_unit_test(test_raw_tails),
	        cmocka_unit_test(test_commands_lose_their_quotes),
	        cmocka_unit_test(test_suggestions),
	        cmocka_unit_test(test_allow),
	        cmocka_unit_test(test_live),
	        cmocka_unit_test(test_source),
	        cmocka_unit_test(test_limits),
	        cmocka_unit_test(test_quote_and_split_agree),
	        cmocka_unit_test(test_nearest),
	};
	return cmocka_run_group_tests(tests, NULL, teardown);
}
