#include "networks/mastodon_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/utf8.h"

/*
 * Mastodon finds links as Twitter's library does, but with more characters in paths, and
 * mentions and tags by patterns of its own. Each is found for itself from the start of the
 * text on; of those that overlap the first counts.
 */

enum { MAX_URL = 4096, MAX_LABEL = 63, MAX_DOMAIN = 253, END = -1 };

struct scan {
	const char *text;
	size_t len;
};

/* --- characters --- */

/* The character at `at`, its bytes in *size; END at the end. */
static int32_t at(const struct scan *scan, size_t i, size_t *size)
{
	int32_t code;
	*size = 0;
	if (i >= scan->len) return END;
	*size = utf8_decode(scan->text + i, scan->len - i, &code);
	return code;
}

/* The character that ends before `i`; END at the start. */
static int32_t before(const struct scan *scan, size_t i)
{
	size_t start = i, size;
	if (i == 0) return END;
	do {
		start--;
	} while (start > 0 && ((unsigned char)scan->text[start] & 0xc0) == 0x80);
	return at(scan, start, &size);
}

static bool is_in(int32_t code, const char *set)
{
	return code > 0 && code < 128 && strchr(set, code);
}

static bool is_ascii_alnum(int32_t code)
{
	return code > 0 && code < 128 && isalnum((int)code);
}

static bool is_space(int32_t code)
{
	return (code >= 9 && code <= 13) || code == 32 || code == 0x85 || code == 0xa0 ||
	       code == 0x1680 || (code >= 0x2000 && code <= 0x200a) || code == 0x2028 ||
	       code == 0x2029 || code == 0x202f || code == 0x205f || code == 0x3000;
}

