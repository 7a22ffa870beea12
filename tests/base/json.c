#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/utf8.h"

static struct json *parse(const char *text)
{
	struct err err = {0};
	struct json *json = json_parse(text, strlen(text), &err);

	if (!json) fail_msg("%s: %s", text, err.text);
	return json;
}

static void nothing_has_no_members(void **state)
{
	struct str out = {0};

	(void)state;
	json_free(NULL);
	assert_null(json_root(NULL));
	assert_null(json_get(NULL, "a"));
	assert_null(json_str(NULL, "a"));
	assert_null(json_arr(NULL, "a"));
	assert_null(json_obj(NULL, "a"));
	assert_true(json_bool(NULL, "a", true));
	assert_int_equal(json_int(NULL, "a", 7), 7);
	json_each (item, json_arr(NULL, "a"))
		fail();
	json_quote(&out, NULL);
	json_print(&out, NULL);
	assert_string_equal(out.p, "nullnull");
	str_finish(&out);
	assert_null(json_parse("", 0, NULL));
}

static void members_are_typed(void **state)
{
	(void)state;
	struct json *json =
	        parse("{\"s\":\"x\",\"n\":-3,\"b\":true,\"a\":[1,2],\"o\":{\"s\":\"y\"},"
	              "\"null\":null,\"S\":\"other\",\"d\":\"42\",\"w\":\"4x\"}");
	const cJSON *root = json_root(json);
	assert_string_equal(json_str(root, "s"), "x");
	assert_string_equal(json_str(root, "S"), "other");
	assert_null(json_str(root, "n"));
	assert_null(json_str(root, "null"));
	assert_int_equal(json_int(root, "n", 0), -3);
	assert_int_equal(json_int(root, "d", 0), 42);
	assert_int_equal(json_int(root, "w", 5), 5);
	assert_int_equal(json_int(root, "null", 5), 5);
	assert_true(json_bool(root, "b", false));
	assert_true(json_bool(root, "s", true));
	assert_null(json_obj(root, "a"));
	assert_null(json_arr(root, "o"));
	assert_string_equal(json_str(json_obj(root, "o"), "s"), "y");
	assert_null(json_get(json_arr(root, "a"), "s"));
	int sum = 0;
	json_each (item, json_arr(root, "a"))
		sum += item->valueint;
	assert_int_equal(sum, 3);
	json_free(json);
}

static void whole_numbers_are_exact(void **state)
{
	static const struct {
		const char *json;
		int64_t value;
	} samples[] = {
	        {"1123456789012345", 1123456789012345},
	        {"9007199254740991", 9007199254740991},
	        {"-9007199254740991", -9007199254740991},
	        {"\"9007199254740991\"", 9007199254740991},
	        {"112345678901234567", INT64_C(1) << 53},
	        {"\"-112345678901234567890123\"", -(INT64_C(1) << 53)},
	        {"1e400", INT64_C(1) << 53},
	        {"-1e400", -(INT64_C(1) << 53)},
	        {"2.9", 2},
	        {"-0", 0},
	        {"\"\"", 99},
	        {"\"-\"", 99},
	        {"\"1.5\"", 99},
	};

	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		struct str text = {0};
		str_addf(&text, "{\"n\":%s}", samples[i].json);
		struct json *json = parse(text.p);
		assert_int_equal(json_int(json_root(json), "n", 99), samples[i].value);
		json_free(json);
		str_finish(&text);
	}
}

static void check_string(const char *literal, size_t len, const char *want)
{
	struct str text = {0};
	struct err err = {0};

	str_adds(&text, "{\"s\":\"");
	str_add(&text, literal, len);
	str_adds(&text, "\"}");
	struct json *json = json_parse(text.p, text.len, &err);
	if (!json) fail_msg("%s: %s", literal, err.text);
	assert_string_equal(json_str(json_root(json), "s"), want);
	json_free(json);
	str_finish(&text);
}

static void strings_that_cjson_would_spoil_are_mended(void **state)
{
#define S(s) (s), sizeof(s) - 1
	(void)state;
	check_string(S("a\\u0000b"), "a\ufffd"
	                             "b");
	check_string(S("a\\\\u0000b"), "a\\u0000b");
	check_string(S("a\0b"), "a\ufffd"
	                        "b");
	check_string(S("\\ud800"), "\ufffd");
	check_string(S("\\ud800x"), "\ufffdx");
	check_string(S("\\ud800\\n"), "\ufffd\n");
	check_string(S("\\ud800\\ud800"), "\ufffd\ufffd");
	check_string(S("\\uDC00\\uD800"), "\ufffd\ufffd");
	check_string(S("\\ud83d\\ude00"), "😀");
	check_string(S("\\uD83D\\uDE00"), "😀");
	check_string(S("\\ud800\\ud83d\\ude00"), "\ufffd😀");
	check_string(S("a\xff\xc3"), "a\ufffd\ufffd");
	check_string(S("\xed\xa0\x80"), "\ufffd\ufffd\ufffd");
	check_string(S("\xf0\x9f\x98\x80"), "😀");
	check_string(S("\\\"\\/\\u00e9"), "\"/é");
#undef S
}

