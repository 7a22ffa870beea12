/* Lines that stoa printed, and lines of others: what is told, what is not, what is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/post_json.h"
#include "random_post.h"

static struct post_json_read must_read(const char *line)
{
	struct post_json_read read;
	struct err err = {0};

	if (!post_json_read(&read, line, strlen(line), &err)) fail_msg("%s: %s", line, err.text);
	return read;
}

static void print_again(struct str *out, const struct post_json_read *read)
{
	struct post_json row = {.post = read->post,
	        .author = read->author,
	        .actor = read->actor,
	        .reason = read->reason,
	        .network = read->network,
	        .sources = read->sources,
	        .me = read->me,
	        .unread = read->unread};

	while (read->sources[row.nsources]) {
		row.nsources++;
	}
	post_json_print(out, &row);
}

static void what_was_printed_is_read(void **state)
{
	static const char *const sources[] = {"work/home", "feeds/all"};
	struct random random;
	struct random_post post = {0};

	(void)state;
	random_init(&random, 11);
	for (unsigned i = 0; i < 3000; i++) {
		struct str first = {0}, second = {0};
		struct post_json_read read;
		struct post_json row = {.author = &random_people[random_below(&random, 4)],
		        .actor = &random_people[4],
		        .reason = i % 2 ? REASON_REPOSTED : REASON_POSTED,
		        .network = i % 3 ? "mastodon" : "feed",
		        .sources = sources,
		        .nsources = i % 3,
		        .me = i % 5 ? "me@a.example" : NULL,
		        .unread = i % 7};

		random_post_make(&post, &random, i);
		row.post = post_new(&post.parts);
		post_json_print(&first, &row);
		read = must_read(str_c(&first));
		print_again(&second, &read);
		/* Random texts are not clean: a title may have what none has after the gates. */
		if (!strstr(str_c(&first), "\u200b") && strcmp(str_c(&first), str_c(&second)) != 0)
			fail_msg("%s became %s", str_c(&first), str_c(&second));
		post_json_read_finish(&read);
		free((void *)row.post);
		str_finish(&first);
		str_finish(&second);
	}
	random_post_finish(&post);
}

static void what_is_missing_is_not_known(void **state)
{
	struct post_json_read read = must_read("{}");

	(void)state;
	assert_int_equal(read.untold, UNTOLD_TEXT | UNTOLD_FACETS | UNTOLD_MEDIA |
	                                      UNTOLD_VISIBILITY | UNTOLD_FLAGS | UNTOLD_OWN |
	                                      UNTOLD_TO_ME | UNTOLD_UNREAD | UNTOLD_ATTENTION |
	                                      UNTOLD_MUTED | UNTOLD_BOT);
	assert_null(read.author);
	assert_null(read.network);
	assert_null(read.sources);
	assert_int_equal(read.post->likes, POST_UNKNOWN);
	assert_int_equal(read.post->created_ms, 0);
	post_json_read_finish(&read);
	read = must_read(" {\"text\":\"x\",\"facets\":[],\"media\":[],\"visibility\":\"direct\","
	                 "\"flags\":[],\"me\":\"ada\",\"reply_to\":\"y\",\"source\":[],"
	                 "\"author\":{\"handle\":\"ada\",\"bot\":false},\"new\":{\"a\":[1]}}\n");
	assert_int_equal(read.untold, UNTOLD_REPLY_NAME | UNTOLD_ATTENTION | UNTOLD_MUTED);
	assert_int_equal(read.post->visibility, VIS_DIRECT);
	assert_null(read.sources[0]);
	assert_int_equal(read.author->followers, -1);
	assert_null(read.author->bio);
	post_json_read_finish(&read);
}

static unsigned viewed(const char *line)
{
	struct post_json_read read = must_read(line);
	unsigned flags = post_viewer(read.post, 0).flags;

	post_json_read_finish(&read);
	return flags;
}

