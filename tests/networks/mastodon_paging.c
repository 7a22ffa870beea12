/*
 * Paging against a server that behaves as the fact sheet says (3): whatever comes in or
 * goes away meanwhile, each row is had once.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "mastodon_world.h"

enum { MOST = 12000, CEILING = 40 };

/* Rows are numbers from 1; a row's id, and the id that it is paged by, are made of it. */
struct server {
	bool there[MOST + 1];
	int newest;
	bool links;    /* it sends Link headers */
	bool by_place; /* it pages by ids that are not the rows' (bookmarks) */
	bool bounds;   /* it knows since_id */
	bool shouts;   /* ids in capitals this time, in small letters the next */
	int requests;
	int arrive; /* rows that come in after each request */
	int seen[MOST + 1];
};

static void post(struct server *server, int n)
{
	while (n-- > 0 && server->newest < MOST)
		server->there[++server->newest] = true;
}

static void print_id(struct str *out, const struct server *server, int row)
{
	if (server->bounds)
		str_addf(out, "%d", row);
	else
		str_addf(out, server->shouts ? "%042X" : "%042x", row + 0xabc000);
}

/* The row that a parameter of the URL names; `otherwise` when it is not there. */
static int row_in(const struct server *server, const char *url, const char *name, int otherwise)
{
	const char *p = strstr(url, name);
	if (!p) return otherwise;
	p += strlen(name);
	if (!server->bounds) return (int)strtol(p, NULL, 16) - 0xabc000;
	return atoi(p) - (server->by_place ? 100000 : 0);
}

static void print_links(struct str *out, const struct server *server, int first, int last)
{
	int add = server->by_place ? 100000 : 0;
	str_addf(out,
	        "Link: <https://x.example/p?limit=40&max_id=%d>; rel=\"next\", "
	        "<https://x.example/p?limit=40&min_id=%d>; rel=\"prev\"",
	        last + add, first + add);
}

static void serve(struct world *w, struct server *server)
{
	struct str body = {0}, links = {0}, id = {0};
	int below = row_in(server, w->req.url, "max_id=", MOST + 1);
	int above = server->bounds ? row_in(server, w->req.url, "since_id=", 0) : 0;
	int n = 0, first = 0, last = 0;
	str_addc(&body, '[');
	for (int row = below - 1; row > above && n < CEILING; row--) {
		if (!server->there[row]) continue;
		str_clear(&id);
		print_id(&id, server, row);
		str_addf(&body,
		        "%s{\"id\":\"%s\",\"uri\":\"https://far.example/%d\",\"created_at\":"
		        "\"2026-11-20T00:%02d:%02d.%03dZ\",\"account\":{\"uri\":\"https://"
		        "far.example/u\",\"acct\":\"u@far.example\"}}",
		        n ? "," : "", id.p, row, row / 60000 % 60, row / 1000 % 60, row % 1000);
		if (n++ == 0) first = row;
		last = row;
	}
	str_addc(&body, ']');
	if (server->links && n) print_links(&links, server, first, last);
	server->requests++;
	server->shouts = !server->shouts;
	answer(w, 200, links.p, body.p);
	post(server, server->arrive);
	str_finish(&body);
	str_finish(&links);
	str_finish(&id);
}

/* A whole fetch; its rows are counted. */
static void fetch(struct world *w, struct server *server, enum fetch_want want, const char *cursor)
{
	w->call.want = want;
	w->call.cursor = cursor;
	ask(w, server->by_place ? SOURCE_BOOKMARKS : SOURCE_HOME, NULL);
	while (w->next == CALL_SEND)
		serve(w, server);
	assert_int_equal(w->next, CALL_DONE);
	for (size_t i = 0; i < w->call.out->nposts; i++)
		server->seen[atoi(post_str(w->call.out->posts[i], POST_URI) + 20)]++;
}

/* Older pages until there are no more. */
static void to_the_end(struct world *w, struct server *server, enum fetch_want want)
{
	while (w->call.out->older) {
		char *cursor = xstrdup(w->call.out->older);
		fetch(w, server, want, cursor);
		free(cursor);
	}
}

