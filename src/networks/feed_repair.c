#include "networks/feed_repair.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <libxml/HTMLparser.h>

#include "base/utf8.h"
#include "networks/feed_doc.h"

enum {
	MAX_NAME = 128, /* bytes of a tag's or attribute's name */
	MAX_ATTRS = 64,
	MAX_FAULTS = 20000, /* after so many the rest is left out */
	MAX_OUT = FEED_MAX_BYTES,
	MAX_DOCTYPE = 64 * 1024,
	SANE_ATTRS = 200, /* of one tag, for libxml2, which compares each with each */
	SANE_TAG = 1024 * 1024,
};

struct span {
	const char *p;
	size_t len;
};

struct mender {
	struct str *out;
	const char *p, *end;
	struct span open[FEED_MAX_DEPTH]; /* names, in the input */
	int depth;
	int faults;
};

/* --- what stands before the root --- */

/* Where `what` begins; found by its last character, the rarest of those we look for. */
static const char *find(const char *p, const char *end, const char *what)
{
	size_t n = strlen(what);
	if ((size_t)(end - p) < n) return NULL;
	for (const char *at = p + n - 1; at < end; at++) {
		at = memchr(at, what[n - 1], (size_t)(end - at));
		if (!at) return NULL;
		if (memcmp(at - n + 1, what, n) == 0) return at - n + 1;
	}
	return NULL;
}

/* Past a DOCTYPE, its internal subset included. */
static const char *skip_doctype(const char *p, const char *end)
{
	int nested = 0;
	char quote = 0;
	if (end - p > MAX_DOCTYPE) end = p + MAX_DOCTYPE;
	for (; p < end; p++) {
		if (quote) {
			if (*p == quote) quote = 0;
		} else if (nested && (*p == '"' || *p == '\'')) {
			quote = *p;
		} else if (*p == '[') {
			nested++;
		} else if (*p == ']' && nested > 0) {
			nested--;
		} else if (*p == '>' && nested == 0) {
			return p + 1;
		}
	}
	return end;
}

static bool starts(const char *p, const char *end, const char *what)
{
	size_t n = strlen(what);
	return (size_t)(end - p) >= n && strncasecmp(p, what, n) == 0;
}

static const char *after(const char *p, const char *end, const char *what)
{
	const char *at = find(p, end, what);
	return at ? at + strlen(what) : end;
}

/* Past a comment, an instruction or a DOCTYPE; p itself when it is none of them. */
static const char *skip_markup(const char *p, const char *end)
{
	if (starts(p, end, "<!--")) return after(p + 4, end, "-->");
	if (starts(p, end, "<?")) return after(p + 2, end, ">");
	if (starts(p, end, "<!DOCTYPE")) return skip_doctype(p, end);
	return p;
}

void feed_prolog_read(const char *text, size_t len, struct feed_prolog *out)
{
	*out = (struct feed_prolog){.root = len};
	const char *end = text + len;
	for (const char *p = text; p < end;) {
		if (isspace((unsigned char)*p)) {
			p++;
			continue;
		}
		const char *next = skip_markup(p, end);
		if (next != p) {
			if (starts(p, end, "<!DOCTYPE")) {
				const char *limit = next - p < 1024 ? next : p + 1024;
				out->netscape = find(p, limit, "Netscape") != NULL;
				out->subset = memchr(p, '[', (size_t)(next - p));
				if (out->subset) out->subset_len = (size_t)(next - out->subset);
			}
			p = next;
			continue;
		}
		if (*p == '<' && p + 1 < end && (isalpha((unsigned char)p[1]) || p[1] == '_')) {
			out->root = (size_t)(p - text);
			out->html = starts(p, end, "<html") || starts(p, end, "<head") ||
			            starts(p, end, "<body");
			return;
		}
		out->junk = true;
		p = memchr(p + 1, '<', (size_t)(end - p) - 1);
		if (!p) return;
	}
}

/* --- mending --- */

