#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A filter that the user keeps at a server: Mastodon's filters v2 (v1 is read into the same
 * shape), or one of Bluesky's preferences (api/bluesky.md 7, 8): a muted word, a label, the
 * posts that were hidden one by one.
 */

/* Where it holds. X(ID, "server's word") */
#define FILTER_CONTEXTS(X)                                                                         \
	X(HOME, "home") /* lists too */                                                            \
	X(NOTIFICATIONS, "notifications")                                                          \
	X(PUBLIC, "public")                                                                        \
	X(THREAD, "thread")                                                                        \
	X(ACCOUNT, "account")

#define X(id, name) FILTER_BIT_##id,
enum filter_bit { FILTER_CONTEXTS(X) FILTER_CONTEXT_COUNT };
#undef X
#define X(id, name) FILTER_IN_##id = 1 << FILTER_BIT_##id,
enum filter_context { FILTER_CONTEXTS(X) };
#undef X
extern const char *const filter_context_names[FILTER_CONTEXT_COUNT];

/* By which rule its keywords are found. */
enum filter_rule {
	FILTER_KEYWORDS,   /* Mastodon's (query/keyword.h) */
	FILTER_MUTED_WORD, /* Bluesky's (query/muted_word.h); one keyword */
	FILTER_LABEL,      /* the keyword is one of the words that POST_WARNING lists */
};
/* What a muted word is looked for in. */
enum filter_target { FILTER_IN_TEXT = 1 << 0, FILTER_IN_TAGS = 1 << 1 };

enum filter_action { FILTER_WARN, FILTER_HIDE }; /* unknown ones (blur) are WARN */

struct filter_keyword {
	char *id; /* NULL: not at the server yet */
	char *text;
	bool whole; /* only at the edges of words: letters, marks, digits, connector punctuation */
};

struct server_filter {
	char *id; /* opaque; NULL: not at the server yet */
	char *title;
	unsigned contexts; /* enum filter_context */
	enum filter_rule rule;
	unsigned targets;  /* of a muted word: enum filter_target */
	bool not_followed; /* of a muted word: only in posts of those we do not follow */
	enum filter_action action;
	int64_t expires_ms; /* wall clock; 0: never */
	struct filter_keyword *keywords;
	size_t nkeywords;
	char **posts; /* remote ids of posts that it names */
	size_t nposts;
};

void server_filter_finish(struct server_filter *filter);
struct server_filter *server_filter_copy(const struct server_filter *filter); /* owned */
void server_filter_free(struct server_filter *filter);
