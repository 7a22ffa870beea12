#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "model/page.h"
#include "model/untold.h"

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
 *	reply_to_author handle of whom it answers
 *	reposted_by     as author
 *	counts          {replies, reposts, likes, quotes}
 *	flags[]         POST_JSON_FLAGS
 *	me              the account's own handle
 */

/* X("name", whose it is, its bit there). A closed list. */
#define POST_JSON_FLAGS(X)                                                                         \
	X("unread", ROW, 1)                                                                        \
	X("sensitive", POST, POST_IS_SENSITIVE)                                                    \
	X("article", POST, POST_IS_ARTICLE)                                                        \
	X("damaged", POST, POST_IS_DAMAGED)                                                        \
	X("liked", VIEWER, VIEWER_LIKED)                                                           \
	X("reposted", VIEWER, VIEWER_REPOSTED)                                                     \
	X("bookmarked", VIEWER, VIEWER_BOOKMARKED)                                                 \
	X("author_muted", VIEWER, VIEWER_AUTHOR_MUTED)                                             \
	X("own", VIEWER, VIEWER_OWN)                                                               \
	X("mentioned", VIEWER, VIEWER_MENTIONED)                                                   \
	X("voted", VIEWER, VIEWER_VOTED)                                                           \
	X("thread_muted", VIEWER, VIEWER_THREAD_MUTED)                                             \
	X("pinned", VIEWER, VIEWER_PINNED)                                                         \
	X("gated", POST, POST_IS_GATED)                                                            \
	X("no_reply", VIEWER, VIEWER_NO_REPLY)                                                     \
	X("no_quote", VIEWER, VIEWER_NO_QUOTE)

enum post_json_flag_of { FLAG_OF_ROW, FLAG_OF_POST, FLAG_OF_VIEWER, FLAG_OF_COUNT };

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

/* A post that was read. Owns all; strings are in the arena. */
struct post_json_read {
	struct post *post;              /* its one viewer is account 1 */
	struct profile *author, *actor; /* NULL: nobody, or nobody said who */
	enum reason reason;             /* POSTED or REPOSTED */
	const char *network, *me;
	const char *const *sources; /* NULL past the last; NULL: not told */
	bool unread;
	unsigned untold; /* enum untold: what is null that is never null when it is known */
	struct arena arena;
};

/*
 * Read a line that post_json_print made, or somebody else by its rules. A member that is not
 * there counts as null; members, kinds and flags of later versions are left out. False with what
 * is wrong (no JSON, a member of another type, a facet beyond the text) and nothing to free.
 */
bool post_json_read(struct post_json_read *out, const char *line, size_t len, struct err *err);
void post_json_read_finish(struct post_json_read *read);
