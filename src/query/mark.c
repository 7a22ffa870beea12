#include "query/query.h"

#include <stdlib.h>
#include <string.h>

#include "ast.h"
#include "base/fold.h"
#include "regex.h"
#include "whole.h"

/* A text that is being marked, and its fold, made when the first word asks. */
struct marking {
	const char *utf8;
	size_t len;
	struct str folded;
	uint32_t *map;
	void (*mark)(void *ctx, size_t start, size_t end);
	void *ctx;
};

static void mark_word(struct marking *marking, const struct term *term)
{
	size_t len = strlen(term->folded);
	const char *hit;

	if (!marking->map) {
		fold_map(&marking->folded, &marking->map, marking->utf8, marking->len);
	}
	hit = str_c(&marking->folded);
	for (int n = 0; n < QUERY_MAX_MARKS && (hit = strstr(hit, term->folded)); n++, hit++) {
		size_t start = (size_t)(hit - marking->folded.p), end = start + len;

		if (!term->field->atom_decides &&
		        !whole_at(term->folded, &marking->folded, marking->map, marking->utf8,
		                marking->len, start)) {
			continue;
		}
		/* One character may fold to several, ß to ss: the whole of it is marked. */
		while (end < marking->folded.len && marking->map[end] == marking->map[end - 1]) {
			end++;
		}
		marking->mark(marking->ctx, marking->map[start], marking->map[end]);
	}
}

static void mark_regex(const struct marking *marking, struct regex *regex)
{
	size_t from = 0, start, end;

	for (int n = 0; n < QUERY_MAX_MARKS; n++) {
		if (!regex_find(regex, marking->utf8, marking->len, from, &start, &end)) return;
		if (end > start) marking->mark(marking->ctx, start, end);
		from = end > start ? end : end + 1;
		/* On to the next character, so that an empty place is not found for ever. */
		while (from < marking->len && (marking->utf8[from] & 0xc0) == 0x80) {
			from++;
		}
	}
}

void query_marks(const struct query *query, const char *utf8, size_t len,
        void (*mark)(void *ctx, size_t start, size_t end), void *ctx)
{
	struct marking marking = {.utf8 = utf8, .len = len, .mark = mark, .ctx = ctx};

	for (size_t i = 0; i < query->nshown; i++) {
		if (query->shown[i]->regex) {
			mark_regex(&marking, query->shown[i]->regex);
		} else {
			mark_word(&marking, query->shown[i]);
		}
	}
	free(marking.map);
	str_finish(&marking.folded);
}
