/* Server-Sent Events, cut anywhere. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "base/str.h"
#include "net/sse.h"

static void on_event(void *ctx, const char *name, const char *data, size_t len)
{
	struct str *out = ctx;
	assert_int_equal(data[len], '\0');
	str_addf(out, "<%s|", name);
	str_add(out, data, len);
	str_addc(out, '>');
}

static char *whole(const char *bytes, size_t len, size_t max)
{
	struct str out = {0};
	struct sse sse = {.on_event = on_event, .ctx = &out, .max = max};
	sse_feed(&sse, bytes, len);
	sse_finish(&sse);
	return str_take(&out);
}

static void check(const char *bytes, const char *expected)
{
	char *got = whole(bytes, strlen(bytes), 0);
	assert_string_equal(got, expected);
	free(got);
}

static void nothing(void **state)
{
	(void)state;
	struct sse sse = {0};
	sse_feed(&sse, NULL, 0);
	sse_feed(&sse, "data: nobody listens\n\n", 22);
	sse_reset(&sse);
	sse_finish(&sse);
	check("", "");
}

static void the_rules(void **state)
{
	(void)state;
	check("data: one\n\n", "<message|one>");
	check("event: update\ndata: {}\n\n", "<update|{}>");
	check("data:a\ndata:  b\ndata\n\n", "<message|a\n b\n>");
	check("data:\n\n", "<message|>");
	check("event: nothing\n\n", "");
	check("event: a\n\ndata: b\n\n", "<message|b>");
	check("data: unfinished\n", "");
	check(":)\n:thump\ndata: x\n\n:thump\n", "<message|x>");
	check("id: 1\nretry: 5\nother: z\ndatax: n\ndata: y\n\n", "<message|y>");
	check("data: a\r\n\r\ndata: b\r\rdata: c\n\n", "<message|a><message|b><message|c>");
	check("\xef\xbb\xbf"
	      "data: bom\n\n",
	        "<message|bom>");
	check("data: x\n\xef\xbb\xbf"
	      "data: later\n\n",
	        "<message|x>");
	check("data: a\r\ndata: b\r\n\r\n", "<message|a\nb>");
	check("data:\ndata: x\n\n", "<message|\nx>");
	check("event: a\nevent: b\ndata: 1\n\n", "<b|1>");
	check("\n\n\ndata: 1\n\n\n\n", "<message|1>");
}

static void a_reset_forgets(void **state)
{
	(void)state;
	struct str out = {0};
	struct sse sse = {.on_event = on_event, .ctx = &out};
	sse_feed(&sse, "event: old\ndata: half", 21);
	sse_reset(&sse);
	sse_feed(&sse,
	        "\xef\xbb\xbf"
	        "data: new\n\n",
	        14);
	assert_string_equal(str_c(&out), "<message|new>");
	sse_finish(&sse);
	str_finish(&out);
}

static void limits_drop_whole_events(void **state)
{
	(void)state;
	struct str in = {0};
	str_adds(&in, "data: ");
	for (int i = 0; i < 300; i++)
		str_addc(&in, 'x');
	str_adds(&in, "\ndata: more\n\ndata: ok\n\n");
	for (int i = 0; i < 30; i++)
		str_adds(&in, "data: 123456789\n");
	str_adds(&in, "\nevent: e\ndata: last\n\n");
	char *got = whole(in.p, in.len, 100);
	assert_string_equal(got, "<message|ok><e|last>");
	free(got);
	str_finish(&in);
}

/* Any cut gives what the whole gives: every single one, then many at once. */
static void same_however_cut(const char *bytes, size_t len, size_t max)
{
	char *expected = whole(bytes, len, max);
	struct random random;
	random_init(&random, 7);
	for (size_t round = 0; round <= len + 50; round++) {
		struct str out = {0};
		struct sse sse = {.on_event = on_event, .ctx = &out, .max = max};
		if (round <= len) {
			sse_feed(&sse, bytes, round);
			sse_feed(&sse, bytes + round, len - round);
		} else {
			for (size_t at = 0; at < len;) {
				size_t n = 1 + random_below(&random, round % 2 ? 1 : 9);
				n = n < len - at ? n : len - at;
				sse_feed(&sse, bytes + at, n);
				at += n;
			}
		}
		assert_string_equal(str_c(&out), expected);
		sse_finish(&sse);
		str_finish(&out);
	}
	free(expected);
}

static void cuts_make_no_difference(void **state)
{
	(void)state;
	static const char bytes[] =
	        "\xef\xbb\xbf:)\r\n:thump\r\nevent: update\r\ndata: {\"a\":\"\xc3\xa9\"}\r\n\r\n"
	        "data: a\rdata: b\r\rdata\n\nevent: x\n\n:c\ndata: "
	        "0123456789012345678901234567890123456789"
	        "0123456789012345678901234567890123456789012345678901234567890123456789\n\ndata: "
	        "end\n\n";
	same_however_cut(bytes, sizeof(bytes) - 1, 0);
	same_however_cut(bytes, sizeof(bytes) - 1, 20);
}

static void random_bytes_make_no_difference(void **state)
{
	(void)state;
	static const char alphabet[] = "\r\n\n: devnta\xef\xbb\xbf";
	struct random random;
	random_init(&random, 11);
	for (int i = 0; i < 200; i++) {
		char bytes[60];
		for (size_t j = 0; j < sizeof(bytes); j++)
			bytes[j] = alphabet[random_below(&random, sizeof(alphabet) - 1)];
		same_however_cut(bytes, sizeof(bytes), i % 2 ? 5 : 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(nothing),
	        cmocka_unit_test(the_rules),
	        cmocka_unit_test(a_reset_forgets),
	        cmocka_unit_test(limits_drop_whole_events),
	        cmocka_unit_test(cuts_make_no_difference),
	        cmocka_unit_test(random_bytes_make_no_difference),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
