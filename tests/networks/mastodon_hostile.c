/* Answers that no server should give: whatever is in them, at most one row is lost. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "mastodon_world.h"

/* --- every value of a wrong type --- */

static size_t count_nodes(const cJSON *node)
{
	size_t n = 1;
	json_each (child, node)
		n += count_nodes(child);
	return n;
}

/* The node number *left in document order, and its parent. */
static cJSON *find_node(cJSON *node, cJSON *parent, size_t *left, cJSON **out_parent)
{
	*out_parent = parent;
	if ((*left)-- == 0) return node;
	for (cJSON *child = node->child; child; child = child->next) {
		cJSON *found = find_node(child, node, left, out_parent);
		if (found) return found;
	}
	return NULL;
}

static cJSON *strange(int kind)
{
	switch (kind) {
	case 0:
		return cJSON_CreateNull();
	case 1:
		return cJSON_CreateNumber(-1e300);
	case 2:
		return cJSON_CreateString("\x1b[31m \xe2\x80\xae<p><b>");
	case 3:
		return cJSON_CreateArray();
	case 4:
		return cJSON_CreateObject();
	default:
		return cJSON_CreateTrue();
	}
}

static void check_page(struct world *w, enum source_kind kind, const char *body, size_t rows)
{
	ask(w, kind, kind == SOURCE_SEARCH ? "x" : NULL);
	answer(w, 200, NULL, body);
	assert_int_equal(w->next, CALL_DONE);
	struct page *page = w->call.out;
	assert_true(page->unreadable <= 1);
	assert_true(page->nentries + 1 >= rows);
	for (size_t i = 0; i < page->nentries; i++) {
		assert_true(page->entries[i].post <= page->nposts);
		assert_true(page->entries[i].actor <= page->nprofiles);
	}
	for (size_t i = 0; i < page->nposts; i++) {
		assert_true(page->posts[i]->author >= 1);
		assert_true(page->posts[i]->author <= page->nprofiles);
	}
	fetch_state_finish(&w->state);
}

/* A page of two: an item of the fixture with one value replaced, and one that is fine. */
static void mutate(const char *name, enum source_kind kind, int item)
{
	struct world w;
	world_init(&w);
	char *bytes = fixture(name);
	cJSON *all = cJSON_Parse(bytes), *page = cJSON_CreateArray();
	cJSON *good = cJSON_GetArrayItem(all, kind == SOURCE_HOME ? 0 : 4);
	cJSON_AddItemToArray(page, cJSON_Duplicate(cJSON_GetArrayItem(all, item), true));
	size_t nodes = count_nodes(page);
	cJSON_AddItemToArray(page, cJSON_Duplicate(good, true));
	for (size_t i = 1; i < nodes; i++) {
		for (int how = 0; how < 6; how++) {
			cJSON *copy = cJSON_Duplicate(page, true), *parent;
			size_t left = i;
			cJSON *node = find_node(copy, NULL, &left, &parent);
			cJSON_ReplaceItemViaPointer(parent, node, strange(how));
			char *body = cJSON_PrintUnformatted(copy);
			check_page(&w, kind, body, 2);
			cJSON_free(body);
			cJSON_Delete(copy);
		}
	}
	cJSON_Delete(page);
	cJSON_Delete(all);
	free(bytes);
	world_finish(&w);
}

static void a_status_with_any_value_wrong(void **state)
{
	(void)state;
	for (int item = 1; item < 4; item++)
		mutate("home.json", SOURCE_HOME, item);
}

static void a_notification_with_any_value_wrong(void **state)
{
	(void)state;
	mutate("notifications.json", SOURCE_NOTIFICATIONS, 5);
	mutate("notifications.json", SOURCE_NOTIFICATIONS, 1);
}

static void bad_items_are_counted_and_left_out(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	char *good = statuses(9, 1);
	struct str body = {0};
	good[strlen(good) - 1] = '\0';
	str_addf(&body, "%s,null,7,\"x\",[],{},{\"id\":\"8\"},{\"id\":9}]", good);
	ask(&w, SOURCE_HOME, NULL);
	answer(&w, 200, NULL, body.p);
	assert_int_equal(w.next, CALL_DONE);
	assert_int_equal(w.call.out->nentries, 1);
	assert_int_equal(w.call.out->unreadable, 7);
	str_finish(&body);
	free(good);
	world_finish(&w);
}

static void bad_reposts_are_no_posts(void **state)
{
	(void)state;
	static const char *const reblogs[] = {"7", "[]", "\"x\"", "{}", "true"};
	struct world w;
	world_init(&w);
	for (size_t i = 0; i < sizeof reblogs / sizeof *reblogs; i++) {
		char *good = statuses(9, 1);
		struct str body = {0};
		good[strlen(good) - 2] = '\0';
		str_addf(&body, "%s,\"reblog\":%s}]", good, reblogs[i]);
		ask(&w, SOURCE_HOME, NULL);
		answer(&w, 200, NULL, body.p);
		assert_int_equal(w.call.out->nentries, 0);
		assert_int_equal(w.call.out->unreadable, 1);
		str_finish(&body);
		free(good);
	}
	world_finish(&w);
}

static void a_repost_by_nobody_is_no_row(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	char *good = statuses(9, 1), *inner = statuses(8, 1);
	struct str body = {0};
	*strstr(good, "\"account\"") = '\0';
	inner[strlen(inner) - 1] = '\0';
	str_addf(&body, "%s\"reblog\":%s}]", good, inner + 1);
	ask(&w, SOURCE_HOME, NULL);
	answer(&w, 200, NULL, body.p);
	assert_int_equal(w.next, CALL_DONE);
	assert_int_equal(w.call.out->nentries, 0);
	assert_int_equal(w.call.out->unreadable, 1);
	str_finish(&body);
	free(good);
	free(inner);
	world_finish(&w);
}

