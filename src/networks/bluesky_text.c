#include "networks/bluesky_text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "networks/bluesky_unicode.h"

/*
 * The official library searches a text four times, each time for one kind, by a regular
 * expression that takes the blank or bracket before a find along. Here that is one pass. Of
 * the four only addresses may hold a bracket: what stands behind that one is theirs.
 */

enum { TAG_MOST = 64, TICKER_MOST = 5 };

struct scan {
	const char *text;
	size_t len;
	size_t linked; /* up to where the last address reaches */
	void (*each)(void *ctx, const struct facet *facet);
	void *ctx;
};

/* --- characters --- */

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
	return is_letter(c) || is_digit(c);
}

static bool is_word(char c)
{
	return is_alnum(c) || c == '_';
}

/* White space of JavaScript. */
static bool is_space(int32_t code)
{
	return (code >= 9 && code <= 13) || code == ' ' || code == 0xa0 || code == 0x1680 ||
	       (code >= 0x2000 && code <= 0x200a) || code == 0x2028 || code == 0x2029 ||
	       code == 0x202f || code == 0x205f || code == 0x3000 || code == 0xfeff;
}

/* What ends a tag besides white space: characters that nobody sees. */
static bool ends_tag(int32_t code)
{
	return is_space(code) || code == 0xad || code == 0x2060 ||
	       (code >= 0x200b && code <= 0x200d) || code == 0x20e2;
}

/* The character at `at`, U+0000 at the end. */
static size_t decode(const struct scan *scan, size_t at, int32_t *out_code)
{
	*out_code = 0;
	return at < scan->len ? utf8_decode(scan->text + at, scan->len - at, out_code) : 0;
}

static char byte(const struct scan *scan, size_t at)
{
	return at < scan->len ? scan->text[at] : '\0';
}

static size_t skip_visible(const struct scan *scan, size_t at)
{
	int32_t code;
	for (size_t size; at < scan->len; at += size) {
		size = decode(scan, at, &code);
		if (is_space(code)) break;
	}
	return at;
}

/* --- domains --- */

/* tlds.txt: the names of the root zone in ASCII, one a line. */
extern const char bluesky_tlds[];

/* Is what follows the last dot of a name in the root zone? Its letters as written. */
static bool is_domain(const char *name, size_t len)
{
	size_t start = len;
	while (start > 0 && name[start - 1] != '.')
		start--;
	size_t n = len - start;
	if (start == 0 || n == 0) return false;
	for (const char *line = bluesky_tlds, *end; (end = strchr(line, '\n')); line = end + 1) {
		if ((size_t)(end - line) == n && memcmp(line, name + start, n) == 0) return true;
	}
	return false;
}

static bool is_handle(const char *name, size_t len)
{
	static const char test[] = ".test";
	size_t n = sizeof test - 1;
	return is_domain(name, len) || (len >= n && memcmp(name + len - n, test, n) == 0);
}

bool bluesky_is_uri(const char *uri)
{
	size_t n = 0;
	while (is_word(uri[n]))
		n++;
	if (n == 0 || uri[n] != ':') return false;
	uri += n + 1;
	if (strncmp(uri, "//", 2) == 0 && uri[2] && uri[2] != '/') uri += 2;
	return *uri && *uri != '/';
}

/* --- one find of a kind; `at` is where it begins --- */

static void tell(struct scan *scan, enum facet_kind kind, size_t start, size_t end, char *target)
{
	struct facet facet = {
	        .kind = kind, .start = (uint32_t)start, .end = (uint32_t)end, .target = target};
	scan->each(scan->ctx, &facet);
	free(target);
}

/* `@` and a name that ends at a word's edge: the longest such. */
static void find_mention(struct scan *scan, size_t at)
{
	size_t start = at + 1, end = start;
	while (is_alnum(byte(scan, end)) || byte(scan, end) == '.' || byte(scan, end) == '-')
		end++;
	while (end > start && is_word(scan->text[end - 1]) == is_word(byte(scan, end)))
		end--;
	if (end == start) return;
	const char *name = scan->text + start;
	if (is_handle(name, end - start))
		tell(scan, FACET_MENTION, at, end, xstrndup(name, end - start));
}

/* "http://" or "https://", in any case, with something behind it. */
static bool has_scheme(const struct scan *scan, size_t at, size_t end)
{
	const char *p = scan->text + at;
	size_t len = end - at;
	return (len > 7 && strncasecmp(p, "http://", 7) == 0) ||
	       (len > 8 && strncasecmp(p, "https://", 8) == 0);
}