static void each_once(const struct server *server, int from, int to)
{
	for (int row = from; row <= to; row++)
		assert_int_equal(server->seen[row], server->there[row] ? 1 : 0);
}

static struct server *server_new(struct world *w)
{
	struct server *server = xcalloc(1, sizeof *server);
	server->links = server->bounds = true;
	world_init(w);
	return server;
}

static void finish(struct world *w, struct server *server)
{
	free(server);
	world_finish(w);
}

static void three_hundred_posts_to_the_end(void **state)
{
	(void)state;
	struct world w;
	struct server *server = server_new(&w);
	post(server, 300);
	fetch(&w, server, FETCH_NEWER, NULL);
	to_the_end(&w, server, FETCH_OLDER);
	each_once(server, 1, 300);
	finish(&w, server);
}

static void what_arrives_while_paging_comes_with_the_next_look(void **state)
{
	(void)state;
	struct world w;
	struct server *server = server_new(&w);
	post(server, 300);
	server->arrive = 7;
	fetch(&w, server, FETCH_NEWER, NULL);
	to_the_end(&w, server, FETCH_OLDER);
	server->arrive = 0;
	fetch(&w, server, FETCH_NEWER, NULL);
	assert_false(w.call.out->gap);
	each_once(server, 1, server->newest);
	assert_true(server->newest > 340);
	finish(&w, server);
}

static void what_is_deleted_while_paging_loses_no_other(void **state)
{
	(void)state;
	struct world w;
	struct server *server = server_new(&w);
	post(server, 300);
	fetch(&w, server, FETCH_NEWER, NULL);
	/* The very row that the cursor names, and one further down. */
	server->there[261] = server->there[200] = false;
	server->seen[261] = 0;
	to_the_end(&w, server, FETCH_OLDER);
	each_once(server, 1, 300);
	finish(&w, server);
}

static void ten_thousand_missed_rows_are_had_through_the_gap(void **state)
{
	(void)state;
	struct world w;
	struct server *server = server_new(&w);
	post(server, 100);
	fetch(&w, server, FETCH_NEWER, NULL);
	to_the_end(&w, server, FETCH_OLDER);
	post(server, 10000);
	server->requests = 0;
	fetch(&w, server, FETCH_NEWER, NULL);
	assert_true(w.call.out->gap);
	assert_int_equal(w.call.out->nentries, 200);
	while (w.call.out->gap) {
		char *cursor = xstrdup(w.call.out->older);
		fetch(&w, server, FETCH_GAP, cursor);
		free(cursor);
	}
	assert_null(w.call.out->older);
	assert_int_equal(server->requests, 251);
	each_once(server, 1, 10100);
	finish(&w, server);
}

static void a_gap_is_filled_while_rows_come_in_above(void **state)
{
	(void)state;
	struct world w;
	struct server *server = server_new(&w);
	post(server, 100);
	fetch(&w, server, FETCH_NEWER, NULL);
	to_the_end(&w, server, FETCH_OLDER);
	post(server, 500);
	server->arrive = 3;
	fetch(&w, server, FETCH_NEWER, NULL);
	while (w.call.out->gap) {
		char *cursor = xstrdup(w.call.out->older);
		fetch(&w, server, FETCH_GAP, cursor);
		free(cursor);
	}
	server->arrive = 0;
	fetch(&w, server, FETCH_NEWER, NULL);
	each_once(server, 1, server->newest);
	finish(&w, server);
}

static void a_failure_in_a_gap_leaves_the_rest_of_it(void **state)
{
	(void)state;
	struct world w;
	struct server *server = server_new(&w);
	post(server, 600);
	w.state.newest = xstrdup("100");
	fetch(&w, server, FETCH_NEWER, NULL);
	char *cursor = xstrdup(w.call.out->older);
	w.call.want = FETCH_GAP;
	w.call.cursor = cursor;
	ask(&w, SOURCE_HOME, NULL);
	serve(&w, server);
	for (size_t i = 0; i < w.call.out->nposts; i++)
		server->seen[atoi(post_str(w.call.out->posts[i], POST_URI) + 20)]++;
	answer(&w, 503, NULL, "");
	assert_int_equal(w.next, CALL_DONE);
	assert_true(w.call.out->gap);
	assert_non_null(strstr(w.call.out->older, "since_id=100"));
	to_the_end(&w, server, FETCH_GAP);
	each_once(server, 101, 600);
	free(cursor);
	finish(&w, server);
}

