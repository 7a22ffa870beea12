#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A filter that the user keeps at a server (Mastodon filters v2; v1 is read into the same shape).
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
