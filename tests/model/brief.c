#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "model/brief.h"
#include "model/outgoing.h"
#include "model/post.h"
#include "model/profile.h"

/* A brief: what it makes of numbers, and how it reads. */

static const int64_t now_ms = 1795348800000; /* Sun 2026-11-22 12:00 UTC */
static const int64_t hour = 3600000;

static void usual_is_the_mean_give_or_take_the_spread(void **state)
{
	(void)state;
	int64_t low = -1, high = -1;
	brief_usual(NULL, 0, &low, &high);
	assert_int_equal(low, 0);
	assert_int_equal(high, 0);
	const double steady[] = {7, 7, 7};
	brief_usual(steady, 3, &low, &high);
	assert_int_equal(low, 7);
	assert_int_equal(high, 7);
	const double spread[] = {6, 12, 6, 12};
	brief_usual(spread, 4, &low, &high);
	assert_int_equal(low, 6);
	assert_int_equal(high, 12);
	/* Nothing is less than nothing. */
	const double wild[] = {0, 0, 0, 40};
	brief_usual(wild, 4, &low, &high);
	assert_int_equal(low, 0);
	assert_int_equal(high, 27);
}

static void counts(int64_t posts, unsigned weeks, int64_t low, int64_t high, const char *expected)
{
	const struct brief_saved saved = {.posts = posts, .weeks = weeks, .low = low, .high = high};
	struct str text = {0};
	brief_print_count(&text, &saved);
	assert_string_equal(text.p, expected);
	str_finish(&text);
}

static void a_count_says_what_is_usual(void **state)
{
	(void)state;
	counts(41, 8, 6, 12, "41, usually 6 to 12: much more than usual");
	counts(14, 8, 6, 12, "14, usually 6 to 12: more than usual");
	counts(9, 8, 6, 12, "9, usually 6 to 12");
	counts(2, 8, 6, 12, "2, usually 6 to 12: less than usual");
	counts(7, 3, 7, 7, "7, usually 7");
	counts(9, 1, 4, 4, "9, a week ago 4");
	counts(9, 0, 0, 0, "9; what is usual is known after a week");
}

/* What was saved only now counts what is here; else what was counted is the better number. */
static void what_was_saved_just_now_has_a_number_too(void **state)
{
	(void)state;
	struct brief *brief = xcalloc(1, sizeof(*brief));
	brief->now_ms = now_ms;
	brief->since_ms = brief_since(now_ms);
	const int64_t first[] = {0, now_ms, brief->since_ms};
	for (size_t i = 0; i < 3; i++) {
		struct brief_saved *saved = brief_add_saved(brief);
		saved->first_ms = first[i];
		saved->found = 7;
		saved->posts = 2;
	}
	brief_sort(brief);
	assert_int_equal(brief->saved[0].posts, 7);
	assert_int_equal(brief->saved[1].posts, 7);
	assert_int_equal(brief->saved[2].posts, 2);
	brief_free(brief);
}

/* -- reading it -- */

static void take_line(void *ctx, const struct brief_line *line)
{
	str_addf(ctx, "%s%s%s%s\n", line->heading ? "# " : "", line->text, line->uri ? " <" : "",
	        line->uri ? line->uri : "");
}

static struct post *post_of(const char *uri, const char *words, int64_t at_ms)
{
	struct post_parts parts = {
	        .str = {[POST_URI] = uri, [POST_BODY] = words}, .created_ms = at_ms};
	return post_new(&parts);
}

static void say(struct brief_post *out, const char *uri, const char *handle, const char *words,
        int64_t at_ms)
{
	struct profile author = {.uri = handle, .handle = handle, .name = "", .followers = -1};
	struct post *post = post_of(uri, words, at_ms);
	brief_post_put(out, post, &author);
	free(post);
}

static void owe(struct brief *brief, const char *uri, account_id account, int64_t at_ms, bool later)
{
	struct brief_owed *owed = brief_add_owed(brief);
	owed->post.uri = xstrdup(uri);
	owed->post.at_ms = at_ms;
	owed->account = account;
	owed->account_name = xstrdup("work");
	owed->later = later;
}

static void plan(struct brief *brief, int64_t id, enum outgoing_state state, const char *wall,
        int64_t after, bool trouble)
{
	struct outgoing *item = xcalloc(1, sizeof(*item));
	item->id = id;
	item->state = state;
	item->after = after;
	item->text = xstrdup("The week's\nwords");
	assert_true(when_resolve(wall, NULL, 0, &item->at, NULL));
	brief_put_due(brief, item, "work", trouble, brief_day_end(now_ms));
	outgoing_free(item);
}

