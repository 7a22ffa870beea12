/* A query parses or is refused with a sentence; what is printed is the same query again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/profile.h"
#include "query/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW_MS 1795262400000 /* 21 November 2026 12:00 UTC */

/* Some names stand for something, also for one another, and round in a circle. */
static const char *saved(void *ctx, const char *name)
{
	(void)ctx;
	switch (name[0]) {
	case 'a':
		return "rust OR saved:b";
	case 'b':
		return "-is:repost saved:c";
	case 'c':
		return "";
	case 'd':
		return "saved:e saved:e";
	case 'e':
		return "x saved:d";
	default:
		return NULL;
	}
}

static const struct query_env env = {.saved = saved, .zone = "UTC", .now_ms = NOW_MS};

static char *printed(const struct query *query)
{
	struct str out = {0};

	query_print(&out, query);
	return str_take(&out);
}

static void check_round_trip(const struct query *query)
{
	char *first = printed(query), *second;
	struct query *again;

	/* Escapes can make it longer than a query may be. */
	if (strlen(first) <= QUERY_MAX_LEN) {
		if (!query_parse_in(&env, first, false, &again, NULL, NULL)) abort();
		second = printed(again);
		if (strcmp(first, second) != 0) abort();
		query_narrows(query, again);
		query_free(again);
		free(second);
	}
	free(first);
}

/* Whatever is asked gives an answer, and the same one. */
static void check_row(const struct query *query, const struct query_row *row)
{
	struct str why = {0};
	uint32_t slots[8];
	bool match = query_match(query, row, NOW_MS), tripped = query_trips(query) > 0;

	if (query_explain(query, row, NOW_MS, &why) != match && !tripped) abort();
	if (query_changes_at(query, row, NOW_MS) <= NOW_MS) abort();
	query_unknown(query, row, NOW_MS);
	if (query_required(query, slots, 8) > 0) abort(); /* nothing is bound */
	str_finish(&why);
}

static void check_match(const struct query *query)
{
	static const struct profile author = {
	        .uri = "https://a.example/ada", .handle = "ada@a.example", .name = "Ada"};
	static const struct facet facets[] = {{FACET_TAG, 0, 2, "c"}, {FACET_MENTION, 3, 7, "x"}};
	struct post_parts parts = {.facets = facets, .nfacets = 2};
	struct query_row row = {.author = &author, .actor = &author};

	parts.str[POST_URI] = "https://a.example/1";
	parts.str[POST_BODY] = "#c @ada crème";
	parts.str[POST_CARD_URL] = "https://user@example.org:80/";
	row.post = post_new(&parts);
	check_row(query, &row);
	free((void *)row.post);
	row.post = NULL;
	check_row(query, &row);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xstrndup((const char *)data, size);

	for (int typing = 0; typing < 2; typing++) {
		struct query *query = NULL;
		struct err err = {0};
		int col = -1;

		if (!query_parse_in(&env, text, typing, &query, &col, &err)) {
			if (col < 0 || (size_t)col > strlen(text) || err.text[0] == '\0') abort();
			continue;
		}
		check_round_trip(query);
		check_match(query);
		for (size_t i = 0; query_needle(query, i); i++) {
			if (query_needle(query, i)[0] == '\0') abort();
		}
		query_free(query);
	}
	free(text);
	return 0;
}
