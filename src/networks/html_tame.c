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

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

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
		} else if ((is_blank(*p) || *p == '/') && p + 1 < end && !is_blank(p[1])) {
			(*out_words)++;
		}
		if (!is_blank(*p)) last = *p;
	}
	return p < end ? p + 1 : end;
}

void html_tame(struct str *out, const char *p, size_t len)
{
	const char *end = p + len;
	for (int marks = 0; p < end && marks < MAX_MARKS; marks++) {
		size_t plain = 0;
		while (p + plain < end && p[plain] != '<' && p[plain] != '&')
			plain++;
		str_add(out, p, plain);
		p += plain;
		if (p == end) return;
		const char *next = p + 1;
		int words = 0;
		if (*p == '<' && next < end && *next != '!' && !is_blank(*next))
			next = skip_tag(p, end, &words);
		if (words <= MAX_WORDS) str_add(out, p, (size_t)(next - p));
		p = next;
	}
}