static bool is_name_start(char c)
{
	return isalpha((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

static size_t name_len(const char *p, const char *end)
{
	size_t n = 0;
	if (end - p > MAX_NAME + 1) end = p + MAX_NAME + 1;
	while (p + n < end && (is_name_start(p[n]) || isdigit((unsigned char)p[n]) ||
	                              (p[n] && strchr(":-.", p[n]))))
		n++;
	return n;
}

static void add_char(struct str *out, int32_t cp)
{
	switch (cp) {
	case '<':
		str_add(out, "&#60;", 5);
		return;
	case '&':
		str_add(out, "&#38;", 5);
		return;
	case '>':
		str_add(out, "&#62;", 5);
		return;
	case '"':
		str_add(out, "&#34;", 5);
		return;
	default:
		break;
	}
	bool allowed = cp == '\t' || cp == '\n' || cp == '\r' || (cp >= 0x20 && cp < 0xd800) ||
	               (cp >= 0xe000 && cp <= 0x10ffff && cp != 0xfffe && cp != 0xffff);
	char bytes[4];
	if (allowed) str_add(out, bytes, utf8_encode(bytes, cp));
}

size_t feed_reference(const char *p, const char *end, int32_t *out_cp)
{
	char name[40];
	size_t n = 0;
	while (p + 1 + n < end && n < sizeof name - 1 &&
	        (isalnum((unsigned char)p[1 + n]) || (n == 0 && p[1] == '#'))) {
		name[n] = p[1 + n];
		n++;
	}
	name[n] = 0;
	if (n == 0 || p + 1 + n >= end || p[1 + n] != ';') return 0;
	if (*name == '#') {
		bool hex = name[1] == 'x' || name[1] == 'X';
		char *stop;
		long cp = strtol(name + (hex ? 2 : 1), &stop, hex ? 16 : 10);
		if (*stop || cp < 0 || cp > 0x10ffff) return 0;
		*out_cp = (int32_t)cp;
	} else if (strcmp(name, "apos") == 0) {
		*out_cp = '\'';
	} else {
		const htmlEntityDesc *known = htmlEntityLookup((const xmlChar *)name);
		if (!known) return 0;
		*out_cp = (int32_t)known->value;
	}
	return n + 2;
}

void feed_attr_value(struct str *out, const char *p, size_t len)
{
	const char *end = p + len;
	while (p < end) {
		const char *amp = memchr(p, '&', (size_t)(end - p));
		str_add(out, p, (size_t)((amp ? amp : end) - p));
		if (!amp) return;
		int32_t cp;
		size_t n = feed_reference(amp, end, &cp);
		char bytes[4] = "&";
		str_add(out, bytes, n ? utf8_encode(bytes, cp) : 1);
		p = amp + (n ? n : 1);
	}
}

static bool is_special(char c)
{
	return c == '&' || c == '<' || c == '>' || c == '"';
}

/* Text up to p+len, escaped anew. */
static void add_text(struct mender *m, const char *p, size_t len)
{
	const char *end = p + len;
	while (p < end) {
		size_t plain = 0;
		while (p + plain < end && !is_special(p[plain]))
			plain++;
		str_add(m->out, p, plain);
		p += plain;
		if (p == end || m->faults > MAX_FAULTS) return;
		int32_t cp = (unsigned char)*p;
		size_t n = *p == '&' ? feed_reference(p, end, &cp) : 0;
		if (!n) m->faults++;
		add_char(m->out, cp);
		p += n ? n : 1;
	}
}

static void close_to(struct mender *m, int depth)
{
	while (m->depth > depth) {
		struct span *name = &m->open[--m->depth];
		str_adds(m->out, "</");
		str_add(m->out, name->p, name->len);
		str_addc(m->out, '>');
	}
}

static void end_tag(struct mender *m)
{
	const char *p = m->p + 2;
	size_t len = name_len(p, m->end);
	const char *close = memchr(p, '>', (size_t)(m->end - p));
	const char *next = memchr(p, '<', (size_t)(m->end - p));
	if (close && next && next < close) close = NULL;
	m->p = close ? close + 1 : next ? next : m->end;
	for (int i = m->depth; i-- > 0;) {
		if (m->open[i].len != len || strncasecmp(m->open[i].p, p, len) != 0) continue;
		if (i != m->depth - 1) m->faults++;
		close_to(m, i);
		return;
	}
	m->faults++;
}

/* `name`, `name=value`, `name="value"`: moves p along. False at the end of the tag. */
static bool read_attr(const char **p, const char *end, struct span *name, struct span *value)
{
	const char *s = *p;
	while (s < end && !is_name_start(*s) && *s != '>' && *s != '<')
		s++;
	if (s == end || *s == '>' || *s == '<') {
		*p = s;
		return false;
	}
	*name = (struct span){s, name_len(s, end)};
	s += name->len;
	while (s < end && isspace((unsigned char)*s))
		s++;
	*value = *name;
	if (s < end && *s == '=') {
		s++;
		while (s < end && isspace((unsigned char)*s))
			s++;
		char quote = s < end && (*s == '"' || *s == '\'') ? *s++ : 0;
		const char *start = s;
		if (quote) {
			const char *close = memchr(s, quote, (size_t)(end - s));
			s = close ? close : end;
		} else {
			while (s < end && !isspace((unsigned char)*s) && *s != '>')
				s++;
		}
		*value = (struct span){start, (size_t)(s - start)};
		if (quote && s < end) s++;
	}
	*p = s;
	return true;
}

static bool seen_attr(const struct span *seen, int n, const struct span *name)
{
	for (int i = 0; i < n; i++) {
		if (seen[i].len == name->len && memcmp(seen[i].p, name->p, name->len) == 0)
			return true;
	}
	return false;
}

static void start_tag(struct mender *m)
{
	const char *p = m->p + 1;
	struct span tag = {p, name_len(p, m->end)};
	p += tag.len;
	str_addc(m->out, '<');
	str_add(m->out, tag.p, tag.len);
	struct span seen[MAX_ATTRS], name, value;
	int n = 0;
	while (read_attr(&p, m->end, &name, &value)) {
		if (n == MAX_ATTRS || name.len > MAX_NAME || value.len > FEED_MAX_ATTR ||
		        seen_attr(seen, n, &name))
			continue;
		seen[n++] = name;
		str_addc(m->out, ' ');
		str_add(m->out, name.p, name.len);
		str_adds(m->out, "=\"");
		add_text(m, value.p, value.len);
		str_addc(m->out, '"');
	}
	bool empty = p > m->p && p[-1] == '/';
	if (p < m->end && *p == '>') p++;
	m->p = p;
	if (empty) {
		str_adds(m->out, "/>");
		return;
	}
	str_addc(m->out, '>');
	m->open[m->depth++] = tag;
}

static void cdata(struct mender *m)
{
	const char *start = m->p + 9, *close = find(start, m->end, "]]>");
	const char *end = close ? close : m->end;
	for (const char *p = start; p < end;) {
		size_t plain = 0;
		while (p + plain < end && !is_special(p[plain]))
			plain++;
		str_add(m->out, p, plain);
		p += plain;
		if (p < end) add_char(m->out, (unsigned char)*p++);
	}
	m->p = close ? close + 3 : m->end;
}

static void plain_text(struct mender *m)
{
	const char *next = memchr(m->p + 1, '<', (size_t)(m->end - m->p) - 1);
	if (!next) next = m->end;
	if (m->depth > 0) add_text(m, m->p, (size_t)(next - m->p));
	m->p = next;
}

/* Attributes of the tag at p, roughly; moves *p past it. */
static int count_attrs(const char **p, const char *end)
{
	int n = 0;
	char quote = 0;
	const char *s = *p;
	for (; s < end && (quote || *s != '>'); s++) {
		if (quote) {
			if (*s == quote) quote = 0;
		} else if (*s == '=') {
			n++;
		} else if (*s == '"' || *s == '\'') {
			quote = *s;
		}
	}
	*p = s;
	return n;
}

bool feed_is_sane(const char *text, size_t len)
{
	const char *end = text + len;
	for (const char *p = text; p < end;) {
		p = memchr(p, '<', (size_t)(end - p));
		if (!p) return true;
		const char *start = p;
		if (starts(p, end, "<![CDATA["))
			p = after(p, end, "]]>");
		else if (starts(p, end, "<!--"))
			p = after(p + 4, end, "-->");
		else if (count_attrs(&p, end) > SANE_ATTRS || p - start > SANE_TAG)
			return false;
	}
	return true;
}

void feed_repair(struct str *out, const char *text, size_t len)
{
	struct mender m = {.out = out, .p = text, .end = text + len};
	bool rooted = false;
	while (m.p < m.end && m.faults < MAX_FAULTS && out->len < MAX_OUT) {
		if (*m.p != '<') {
			plain_text(&m);
			continue;
		}
		if (starts(m.p, m.end, "<![CDATA[")) {
			cdata(&m);
			continue;
		}
		const char *past = skip_markup(m.p, m.end);
		if (past != m.p) {
			m.p = past;
			continue;
		}
		char c = m.p + 1 < m.end ? m.p[1] : 0;
		if (c == '/') {
			end_tag(&m);
		} else if (is_name_start(c) && name_len(m.p + 1, m.end) <= MAX_NAME) {
			if (m.depth == FEED_MAX_DEPTH - 1) break;
			if (m.depth == 0 && rooted) break; /* a second root */
			rooted = true;
			start_tag(&m);
		} else {
			plain_text(&m);
		}
	}
	close_to(&m, 0);
}