static bool is_directional(int32_t code)
{
	return code == 0x61c || code == 0x200e || code == 0x200f ||
	       (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

static bool is_forbidden(int32_t code)
{
	return code == 0xfffe || code == 0xfeff || code == 0xffff;
}

/*
 * Unicode's Alphabetic, nearly: a letter, or a mark that is one in its script; accents and
 * variation selectors are none.
 */
static bool is_letter(int32_t code)
{
	enum utf8_kind kind = utf8_kind(code);
	bool own = (code >= 0x5b0 && code < 0x1ab0) || (code >= 0x1b00 && code < 0x1dc0) ||
	           (code >= 0xa000 && code < 0xfe00) || code >= 0x10000;
	return kind == UTF8_LETTER || (kind == UTF8_MARK && own);
}

/* A letter, mark, digit or what joins words. */
static bool is_word(int32_t code)
{
	return utf8_kind(code) != UTF8_OTHER;
}

/* --- links --- */

static bool is_domain_char(int32_t code)
{
	if (code < 128) return is_ascii_alnum(code);
	return !is_directional(code) && !is_forbidden(code) && !is_space(code) && code != 0x180e;
}

/* tlds.txt: the names of the root zone in ASCII, one a line. */
extern const char bluesky_tlds[];

/* Is this what a host may end in? Names in other scripts are taken on trust. */
static bool is_top(const char *name, size_t len)
{
	size_t far = 0;
	for (size_t i = 0; i < len; i++)
		far += (unsigned char)name[i] >= 128;
	if (far > 0) return far == len;
	if (len < 2) return false;
	if (len > 4 && strncasecmp(name, "xn--", 4) == 0) return true;
	for (const char *line = bluesky_tlds, *end; (end = strchr(line, '\n')); line = end + 1) {
		if ((size_t)(end - line) == len && strncasecmp(line, name, len) == 0) return true;
	}
	return false;
}

/*
 * Letters, digits and - _ of one label from `i` on: where it ends, or where it has become too
 * long for one. In a script without blanks a whole text would be looked through from each
 * of its characters.
 */
static size_t label_end(const struct scan *scan, size_t i)
{
	size_t size, most = i + MAX_LABEL * 4;
	for (int32_t code; i <= most && (code = at(scan, i, &size)) != END; i += size) {
		if (!is_domain_char(code) && code != '-' && code != '_') break;
	}
	return i;
}

/* Can a name be that of a label before the last one? It neither begins nor ends in a dash. */
static bool is_label(const struct scan *scan, size_t start, size_t end)
{
	static const char edges[] = "-_";
	return end > start && end - start <= MAX_LABEL * 4 && !strchr(edges, scan->text[start]) &&
	       !strchr(edges, scan->text[end - 1]);
}

/* The end of what begins at `start` of a label and can be a host's last name; 0: none. */
static size_t top_end(const struct scan *scan, size_t start)
{
	size_t end = start, size;
	bool plain = true;
	for (int32_t code; (code = at(scan, end, &size)) != END; end += size) {
		if (!is_domain_char(code) && (code != '-' || !plain)) break;
		/* "xn--" and the like are ASCII all through; another name ends where that does. */
		if (code >= 128 && end > start && plain) break;
		plain = plain && code < 128;
	}
	int32_t next = at(scan, end, &size);
	bool cut = next == '@' || next == '+' || next == '-';
	return !cut && is_top(scan->text + start, end - start) ? end : 0;
}

/*
 * The end of a host; 0 when there is none. Of several possible ends the last counts. Where
 * there is none, none begins before *out_dead either: it would have to end in the same places.
 */
static size_t host_end(const struct scan *scan, size_t start, size_t *out_dead)
{
	size_t end = 0, last = start;
	bool joined = false; /* the label before the last one has a _, which no domain has */
	for (int labels = 0;; labels++) {
		size_t here = labels > 0 && !joined ? top_end(scan, last) : 0;
		if (here) end = here;
		if (!end) *out_dead = last;
		size_t stop = label_end(scan, last);
		if (!is_label(scan, last, stop) || stop >= scan->len || scan->text[stop] != '.')
			return end;
		joined = memchr(scan->text + last, '_', stop - last) != NULL;
		last = stop + 1;
	}
}

static bool is_path_char(int32_t code)
{
	return code != END && !is_space(code) && !is_in(code, "<>()?");
}

static bool is_path_end(int32_t code)
{
	return is_path_char(code) && !is_in(code, "!*\"';:=,.$%[]~&|@") && code != 0x300c &&
	       code != 0x300d;
}

static size_t path_chars(const struct scan *scan, size_t i)
{
	size_t size;
	while (is_path_char(at(scan, i, &size)))
		i += size;
	return i;
}

/* The end of parentheses from `i` on, which may have one pair inside; 0: they are none. */
static size_t parens_end(const struct scan *scan, size_t i)
{
	if (i >= scan->len || scan->text[i] != '(') return 0;
	size_t end = path_chars(scan, i + 1);
	bool some = end > i + 1;
	if (end < scan->len && scan->text[end] == '(') {
		size_t inner = path_chars(scan, end + 1);
		if (inner == end + 1 || inner >= scan->len || scan->text[inner] != ')') return 0;
		end = path_chars(scan, inner + 1);
		some = true;
	}
	return some && end < scan->len && scan->text[end] == ')' ? end + 1 : 0;
}

/* From the / on. What ends a sentence does not belong to it. */
static size_t path_end(const struct scan *scan, size_t i)
{
	size_t end = i + 1, size;
	for (i++;;) {
		int32_t code = at(scan, i, &size);
		size_t parens = parens_end(scan, i);
		if (parens) {
			end = i = parens;
		} else if (is_path_char(code)) {
			i += size;
			if (is_path_end(code)) end = i;
		} else {
			return end;
		}
	}
}

/* Characters that an address may have unescaped (RFC 3987, ucschar and iprivate). */
static bool is_far_char(int32_t code)
{
	if (code < 0xa0 || (code >= 0xd800 && code < 0xe000)) return false;
	if (code > 0xfdcf && code < 0xfdf0) return false;
	return code <= 0xffef || (code >= 0x10000 && (code & 0xffff) <= 0xfffd &&
	                                 !(code >= 0xe0000 && code < 0xe1000));
}

/* From the ? on; the ? alone is no query. */
static size_t query_end(const struct scan *scan, size_t start)
{
	size_t end = start, i = start + 1, size;
	for (int32_t code; (code = at(scan, i, &size)) != END; i += size) {
		bool plain = is_ascii_alnum(code) || is_far_char(code);
		if (!plain && !is_in(code, "!?*'();:&=+$/%#[]-_.,~|@^")) break;
		if (plain || is_in(code, "_&=#/-")) end = i + size;
	}
	return end;
}

/* Bytes of the scheme and its ://, or 0. */
static size_t scheme_len(const struct scan *scan, size_t i)
{
	static const char *const schemes[] = {"https://", "http://", "dat://", "dweb://", "ipfs://",
	        "ipns://", "ssb://", "gopher://", "gemini://"};
	for (size_t k = 0; k < sizeof schemes / sizeof *schemes; k++) {
		size_t n = strlen(schemes[k]);
		if (scan->len - i >= n && strncasecmp(scan->text + i, schemes[k], n) == 0) return n;
	}
	return 0;
}

/* May a link begin after this? */
static bool is_link_edge(int32_t code)
{
	if (code == END || code == '\n') return true;
	return !is_ascii_alnum(code) && !is_in(code, "@$#") && code != 0xff20 && code != 0xff03 &&
	       !is_forbidden(code);
}

/* The end of what follows a scheme, or stands alone; 0: no link. */
static size_t link_end(const struct scan *scan, size_t start, size_t *dead)
{
	size_t end = start < *dead ? 0 : host_end(scan, start, dead), size, digits;
	if (!end) return 0;
	if (at(scan, end, &size) == ':') {
		for (digits = end + 1;
		        digits < scan->len && isdigit((unsigned char)scan->text[digits]);)
			digits++;
		if (digits > end + 1) end = digits;
	}
	if (at(scan, end, &size) == '/') end = path_end(scan, end);
	if (at(scan, end, &size) == '?') end = query_end(scan, end);
	return end;
}

/* The next link from *from on. One without a scheme is passed over, with all in it. */
static bool next_link(const struct scan *scan, size_t *from, struct facet *out)
{
	size_t size, dead = 0;
	for (size_t i = *from; i < scan->len; i += size) {
		at(scan, i, &size);
		if (!is_link_edge(before(scan, i))) continue;
		size_t scheme = scheme_len(scan, i);
		size_t end = scheme ? link_end(scan, i + scheme, &dead) : 0;
		bool linked = end > 0 && end - i <= MAX_URL;
		if (!end) end = link_end(scan, i, &dead);
		if (!end) continue;
		if (linked) {
			*out = (struct facet){FACET_LINK, (uint32_t)i, (uint32_t)end, NULL};
			*from = end;
			return true;
		}
		size = end - i;
	}
	*from = scan->len;
	return false;
}

/* --- mentions --- */

static bool is_name_char(int32_t code)
{
	return is_ascii_alnum(code) || code == '_';
}

/* Runs of what `is` accepts, with dots and dashes between. */
static size_t run_end(const struct scan *scan, size_t i, bool (*is)(int32_t code))
{
	size_t end = i, size;
	for (int32_t code; (code = at(scan, i, &size)) != END; i += size) {
		if (is(code))
			end = i + size;
		else if ((code != '.' && code != '-') || end == 0)
			break;
	}
	return end;
}

static bool is_latin_accent(int32_t code)
{
	if (code >= 0xc0 && code <= 0x24f) return code != 0xd7 && code != 0xf7;
	if (code >= 0x253 && code <= 0x28b) {
		static const int32_t some[] = {0x253, 0x254, 0x256, 0x257, 0x259, 0x25b, 0x263,
		        0x268, 0x26f, 0x272, 0x289, 0x28b};
		for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
			if (some[i] == code) return true;
		}
		return false;
	}
	return code == 0x2bb || (code >= 0x300 && code <= 0x36f) ||
	       (code >= 0x1e00 && code <= 0x1eff);
}

static bool is_scheme_mark(const struct scan *scan, size_t i)
{
	return scan->len - i >= 3 && memcmp(scan->text + i, "://", 3) == 0;
}

static bool next_mention(const struct scan *scan, size_t *from, struct facet *out)
{
	size_t size, end;
	for (size_t i = *from; i < scan->len; i = end) {
		const char *mark = memchr(scan->text + i, '@', scan->len - i);
		if (!mark) break;
		size_t start = (size_t)(mark - scan->text);
		int32_t edge = before(scan, start);
		end = start + 1;
		if (edge == '=' || edge == '/' || is_word(edge)) continue;
		size_t name =
		        is_name_char(at(scan, end, &size)) ? run_end(scan, end, is_name_char) : 0;
		if (!name) continue;
		end = name;
		if (at(scan, name, &size) == '@' && is_word(at(scan, name + 1, &size)))
			end = run_end(scan, name + 1, is_word);
		int32_t next = at(scan, end, &size);
		if (next == '@' || next == 0xff20 || is_latin_accent(next) ||
		        is_scheme_mark(scan, end) || end - name > MAX_DOMAIN)
			continue;
		*out = (struct facet){FACET_MENTION, (uint32_t)start, (uint32_t)end, NULL};
		*from = end;
		return true;
	}
	*from = scan->len;
	return false;
}

/* --- tags --- */

static bool is_separator(int32_t code)
{
	return code == '_' || code == 0xb7 || code == 0x30fb || code == 0x200c;
}

/*
 * The end of a tag's name; 0: none. With a letter or separator between its first and last
 * character it may have separators; else it is letters and digits, with a letter at least.
 */
static size_t tag_end(const struct scan *scan, size_t start)
{
	size_t i = start, size, end = 0, plain = start;
	bool inner = false, held = false, lettered = false, joined = true;
	for (int32_t code; (code = at(scan, i, &size)) != END; i += size) {
		bool word = is_word(code), letter = is_letter(code);
		if (!word && (!is_separator(code) || i == start)) break;
		joined = joined && word;
		if (joined) plain = i + size;
		if (joined && letter) lettered = true;
		if (word && held) {
			inner = true;
			end = i + size;
		}
		/* `held`: the character before this one, not the first, was one that counts. */
		if (i > start && (letter || is_separator(code))) held = true;
	}
	if (inner) return end;
	return lettered ? plain : 0;
}

static bool next_tag(const struct scan *scan, size_t *from, struct facet *out)
{
	size_t size;
	for (size_t i = *from; i < scan->len; i += size) {
		int32_t code = at(scan, i, &size), edge;
		if (code != '#' && code != 0xff03) continue;
		edge = before(scan, i);
		if (edge == '=' || edge == '/' || edge == ')' || is_letter(edge) ||
		        utf8_kind(edge) == UTF8_DIGIT)
			continue;
		size_t end = tag_end(scan, i + size);
		if (!end) continue;
		*out = (struct facet){FACET_TAG, (uint32_t)i, (uint32_t)end, NULL};
		*from = end;
		return true;
	}
	*from = scan->len;
	return false;
}

/* --- all together --- */

static void give(const struct scan *scan, struct facet *facet,
        void (*each)(void *ctx, const struct facet *facet), void *ctx)
{
	size_t start = facet->start;
	if (facet->kind == FACET_MENTION) start++;
	if (facet->kind == FACET_TAG) start += scan->text[start] == '#' ? 1 : 3;
	char *target = xstrndup(scan->text + start, facet->end - start);
	facet->target = target;
	each(ctx, facet);
	free(target);
}

void mastodon_find_in(const char *text, size_t len, bool tags,
        void (*each)(void *ctx, const struct facet *facet), void *ctx)
{
	static bool (*const finders[])(const struct scan *, size_t *, struct facet *) = {
	        next_link, next_mention, next_tag};
	enum { NFINDERS = sizeof finders / sizeof *finders };
	const int n = tags ? NFINDERS : NFINDERS - 1;
	const struct scan scan = {text, len};
	struct facet found[NFINDERS];
	size_t from[NFINDERS] = {0}, end = 0;
	bool some[NFINDERS];
	for (int i = 0; i < n; i++)
		some[i] = finders[i](&scan, &from[i], &found[i]);
	for (;;) {
		int first = -1;
		for (int i = 0; i < n; i++) {
			if (some[i] && (first < 0 || found[i].start < found[first].start))
				first = i;
		}
		if (first < 0) return;
		if (found[first].start >= end) {
			end = found[first].end;
			give(&scan, &found[first], each, ctx);
		}
		some[first] = finders[first](&scan, &from[first], &found[first]);
	}
}

void mastodon_detect(const struct account *account, const char *text, size_t len,
        void (*each)(void *ctx, const struct facet *facet), void *ctx)
{
	(void)account; /* its relatives have the same patterns */
	mastodon_find_in(text, len, true, each, ctx);
}
