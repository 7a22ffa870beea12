#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Lists of things that are no posts. X(ID, "name", ARG, "help"). ARG: 1 wants an
 * argument: a list's id, a profile (handle or uri) or a post's URI.
 */
#define COLLECTIONS(X)                                                                             \
	X(LISTS, "lists", 0, "own lists")                                                          \
	X(MEMBERS, "members", 1, "who is on a list, by its id")                                    \
	X(ON_LISTS, "on-lists", 1, "own lists that a profile is on")                               \
	X(MUTES, "mutes", 0, "profiles muted at the server, and until when")                       \
	X(BLOCKS, "blocks", 0, "profiles blocked")                                                 \
	X(DOMAINS, "domains", 0, "hosts hidden")                                                   \
	X(TAGS, "tags", 0, "tags followed")                                                        \
	X(REQUESTS, "requests", 0, "who asks to follow")                                           \
	X(FOLLOWERS, "followers", 1, "who follows a profile")                                      \
	X(FOLLOWING, "following", 1, "whom a profile follows")                                     \
	X(LIKED_BY, "liked-by", 1, "who liked a post")                                             \
	X(REPOSTED_BY, "reposted-by", 1, "who reposted a post")                                    \
	X(HISTORY, "history", 1, "earlier texts of a post, oldest first")                          \
	X(SOURCE, "source", 1, "an own post as it was typed: title is its warning, detail its text") \
	X(PEOPLE, "people", 1, "a few profiles whose names begin so")                              \
	X(FEEDS, "feeds", 0, "custom feeds: those saved, the pinned ones first, then others")       \
	X(EMOJI, "emoji", 0, "the server's own emoji, by their short names")

#define X(id, name, arg, help) COLLECTION_##id,
enum collection { COLLECTIONS(X) COLLECTION_COUNT };
#undef X

struct collection_row {
	const char *name, *help;
	int arg;
};
extern const struct collection_row collections[COLLECTION_COUNT];

struct item {
	char *id;     /* what an action on it wants: list id, "ada@host", domain, tag; never NULL */
	char *title;  /* clean, one line; never NULL */
	char *detail; /* clean; NULL when there is none */
	int64_t at_ms; /* when it ends (a mute) or was (a text); 0: never or unknown */
};

struct items {
	enum collection kind;
	struct item *items;
	size_t nitems, cap;
	char *older; /* cursor of the next page; NULL: that was all */
};

struct items *items_new(enum collection kind);
void items_free(struct items *items);
/* Copies the strings. */
void items_add(
        struct items *items, const char *id, const char *title, const char *detail, int64_t at_ms);
