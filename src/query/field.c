#include "ast.h"

#include <string.h>
#include <strings.h>

#include "base/fold.h"

/*
 * What each field means: one row a field, one row a word of has:, is: and visibility:.
 * Adding one is adding a line.
 */

#define POST   QUERY_NEEDS_POST
#define AUTHOR QUERY_NEEDS_AUTHOR
#define ACTOR  QUERY_NEEDS_ACTOR
#define ORIGIN QUERY_NEEDS_ORIGIN
#define UNREAD QUERY_NEEDS_UNREAD

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

static bool match_text(const struct term *term, const struct query_row *row)
{
	return row->post && strstr(post_str(row->post, POST_FOLDED), term->folded);
}

static bool match_from(const struct term *term, const struct query_row *row)
{
	return row->author &&
	       handle_is(row->author->handle, strlen(row->author->handle), term->text);
}

static bool match_by(const struct term *term, const struct query_row *row)
{
	return row->actor && handle_is(row->actor->handle, strlen(row->actor->handle), term->text);
}

static unsigned viewer_flags(const struct post *post)
{
	unsigned flags = 0;

	for (size_t i = 0; post && i < post->nviewers; i++) {
		flags |= post_viewer(post, i).flags;
	}
	return flags;
}

/* A mention facet covers "@ada" or "@ada@host". */
static bool mentions(const struct post *post, const char *lowered)
{
	const char *body = post_str(post, POST_BODY);

	for (size_t i = 0; i < post->nfacets; i++) {
		struct facet facet = post_facet(post, i);
		uint32_t start = facet.start + (body[facet.start] == '@');

		if (facet.kind != FACET_MENTION || start >= facet.end) continue;
		if (handle_is(body + start, facet.end - start, lowered)) return true;
	}
	return false;
}

static bool match_to(const struct term *term, const struct query_row *row)
{
	const char *name;

	if (!row->post) return false;
	if (strcmp(term->text, "me") == 0) return viewer_flags(row->post) & VIEWER_MENTIONED;
	name = post_str(row->post, POST_REPLY_NAME);
	return handle_is(name, strlen(name), term->text) || mentions(row->post, term->text);
}

static bool match_name(const struct term *term, const struct query_row *row)
{
	return row->author && folded_has(row->author->name, term->folded, false);
}

static bool match_bio(const struct term *term, const struct query_row *row)
{
	return row->author && folded_has(row->author->bio, term->folded, false);
}

static bool match_network(const struct term *term, const struct query_row *row)
{
	return row->network && same(row->network, strlen(row->network), term->text);
}

static bool match_account(const struct term *term, const struct query_row *row)
{
	return row->account && same(row->account, strlen(row->account), term->text);
}

static bool match_source(const struct term *term, const struct query_row *row)
{
	return row->source && same(row->source, strlen(row->source), term->text);
}

static bool match_tag(const struct term *term, const struct query_row *row)
{
	for (size_t i = 0; row->post && i < row->post->nfacets; i++) {
		struct facet facet = post_facet(row->post, i);

		if (facet.kind == FACET_TAG && folded_has(facet.target, term->folded, true)) {
			return true;
		}
	}
	return false;
}

/* The host of `url` is `lowered` or stands below it. */
static bool host_is(const char *url, const char *lowered)
{
	const char *host = strstr(url, "://"), *at;
	size_t len, want = strlen(lowered);

	if (!host) return false;
	host += 3;
	len = strcspn(host, "/?#");
	at = memchr(host, '@', len);
	if (at) {
		len -= (size_t)(at + 1 - host);
		host = at + 1;
	}
	len = strcspn(host, "/?#:") < len ? strcspn(host, "/?#:") : len;
	if (len > want && host[len - want - 1] == '.') {
		host += len - want;
		len = want;
	}
	return same(host, len, lowered);
}

static bool any_link(const struct term *term, const struct query_row *row,
        bool (*is)(const char *url, const char *value), const char *value)
{
	(void)term;
	if (!row->post) return false;
	for (size_t i = 0; i < row->post->nfacets; i++) {
		struct facet facet = post_facet(row->post, i);

		if (facet.kind == FACET_LINK && facet.target && is(facet.target, value)) {
			return true;
		}
	}
	return is(post_str(row->post, POST_CARD_URL), value);
}

static bool match_link(const struct term *term, const struct query_row *row)
{
	return any_link(term, row, host_is, term->text);
}

static bool url_has(const char *url, const char *folded)
{
	return folded_has(url, folded, false);
}

static bool match_url(const struct term *term, const struct query_row *row)
{
	return any_link(term, row, url_has, term->folded) ||
	       (row->post && url_has(post_link(row->post), term->folded));
}

static bool match_via(const struct term *term, const struct query_row *row)
{
	return row->post && folded_has(post_str(row->post, POST_APP), term->folded, false);
}

