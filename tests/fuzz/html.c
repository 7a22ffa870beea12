/* HTML from strangers: valid text without control bytes, facets that nest and fit. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "networks/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct text *text)
{
	const char *p = text->utf8.len ? text->utf8.p : "";
	assert(utf8_valid(p, text->utf8.len));
	for (size_t i = 0; i < text->utf8.len; i++)
		assert((unsigned char)p[i] >= 0x20 || p[i] == '\n');
	for (size_t i = 0; i < text->nfacets; i++) {
		const struct facet *f = &text->facets[i];
		assert(f->start < f->end && f->end <= text->utf8.len);
		for (size_t k = 0; k < i; k++) {
			const struct facet *g = &text->facets[k];
			assert(g->start <= f->start);
			assert(g->end <= f->start || f->end <= g->end); /* nested or apart */
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0) return 0;
	const struct html_options opts = {.base = data[0] & 1 ? "https://h.example/a/b" : NULL,
	        .article = data[0] & 2,
	        .hide_quote_inline = data[0] & 4};
	struct text text = {0};
	bool some = html_text(&text, (const char *)data, size, &opts);
	assert(some == (text.utf8.len > 0));
	check(&text);
	text_finish(&text);
	char *line = html_line((const char *)data, size);
	assert(!strchr(line, '\n'));
	free(line);
	return 0;
}
