#include "literal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/mem.h"

/* --- what a query cannot do without --- */

static void print_quoted(struct str *out, const struct literal *literal)
{
	str_addc(out, '"');
	for (size_t i = 0; i < literal->len; i++) {
		if (strchr("\"\\", literal->bytes[i])) str_addc(out, '\\');
		str_addc(out, literal->bytes[i]);
	}
	str_adds(out, "\" ");
}

/* A query for all of the literals. NULL: there is none that folds to them. */
static struct query *query_of(const struct literal *literals, size_t n)
{
	struct str text = {0};
	struct query *query = NULL;

	for (size_t i = 0; i < n; i++) {
		print_quoted(&text, &literals[i]);
	}
	if (!query_parse(str_c(&text), false, &query, NULL, NULL)) query = NULL;
	str_finish(&text);
	return query;
}

struct finding {
	struct literals *out;
	const struct query *query;
};

static uint32_t take_atom(void *ctx, const struct query_atom *atom)
{
	struct finding *finding = ctx;
	struct literals *out = finding->out;
	struct literal *literal = &out->all[out->n];
	struct query *alone;

	if (atom->kind != ATOM_TEXT || atom->len == 0 || out->n == LITERALS_MAX) return 0;
	*literal = (struct literal){xstrndup(atom->value, atom->len), atom->len};
	alone = query_of(literal, 1);
	if (alone && query_narrows(finding->query, alone)) {
		out->n++;
	} else {
		free(literal->bytes);
	}
	query_free(alone);
	return 0;
}

void literals_find(struct literals *out, const struct query *query)
{
	struct finding finding = {out, query};
	struct query *all;

	*out = (struct literals){0};
	/* It asks of each atom, and binds none. */
	query_bind((struct query *)query, take_atom, &finding);
	all = out->n > 0 ? query_of(out->all, out->n) : NULL;
	out->decide = all && query_narrows(all, query);
	query_free(all);
}

void literals_finish(struct literals *literals)
{
	for (size_t i = 0; i < literals->n; i++) {
		free(literals->all[i].bytes);
	}
	*literals = (struct literals){0};
}

/* --- finding one --- */

static size_t find_plain(const char *text, size_t len, const char *bytes, size_t n)
{
	const char *at = text, *end = text + len;

	while ((size_t)(end - at) >= n && (at = memchr(at, bytes[0], (size_t)(end - at) - n + 1))) {
		if (memcmp(at, bytes, n) == 0) return (size_t)(at - text);
		at++;
	}
	return SIZE_MAX;
}

/* Sixteen places at once: both the first and the last byte have to be right. */
static size_t find_fast(const char *text, size_t len, const char *bytes, size_t n, size_t *out_done)
{
	size_t i = 0;

#ifdef __SSE2__
	const __m128i first = _mm_set1_epi8(bytes[0]), last = _mm_set1_epi8(bytes[n - 1]);

	for (; i + n + 15 <= len; i += 16) {
		__m128i a = _mm_loadu_si128((const __m128i *)(const void *)(text + i));
		__m128i b = _mm_loadu_si128((const __m128i *)(const void *)(text + i + n - 1));
		__m128i both = _mm_and_si128(_mm_cmpeq_epi8(a, first), _mm_cmpeq_epi8(b, last));
		unsigned mask = (unsigned)_mm_movemask_epi8(both);

		for (; mask; mask &= mask - 1) {
			size_t at = i + (size_t)__builtin_ctz(mask);

			if (memcmp(text + at, bytes, n) == 0) return at;
		}
	}
#else
	(void)text;
	(void)len;
	(void)bytes;
	(void)n;
#endif
	*out_done = i;
	return SIZE_MAX;
}

size_t literal_in(const struct literal *literal, const char *text, size_t len)
{
	size_t done = 0, at;

	if (len < literal->len) return SIZE_MAX;
	at = find_fast(text, len, literal->bytes, literal->len, &done);
	if (at != SIZE_MAX) return at;
	at = find_plain(text + done, len - done, literal->bytes, literal->len);
	return at == SIZE_MAX ? SIZE_MAX : done + at;
}