/* nl is also nl-BE. */
static bool match_lang(const struct term *term, const struct query_row *row)
{
	const char *lang = row->post ? post_str(row->post, POST_LANG) : "";
	size_t want = strlen(term->text);

	if (strlen(lang) > want && lang[want] == '-') return same(lang, want, term->text);
	return same(lang, strlen(lang), term->text);
}

static bool has_string(const struct query_row *row, unsigned which)
{
	return row->post && post_len(row->post, (enum post_string)which) > 0;
}

static bool has_any_media(const struct query_row *row, unsigned arg)
{
	(void)arg;
	return row->post && row->post->nmedia > 0;
}

static bool has_media(const struct query_row *row, unsigned kind)
{
	for (size_t i = 0; row->post && i < row->post->nmedia; i++) {
		if (post_media(row->post, i).kind == kind) return true;
	}
	return false;
}

static bool has_video(const struct query_row *row, unsigned arg)
{
	(void)arg;
	return has_media(row, MEDIA_VIDEO) || has_media(row, MEDIA_ANIMATION);
}

/* arg: whether a text is wanted, or its absence on any of the media. */
static bool has_alt(const struct query_row *row, unsigned wanted)
{
	for (size_t i = 0; row->post && i < row->post->nmedia; i++) {
		const char *alt = post_media(row->post, i).alt;

		if ((alt && alt[0]) == (wanted != 0)) return true;
	}
	return false;
}

static bool any_url(const char *url, const char *value)
{
	(void)value;
	return url[0] != '\0';
}

static bool has_link(const struct query_row *row, unsigned arg)
{
	(void)arg;
	return any_link(NULL, row, any_url, NULL);
}

static bool is_reason(const struct query_row *row, unsigned reason)
{
	return row->reason == reason;
}

static bool is_viewed(const struct query_row *row, unsigned flag)
{
	return (viewer_flags(row->post) & flag) != 0;
}

static bool is_flagged(const struct query_row *row, unsigned flag)
{
	return row->post && (row->post->flags & flag) != 0;
}

static bool is_visible(const struct query_row *row, unsigned visibility)
{
	return row->post && row->post->visibility == visibility;
}

static bool is_unread(const struct query_row *row, unsigned arg)
{
	(void)arg;
	return row->unread;
}

static bool is_bot(const struct query_row *row, unsigned arg)
{
	(void)arg;
	return row->author && row->author->bot;
}

static bool is_edited(const struct query_row *row, unsigned arg)
{
	(void)arg;
	return row->post && row->post->edited_ms != 0;
}

static const struct word_row has_words[] = {
        {{"media", "any attachment"}, POST, has_any_media, 0},
        {{"image", "a picture"}, POST, has_media, MEDIA_IMAGE},
        {{"video", "a video or an animation"}, POST, has_video, 0},
        {{"audio", "a sound"}, POST, has_media, MEDIA_AUDIO},
        {{"link", "a link to somewhere"}, POST, has_link, 0},
        {{"poll", "a poll"}, POST, has_string, POST_POLL},
        {{"warning", "a content warning"}, POST, has_string, POST_WARNING},
        {{"quote", "a quoted post"}, POST, has_string, POST_QUOTE_OF},
        {{"alt", "media with a description"}, POST, has_alt, 1},
        {{"noalt", "media without a description"}, POST, has_alt, 0},
        {{NULL, NULL}, 0, NULL, 0},
};

static const struct word_row is_words[] = {
        {{"repost", "brought here by a repost"}, ACTOR, is_reason, REASON_REPOSTED},
        {{"reply", "an answer to a post"}, POST, has_string, POST_REPLY_TO},
        {{"quote", "quotes a post"}, POST, has_string, POST_QUOTE_OF},
        {{"own", "written by one of our accounts"}, POST, is_viewed, VIEWER_OWN},
        {{"unread", "not read yet"}, UNREAD, is_unread, 0},
        {{"liked", "liked by one of our accounts"}, POST, is_viewed, VIEWER_LIKED},
        {{"reposted", "reposted by one of our accounts"}, POST, is_viewed, VIEWER_REPOSTED},
        {{"bookmarked", "bookmarked by one of our accounts"}, POST, is_viewed, VIEWER_BOOKMARKED},
        {{"bot", "written by a bot"}, AUTHOR, is_bot, 0},
        {{"sensitive", "marked as sensitive"}, POST, is_flagged, POST_IS_SENSITIVE},
        {{"edited", "changed after it was published"}, POST, is_edited, 0},
        {{"mention", "addressed to one of our accounts"}, POST, is_viewed, VIEWER_MENTIONED},
        {{NULL, NULL}, 0, NULL, 0},
};

