#include "whole.h"

#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/utf8.h"
#include "query/query.h"
#include "texts.h"

/*
 * The folded text of the post tells it nearly always. But what folding takes apart can
 * look like a word beside it ("cat™" is "cattm" there): where an edge is missing, the texts
 * themselves are asked.
 */

struct needle {
	const char *folded;
	size_t len;
	bool left, right; /* an edge is wanted there */
};

/* The character that ends just before byte `at`. */
static int32_t before(const char *p, size_t at)
{
	size_t start = at;
	int32_t cp;

	do {
		start--;
	} while (start > 0 && ((unsigned char)p[start] & 0xc0) == 0x80);
	utf8_decode(p + start, at - start, &cp);
	return cp;
}

/* The character at p. */
static int32_t at(const char *p, size_t len)
{
	int32_t cp;

	utf8_decode(p, len, &cp);
	return cp;
}

static bool edges_folded(const struct needle *needle, const char *text, const char *hit)
{
	const char *end = hit + needle->len;

	if (needle->left && hit > text && fold_joins_word(before(text, (size_t)(hit - text)))) {
		return false;
	}
	return !needle->right || *end == '\0' || !fold_joins_word(at(end, strlen(end)));
}

/* Two folded bytes of one character have no edge between them. */
static bool edge_between(const uint32_t *map, size_t i, const char *utf8, size_t len, size_t side)
{
	return map[i - 1] != map[i] && !fold_joins_word(at(utf8 + map[side], len - map[side]));
}

static struct needle needle_of(const char *folded)
{
	struct needle needle = {.folded = folded, .len = strlen(folded)};

	needle.left = fold_is_word(at(folded, needle.len));
	needle.right = fold_is_word(before(folded, needle.len));
	return needle;
}

static bool edges_at(const struct needle *needle, const struct str *folded, const uint32_t *map,
        const char *utf8, size_t len, size_t start)
{
	size_t end = start + needle->len;

	if (needle->left && start > 0 && !edge_between(map, start, utf8, len, start - 1)) {
		return false;
	}
	return !needle->right || end == folded->len || edge_between(map, end, utf8, len, end);
}

bool whole_at(const char *word, const struct str *folded, const uint32_t *map, const char *utf8,
        size_t len, size_t start)
{
	struct needle needle = needle_of(word);

	return edges_at(&needle, folded, map, utf8, len, start);
}

static bool whole_in(void *ctx, const char *utf8, size_t len)
{
	const struct needle *needle = ctx;
	struct str folded = {0};
	uint32_t *map;
	bool whole = false;

	fold_map(&folded, &map, utf8, len);
	for (const char *hit = str_c(&folded); !whole && (hit = strstr(hit, needle->folded));
	        hit++) {
		whole = edges_at(needle, &folded, map, utf8, len, (size_t)(hit - folded.p));
	}
	free(map);
	str_finish(&folded);
	return whole;
}

bool whole_in_post(const struct post *post, const char *folded)
{
	const char *text = post_str(post, POST_FOLDED), *hit = strstr(text, folded);
	struct needle needle;

	if (!hit) return false;
	needle = needle_of(folded);
	for (; hit; hit = strstr(hit + 1, folded)) {
		if (edges_folded(&needle, text, hit)) return true;
	}
	return texts_any(post, whole_in, &needle);
}

/* Between two letters: what it becomes there, and whether that is more than an edge. */
static bool hides_edge(const char *p, size_t len)
{
	struct str folded = {0}, text = {0};
	bool hides = false;

	str_addc(&text, 'x');
	str_add(&text, p, len);
	str_addc(&text, 'x');
	fold_add(&folded, text.p, text.len);
	hides = folded.len <= 2;
	for (size_t i = 1; !hides && i + 1 < folded.len;) {
		int32_t cp;

		i += utf8_decode(folded.p + i, folded.len - i, &cp);
		hides = fold_joins_word(cp);
	}
	str_finish(&text);
	str_finish(&folded);
	return hides;
}

static bool any_hides_edge(void *ctx, const char *utf8, size_t len)
{
	(void)ctx;
	for (size_t i = 0, n; i < len; i += n) {
		int32_t cp = (unsigned char)utf8[i];

		n = 1;
		if (cp >= 0x20 && cp < 0x7f) continue;
		if (cp >= 0x80) n = utf8_decode(utf8 + i, len - i, &cp);
		if (!fold_joins_word(cp) && hides_edge(utf8 + i, n)) return true;
	}
	return false;
}

bool query_edges_hidden(const struct post *post)
{
	return texts_any(post, any_hides_edge, NULL);
}