/* --- too much of it --- */

/* One status with `n` times `piece` as the member `name`. */
static char *bloated(const char *name, const char *piece, size_t n)
{
	char *good = statuses(9, 1);
	struct str body = {0};
	good[strlen(good) - 2] = '\0';
	str_addf(&body, "%s,\"%s\":[", good, name);
	for (size_t i = 0; i < n; i++)
		str_addf(&body, "%s%s", i ? "," : "", piece);
	str_adds(&body, "]}]");
	free(good);
	return str_take(&body);
}

static void swarms_are_bounded(void **state)
{
	(void)state;
	static const struct {
		const char *name, *piece;
	} rows[] = {
	        {"mentions", "{\"url\":\"https://h/@x\",\"acct\":\"x@h\"}"},
	        {"tags", "{\"name\":\"x\"}"},
	        {"emojis", "{\"shortcode\":\"x\"}"},
	        {"media_attachments", "{\"url\":\"https://h/1.jpg\"}"},
	};
	struct world w;
	world_init(&w);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *body = bloated(rows[i].name, rows[i].piece, 20000);
		ask(&w, SOURCE_HOME, NULL);
		answer(&w, 200, NULL, body);
		assert_int_equal(w.next, CALL_DONE);
		assert_int_equal(w.call.out->nentries, 1);
		assert_true(w.call.out->posts[0]->size < 100000);
		assert_true(w.call.out->posts[0]->nmedia <= POST_MAX_MEDIA);
		free(body);
	}
	world_finish(&w);
}

/* Two good items with `bad` between them, in a list of its own or as a search has it. */
static void expect_one_lost(struct world *w, enum source_kind kind, const char *bad)
{
	char *first = statuses(9, 1), *last = statuses(7, 1);
	struct str body = {0};
	first[strlen(first) - 1] = '\0';
	str_addf(&body, "%s%s, %s ,%s%s",
	        kind == SOURCE_SEARCH ? "{\"accounts\":[1,[]],\"x\":\"]\",\"statuses\":" : "",
	        first, bad, last + 1, kind == SOURCE_SEARCH ? ",\"y\":{\"z\":[7]}}" : "");
	ask(w, kind, kind == SOURCE_SEARCH ? "x" : NULL);
	answer(w, 200, NULL, body.p);
	assert_int_equal(w->next, CALL_DONE);
	assert_int_equal(w->call.err.code, ERR_NONE);
	assert_int_equal(w->call.out->nentries, 2);
	assert_int_equal(w->call.out->unreadable, 1);
	fetch_state_finish(&w->state);
	str_finish(&body);
	free(first);
	free(last);
}

static void an_item_that_hides_others_is_cut_out(void **state)
{
	(void)state;
	static const char *const bad[] = {"{\"id\":}", "nul", "{\"id\":\"1\",}", "\"\\x\""};
	struct world w;
	world_init(&w);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		expect_one_lost(&w, SOURCE_HOME, bad[i]);
		expect_one_lost(&w, SOURCE_SEARCH, bad[i]);
	}
	struct str deep = {0};
	for (int n = 0; n < 200; n++)
		str_addc(&deep, '[');
	for (int n = 0; n < 200; n++)
		str_addc(&deep, ']');
	expect_one_lost(&w, SOURCE_HOME, deep.p);
	str_finish(&deep);
	world_finish(&w);
}

static void a_million_mentions_cost_their_own_post(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	char *bad = bloated("mentions", "{}", 1000000);
	bad[strlen(bad) - 1] = '\0';
	expect_one_lost(&w, SOURCE_HOME, bad + 1);
	expect_one_lost(&w, SOURCE_SEARCH, bad + 1);
	free(bad);
	world_finish(&w);
}

static void half_an_answer_is_no_answer(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	char *body = statuses(9, 3);
	size_t whole = strlen(body);
	for (size_t len = 1; len < whole; len += 7) {
		char *half = xstrndup(body, len);
		ask(&w, SOURCE_HOME, NULL);
		answer(&w, 200, NULL, half);
		assert_int_equal(w.next, CALL_FAIL);
		assert_int_equal(w.call.err.code, ERR_FORMAT);
		free(half);
	}
	free(body);
	world_finish(&w);
}

static void quotes_of_quotes_end(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	struct str body = {0};
	char *one = statuses(9, 1);
	size_t n = strlen(one);
	str_addc(&body, '[');
	for (int i = 0; i < 25; i++) {
		str_add(&body, one + 1, n - 3);
		str_adds(&body, ",\"quote\":");
	}
	str_adds(&body, "null");
	for (int i = 0; i < 25; i++)
		str_addc(&body, '}');
	str_addc(&body, ']');
	ask(&w, SOURCE_HOME, NULL);
	answer(&w, 200, NULL, body.p);
	assert_int_equal(w.next, CALL_DONE);
	assert_int_equal(w.call.out->nentries, 1);
	str_finish(&body);
	free(one);
	world_finish(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_status_with_any_value_wrong),
	        cmocka_unit_test(a_notification_with_any_value_wrong),
	        cmocka_unit_test(bad_items_are_counted_and_left_out),
	        cmocka_unit_test(bad_reposts_are_no_posts),
	        cmocka_unit_test(a_repost_by_nobody_is_no_row),
	        cmocka_unit_test(swarms_are_bounded),
	        cmocka_unit_test(an_item_that_hides_others_is_cut_out),
	        cmocka_unit_test(a_million_mentions_cost_their_own_post),
	        cmocka_unit_test(half_an_answer_is_no_answer),
	        cmocka_unit_test(quotes_of_quotes_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
