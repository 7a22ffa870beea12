/*
 * What holds for every query, over many that nobody wrote: printing and reading are one,
 * the laws of and, or and not, what implies what, what must hold, what never changes.
 */
#include "query/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "random_post.h"
#include "random_query.h"

enum { PRINTED = 100000, GARBAGE = 100000, ROUNDS = 4000, POSTS = 60, SLOTS = 4096 };

#define NOW_MS (RANDOM_POST_MS + 3600 * 1000)

static const struct query_env env = {.saved = random_query_saved, .zone = "UTC", .now_ms = NOW_MS};

static struct query *parsed(const char *text)
{
	struct query *query = NULL;
	struct err err = {0};
	int col = -1;

	if (!query_parse_in(&env, text, false, &query, &col, &err)) {
		fail_msg("%s: %d: %s", text, col, err.text);
	}
	return query;
}

static char *printed(const struct query *query)
{
	struct str out = {0};

	query_print(&out, query);
	return str_take(&out);
}

static struct query *any_query(struct random *random, int depth)
{
	struct str text = {0};
	struct query *query;

	random_query(&text, random, depth);
	query = parsed(str_c(&text));
	str_finish(&text);
	return query;
}

/* --- rows --- */

struct rows {
	struct random_post posts[POSTS];
	struct query_row rows[POSTS];
};

static struct rows *rows_new(struct random *random)
{
	static const char *const sources[] = {"work/home", "feeds/feed:x", "other/list:1", NULL};
	static const char *const networks[] = {"mastodon", "feed", "bluesky", NULL};
	static const char *const accounts[] = {"work", "feeds", "other", NULL};
	struct rows *rows = xcalloc(1, sizeof *rows);

	for (unsigned i = 0; i < POSTS; i++) {
		uint64_t from = random_below(random, 4);
		struct query_row *row = &rows->rows[i];

		random_post_make(&rows->posts[i], random, i);
		*row = (struct query_row){.post = post_new(&rows->posts[i].parts),
		        .author = &random_people[rows->posts[i].author],
		        .actor = random_below(random, 2)
		                         ? &random_people[random_below(random, RANDOM_PEOPLE)]
		                         : NULL,
		        .reason = random_below(random, 2) ? REASON_POSTED : REASON_REPOSTED,
		        .network = networks[from],
		        .account = accounts[from],
		        .source = sources[from],
		        .attention = (enum attention)random_below(random, ATTENTION_COUNT + 1),
		        .unread = random_below(random, 2),
		        .muted = random_below(random, 2)};
		if (i % 15 != 14) continue;
		free((void *)row->post); /* a notice */
		row->post = NULL;
	}
	return rows;
}

static void rows_free(struct rows *rows)
{
	for (size_t i = 0; i < POSTS; i++) {
		free((void *)rows->rows[i].post);
		random_post_finish(&rows->posts[i]);
	}
	free(rows);
}

/* --- printing and reading --- */

static void test_print_is_what_was_read(void **state)
{
	struct random random;

	(void)state;
	random_init(&random, 1);
	for (int i = 0; i < PRINTED; i++) {
		struct query *one = any_query(&random, i % 5), *two;
		char *first = printed(one), *second;

		two = parsed(first);
		second = printed(two);
		assert_string_equal(first, second);
		if (!query_narrows(one, two)) fail_msg("%s does not narrow itself", first);
		assert_int_equal(query_needs(one), query_needs(two));
		assert_int_equal(query_volatile(one), query_volatile(two));
		query_free(one);
		query_free(two);
		free(first);
		free(second);
	}
}

/* Refused with a sentence at a place within, or as good as any other query. */
static void test_garbage_is_refused_or_read(void **state)
{
	struct random random;
	int read = 0;

	(void)state;
	random_init(&random, 2);
	for (int i = 0; i < GARBAGE; i++) {
		struct str text = {0};
		struct query *query = NULL;
		struct err err = {0};
		int col = -1;

		random_garbage(&text, &random);
		if (query_parse_in(&env, str_c(&text), i % 2, &query, &col, &err)) {
			char *first = printed(query);
			struct query *again = parsed(first);
			char *second = printed(again);

			assert_string_equal(first, second);
			free(first);
			free(second);
			query_free(query);
			query_free(again);
			read++;
		} else {
			assert_in_range(col, 0, text.len);
			assert_true(err.text[0] != '\0');
		}
		str_finish(&text);
	}
	assert_in_range(read, GARBAGE / 20, GARBAGE - GARBAGE / 20);
}

