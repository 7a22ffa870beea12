#include <string.h>
#include <strings.h>

#include "networks/html_tag.h"

/*
 * libxml2 compares each attribute of a tag with each, and is slow over marks that
 * mean nothing; so what strangers send is cut to size before it gets there.
 */

enum {
	MAX_MARKS = 20000, /* tags and references; past them the rest is left out */
	MAX_WORDS = 64,    /* attributes of one tag; a tag with more is left out */
};

bool html_may_open(const char *url)
{
	static const char *const schemes[] = {"http://", "https://", "mailto:", "gemini://"};
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
		if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0) return true;
	}
	return false;
}

/* Past the tag at p; *out_words says how many attributes it may have. */
static const char *skip_tag(const char *p, const char *end, int *out_words)
{
	char quote = 0, last = 0;
	*out_words = 0;
	for (; p < end && (quote || *p != '>'); p++) {
		if (quote) {
			if (*p == quote) quote = 0;
		} else if ((*p == '"' || *p == '\'') && last == '=') {
			quote = *p;
		} else if ((html_is_blank(*p) || *p == '/') && p + 1 < end &&
		           !html_is_blank(p[1])) {
			(*out_words)++;
		}
		if (!html_is_blank(*p)) last = *p;
	}
	return p < end ? p + 1 : end;
}

static bool is_cdata(const char *p, const char *end)
{
	return end - p >= 9 && memcmp(p, "<![CDATA[", 9) == 0;
}

/*
 * Past a comment, or `<!` and what follows up to the next `>`; p itself when it is no
 * markup. *open says that no comment ends any more, which is looked for once.
 */
static const char *skip_declaration(const char *p, const char *end, bool *open)
{
	bool comment = end - p >= 4 && memcmp(p, "<!--", 4) == 0;
	for (const char *at = comment && !*open ? p + 4 : end; at < end; at++) {
		at = memchr(at, '>', (size_t)(end - at));
		if (!at) break;
		if (at - p >= 6 && at[-1] == '-' && at[-2] == '-') return at + 1;
	}
	*open = *open || comment;
	const char *close = memchr(p, '>', (size_t)(end - p));
	if (!close) return comment ? end : p;
	return close + 1;
}

void html_tame(struct str *out, const char *p, size_t len)
{
	const char *end = p + len;
	bool open = false;
	for (int marks = 0; p < end && marks < MAX_MARKS; marks++) {
		size_t plain = 0;
		while (p + plain < end && p[plain] != '<' && p[plain] != '&')
			plain++;
		str_add(out, p, plain);
		p += plain;
		if (p == end) return;
		const char *next = p + 1;
		int words = 0;
		if (*p == '<' && next < end && *next == '!' && !is_cdata(p, end)) {
			next = skip_declaration(p, end, &open);
			if (next == p) {
				str_adds(out, "&lt;");
				next++;
			}
			p = next;
			continue;
		}
		if (*p == '<' && next < end && !html_is_blank(*next))
			next = skip_tag(p, end, &words);
		if (words <= MAX_WORDS) str_add(out, p, (size_t)(next - p));
		p = next;
	}
}