static void me_tells_what_is_ours(void **state)
{
	(void)state;
	assert_int_equal(
	        viewed("{\"me\":\"Ada@a.example\",\"author\":{\"handle\":\"ada@A.example\"}}"),
	        VIEWER_OWN);
	assert_int_equal(
	        viewed("{\"me\":\"ada@a.example\",\"text\":\"hi @Ada\",\"facets\":[{\"kind\":"
	               "\"mention\",\"start\":3,\"end\":7}]}"),
	        VIEWER_MENTIONED);
	assert_int_equal(
	        viewed("{\"me\":\"adam@a.example\",\"text\":\"hi @Ada\",\"facets\":[{\"kind\":"
	               "\"mention\",\"start\":3,\"end\":7}]}"),
	        0);
	assert_int_equal(viewed("{\"me\":null,\"flags\":[\"liked\",\"mentioned\",\"new\"]}"),
	        VIEWER_LIKED | VIEWER_MENTIONED);
}

static void kinds_of_later_versions_are_left_out(void **state)
{
	struct post_json_read read = must_read(
	        "{\"text\":\"ab\\u0007c\",\"facets\":[{\"kind\":\"smell\",\"start\":0,\"end\":1},"
	        "{\"kind\":\"tag\",\"start\":1,\"end\":4,\"target\":\"c\"}],"
	        "\"media\":[{\"type\":\"hologram\",\"url\":\"u\"}],\"visibility\":\"circle\"}");

	(void)state;
	assert_string_equal(post_str(read.post, POST_BODY), "abc");
	assert_int_equal(read.post->nfacets, 1);
	assert_int_equal(post_facet(read.post, 0).end, 3);
	assert_int_equal(post_media(read.post, 0).kind, MEDIA_FILE);
	assert_int_equal(read.untold & UNTOLD_VISIBILITY, UNTOLD_VISIBILITY);
	post_json_read_finish(&read);
}

static void a_wrong_line_gets_its_sentence(void **state)
{
	static const struct {
		const char *line, *says;
	} rows[] = {
	        {"", "JSON"},
	        {"nonsense", "JSON"},
	        {"[]", "not an object"},
	        {"{\"text\":1}", "'text' is not a string"},
	        {"{\"author\":\"ada\"}", "'author' is not an object"},
	        {"{\"author\":{\"bot\":1}}", "'author.bot' is not true or false"},
	        {"{\"author\":{\"followers\":\"many\"}}", "'author.followers' is not a number"},
	        {"{\"source\":\"work/home\"}", "'source' is not a list"},
	        {"{\"source\":[1]}", "a list of strings"},
	        {"{\"counts\":{\"likes\":-1}}", "'counts.likes' is not a number from 0 on"},
	        {"{\"created_at\":\"soon\"}", "'created_at' is not a time"},
	        {"{\"text\":\"é\",\"facets\":[{\"kind\":\"tag\",\"start\":0,\"end\":3}]}",
	                "within"},
	        {"{\"text\":\"e\",\"facets\":[{\"kind\":\"tag\",\"start\":1,\"end\":1}]}",
	                "within"},
	        {"{\"text\":\"e\",\"facets\":[7]}", "list of objects"},
	        {"{\"media\":[7]}", "list of objects"},
	        {"{\"poll\":{\"options\":7}}", "'options' is not a list"},
	        {"{\"flags\":\"unread\"}", "'flags' is not a list"},
	        {"{\"me\":[]}", "'me' is not a string"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct post_json_read read;
		struct err err = {0};

		if (post_json_read(&read, rows[i].line, strlen(rows[i].line), &err)) {
			fail_msg("%s was read", rows[i].line);
		}
		if (!strstr(err.text, rows[i].says)) {
			fail_msg(
			        "%s: '%s' does not say '%s'", rows[i].line, err.text, rows[i].says);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(what_was_printed_is_read),
	        cmocka_unit_test(what_is_missing_is_not_known),
	        cmocka_unit_test(me_tells_what_is_ours),
	        cmocka_unit_test(kinds_of_later_versions_are_left_out),
	        cmocka_unit_test(a_wrong_line_gets_its_sentence),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
