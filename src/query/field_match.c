#include <string.h>

#include "base/fold.h"
#include "field.h"
#include "regex.h"
#include "whole.h"

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* `lowered` is in lower case already; compares the first `len` bytes of `text`. */
static bool same(const char *text, size_t len, const char *lowered)
{
	size_t i = 0;

	while (i < len && lowered[i] && lower(text[i]) == lowered[i]) {
		i++;
	}
	return i == len && lowered[i] == '\0';
}

/* "ada" is ada@anywhere, "ada@host" only that one. */
static bool handle_is(const char *handle, size_t len, const char *lowered)
{
	const char *at = memchr(handle, '@', len);

	if (same(handle, len, lowered)) return true;
	return at && same(handle, (size_t)(at - handle), lowered);
}

static bool folded_has(const char *text, const char *needle, bool whole)
{
	struct str folded = {0};
	bool found;

	if (!text || text[0] == '\0') return false;
	fold_add(&folded, text, strlen(text));
	found = whole ? strcmp(str_c(&folded), needle) == 0
	              : strstr(str_c(&folded), needle) != NULL;
	str_finish(&folded);
	return found;
}

bool match_text(const struct term *term, const struct query_row *row)
{
	return row->post && strstr(post_str(row->post, POST_FOLDED), term->folded);
}

bool match_word(const struct term *term, const struct query_row *row)
{
	return row->post && whole_in_post(row->post, term->folded);
}

bool match_regex(const struct term *term, const struct query_row *row)
{
	return row->post && regex_in_post(term->regex, row->post);
}

bool match_from(const struct term *term, const struct query_row *row)
{
	return row->author &&
	       handle_is(row->author->handle, strlen(row->author->handle), term->text);
}

bool match_by(const struct term *term, const struct query_row *row)
{
	return row->actor && handle_is(row->actor->handle, strlen(row->actor->handle), term->text);
}

unsigned viewer_flags(const struct post *post)
{
	unsigned flags = 0;

	for (size_t i = 0; post && i < post->nviewers; i++) {
		flags |= post_viewer(post, i).flags;
	}
	return flags;
}

const char *query_host(const char *url, size_t *out_len)
{
	const char *host = strstr(url, "://"), *at;

	if (!host) return NULL;
	host += 3;
	at = memchr(host, '@', strcspn(host, "/?#"));
	if (at) host = at + 1;
	*out_len = strcspn(host, "/?#:");
	return host;
}

/* The host of `url` is `lowered` or stands below it. */
static bool host_is(const char *url, const char *lowered)
{
	size_t len, want = strlen(lowered);
	const char *host = query_host(url, &len);

	if (!host) return false;
	if (len > want && host[len - want - 1] == '.') {
		host += len - want;
		len = want;
	}
	return same(host, len, lowered);
}

/* Shown is "ada" or "ada@host"; where the host is left out, the profile's address tells it. */
static bool mention_is(const char *shown, size_t len, const char *target, const char *lowered)
{
	const char *at = strchr(lowered, '@');
	size_t name = at ? (size_t)(at - lowered) : 0;

	if (handle_is(shown, len, lowered)) return true;
	if (!at || !target || memchr(shown, '@', len) || len != name) return false;
	for (size_t i = 0; i < len; i++) {
		if (lower(shown[i]) != lowered[i]) return false;
	}
	return host_is(target, at + 1);
}

static bool mentions(const struct post *post, const char *lowered)
{
	const char *body = post_str(post, POST_BODY);

	for (size_t i = 0; i < post->nfacets; i++) {
		struct facet facet = post_facet(post, i);
		uint32_t start = facet.start + (body[facet.start] == '@');

		if (facet.kind != FACET_MENTION || start >= facet.end) continue;
		if (mention_is(body + start, facet.end - start, facet.target, lowered)) return true;
	}
	return false;
}

bool match_to(const struct term *term, const struct query_row *row)
{
	const char *name;

	if (!row->post) return false;
	if (strcmp(term->text, "me") == 0) return viewer_flags(row->post) & VIEWER_MENTIONED;
	name = post_str(row->post, POST_REPLY_NAME);
	return handle_is(name, strlen(name), term->text) || mentions(row->post, term->text);
}

bool match_name(const struct term *term, const struct query_row *row)
{
	return row->author && folded_has(row->author->name, term->folded, false);
}

bool match_bio(const struct term *term, const struct query_row *row)
{
	return row->author && folded_has(row->author->bio, term->folded, false);
}

bool match_network(const struct term *term, const struct query_row *row)
{
	return row->network && same(row->network, strlen(row->network), term->text);
}

bool match_account(const struct term *term, const struct query_row *row)
{
	for (size_t i = 0; row->sources && row->sources[i]; i++) {
		if (same(row->sources[i], strcspn(row->sources[i], "/"), term->text)) return true;
	}
	return row->account && same(row->account, strlen(row->account), term->text);
}

bool match_source(const struct term *term, const struct query_row *row)
{
	for (size_t i = 0; row->sources && row->sources[i]; i++) {
		if (same(row->sources[i], strlen(row->sources[i]), term->text)) return true;
	}
	return row->source && same(row->source, strlen(row->source), term->text);
}

bool match_tag(const struct term *term, const struct query_row *row)
{
	for (size_t i = 0; row->post && i < row->post->nfacets; i++) {
		struct facet facet = post_facet(row->post, i);

		if (facet.kind == FACET_TAG && folded_has(facet.target, term->folded, true)) {
			return true;
		}
	}
	return false;
}

static bool any_link(const struct query_row *row, bool (*is)(const char *url, const char *value),
        const char *value)
{
	if (!row->post) return false;
	for (size_t i = 0; i < row->post->nfacets; i++) {
		struct facet facet = post_facet(row->post, i);

		if (facet.kind == FACET_LINK && facet.target && is(facet.target, value)) {
			return true;
		}
	}
	return is(post_str(row->post, POST_CARD_URL), value);
}

bool match_link(const struct term *term, const struct query_row *row)
{
	return any_link(row, host_is, term->text);
}

static bool url_has(const char *url, const char *folded)
{
	return folded_has(url, folded, false);
}

bool match_url(const struct term *term, const struct query_row *row)
{
	return any_link(row, url_has, term->folded) ||
	       (row->post && url_has(post_link(row->post), term->folded));
}

static bool any_url(const char *url, const char *value)
{
	(void)value;
	return url[0] != '\0';
}

bool has_link(const struct query_row *row, unsigned arg)
{
	(void)arg;
	return any_link(row, any_url, NULL);
}

bool match_via(const struct term *term, const struct query_row *row)
{
	return row->post && folded_has(post_str(row->post, POST_APP), term->folded, false);
}

/* nl is also nl-BE. */
bool match_lang(const struct term *term, const struct query_row *row)
{
	const char *lang = row->post ? post_str(row->post, POST_LANG) : "";
	const char *wanted = term->text;

	for (; *wanted; lang++, wanted++) {
		if (lower(*lang) != *wanted) return false;
	}
	return *lang == '\0' || *lang == '-';
}

/* The root itself, what names it as its root, and what answers it directly. */
bool match_thread(const struct term *term, const struct query_row *row)
{
	static const enum post_string names[] = {POST_THREAD, POST_URI, POST_REPLY_TO};

	for (size_t i = 0; row->post && i < sizeof names / sizeof *names; i++) {
		if (strcmp(post_str(row->post, names[i]), term->text) == 0) return true;
	}
	return false;
}
