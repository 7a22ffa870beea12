#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "model/ids.h"

/*
 * What a network or server can do; the UI greys out what it cannot. A network row
 * has the most; an account what its server was found to do (struct network's learn).
 * X(ID, "what cannot be done without it")
 */
#define CAPABILITIES(X)                                                                            \
	X(LIKE, "like")                                                                            \
	X(REPOST, "repost")                                                                        \
	X(BOOKMARK, "bookmark")                                                                    \
	X(STREAM, "bring posts at once")                                                           \
	X(POST, "publish posts")                                                                   \
	X(SEARCH, "search")                                                                        \
	X(STREAM_SSE, "stream by Server-Sent Events")                                              \
	X(STREAM_WS, "stream by WebSocket")                                                        \
	X(PIN, "pin posts")                                                                        \
	X(MUTE_THREAD, "mute conversations")                                                       \
	X(POLL, "vote")                                                                            \
	X(EDIT, "edit posts")                                                                      \
	X(FOLLOW, "follow")                                                                        \
	X(MUTE, "mute")                                                                            \
	X(BLOCK, "block")                                                                          \
	X(REPORT, "report")                                                                        \
	X(LIST, "keep lists")                                                                      \
	X(BLOCK_DOMAIN, "block hosts")                                                             \
	X(FOLLOW_TAG, "follow tags")                                                               \
	X(NOTIFICATIONS, "forget notifications")                                                   \
	X(GROUPED, "group notifications")                                                          \
	X(FILTERS, "keep filters")                                                                 \
	X(SCHEDULE, "keep scheduled posts")                                                        \
	X(MARKERS, "remember what was read")                                                       \
	X(TRENDS, "tell trends")                                                                   \
	X(DIRECT, "list conversations")                                                            \
	X(QUOTE, "quote")                                                                          \
	X(TRANSLATE, "translate")                                                                  \
	X(MODLIST, "mute and block by lists")                                                      \
	X(PKCE, "protect a sign-in by PKCE")

#define X(id, what) CAP_BIT_##id,
enum capability_bit { CAPABILITIES(X) CAP_COUNT };
#undef X
#define X(id, what) CAP_##id = 1 << CAP_BIT_##id,
enum capability { CAPABILITIES(X) };
#undef X
/* What cannot be done without it: "mute conversations". */
const char *capability_name(unsigned cap);

/* What a server allows in a post, in the network's units; 0: not told, the network's default. */
struct limits {
	uint32_t text, url; /* characters; what an address counts as */
	uint32_t media, poll_options, poll_option_text;
	uint32_t poll_min_s, poll_max_s;
	uint32_t alt_text;
	uint64_t image_bytes, image_pixels, video_bytes;
};

/* One sign-in, or the built-in account `feeds`. Secrets live in engine/secret, never here. */
struct account {
	account_id id;
	char *name;    /* what the user calls it: "work" */
	char *network; /* "mastodon", "feed" */
	char *host;   /* "mastodon.example", or "http://127.0.0.1:8080" on loopback; "" for feeds */
	char *handle; /* "ada@mastodon.example"; "" when unknown */
	char *uri;    /* own profile's uri; "" when unknown */
	unsigned caps; /* enum capability */
	/* What the server was found to be, kept and refreshed; "" and 0 when not known yet. */
	char *remote_id; /* own id there */
	char *software;  /* "mastodon 4.5.2", for people */
	char *streaming; /* root for streams: "https://streaming.example"; "": the host */
	/* What the account wants done with labelled posts (Bluesky: api/bluesky.md 7, 8); words
	 * with blanks between: "porn=hide nudity=warn did:plc:abc/spam=hide". A label that is not
	 * named is passed over. */
	char *labels;
	uint32_t api; /* Mastodon's api_versions.mastodon */
	struct limits limits;
	int64_t learned_ms; /* wall clock; 0: never */
};

struct account *account_copy(const struct account *account); /* owned, free with account_free */
/* It reads what is public, and nobody is signed in. */
bool account_is_guest(const struct account *account);
/*
 * Is it signed in where somebody is about to sign in: at that host, as typed (with or without
 * https://), or by that handle? Then it may be signed in again under its name.
 */
bool account_is_at(const struct account *account, const char *network, const char *where);
/* An account with empty strings, to be filled by account_set. */
struct account *account_new(const char *name, const char *network, const char *host);
/* Replace one of its strings; NULL counts as "". */
void account_set(char **field, const char *value);
void account_free(struct account *account);
/* The host as the root of addresses: "https://mastodon.example". Appended, or owned. */
void account_add_root(struct str *out, const struct account *account);
char *account_root(const struct account *account);