static struct brief *whole(void)
{
	struct brief *brief = xcalloc(1, sizeof(*brief));
	brief->now_ms = now_ms;
	brief->since_ms = brief_since(now_ms);
	struct brief_saved *saved = brief_add_saved(brief);
	saved->name = xstrdup("trade");
	saved->query = xstrdup("contractor");
	saved->posts = 41;
	saved->weeks = 4;
	saved->first_ms = now_ms - 30 * 24 * hour;
	saved->found = 100;
	saved->low = 6;
	saved->high = 12;
	say(&saved->said[saved->nsaid++], "u:1", "ada@x", "Contractor wanted", now_ms - 5 * 60000);
	owe(brief, "u:2", 2, now_ms - 3 * 24 * hour, true);
	owe(brief, "u:3", 2, now_ms - 50 * hour, false);
	owe(brief, "u:2", 3, now_ms - 3 * 24 * hour, true);
	say(&brief->owed[1].post, "u:3", "bob@x", "And how much is it?", now_ms - 30 * hour);
	plan(brief, 1, OUTGOING_SCHEDULED, "2026-11-22 17:30", 0, false);
	plan(brief, 2, OUTGOING_SCHEDULED, "2026-11-22 17:30", 1, false);
	plan(brief, 3, OUTGOING_SCHEDULED, "2026-11-23 00:00", 0, false);
	plan(brief, 4, OUTGOING_MISSED, "2026-11-22 09:00", 0, true);
	struct brief_label *label = brief_label(brief, "garden");
	label->posts = 3;
	label->looked = 2;
	label->replies = 1;
	label->likes = 20;
	assert_ptr_equal(brief_label(brief, "garden"), label);
	brief_label(brief, "books")->posts = 1;
	struct brief_account *account = brief_add_account(brief);
	account->name = xstrdup("work");
	account->followers = 412;
	account->before = 405;
	assert_true(budget_parse("2h/week", &brief->budget, NULL));
	brief->used_s = 48 * 60;
	brief_sort(brief);
	return brief;
}

static void it_reads_from_top_to_bottom(void **state)
{
	(void)state;
	struct brief *brief = whole();
	struct str text = {0};
	brief_print(brief, 60, take_line, &text);
	assert_string_equal(text.p, "# Brief of the last 24 h, since 2026-11-21 12:00\n"
	                            "# Saved queries\n"
	                            "  trade: 41, usually 6 to 12: much more than usual\n"
	                            "    5 min    @ada@x: Contractor wanted <u:1\n"
	                            "# Waiting for an answer: 2\n"
	                            "  3 days   u:2 (later) <u:2\n"
	                            "  30 h     @bob@x: And how much is it? <u:3\n"
	                            "# Due today: 2\n"
	                            "  09:00  work (missed): The week's words\n"
	                            "  17:30  work: The week's words\n"
	                            "# What your labels brought in 30 days\n"
	                            "  books: 1 post, not looked at yet\n"
	                            "  garden: 3 posts, 1 reply, 0 reposts, 20 likes\n"
	                            "# Followers: work 412 (+7 in 7 days)\n"
	                            "# Time used: 48 min of 2 h this week\n");
	str_finish(&text);
	brief_free(brief);
	brief_free(NULL);
}

static void narrow(void *ctx, const struct brief_line *line)
{
	assert_true(utf8_width(line->text, strlen(line->text)) <= *(size_t *)ctx);
}

static void no_line_is_wider_than_the_screen(void **state)
{
	(void)state;
	struct brief *brief = whole();
	say(&brief->saved[0].said[brief->saved[0].nsaid++], "u:9", "yuki@kumo.example",
	        "全角と半角が混ざると幅が狂う。だから測る。全角と半角が混ざると幅が狂う。", now_ms);
	for (size_t cols = 20; cols < 80; cols++)
		brief_print(brief, (int)cols, narrow, &cols);
	brief_free(brief);
}

static void nothing_is_said_in_words_too(void **state)
{
	(void)state;
	struct brief *brief = xcalloc(1, sizeof(*brief));
	struct str text = {0};
	brief->now_ms = now_ms;
	brief->since_ms = brief_since(now_ms);
	brief_sort(brief);
	brief_print(brief, 80, take_line, &text);
	assert_non_null(strstr(text.p, "\n# Nobody waits for an answer\n# Nothing is due today\n"
	                               "# Time used: 0 s this week\n"));
	str_finish(&text);
	brief_print_json(&text, brief);
	assert_string_equal(text.p, "{\"now\":\"2026-11-22T12:00:00Z\",\"since\":"
	                            "\"2026-11-21T12:00:00Z\",\"saved\":[],\"waiting\":[],"
	                            "\"due\":[],\"labels\":[],\"accounts\":[],\"time\":{"
	                            "\"used_seconds\":0,\"budget_seconds\":null,\"of\":\"week\"}}");
	str_finish(&text);
	brief_free(brief);
}