static void bookmarks_are_paged_by_the_links_alone(void **state)
{
	(void)state;
	struct world w;
	struct server *server = server_new(&w);
	server->by_place = true;
	post(server, 130);
	fetch(&w, server, FETCH_NEWER, NULL);
	assert_string_equal(w.state.newest, "100130");
	to_the_end(&w, server, FETCH_OLDER);
	post(server, 95);
	fetch(&w, server, FETCH_NEWER, NULL);
	assert_false(w.call.out->gap);
	each_once(server, 1, 225);
	/* What was newest is no bookmark any more: nothing comes twice all the same. */
	server->there[225] = false;
	server->seen[225] = 0;
	fetch(&w, server, FETCH_NEWER, NULL);
	assert_int_equal(w.call.out->nentries, 0);
	each_once(server, 1, 225);
	finish(&w, server);
}

/* snac: no links on tags and public timelines, since_id ignored, ids whose case changes. */
static void without_links_and_bounds_the_known_is_met(void **state)
{
	(void)state;
	struct world w;
	struct server *server = server_new(&w);
	server->links = server->bounds = false;
	post(server, 300);
	fetch(&w, server, FETCH_NEWER, NULL);
	to_the_end(&w, server, FETCH_OLDER);
	each_once(server, 1, 300);
	post(server, 50);
	server->requests = 0;
	fetch(&w, server, FETCH_NEWER, NULL);
	assert_false(w.call.out->gap);
	assert_int_equal(server->requests, 2);
	for (int row = 301; row <= 350; row++)
		assert_int_equal(server->seen[row], 1);
	finish(&w, server);
}

static void scheduled_posts_are_always_all_had(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	static const char list[] = "[{\"id\":\"3\",\"scheduled_at\":\"2026-12-01T10:00:00Z\","
	                           "\"params\":{\"text\":\"a\"}}]";
	for (int look = 0; look < 2; look++) {
		ask(&w, SOURCE_SCHEDULED, NULL);
		answer(&w, 200, NULL,
		        "{\"id\":\"1\",\"uri\":\"https://social.example/users/"
		        "ada\",\"acct\":\"ada\"}");
		assert_string_equal(
		        w.req.url, "https://social.example/api/v1/scheduled_statuses?limit=40");
		answer(&w, 200, "Link: <https://x?max_id=3>; rel=\"next\"", list);
		assert_string_equal(
		        w.req.url, "https://social.example/api/v1/scheduled_statuses?max_id=3");
		answer(&w, 200, NULL, "[]");
		assert_int_equal(w.next, CALL_DONE);
		assert_int_equal(w.call.out->nentries, 1);
		assert_null(w.state.newest);
	}
	world_finish(&w);
}

static void rankings_count_and_have_no_gaps(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	char *body = statuses(90, 40);
	for (int look = 0; look < 2; look++) {
		ask(&w, SOURCE_TRENDS, NULL);
		answer(&w, 200, NULL, body);
		assert_int_equal(w.next, CALL_DONE);
		assert_false(w.call.out->gap);
		assert_string_equal(w.call.out->older, "limit=40&offset=40");
		assert_null(w.state.newest);
	}
	free(body);
	world_finish(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(three_hundred_posts_to_the_end),
	        cmocka_unit_test(what_arrives_while_paging_comes_with_the_next_look),
	        cmocka_unit_test(what_is_deleted_while_paging_loses_no_other),
	        cmocka_unit_test(ten_thousand_missed_rows_are_had_through_the_gap),
	        cmocka_unit_test(a_gap_is_filled_while_rows_come_in_above),
	        cmocka_unit_test(a_failure_in_a_gap_leaves_the_rest_of_it),
	        cmocka_unit_test(bookmarks_are_paged_by_the_links_alone),
	        cmocka_unit_test(without_links_and_bounds_the_known_is_met),
	        cmocka_unit_test(scheduled_posts_are_always_all_had),
	        cmocka_unit_test(rankings_count_and_have_no_gaps),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