/* The end of "name.name" at `at`; 0: there is none. */
static size_t domain_end(const struct scan *scan, size_t at)
{
	size_t end = 0, p = at;
	while (is_alnum(byte(scan, p)))
		p++;
	while (byte(scan, p) == '.' && is_alnum(byte(scan, p + 1))) {
		p++;
		while (is_alnum(byte(scan, p)))
			p++;
		end = p;
	}
	return end;
}

static void find_link(struct scan *scan, size_t at)
{
	size_t end = skip_visible(scan, at);
	const char *p = scan->text + at;
	bool scheme = has_scheme(scan, at, end);
	size_t domain = domain_end(scan, at);
	if (!scheme && !domain) return;
	scan->linked = end;
	bool whole = end - at >= 4 && memcmp(p, "http", 4) == 0;
	if (!whole && (scheme || !is_domain(p, domain - at))) return;
	if (strchr(".,;:!?", scan->text[end - 1])) end--;
	if (scan->text[end - 1] == ')' && !memchr(p, '(', end - at)) end--;
	struct str uri = {0};
	if (!whole) str_adds(&uri, "https://");
	str_add(&uri, p, end - at);
	tell(scan, FACET_LINK, at, end, str_take(&uri));
}

/* UTF-16 units, which is what the library's quick look counts. */
static size_t units(const char *p, size_t len)
{
	size_t n = 0;
	int32_t code;
	for (size_t i = 0; i<len; n += code> 0xffff ? 2 : 1)
		i += utf8_decode(p + i, len - i, &code);
	return n;
}

/* All up to a blank, when not all of it is digits and punctuation; that at its end is left. */
static void find_tag(struct scan *scan, size_t at, size_t mark)
{
	size_t start = at + mark, kept = start, size;
	bool good = false;
	int32_t code;
	decode(scan, start, &code);
	if (code == 0xfe0f) return; /* the hash of a keycap */
	for (size_t p = start; (size = decode(scan, p, &code)) > 0 && !ends_tag(code); p += size) {
		bool mere = bluesky_is_punctuation(code);
		if (!mere) kept = p + size;
		if (!mere && !(code >= '0' && code <= '9')) good = true;
	}
	if (!good) return;
	const char *tag = scan->text + start;
	size_t len = kept - start;
	if (units(tag, len) > TAG_MOST && bluesky_graphemes(tag, len) > TAG_MOST) return;
	tell(scan, FACET_TAG, at, start + len, xstrndup(tag, len));
}

/* `$` and a letter with at most four letters or digits, ended by a blank or punctuation. */
static void find_cashtag(struct scan *scan, size_t at)
{
	size_t end = at + 1;
	int32_t code;
	while (is_alnum(byte(scan, end)))
		end++;
	if (!is_letter(byte(scan, at + 1)) || end - at - 1 > TICKER_MOST) return;
	size_t more = decode(scan, end, &code);
	bool ended = more == 0 || is_space(code) || code == 0x2019 ||
	             (code > 0 && code < 128 && strchr(".,;:!?)\"'", code));
	if (!ended) return;
	char *ticker = xstrndup(scan->text + at, end - at);
	for (char *p = ticker; *p; p++) {
		if (*p >= 'a' && *p <= 'z') *p = (char)(*p - 'a' + 'A');
	}
	tell(scan, FACET_TAG, at, end, ticker);
}

/* --- the pass --- */

/* What begins at `at`; `lead` is where the blank or bracket before it stands. */
static void look(struct scan *scan, size_t at, size_t lead, bool bracket)
{
	int32_t code;
	size_t size = decode(scan, at, &code);
	if (code == '@')
		find_mention(scan, at);
	else if (code == '$')
		find_cashtag(scan, at);
	else if ((code == '#' || code == 0xff03) && !bracket)
		find_tag(scan, at, size);
	else if (code < 128 && is_letter((char)code) && lead >= scan->linked)
		find_link(scan, at);
}

void bluesky_detect(
        const char *text, size_t len, void (*each)(void *ctx, const struct facet *facet), void *ctx)
{
	struct scan scan = {.text = text, .len = len, .each = each, .ctx = ctx};
	int32_t code;
	look(&scan, 0, 0, false);
	for (size_t at = 0, size; at < len; at += size) {
		size = decode(&scan, at, &code);
		if (is_space(code) || code == '(') look(&scan, at + size, at, code == '(');
	}
}
