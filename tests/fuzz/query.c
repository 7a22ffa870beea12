/* A query parses or is refused with a sentence; what is printed is the same query again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/profile.h"
#include "query/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
		if (!query_parse(first, false, &again, NULL, NULL)) abort();
		second = printed(again);
		if (strcmp(first, second) != 0) abort();
		query_narrows(query, again);
		query_free(again);
		free(second);
	}
	free(first);
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
	query_match(query, &row, 0);
	free((void *)row.post);
	row.post = NULL;
	query_match(query, &row, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xstrndup((const char *)data, size);

	for (int typing = 0; typing < 2; typing++) {
		struct query *query = NULL;
		struct err err = {0};
		int col = -1;

		if (!query_parse(text, typing, &query, &col, &err)) {
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
