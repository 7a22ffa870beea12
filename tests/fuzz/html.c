/* HTML from strangers: valid text without control bytes, facets that nest and fit. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "networks/html.h"
#include "networks/html_quick.h"

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

static void hear_tag(void *ctx, const xmlChar *name, const xmlChar **attributes)
{
	(void)ctx, (void)name, (void)attributes;
}

static void hear_end(void *ctx, const xmlChar *name)
{
	(void)ctx, (void)name;
}

static void hear_text(void *ctx, const xmlChar *text, int len)
{
	(void)ctx, (void)text, (void)len;
}

/* What can go the short way comes to the same by the long one, which <u> forces. */
static void compare(
        const char *html, size_t len, const struct html_options *opts, const struct text *text)
{
	static const htmlSAXHandler deaf = {
	        .startElement = hear_tag, .endElement = hear_end, .characters = hear_text};
	if (opts->article || len > 65536 || !html_quick(html, len, &deaf, NULL)) return;
	struct str longer = {0};
	struct text other = {0};
	str_add(&longer, html, len);
	str_adds(&longer, "<u></u>");
	html_text(&other, longer.p, longer.len, opts);
	assert(strcmp(str_c(&text->utf8), str_c(&other.utf8)) == 0);
	assert(text->nfacets == other.nfacets);
	text_finish(&other);
	str_finish(&longer);
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
	compare((const char *)data, size, &opts, &text);
	text_finish(&text);
	char *line = html_line((const char *)data, size);
	assert(!strchr(line, '\n'));
	free(line);
	return 0;
}