/* --- laws --- */

static char *joined(const char *fmt, const char *a, const char *b)
{
	struct str out = {0};

	for (const char *p = fmt; *p; p++) {
		if (*p == 'A') {
			str_addf(&out, "(%s)", a);
		} else if (*p == 'B') {
			str_addf(&out, "(%s)", b);
		} else {
			str_addc(&out, *p == '|' ? 'O' : *p);
			if (*p == '|') str_addc(&out, 'R');
		}
	}
	return str_take(&out);
}

static void test_and_or_not_keep_their_laws(void **state)
{
	static const char *const laws[][2] = {{"-(A B)", "-A | -B"}, {"-(A | B)", "-A -B"},
	        {"--A", "A"}, {"A A", "A"}, {"A | A", "A"}, {"A B", "B A"}, {"A | B", "B | A"},
	        {"A (A | B)", "A"}, {"A | (A B)", "A"}};
	struct random random;
	struct rows *rows;
	int held = 0, looked = 0;

	(void)state;
	random_init(&random, 3);
	rows = rows_new(&random);
	for (int i = 0; i < ROUNDS; i++) {
		struct query *a = any_query(&random, 2), *b = any_query(&random, 2);
		char *text_a = printed(a), *text_b = printed(b);
		size_t law = (size_t)i % (sizeof laws / sizeof *laws);
		char *left = joined(laws[law][0], text_a, text_b);
		char *right = joined(laws[law][1], text_a, text_b);
		struct query *one = parsed(left), *two = parsed(right);

		for (size_t k = 0; k < POSTS; k++) {
			bool holds = query_match(one, &rows->rows[k], NOW_MS);

			if (holds != query_match(two, &rows->rows[k], NOW_MS)) {
				fail_msg("%s is not %s", left, right);
			}
			held += holds;
			looked++;
		}
		query_free(a);
		query_free(b);
		query_free(one);
		query_free(two);
		free(text_a);
		free(text_b);
		free(left);
		free(right);
	}
	assert_in_range(held, looked / 4, looked * 3 / 4);
	rows_free(rows);
}

static void test_what_narrows_never_finds_more(void **state)
{
	struct random random;
	struct rows *rows;
	int narrowed = 0;

	(void)state;
	random_init(&random, 4);
	rows = rows_new(&random);
	for (int i = 0; i < 20 * ROUNDS; i++) {
		struct query *one = any_query(&random, i % 3), *two = any_query(&random, i % 2);

		if (query_narrows(one, two)) {
			narrowed++;
			for (size_t k = 0; k < POSTS; k++) {
				const struct query_row *row = &rows->rows[k];

				if (query_match(one, row, NOW_MS) &&
				        !query_match(two, row, NOW_MS)) {
					fail_msg("%s does not narrow %s", printed(one),
					        printed(two));
				}
			}
		}
		query_free(one);
		query_free(two);
	}
	assert_true(narrowed > ROUNDS / 10);
	rows_free(rows);
}

/* --- slots --- */

struct slot_table {
	struct {
		enum query_atom_kind kind;
		char *value;
		struct query *alone;
	} atoms[SLOTS];
	uint32_t n;
};

/* Numbered from 1, but for one in five, which none is to be had for. */
static uint32_t slot_of(void *ctx, const struct query_atom *atom)
{
	static const char *const fields[] = {"", "from:", "by:", "tag:", "link:", "thread:"};
	struct slot_table *table = ctx;
	struct str text = {0};

	assert_int_equal(atom->len, strlen(atom->value));
	if (atom->len % 5 == 4) return 0;
	for (uint32_t i = 0; i < table->n; i++) {
		if (table->atoms[i].kind == atom->kind &&
		        strcmp(table->atoms[i].value, atom->value) == 0) {
			return i + 1;
		}
	}
	assert_true(table->n < SLOTS);
	str_addf(&text, "%s\"", fields[atom->kind]);
	for (const char *p = atom->value; *p; p++) {
		if (*p == '"' || *p == '\\') str_addc(&text, '\\');
		str_addc(&text, *p);
	}
	str_addc(&text, '"');
	table->atoms[table->n].kind = atom->kind;
	table->atoms[table->n].value = xstrdup(atom->value);
	table->atoms[table->n].alone = parsed(str_c(&text));
	str_finish(&text);
	return ++table->n;
}

