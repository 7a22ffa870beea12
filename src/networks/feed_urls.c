#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "networks/feed_list.h"

enum { MAX_WORDS = 34 };

/* One word of a line, with newsboat's quotes; false at the end. Moves *p. */
static bool next_word(const char **p, const char *end, struct str *out)
{
	const char *s = *p;
	while (s < end && (*s == ' ' || *s == '\t' || *s == '\r'))
		s++;
	if (s == end) return false;
	str_clear(out);
	if (*s == '"') {
		for (s++; s < end && *s != '"'; s++) {
			if (*s == '\\' && s + 1 < end) s++;
			str_addc(out, *s);
		}
		if (s < end) s++;
	} else {
		while (s < end && *s != ' ' && *s != '\t' && *s != '\r')
			str_addc(out, *s++);
	}
	*p = s;
	return true;
}

static void read_line(struct feed_list *out, const char *p, const char *end, int line)
{
	struct str word = {0};
	char *words[MAX_WORDS];
	size_t n = 0;
	while (n < MAX_WORDS && next_word(&p, end, &word))
		words[n++] = str_take(&word);
	str_finish(&word);
	if (n > 0 && *words[0] && *words[0] != '#') {
		struct feed_list_row row = {.url = words[0], .line = line};
		const char *groups[MAX_WORDS];
		for (size_t i = 1; i < n; i++) {
			if (*words[i] == '~')
				row.title = words[i] + 1;
			else if (*words[i] != '!' && *words[i])
				groups[row.ngroups++] = words[i];
		}
		row.groups = groups;
		feed_list_add(out, &row);
	}
	for (size_t i = 0; i < n; i++)
		free(words[i]);
}

void feed_list_read_urls(struct feed_list *out, const char *text, size_t len)
{
	const char *end = text + len;
	int line = 1;
	for (const char *p = text; p < end; line++) {
		const char *stop = memchr(p, '\n', (size_t)(end - p));
		if (!stop) stop = end;
		read_line(out, p, stop, line);
		p = stop + (stop < end);
	}
}
