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

/* --- sound text --- */

/* Characters by their first two bytes in UTF-8: none of them is invisible or joins another. */
static const struct {
	unsigned char first, low, high;
	size_t len;
} sound[] = {
        {0xc3, 0x80, 0xbf, 2},                                               /* Latin */
        {0xc4, 0x80, 0xbf, 2}, {0xc5, 0x80, 0xbf, 2}, {0xce, 0x86, 0xbf, 2}, /* Greek */
        {0xcf, 0x80, 0x8e, 2}, {0xd0, 0x80, 0xbf, 2},                        /* Cyrillic */
        {0xd1, 0x80, 0xbf, 2}, {0xe3, 0x81, 0x81, 3},                        /* kana */
        {0xe3, 0x83, 0x83, 3}, {0xe4, 0xb8, 0xbf, 3},                        /* Han */
        {0xe5, 0x80, 0xbf, 3}, {0xe6, 0x80, 0xbf, 3}, {0xe7, 0x80, 0xbf, 3}, {0xe8, 0x80, 0xbf, 3},
        {0xf0, 0x9f, 0x9f, 4}, /* pictures */
};

static bool is_tail(const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (((unsigned char)p[i] & 0xc0) != 0x80) return false;
	}
	return true;
}

/* Of a character that is not ASCII; 0: it has to be looked at. */
static size_t sound_length(const char *p, size_t len)
{
	const unsigned char *b = (const unsigned char *)p;
	/* Dashes, quotation marks, the bullet and the ellipsis. */
	if (len >= 3 && b[0] == 0xe2 && b[1] == 0x80)
		return memchr("\x93\x94\x98\x99\x9c\x9d\xa2\xa6", b[2], 8) ? 3 : 0;
	for (size_t i = 0; i < sizeof sound / sizeof *sound; i++) {
		if (b[0] != sound[i].first || len < sound[i].len) continue;
		bool in = b[1] >= sound[i].low && b[1] <= sound[i].high;
		/* The end of their plane is no character at all. */
		if (sound[i].len == 4 && b[2] > 0xab) return 0;
		return in && is_tail(p + 2, sound[i].len - 2) ? sound[i].len : 0;
	}
	return 0;
}

bool html_is_sound(const char *html, size_t len)
{
	for (size_t i = 0; i < len;) {
		unsigned char c = (unsigned char)html[i];
		bool plain = (c >= 0x20 && c < 0x7f) || c == '\n';
		size_t n = plain ? 1 : c >= 0x80 ? sound_length(html + i, len - i) : 0;
		if (n == 0) return false;
		i += n;
	}
	return true;
}
