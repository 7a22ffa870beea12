#include "model/post_json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/json.h"

/* Begin a member: `"name":`, after a comma unless it is the first of its object. */
static void name(struct str *out, const char *s)
{
	if (out->len > 0 && !strchr("{[", out->p[out->len - 1])) str_addc(out, ',');
	json_quote(out, s);
	str_addc(out, ':');
}

static void text(struct str *out, const char *key, const char *value)
{
	name(out, key);
	json_quote(out, value && *value ? value : NULL);
}

static void truth(struct str *out, const char *key, bool value)
{
	name(out, key);
	str_adds(out, value ? "true" : "false");
}

static void number(struct str *out, const char *key, int64_t value, bool known)
{
	name(out, key);
	if (known) {
		str_addf(out, "%" PRId64, value);
	} else {
		str_adds(out, "null");
	}
}

static void date(struct str *out, const char *key, int64_t ms)
{
	char when[32];

	if (ms) date_format_rfc3339(when, ms);
	text(out, key, ms ? when : NULL);
}

static void profile(struct str *out, const char *key, const struct profile *profile)
{
	name(out, key);
	if (!profile) {
		str_adds(out, "null");
		return;
	}
	str_addc(out, '{');
	text(out, "handle", profile->handle);
	name(out, "name");
	json_quote(out, profile->name ? profile->name : "");
	text(out, "uri", profile->uri);
	truth(out, "bot", profile->bot);
	text(out, "bio", profile->bio);
	number(out, "followers", profile->followers, profile->followers >= 0);
	str_addc(out, '}');
}

/* Begin an element of an array. */
static void element(struct str *out)
{
	if (out->p[out->len - 1] != '[') str_addc(out, ',');
}

static void sources(struct str *out, const struct post_json *row)
{
	name(out, "source");
	str_addc(out, '[');
	for (size_t i = 0; i < row->nsources; i++) {
		element(out);
		json_quote(out, row->sources[i]);
	}
	str_addc(out, ']');
}

static void facets(struct str *out, const struct post *post)
{
	name(out, "facets");
	str_addc(out, '[');
	for (size_t i = 0; i < post->nfacets; i++) {
		struct facet facet = post_facet(post, i);
		element(out);
		str_addc(out, '{');
		text(out, "kind", facet_kind_name(facet.kind));
		number(out, "start", facet.start, true);
		number(out, "end", facet.end, true);
		text(out, "target", facet.target);
		str_addc(out, '}');
	}
	str_addc(out, ']');
}

static void media(struct str *out, const struct post *post)
{
	name(out, "media");
	str_addc(out, '[');
	for (size_t i = 0; i < post->nmedia; i++) {
		struct media one = post_media(post, i);
		element(out);
		str_addc(out, '{');
		text(out, "type", media_kind_name(one.kind));
		text(out, "url", one.url);
		text(out, "alt", one.alt);
		str_addc(out, '}');
	}
	str_addc(out, ']');
}

/* Lines of `votes TAB title`; votes -1 when hidden. */
static void poll_options(struct str *out, const char *line)
{
	struct str title = {0};

	while (*line) {
		size_t len = strcspn(line, "\n");
		const char *tab = memchr(line, '\t', len), *from = tab ? tab + 1 : line;
		long long votes = tab ? strtoll(line, NULL, 10) : -1;
		str_clear(&title);
		str_add(&title, from, (size_t)(line + len - from));
		element(out);
		str_addc(out, '{');
		name(out, "title");
		json_quote(out, str_c(&title));
		number(out, "votes", votes, votes >= 0);
		str_addc(out, '}');
		line += len + (line[len] == '\n');
	}
	str_finish(&title);
}

static void poll(struct str *out, const struct post *post)
{
	name(out, "poll");
	if (!post_len(post, POST_POLL)) {
		str_adds(out, "null");
		return;
	}
	str_adds(out, "{\"options\":[");
	poll_options(out, post_str(post, POST_POLL));
	str_addc(out, ']');
	truth(out, "multiple", post->flags & POST_IS_POLL_MULTIPLE);
	truth(out, "over", post->flags & POST_IS_POLL_OVER);
	date(out, "ends_at", post->poll_ends_ms);
	str_addc(out, '}');
}

static void counts(struct str *out, const struct post *post)
{
	name(out, "counts");
	str_addc(out, '{');
	number(out, "replies", post->replies, post->replies != POST_UNKNOWN);
	number(out, "reposts", post->reposts, post->reposts != POST_UNKNOWN);
	number(out, "likes", post->likes, post->likes != POST_UNKNOWN);
	number(out, "quotes", post->quotes, post->quotes != POST_UNKNOWN);
	str_addc(out, '}');
}

/* What the account, or any of ours, did with it; and its id for that account. */
static unsigned viewed_by(const struct post_json *row, const char **out_id)
{
	unsigned flags = 0;

	*out_id = NULL;
	for (size_t i = 0; i < row->post->nviewers; i++) {
		struct viewer viewer = post_viewer(row->post, i);
		if (row->account && viewer.account != row->account) continue;
		flags |= viewer.flags;
		if (!*out_id) *out_id = viewer.remote_id;
	}
	return flags;
}

static bool is_item(const struct post_json *row)
{
	return row->network && strcmp(row->network, "feed") == 0;
}

/* Of a feed's item: its own id, which the URI ends with (networks/feed.h). */
static const char *item_id(const struct post_json *row)
{
	const char *hash = is_item(row) ? strchr(post_str(row->post, POST_URI), '#') : NULL;
	return hash ? hash + 1 : NULL;
}

/* The URI of a feed's item begins as an address, but leads to the feed only. */
static const char *address(const struct post_json *row)
{
	const struct post *post = row->post;
	bool own = post_len(post, POST_URL) || post->url_prefix || post->url_suffix;
	return is_item(row) && !own ? NULL : post_link(post);
}

static void flags(struct str *out, const struct post_json *row, unsigned viewed)
{
	const struct post *post = row->post;

	name(out, "flags");
	str_addc(out, '[');
#define X(flag, is_set)                                                                            \
	if (is_set) {                                                                              \
		element(out);                                                                      \
		json_quote(out, flag);                                                             \
	}
	POST_JSON_FLAGS(X)
#undef X
	str_addc(out, ']');
}

void post_json_print(struct str *out, const struct post_json *row)
{
	const struct post *post = row->post;
	const char *id;
	unsigned viewed = viewed_by(row, &id);

	str_addc(out, '{');
	text(out, "id", id ? id : item_id(row));
	text(out, "uri", post_str(post, POST_URI));
	text(out, "url", address(row));
	text(out, "network", row->network);
	sources(out, row);
	profile(out, "author", row->author);
	date(out, "created_at", post->created_ms);
	date(out, "edited_at", post->edited_ms);
	name(out, "text");
	json_quote(out, post_str(post, POST_BODY));
	facets(out, post);
	text(out, "title", post_str(post, POST_TITLE));
	text(out, "warning", post_str(post, POST_WARNING));
	text(out, "lang", post_str(post, POST_LANG));
	text(out, "visibility", visibility_name(post->visibility));
	media(out, post);
	poll(out, post);
	text(out, "reply_to", post_str(post, POST_REPLY_TO));
	text(out, "quote_of", post_str(post, POST_QUOTE_OF));
	profile(out, "reposted_by", row->reason == REASON_REPOSTED ? row->actor : NULL);
	counts(out, post);
	flags(out, row, viewed);
	text(out, "app", post_str(post, POST_APP));
	text(out, "me", row->me);
	str_adds(out, "}\n");
}
