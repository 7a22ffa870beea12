#pragma once
#include "base/str.h"
#include "model/page.h"

/*
 * A post as the one JSON line that `stoa read --json`, `|` and `stoa filter` know. What is
 * unknown is null. Times are RFC 3339 in UTC, offsets are bytes of `text`.
 *
 *	id              what `account`'s server calls it (the first viewer's when account is 0);
 *	                of a feed's item its own id, else its address, else a hash
 *	uri, url        identity; address for a browser
 *	network         "mastodon", "feed"
 *	source[]        canonical names of the sources it came by
 *	author          {handle, name, uri, bot, bio, followers}
 *	created_at, edited_at
 *	text            the body (of an article its beginning)
 *	facets[]        {kind, start, end, target}; kinds: FACET_KINDS
 *	title, warning, lang, app
 *	visibility      VISIBILITIES
 *	media[]         {type, url, alt}; types: MEDIA_KINDS
 *	poll            {options[] of {title, votes}, multiple, over, ends_at}
 *	reply_to, quote_of   URIs
 *	reposted_by     as author
 *	counts          {replies, reposts, likes, quotes}
 *	flags[]         POST_JSON_FLAGS
 *	me              the account's own handle
 */

/* X("name", when it is set). A closed list. */
#define POST_JSON_FLAGS(X)                                                                         \
	X("unread", row->unread)                                                                   \
	X("sensitive", post->flags &POST_IS_SENSITIVE)                                             \
	X("article", post->flags &POST_IS_ARTICLE)                                                 \
	X("damaged", post->flags &POST_IS_DAMAGED)                                                 \
	X("liked", viewed &VIEWER_LIKED)                                                           \
	X("reposted", viewed &VIEWER_REPOSTED)                                                     \
	X("bookmarked", viewed &VIEWER_BOOKMARKED)                                                 \
	X("author_muted", viewed &VIEWER_AUTHOR_MUTED)                                             \
	X("own", viewed &VIEWER_OWN)                                                               \
	X("mentioned", viewed &VIEWER_MENTIONED || row->reason == REASON_MENTIONED)                \
	X("voted", viewed &VIEWER_VOTED)                                                           \
	X("thread_muted", viewed &VIEWER_THREAD_MUTED)                                             \
	X("pinned", viewed &VIEWER_PINNED)

/* What is printed. Borrows; `post` alone must be there. */
struct post_json {
	const struct post *post;
	const struct profile *author;
	const struct profile *actor; /* who reposted it; looked at only when reason is REPOSTED */
	enum reason reason;
	const char *network;
	const char *const *sources; /* canonical names */
	size_t nsources;
	const char *me;     /* the account's own handle, or NULL */
	account_id account; /* whose viewer gives id and flags; 0: all viewers together */
	bool unread;
};

void post_json_print(struct str *out, const struct post_json *row); /* one line with LF */