static void programs_read_it_too(void **state)
{
	(void)state;
	struct brief *brief = whole();
	struct str text = {0};
	brief->saved[0].weeks = 0;
	brief_print_json(&text, brief);
	assert_non_null(strstr(text.p, "\"usual_low\":null,\"usual_high\":null"));
	assert_non_null(strstr(text.p, "\"waiting\":[{\"uri\":\"u:2\",\"url\":null,\"who\":null,"
	                               "\"text\":null,\"at\":\"2026-11-19T12:00:00Z\",\"account\":"
	                               "\"work\",\"later\":true},"));
	assert_non_null(strstr(text.p, "\"state\":\"missed\",\"needs_you\":true}"));
	assert_non_null(strstr(text.p, "{\"label\":\"garden\",\"posts\":3,\"looked_at\":2,"
	                               "\"replies\":1,\"reposts\":0,\"likes\":20}"));
	assert_non_null(strstr(text.p, "\"budget_seconds\":7200,\"of\":\"week\"}}"));
	str_finish(&text);
	brief_free(brief);
}

static void budget(const char *text, const char *expected)
{
	struct budget it = {0};
	struct str printed = {0};
	struct err err = {0};
	if (budget_parse(text, &it, &err))
		budget_print(&printed, &it);
	else
		str_adds(&printed, err.text);
	assert_non_null(strstr(str_c(&printed), expected));
	str_finish(&printed);
}

static void a_budget_is_of_a_day_or_week(void **state)
{
	(void)state;
	budget("2h/week", "2h/week");
	budget("20m/day", "20m/day");
	budget("off", "off");
	budget("2h", "2h/week, 20m/day; not '2h'");
	budget("/day", "not '/day'");
	budget("0m/day", "not '0m/day'");
	budget("2h/month", "not '2h/month'");
	const struct budget week = {.ms = 1}, day = {.ms = 1, .daily = true};
	/* It is Sunday: the week began on the Monday before. */
	assert_int_equal(budget_start(&week, now_ms), now_ms - (6 * 24 + 12) * hour);
	assert_int_equal(budget_start(&day, now_ms), now_ms - 12 * hour);
	assert_int_equal(budget_start(&week, now_ms + 12 * hour), now_ms + 12 * hour);
	assert_int_equal(brief_day_end(now_ms), now_ms + 12 * hour);
	struct str text = {0};
	budget_print_used(&text, &day, 3600 + 20 * 60 + 5);
	assert_string_equal(text.p, "1 h 20 min of 0 s today");
	str_finish(&text);
}

static void a_post_in_one_line(void **state)
{
	(void)state;
	static const struct {
		const char *title, *warning, *body, *line;
	} posts[] = {
	        {"Title", "", "Body", "Title"},
	        {"", "spiders", "Body", "warning: spiders"},
	        {"", "", "One\n\n two", "One two"},
	        {"", "", "", "(image: A cat)"},
	        {"", "", "0123456789abc", "0123456789…"},
	};
	for (size_t i = 0; i < sizeof(posts) / sizeof(*posts); i++) {
		const struct media media = {.kind = MEDIA_IMAGE, .url = "u", .alt = "A cat"};
		struct post_parts parts = {.str = {[POST_URI] = "u",
		                                   [POST_TITLE] = posts[i].title,
		                                   [POST_WARNING] = posts[i].warning,
		                                   [POST_BODY] = posts[i].body},
		        .media = &media,
		        .nmedia = 1};
		struct post *post = post_new(&parts);
		struct str line = {0};
		post_line(&line, post, 10);
		assert_string_equal(line.p, posts[i].line);
		str_finish(&line);
		free(post);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(usual_is_the_mean_give_or_take_the_spread),
	        cmocka_unit_test(a_count_says_what_is_usual),
	        cmocka_unit_test(what_was_saved_just_now_has_a_number_too),
	        cmocka_unit_test(it_reads_from_top_to_bottom),
	        cmocka_unit_test(no_line_is_wider_than_the_screen),
	        cmocka_unit_test(nothing_is_said_in_words_too),
	        cmocka_unit_test(programs_read_it_too),
	        cmocka_unit_test(a_budget_is_of_a_day_or_week),
	        cmocka_unit_test(a_post_in_one_line),
	};
	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