static void slots_fill(const struct slot_table *table, const struct query_row *row, uint64_t *slots)
{
	memset(slots, 0, (SLOTS / 64 + 1) * sizeof *slots);
	for (uint32_t i = 0; i < table->n; i++) {
		if (query_match(table->atoms[i].alone, row, NOW_MS)) {
			slots[(i + 1) / 64] |= (uint64_t)1 << (i + 1) % 64;
		}
	}
}

static void check_slots(const struct query *plain, const struct query *bound,
        const struct query_row *row, const uint64_t *slots)
{
	struct query_row with = *row;
	uint32_t required[32];
	size_t n = query_required(bound, required, 32);
	bool match = query_match(plain, row, NOW_MS), any = n == 0;

	with.slots = slots;
	if (match != query_match(bound, &with, NOW_MS)) fail_msg("%s by slots", printed(plain));
	assert_int_equal(query_match(bound, row, NOW_MS), match);
	for (size_t i = 0; i < n; i++) {
		any |= slots[required[i] / 64] >> required[i] % 64 & 1;
	}
	if (match && !any) fail_msg("%s without what it requires", printed(plain));
}

/* All rows at once, or some of them, as one by one. */
static void check_some(const struct slot_table *table, const struct rows *rows,
        struct query *const *plain, struct query *const *bound, int n)
{
	uint64_t slots[SLOTS / 64 + 1], holds[SLOTS + 1] = {0}, all = 0;
	const uint64_t every = (UINT64_C(1) << POSTS) - 1, odd = every / 3;

	for (unsigned k = 0; k < POSTS; k++) {
		slots_fill(table, &rows->rows[k], slots);
		for (uint32_t slot = 1; slot <= table->n; slot++) {
			holds[slot] |= (slots[slot / 64] >> slot % 64 & 1) << k;
		}
	}
	for (int i = 0; i < n; i++) {
		struct query_rows some = {.all = rows->rows, .holds = holds, .now_ms = NOW_MS};
		uint64_t want = 0;

		for (unsigned k = 0; k < POSTS; k++) {
			want |= (uint64_t)query_match(plain[i], &rows->rows[k], NOW_MS) << k;
		}
		assert_int_equal(query_match_some(bound[i], &some, every), want);
		assert_int_equal(query_match_some(bound[i], &some, odd), want & odd);
		all |= want;
	}
	assert_int_not_equal(all, 0);
}

static void test_slots_answer_as_the_row_does(void **state)
{
	enum { QUERIES = 150 };
	struct slot_table *table = xcalloc(1, sizeof *table);
	struct query *plain[QUERIES], *bound[QUERIES];
	uint64_t slots[SLOTS / 64 + 1];
	struct random random;
	struct rows *rows;
	uint32_t out[32];
	int with_required = 0;

	(void)state;
	random_init(&random, 5);
	rows = rows_new(&random);
	for (int i = 0; i < QUERIES; i++) {
		char *text;

		plain[i] = any_query(&random, i % 4);
		text = printed(plain[i]);
		bound[i] = parsed(text);
		query_bind(bound[i], slot_of, table);
		with_required += query_required(bound[i], out, 32) > 0;
		free(text);
	}
	assert_true(with_required > QUERIES / 6);
	for (size_t k = 0; k < POSTS; k++) {
		slots_fill(table, &rows->rows[k], slots);
		for (int i = 0; i < QUERIES; i++) {
			check_slots(plain[i], bound[i], &rows->rows[k], slots);
		}
	}
	check_some(table, rows, plain, bound, QUERIES);
	for (int i = 0; i < QUERIES; i++) {
		query_free(plain[i]);
		query_free(bound[i]);
	}
	for (uint32_t i = 0; i < table->n; i++) {
		free(table->atoms[i].value);
		query_free(table->atoms[i].alone);
	}
	free(table);
	rows_free(rows);
}

/* --- time --- */