static void check_refused(const char *text, size_t len, enum err_code code, const char *says)
{
	struct err err = {0};
	struct json *json = json_parse(text, len, &err);

	if (json) fail_msg("taken: %.*s", (int)len, text);
	assert_int_equal(err.code, code);
	if (!strstr(err.text, says)) fail_msg("'%s' lacks '%s'", err.text, says);
}

static void what_is_not_one_value_is_refused(void **state)
{
	static const char *const samples[] = {"", " ", "{", "}", "{}x", "{} {}", "[1,]", "{\"a\"}",
	        "\"open", "\"bad \\x escape\"", "\"\\u12\"", "\"\\ud8", "tru", "{'a':1}", "\\",
	        "\"\\"};

	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		check_refused(samples[i], strlen(samples[i]), ERR_FORMAT, "byte");
	}
	check_refused("{}\0{}", 5, ERR_FORMAT, "NUL");
	struct json *json = parse(" \n{} \n");
	json_free(json);
	json = parse("\xef\xbb\xbf[]");
	json_free(json);
}

static char *repeat(const char *piece, size_t n, const char *last, size_t *len)
{
	struct str text = {0};

	for (size_t i = 0; i < n; i++)
		str_adds(&text, piece);
	str_adds(&text, last);
	*len = text.len;
	return str_take(&text);
}

static void bombs_are_refused_early(void **state)
{
	size_t len;

	(void)state;
	char *text = repeat("[", 1000000, "", &len);
	check_refused(text, len, ERR_FORMAT, "deeper than 100");
	free(text);
	text = repeat("{\"a\":", 101, "1", &len);
	check_refused(text, len, ERR_FORMAT, "deeper than 100 at byte 500");
	free(text);
	text = repeat("0,", 1000001, "0", &len);
	check_refused(text, len, ERR_TOO_LARGE, "values");
	free(text);
	text = repeat("[],", 300, "[]]", &len);
	text[0] = '[';
	text[1] = ' ';
	text[2] = ' ';
	struct json *wide = parse(text);
	assert_int_equal(cJSON_GetArraySize(json_root(wide)), 300);
	json_free(wide);
	free(text);
	struct str nested = {0};
	for (int i = 0; i < 100; i++)
		str_addc(&nested, '[');
	str_adds(&nested, "\"[[[[\\\"[[[\"");
	for (int i = 0; i < 100; i++)
		str_addc(&nested, ']');
	struct json *json = parse(nested.p);
	json_free(json);
	str_finish(&nested);
}

static void printing_gives_back_the_document(void **state)
{
	static const char text[] =
	        "{\"a\":[1,2.5,-3,\"x\\\"\\\\\\n\\u001b\\u007f\\u009b\\u202e é😀\","
	        "true,false,null,{}],\"b\":9007199254740991}";
	struct str out = {0};

	(void)state;
	struct json *json = parse(text);
	json_print(&out, json_root(json));
	assert_string_equal(out.p, text);
	json_free(json);
	str_clear(&out);
	json = parse("{\"n\":1e400}");
	json_print(&out, json_root(json));
	assert_string_equal(out.p, "{\"n\":null}");
	json_free(json);
	str_clear(&out);
	json_quote(&out, "bad \xff utf8");
	assert_string_equal(out.p, "\"bad \ufffd utf8\"");
	str_finish(&out);
}

static void cjson_outside_a_document_uses_plain_memory(void **state)
{
	(void)state;
	struct json *json = parse("{}");
	cJSON *other = cJSON_CreateString("x");
	assert_string_equal(other->valuestring, "x");
	cJSON_Delete(other);
	json_free(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(nothing_has_no_members),
	        cmocka_unit_test(members_are_typed),
	        cmocka_unit_test(whole_numbers_are_exact),
	        cmocka_unit_test(strings_that_cjson_would_spoil_are_mended),
	        cmocka_unit_test(what_is_not_one_value_is_refused),
	        cmocka_unit_test(bombs_are_refused_early),
	        cmocka_unit_test(printing_gives_back_the_document),
	        cmocka_unit_test(cjson_outside_a_document_uses_plain_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
