#pragma once
#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"
#include "model/ids.h"

/* X(ID, "name", ARG, "help"). ARG: 0 takes none, 1 wants one, 2 may have one. */
#define SOURCE_KINDS(X)                                                                            \
	X(HOME, "home", 0, "what the account follows")                                             \
	X(MENTIONS, "mentions", 0, "posts addressed to the account")                               \
	X(NOTIFICATIONS, "notifications", 0, "what others did: mentions, likes, reposts, follows") \
	X(LOCAL, "local", 0, "public posts of the account's own server")                           \
	X(FEDERATED, "federated", 0, "public posts of all servers known to it")                    \
	X(TAG, "tag", 1,                                                                           \
	        "posts with a tag: work/tag:c; any, all, none: work/tag:\"c OR zig -java\"")       \
	X(LIST, "list", 1, "a list by its id: work/list:12")                                       \
	X(PROFILE, "profile", 1,                                                                   \
	        "what somebody posts: work/profile:ada@host, with their replies "                  \
	        "work/profile:ada@host/replies, media work/profile:ada@host/media")                \
	X(DIRECT, "direct", 0, "conversations with the account alone")                             \
	X(BOOKMARKS, "bookmarks", 0, "posts that the account keeps at its server")                 \
	X(LIKES, "likes", 0, "posts that the account liked")                                       \
	X(TRENDS, "trends", 2, "what is talked about: posts; work/trends:tags, work/trends:links") \
	X(SCHEDULED, "scheduled", 0, "posts that the server keeps until their time")               \
	X(THREAD, "thread", 1, "a post's whole conversation, by its address")                      \
	X(PROFILES, "profiles", 1, "people that the server finds: work/profiles:\"ada\"")          \
	X(TAGS, "tags", 1, "tags that the server finds: work/tags:rust")                           \
	X(SEARCH, "search", 1, "posts that the server finds: work/search:\"contractor wanted\"; or "  \
	        "that the archive has: archive/search:\"rust -is:repost\"")                        \
	X(CUSTOM, "custom", 1, "a custom feed of Bluesky by its at:// address: sky/custom:at://…") \
	X(FEED, "feed", 1, "a feed by its name: feeds/feed:lwn; or by its URL or file path alone") \
	X(GROUP, "group", 1, "all feeds of a group: feeds/group:news")                             \
	X(ALL, "all", 0, "all feeds: feeds/all")

#define X(id, name, arg, help) SOURCE_##id,
enum source_kind { SOURCE_KINDS(X) SOURCE_NKINDS };
#undef X

struct source_kind_row {
	const char *name, *help;
	int arg;
};
extern const struct source_kind_row source_kinds[SOURCE_NKINDS];

/* A source as written: `account/kind[:arg]`, a URL (with ://), or a path (starting / . ~). */
struct source_ref {
	char *account; /* "feeds" for a URL or path; "archive" for what is kept here */
	enum source_kind kind;
	char *arg; /* owned; NULL when it has none; the URL, or file:// URL of a path */
};

/*
 * Read a source's name; `~` and relative paths become absolute file:// URLs. On
 * failure err says what is wrong and what would be right.
 */
bool source_parse(const char *text, struct source_ref *out, struct err *err);
void source_ref_finish(struct source_ref *ref);

/* A search of the archive: `arg` is a query in the language of query/query.h. */
bool source_is_archive(const struct source_ref *ref);
/* Built in, so that no sign-in may have it: "feeds" and "archive". */
bool source_account_is_ours(const char *account);

/* Append its canonical name, by which sources are the same or not: "work/tag:c", or a bare URL. */
void source_print(struct str *out, const struct source_ref *ref);
