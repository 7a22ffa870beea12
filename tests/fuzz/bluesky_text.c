/* What Bluesky finds in any text: facets in order, within it, on characters' edges; and its
 * counts, which agree with each other. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "networks/bluesky_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { MOST = 30, MOST_BYTES = 300 };

static void must(bool fine)
{
	if (!fine) abort();
}

struct seen {
	const char *text;
	size_t len, last;
	bool valid;
};

static bool is_edge(const struct seen *seen, size_t at)
{
	return !seen->valid || at == seen->len || ((unsigned char)seen->text[at] & 0xc0) != 0x80;
}

static void check(void *ctx, const struct facet *facet)
{
	struct seen *seen = ctx;
	must(facet->start >= seen->last && facet->start < facet->end && facet->end <= seen->len);
	must(is_edge(seen, facet->start) && is_edge(seen, facet->end));
	must(facet->kind == FACET_LINK || facet->kind == FACET_MENTION || facet->kind == FACET_TAG);
	must(facet->target && *facet->target);
	bluesky_is_uri(facet->target);
	seen->last = facet->start;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *text = malloc(len + 1);
	if (!text) return 0;
	if (len) memcpy(text, bytes, len);
	text[len] = '\0';
	len = strlen(text);
	struct seen seen = {.text = text, .len = len, .valid = utf8_valid(text, len)};
	bluesky_detect(text, len, check, &seen);
	uint32_t n = bluesky_graphemes(text, len);
	size_t fits = bluesky_fits(text, len, MOST, MOST_BYTES);
	must(n <= len && (n == 0) == (len == 0));
	must(fits <= len && fits <= MOST_BYTES);
	must((fits == len) == (n <= MOST && len <= MOST_BYTES));
	must(bluesky_graphemes(text, fits) <= MOST);
	must(bluesky_graphemes(text, fits) + bluesky_graphemes(text + fits, len - fits) >= n);
	must(bluesky_fits(text, len, n, len) == len);
	free(text);
	return 0;
}