static const struct word_row visibility_words[] = {
        {{"public", "for everybody"}, POST, is_visible, VIS_PUBLIC},
        {{"unlisted", "for everybody, but not in public timelines"}, POST, is_visible,
                VIS_UNLISTED},
        {{"followers", "for followers"}, POST, is_visible, VIS_FOLLOWERS},
        {{"direct", "for those mentioned"}, POST, is_visible, VIS_DIRECT},
        {{NULL, NULL}, 0, NULL, 0},
};

static uint32_t count_likes(const struct post *post)
{
	return post->likes;
}

static uint32_t count_reposts(const struct post *post)
{
	return post->reposts;
}

static uint32_t count_replies(const struct post *post)
{
	return post->replies;
}

static uint32_t count_quotes(const struct post *post)
{
	return post->quotes;
}

static uint32_t count_facets(const struct post *post, enum facet_kind kind)
{
	uint32_t n = 0;

	for (size_t i = 0; i < post->nfacets; i++) {
		n += post_facet(post, i).kind == kind;
	}
	return n;
}

static uint32_t count_tags(const struct post *post)
{
	return count_facets(post, FACET_TAG);
}

static uint32_t count_mentions(const struct post *post)
{
	return count_facets(post, FACET_MENTION);
}

const struct field query_fields[] = {
        {{"", "words anywhere in title, text, warning, poll and descriptions"}, VALUE_TEXT, 0, POST,
                match_text, NULL, NULL},
        {{"account", "came by this account of ours"}, VALUE_PLAIN, 0, ORIGIN, match_account, NULL,
                NULL},
        {{"bio", "the author's description holds this text"}, VALUE_TEXT, 0, AUTHOR, match_bio,
                NULL, NULL},
        {{"by", "put here by: who reposted or liked"}, VALUE_HANDLE, 0, ACTOR, match_by, NULL,
                NULL},
        {{"from", "written by: a handle, or its part before the @"}, VALUE_HANDLE, '@', AUTHOR,
                match_from, NULL, NULL},
        {{"has", "holds a thing"}, VALUE_WORD, 0, 0, NULL, NULL, has_words},
        {{"is", "is of a kind, or in a state"}, VALUE_WORD, 0, 0, NULL, NULL, is_words},
        {{"lang", "language: nl also finds nl-BE"}, VALUE_PLAIN, 0, POST, match_lang, NULL, NULL},
        {{"likes", "number of likes: >10"}, VALUE_COUNT, 0, POST, NULL, count_likes, NULL},
        {{"link", "links to this host or one below it"}, VALUE_PLAIN, 0, POST, match_link, NULL,
                NULL},
        {{"mentions", "number of people mentioned: >3"}, VALUE_COUNT, 0, POST, NULL, count_mentions,
                NULL},
        {{"name", "the author's name holds this text"}, VALUE_TEXT, 0, AUTHOR, match_name, NULL,
                NULL},
        {{"network", "mastodon, feed …"}, VALUE_PLAIN, 0, ORIGIN, match_network, NULL, NULL},
        {{"quotes", "number of quotes: >0"}, VALUE_COUNT, 0, POST, NULL, count_quotes, NULL},
        {{"replies", "number of replies: 0"}, VALUE_COUNT, 0, POST, NULL, count_replies, NULL},
        {{"reposts", "number of reposts: >=5"}, VALUE_COUNT, 0, POST, NULL, count_reposts, NULL},
        {{"source", "came by this source: work/home"}, VALUE_PLAIN, 0, ORIGIN, match_source, NULL,
                NULL},
        {{"tag", "has this tag; #c is the same"}, VALUE_TEXT, '#', POST, match_tag, NULL, NULL},
        {{"tags", "number of tags: >5"}, VALUE_COUNT, 0, POST, NULL, count_tags, NULL},
        {{"to", "addressed to: me, or a handle"}, VALUE_HANDLE, 0, POST, match_to, NULL, NULL},
        {{"url", "a link holds this text"}, VALUE_TEXT, 0, POST, match_url, NULL, NULL},
        {{"via", "written with this program"}, VALUE_TEXT, 0, POST, match_via, NULL, NULL},
        {{"visibility", "who may see it"}, VALUE_WORD, 0, 0, NULL, NULL, visibility_words},
        {{NULL, NULL}, VALUE_TEXT, 0, 0, NULL, NULL, NULL},
};

const struct query_word *query_field(size_t i)
{
	size_t n = sizeof query_fields / sizeof *query_fields - 2;

	return i < n ? &query_fields[i + 1].word : NULL;
}

const struct query_word *query_field_value(const char *field, size_t i)
{
	for (const struct field *row = query_fields + 1; row->word.name; row++) {
		if (strcmp(row->word.name, field) != 0 || !row->words) continue;
		for (const struct word_row *word = row->words; word->word.name; word++) {
			if (i-- == 0) return &word->word;
		}
	}
	return NULL;
}
