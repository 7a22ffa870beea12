#include "edit_move.h"

#include <stdbool.h>

#include "base/utf8.h"

size_t edit_next(const char *p, size_t len, size_t at)
{
	return at + utf8_cluster(p + at, len - at).len;
}

/* Between two characters of ASCII there is always an edge, but for CR LF. */
static bool is_edge(const char *p, size_t at)
{
	unsigned char before = (unsigned char)p[at - 1], after = (unsigned char)p[at];
	return before < 0x80 && after < 0x80 && before != '\r';
}

size_t edit_prev(const char *p, size_t len, size_t at)
{
	if (at == 0) return 0;
	size_t i = at - 1, before;
	/* Clusters can only be told from an edge that is sure; near in all but one script. */
	while (i > 0 && !is_edge(p, i))
		i--;
	do {
		before = i;
		i = edit_next(p, len, i);
	} while (i < at);
	return before;
}

static bool is_word(const char *p, size_t at)
{
	unsigned char c = (unsigned char)p[at];
	return c >= 0x80 || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

size_t edit_word_end(const char *p, size_t len, size_t at)
{
	while (at < len && !is_word(p, at))
		at = edit_next(p, len, at);
	while (at < len && is_word(p, at))
		at = edit_next(p, len, at);
	return at;
}

size_t edit_word_start(const char *p, size_t len, size_t at)
{
	while (at > 0 && !is_word(p, edit_prev(p, len, at)))
		at = edit_prev(p, len, at);
	while (at > 0 && is_word(p, edit_prev(p, len, at)))
		at = edit_prev(p, len, at);
	return at;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\n';
}

size_t edit_blank_start(const char *p, size_t at)
{
	while (at > 0 && is_blank(p[at - 1]))
		at--;
	while (at > 0 && !is_blank(p[at - 1]))
		at--;
	return at;
}
