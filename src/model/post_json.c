#include "model/post_json.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "model/json_pen.h"
#include "model/poll.h"

static void number(struct str *out, const char *key, int64_t value, bool known)
{
	if (known) {
		pen_number(out, key, value);
	} else {
		pen_text(out, key, NULL);
	}
}

static void profile(struct str *out, const char *key, const struct profile *profile)
{
	pen_name(out, key);
	if (!profile) {
		str_adds(out, "null");
		return;
	}
	str_addc(out, '{');
	pen_text(out, "handle", profile->handle);
	pen_name(out, "name");
	json_quote(out, profile->name ? profile->name : "");
	pen_text(out, "uri", profile->uri);
	pen_truth(out, "bot", profile->bot);
	pen_text(out, "bio", profile->bio);
	number(out, "followers", profile->followers, profile->followers >= 0);
	str_addc(out, '}');
}

static void sources(struct str *out, const struct post_json *row)
{
	pen_name(out, "source");
	str_addc(out, '[');
	for (size_t i = 0; i < row->nsources; i++) {
		pen_element(out);
		json_quote(out, row->sources[i]);
	}
	str_addc(out, ']');
}

static void facets(struct str *out, const struct post *post)
{
	pen_name(out, "facets");
	str_addc(out, '[');
	for (size_t i = 0; i < post->nfacets; i++) {
		struct facet facet = post_facet(post, i);
		pen_element(out);
		str_addc(out, '{');
		pen_text(out, "kind", facet_kind_name(facet.kind));
		number(out, "start", facet.start, true);
		number(out, "end", facet.end, true);
		pen_text(out, "target", facet.target);
		str_addc(out, '}');
	}
	str_addc(out, ']');
}

static void media(struct str *out, const struct post *post)
{
	pen_name(out, "media");
	str_addc(out, '[');
	for (size_t i = 0; i < post->nmedia; i++) {
		struct media one = post_media(post, i);
		pen_element(out);
		str_addc(out, '{');
		pen_text(out, "type", media_kind_name(one.kind));
		pen_text(out, "url", one.url);
		pen_text(out, "alt", one.alt);
		str_addc(out, '}');
	}
	str_addc(out, ']');
}

static void poll_options(struct str *out, const char *poll)
{
	struct str title = {0};
	struct poll_option option;

	while (poll_next(&poll, &option)) {
		str_clear(&title);
		str_add(&title, option.title, option.len);
		pen_element(out);
		str_addc(out, '{');
		pen_name(out, "title");
		json_quote(out, str_c(&title));
		number(out, "votes", option.votes, option.votes >= 0);
		pen_some_truth(out, "own", option.ours);
		str_addc(out, '}');
	}
	str_finish(&title);
}

static void poll(struct str *out, const struct post *post)
{
	pen_name(out, "poll");
	if (!post_len(post, POST_POLL)) {
		str_adds(out, "null");
		return;
	}
	str_adds(out, "{\"options\":[");
	poll_options(out, post_str(post, POST_POLL));
	str_addc(out, ']');
	pen_truth(out, "multiple", post->flags & POST_IS_POLL_MULTIPLE);
	pen_truth(out, "over", post->flags & POST_IS_POLL_OVER);
	pen_date(out, "ends_at", post->poll_ends_ms);
	str_addc(out, '}');
}

static void counts(struct str *out, const struct post *post)
{
	pen_name(out, "counts");
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
	bool mentioned = row->reason == REASON_MENTIONED;
	const unsigned of[FLAG_OF_COUNT] = {[FLAG_OF_ROW] = row->unread,
	        [FLAG_OF_POST] = row->post->flags,
	        [FLAG_OF_VIEWER] = viewed | (mentioned ? VIEWER_MENTIONED : 0)};

	pen_name(out, "flags");
	str_addc(out, '[');
#define X(flag, whose, bit)                                                                        \
	if (of[FLAG_OF_##whose] & (bit)) {                                                         \
		pen_element(out);                                                                  \
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
	pen_text(out, "id", id ? id : item_id(row));
	pen_text(out, "uri", post_str(post, POST_URI));
	pen_text(out, "url", address(row));
	pen_text(out, "network", row->network);
	sources(out, row);
	profile(out, "author", row->author);
	pen_date(out, "created_at", post->created_ms);
	pen_date(out, "edited_at", post->edited_ms);
	pen_name(out, "text");
	json_quote(out, post_str(post, POST_BODY));
	facets(out, post);
	pen_text(out, "title", post_str(post, POST_TITLE));
	pen_text(out, "warning", post_str(post, POST_WARNING));
	pen_text(out, "lang", post_str(post, POST_LANG));
	pen_text(out, "visibility", visibility_name(post->visibility));
	media(out, post);
	poll(out, post);
	pen_text(out, "reply_to", post_str(post, POST_REPLY_TO));
	pen_text(out, "reply_to_author", post_str(post, POST_REPLY_NAME));
	pen_text(out, "quote_of", post_str(post, POST_QUOTE_OF));
	profile(out, "reposted_by", row->reason == REASON_REPOSTED ? row->actor : NULL);
	counts(out, post);
	flags(out, row, viewed);
	pen_text(out, "app", post_str(post, POST_APP));
	pen_text(out, "me", row->me);
	str_adds(out, "}\n");
}
