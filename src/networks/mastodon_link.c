#include "networks/mastodon_link.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"

enum { MAX_QUERY = 2048, MAX_LINKS = 16, MAX_ID = 512 };

/* A query that may be put behind our own URL: visible ASCII, and it stays a query. */
static bool is_fit(const char *p, size_t len)
{
	if (len == 0 || len > MAX_QUERY) return false;
	for (size_t i = 0; i < len; i++) {
		if (p[i] <= 32 || p[i] >= 127 || p[i] == '#') return false;
	}
	return true;
}

static bool begins(const char *p, const char *end, const char *word)
{
	size_t n = strlen(word);
	return (size_t)(end - p) >= n && strncmp(p, word, n) == 0;
}

/* The query of a link's target, without what would bound it from below. Owned, or NULL. */
static char *query_of(const char *target, const char *end)
{
	const char *p = memchr(target, '?', (size_t)(end - target));
	if (!p || !is_fit(p + 1, (size_t)(end - p - 1))) return NULL;
	struct str query = {0};
	for (p++; p < end;) {
		const char *amp = memchr(p, '&', (size_t)(end - p)), *stop = amp ? amp : end;
		bool bound = begins(p, stop, "min_id=") || begins(p, stop, "since_id=");
		if (stop > p && !bound) {
			if (query.len) str_addc(&query, '&');
			str_add(&query, p, (size_t)(stop - p));
		}
		p = amp ? amp + 1 : end;
	}
	return query.len ? str_take(&query) : (str_finish(&query), NULL);
}

/* True when the parameters after a target say that it is `rel`. */
static bool is_rel(const char *p, const char *end, const char *rel)
{
	for (; p < end; p++) {
		if (strncasecmp(p, "rel=", 4) != 0) continue;
		p += 4 + (p[4] == '"');
		return begins(p, end, rel) && !isalnum((unsigned char)p[strlen(rel)]);
	}
	return false;
}

struct target {
	const char *start, *end;
};

/* Where the link of that relation leads; both NULL when there is none. */
static struct target target_of(const struct response *answer, const char *rel)
{
	const char *p = response_header(answer, "Link");
	for (int i = 0; p && i < MAX_LINKS; i++) {
		const char *start = strchr(p, '<'), *end = start ? strchr(start, '>') : NULL;
		if (!end) break;
		const char *after = strchr(end, '<');
		if (!after) after = end + strlen(end);
		if (is_rel(end, after, rel)) return (struct target){start + 1, end};
		p = after;
	}
	return (struct target){NULL, NULL};
}

char *mastodon_next(const struct response *answer, bool *out_linked)
{
	struct target target = target_of(answer, "next");
	if (out_linked) *out_linked = response_header(answer, "Link") != NULL;
	return target.start ? query_of(target.start, target.end) : NULL;
}

char *mastodon_newest(const struct response *answer)
{
	static const char *const names[] = {"min_id=", "since_id="};
	struct target target = target_of(answer, "prev");
	const char *p = target.start;
	if (p) p = memchr(p, '?', (size_t)(target.end - p));
	if (!p || !is_fit(p + 1, (size_t)(target.end - p - 1))) return NULL;
	while (p && ++p < target.end) {
		const char *amp = memchr(p, '&', (size_t)(target.end - p));
		const char *stop = amp ? amp : target.end;
		for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
			size_t n = strlen(names[i]);
			bool fine = begins(p, stop, names[i]) && (size_t)(stop - p) > n;
			/* An id that had to be escaped is none that we know of. */
			if (fine && (size_t)(stop - p) - n <= MAX_ID &&
			        !memchr(p, '%', (size_t)(stop - p)))
				return xstrndup(p + n, (size_t)(stop - p) - n);
		}
		p = amp;
	}
	return NULL;
}