static void test_answers_stand_until_they_may_change(void **state)
{
	struct random random;
	struct rows *rows;
	int changed = 0;

	(void)state;
	random_init(&random, 6);
	rows = rows_new(&random);
	for (int i = 0; i < ROUNDS; i++) {
		struct query *query = any_query(&random, 2);

		for (size_t k = 0; k < POSTS && query_volatile(query) & QUERY_CHANGES_WITH_TIME;
		        k++) {
			const struct query_row *row = &rows->rows[k];
			int64_t now = RANDOM_POST_MS - (int64_t)random_below(&random, 5 * 86400000);
			int64_t at = query_changes_at(query, row, now),
			        late = now + 20 * 86400000LL;
			int64_t last = at == INT64_MAX || at > late ? late : at;
			bool match = query_match(query, row, now);

			assert_true(at > now);
			for (int step = 1; step <= 8; step++) {
				int64_t then = now + (last - 1 - now) * step / 8;
				assert_int_equal(query_match(query, row, then), match);
			}
			changed += at != INT64_MAX && query_match(query, row, at) != match;
		}
		query_free(query);
	}
	assert_true(changed > 100);
	rows_free(rows);
}

/* --- why --- */

static void test_explains_what_it_answers(void **state)
{
	struct random random;
	struct rows *rows;

	(void)state;
	random_init(&random, 7);
	rows = rows_new(&random);
	for (int i = 0; i < ROUNDS; i++) {
		struct query *query = any_query(&random, 2);
		const struct query_row *row = &rows->rows[i % POSTS];
		struct str out = {0};
		bool match = query_explain(query, row, NOW_MS, &out);

		assert_int_equal(match, query_match(query, row, NOW_MS));
		assert_int_equal(
		        strncmp(str_c(&out), match ? "matches: " : "fails at: ", match ? 9 : 10),
		        0);
		assert_true(out.len > 10);
		str_finish(&out);
		query_free(query);
	}
	rows_free(rows);
}

/* --- what nobody told --- */

static bool one_in_three(struct random *random)
{
	return random_below(random, 3) == 0;
}

/* The same row with parts of it taken away, as a line of JSON may lack them. Owns its post. */
static struct query_row poorer(
        struct random *random, const struct query_row *row, struct random_post *post)
{
	struct query_row out = *row;
	struct post_parts parts = post->parts;

	if (one_in_three(random)) parts.likes = parts.replies = POST_UNKNOWN;
	if (one_in_three(random)) parts.reposts = parts.quotes = POST_UNKNOWN;
	if (one_in_three(random)) parts.str[POST_LANG] = parts.str[POST_APP] = NULL;
	if (one_in_three(random)) parts.created_ms = 0;
	if (one_in_three(random)) out.author = NULL;
	if (one_in_three(random)) {
		parts.nviewers = 0;
		parts.flags = 0;
		out.untold |= UNTOLD_FLAGS | UNTOLD_OWN | UNTOLD_TO_ME;
	}
	if (one_in_three(random)) {
		out.untold |= UNTOLD_UNREAD | UNTOLD_MUTED | UNTOLD_ATTENTION;
		out.unread = out.muted = false;
		out.attention = ATTENTION_NONE;
	}
	if (one_in_three(random)) {
		parts.visibility = VIS_PUBLIC;
		out.untold |= UNTOLD_VISIBILITY;
	}
	if (one_in_three(random)) out.network = out.account = out.source = NULL;
	if (!out.author) out.untold |= UNTOLD_BOT;
	out.post = row->post ? post_new(&parts) : NULL;
	return out;
}

/* Where the answer is said to be known, the whole row gives the same one. */
static void test_what_is_known_stays_so(void **state)
{
	struct random random;
	struct rows *rows;
	int unknown = 0;

	(void)state;
	random_init(&random, 8);
	rows = rows_new(&random);
	for (int i = 0; i < 10 * ROUNDS; i++) {
		struct query *query = any_query(&random, 2);
		const struct query_row *row = &rows->rows[i % POSTS];
		struct query_row poor = poorer(&random, row, &rows->posts[i % POSTS]);

		if (query_unknown(query, &poor, NOW_MS)) {
			unknown++;
		} else if (query_match(query, &poor, NOW_MS) != query_match(query, row, NOW_MS)) {
			fail_msg("%s was not known", printed(query));
		}
		free((void *)poor.post);
		query_free(query);
	}
	assert_in_range(unknown, ROUNDS / 2, 9 * ROUNDS);
	rows_free(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_print_is_what_was_read),
	        cmocka_unit_test(test_garbage_is_refused_or_read),
	        cmocka_unit_test(test_and_or_not_keep_their_laws),
	        cmocka_unit_test(test_what_narrows_never_finds_more),
	        cmocka_unit_test(test_slots_answer_as_the_row_does),
	        cmocka_unit_test(test_answers_stand_until_they_may_change),
	        cmocka_unit_test(test_explains_what_it_answers),
	        cmocka_unit_test(test_what_is_known_stays_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
