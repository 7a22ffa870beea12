#include "networks/html_quick.h"

#include <string.h>

#include "base/str.h"

enum { MAX_OPEN = 16, MAX_ATTRIBUTES = 8, MAX_MARKS = 20000 };

struct quick {
	const char *p, *end;
	const htmlSAXHandler *sax;
	void *ctx;
	const struct element *open[MAX_OPEN];
	int depth, marks;
	struct str words; /* names and values of a tag's attributes, each ended by a NUL */
};

/* What would close others by itself is taken only where there is nothing to be closed. */
static const struct element {
	const char *name;
	bool block; /* outside of all others */
	bool alone; /* not within its own kind */
	bool empty;
} elements[] = {
        {.name = "a", .alone = true},
        {.name = "b"},
        {.name = "br", .empty = true},
        {.name = "code"},
        {.name = "del"},
        {.name = "em"},
        {.name = "i"},
        {.name = "p", .block = true},
        {.name = "span"},
        {.name = "strong"},
};

static const struct {
	const char *name;
	const char *text;
} entities[] = {
        {"&amp;", "&"},
        {"&gt;", ">"},
        {"&lt;", "<"},
        {"&quot;", "\""},
        {"&#39;", "'"},
        {"&nbsp;", "\xc2\xa0"},
};

/* What the entity at p says, which is left behind; NULL when it is none of ours. */
static const char *entity(struct quick *q)
{
	size_t left = (size_t)(q->end - q->p);
	for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
		size_t n = strlen(entities[i].name);
		if (n > left || memcmp(q->p, entities[i].name, n) != 0) continue;
		q->p += n;
		return entities[i].text;
	}
	return NULL;
}

static size_t name_length(const struct quick *q)
{
	size_t n = 0, left = (size_t)(q->end - q->p);
	while (n < left && ((q->p[n] >= 'a' && q->p[n] <= 'z') || q->p[n] == '-'))
		n++;
	return n;
}

static const struct element *element(struct quick *q)
{
	size_t n = name_length(q);
	for (size_t i = 0; i < sizeof elements / sizeof *elements; i++) {
		const char *name = elements[i].name;
		if (strncmp(name, q->p, n) != 0 || name[n] || n == 0) continue;
		q->p += n;
		return &elements[i];
	}
	return NULL;
}

static bool take(struct quick *q, char c)
{
	bool there = q->p < q->end && *q->p == c;
	q->p += there;
	return there;
}

/* `name="value"`, into q->words. */
static bool attribute(struct quick *q)
{
	size_t n = name_length(q);
	if (n == 0) return false;
	str_add(&q->words, q->p, n);
	str_addc(&q->words, '\0');
	q->p += n;
	if (!take(q, '=') || !take(q, '"')) return false;
	while (q->p < q->end && *q->p != '"') {
		unsigned char c = (unsigned char)*q->p;
		if (c < 32 || c == '<' || c == '>') return false;
		if (c == '&') {
			const char *text = entity(q);
			if (!text) return false;
			str_adds(&q->words, text);
			continue;
		}
		str_addc(&q->words, *q->p++);
	}
	str_addc(&q->words, '\0');
	return take(q, '"');
}

/* As libxml2 hands them over: names and values in turns, then NULL. */
static void tell_start(struct quick *q, const struct element *element, int nattributes)
{
	const xmlChar *list[2 * MAX_ATTRIBUTES + 1] = {0};
	const char *p = str_c(&q->words);
	for (int i = 0; i < 2 * nattributes; i++) {
		list[i] = (const xmlChar *)p;
		p += strlen(p) + 1;
	}
	q->sax->startElement(q->ctx, (const xmlChar *)element->name, nattributes ? list : NULL);
}

static bool may_open(const struct quick *q, const struct element *element)
{
	if (q->depth == MAX_OPEN || (element->block && q->depth > 0)) return false;
	for (int i = 0; i < q->depth && element->alone; i++) {
		if (q->open[i] == element) return false;
	}
	return true;
}

static bool start_tag(struct quick *q)
{
	const struct element *opened = element(q);
	int nattributes = 0;
	if (!opened || !may_open(q, opened)) return false;
	str_clear(&q->words);
	while (take(q, ' ')) {
		if (opened->empty && q->p < q->end && *q->p == '/') break;
		if (nattributes++ == MAX_ATTRIBUTES || !attribute(q)) return false;
	}
	if (opened->empty) take(q, '/');
	if (!take(q, '>')) return false;
	tell_start(q, opened, nattributes);
	if (!opened->empty) q->open[q->depth++] = opened;
	return true;
}

static bool end_tag(struct quick *q)
{
	const struct element *closed = element(q);
	if (!closed || q->depth == 0 || q->open[q->depth - 1] != closed || !take(q, '>'))
		return false;
	q->depth--;
	q->sax->endElement(q->ctx, (const xmlChar *)closed->name);
	return true;
}

static bool mark(struct quick *q)
{
	if (q->marks++ == MAX_MARKS) return false;
	if (*q->p == '&') {
		const char *text = entity(q);
		if (!text) return false;
		q->sax->characters(q->ctx, (const xmlChar *)text, (int)strlen(text));
		return true;
	}
	q->p++;
	return take(q, '/') ? end_tag(q) : start_tag(q);
}

bool html_quick(const char *html, size_t len, const htmlSAXHandler *sax, void *ctx)
{
	struct quick q = {.p = html, .end = html + len, .sax = sax, .ctx = ctx};
	bool fine = true;
	while (q.p < q.end && fine) {
		const char *from = q.p;
		while (q.p < q.end && *q.p != '<' && *q.p != '&' && *q.p)
			q.p++;
		if (q.p > from) sax->characters(ctx, (const xmlChar *)from, (int)(q.p - from));
		if (q.p < q.end) fine = *q.p && mark(&q);
	}
	str_finish(&q.words);
	return fine && q.depth == 0;
}
