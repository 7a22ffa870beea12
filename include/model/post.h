#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "model/ids.h"
#include "model/text.h"

/*
 * One public utterance, whatever the network: built once from `struct post_parts`
 * into one allocation (header, small arrays, strings), because a hundred thousand
 * of them stay in memory. Built on the engine or archive thread, then handed to the
 * store, which alone may change the mutable fields.
 */

/* X(ID, "name in JSON", "what it holds") */
#define VISIBILITIES(X)                                                                            \
	X(PUBLIC, "public")                                                                        \
	X(UNLISTED, "unlisted")                                                                    \
	X(FOLLOWERS, "followers")                                                                  \
	X(DIRECT, "direct")

#define X(id, name) VIS_##id,
enum visibility { VISIBILITIES(X) VIS_COUNT };
#undef X
const char *visibility_name(enum visibility visibility);

/* Strings of a post. All are clean UTF-8 without control bytes (the body has LF). */
#define POST_STRINGS(X)                                                                            \
	X(URI, "canonical identity, shared by all accounts; never empty")                          \
	X(URL, "for a browser; empty when the same as the URI. Read it by post_link")              \
	X(TITLE, "a feed item's title")                                                            \
	X(BODY, "the text; of an article its beginning (POST_ARTICLE)")                            \
	X(WARNING, "shown before the body")                                                        \
	X(LANG, "BCP 47")                                                                          \
	X(REPLY_TO, "URI of the parent, or remote id where only that is known")                    \
	X(REPLY_NAME, "handle of the parent's author")                                             \
	X(QUOTE_OF, "URI of the quoted post")                                                      \
	X(THREAD, "URI of the thread's root, where known")                                         \
	X(APP, "program it was written with")                                                      \
	X(CARD_URL, "link preview: target")                                                        \
	X(CARD_TITLE, "link preview: title")                                                       \
	X(POLL, "poll options, one per line (model/poll.h)")                                       \
	X(FOLDED, "title, body, warning, poll options and alt texts folded for search "            \
	          "(base/fold.h), LF between")

#define X(id, help) POST_##id,
enum post_string { POST_STRINGS(X) POST_NSTRINGS };
#undef X

enum post_flag {
	POST_IS_SENSITIVE = 1 << 0, /* media to be covered */
	POST_IS_ARTICLE = 1 << 1,   /* the archive has a longer text than POST_BODY */
	POST_IS_POLL_MULTIPLE = 1 << 2,
	POST_IS_POLL_OVER = 1 << 3,
	POST_IS_DAMAGED = 1 << 4, /* came from a document with faults */
	POST_IS_GATED = 1 << 5,   /* not everybody may answer */
};

enum viewer_flag {
	VIEWER_LIKED = 1 << 0,
	VIEWER_REPOSTED = 1 << 1,
	VIEWER_BOOKMARKED = 1 << 2,
	VIEWER_AUTHOR_MUTED = 1 << 3,
	VIEWER_OWN = 1 << 4,       /* this account wrote it */
	VIEWER_MENTIONED = 1 << 5, /* it is addressed to this account */
	VIEWER_VOTED = 1 << 6,
	VIEWER_THREAD_MUTED = 1 << 7,
	VIEWER_PINNED = 1 << 8,
	VIEWER_NO_REPLY = 1 << 9, /* its author lets this account not answer */
	VIEWER_NO_QUOTE = 1 << 10,
};

/* How one of our accounts sees the post. */
struct viewer {
	account_id account;
	unsigned flags;        /* enum viewer_flag; 16 bits are kept */
	const char *remote_id; /* the id that account's server wants back; opaque; NULL when none */
};

#define MEDIA_KINDS(X)                                                                             \
	X(IMAGE, "image")                                                                          \
	X(VIDEO, "video") X(AUDIO, "audio") X(ANIMATION, "animation") X(FILE, "file")

#define X(id, name) MEDIA_##id,
enum media_kind { MEDIA_KINDS(X) MEDIA_NKINDS };
#undef X
const char *media_kind_name(enum media_kind kind);

struct media {
	enum media_kind kind;
	const char *url;
	const char *alt;        /* NULL when it has none */
	const char *type;       /* MIME type, or NULL */
	const char *preview;    /* address of a small picture of it, or NULL */
	uint16_t width, height; /* in pixels, as far as the server told; 0: it did not */
};

enum { POST_MAX_MEDIA = 32, POST_MAX_FACETS = 512, POST_MAX_VIEWERS = 32, POST_MAX_BODY = 65535 };
/* Bytes of an address, alt text or remote id; a longer address counts as absent, a longer alt text
 * is cut. */
enum { POST_MAX_TARGET = 8192 };
/* A viewer with a higher account is left out; queue.db numbers them from 1. */
enum { POST_MAX_ACCOUNT = (1 << 24) - 1 };
/* Articles keep this much of their text in memory; the archive has the whole. */
enum { POST_EXCERPT = 1500 };

#define POST_UNKNOWN UINT32_MAX /* a count that the server did not tell */

/* What a post is built from. Borrows everything. Zeroed is valid but for the URI. */
struct post_parts {
	const char *str[POST_NSTRINGS]; /* NULL or "": absent; FOLDED is made by post_new */
	const struct facet *facets;     /* of the body */
	size_t nfacets;
	const struct media *media;
	size_t nmedia;
	const struct viewer *viewers;
	size_t nviewers;
	profile_id author;    /* index in the page's profiles + 1, until the store renumbers it */
	int64_t created_ms;   /* wall clock, UTC */
	int64_t edited_ms;    /* 0: never edited */
	int64_t seen_ms;      /* when this machine first had it */
	int64_t poll_ends_ms; /* 0: no poll or no end */
	uint32_t replies, reposts, likes, quotes; /* POST_UNKNOWN: not told */
	enum visibility visibility;
	unsigned flags; /* enum post_flag */
	/* Bytes that str[POST_URL] lacks because the URI begins and ends with them (post_parts_of).
	 */
	uint8_t url_prefix, url_suffix;
};

/*
 * The small arrays and the strings live behind the header (model/post.c); read them
 * by the accessors only. Strings that a post does not have take no room.
 */
struct post {
	post_id id;        /* given by the store */
	profile_id author; /* see post_parts */
	/* As in post_parts; 48 bits hold the years before 6429, and pack with their neighbours. */
	int64_t created_ms : 48;
	uint64_t flags : 16;
	int64_t edited_ms : 48;
	uint64_t nfacets : 16;
	int64_t seen_ms : 48;
	uint64_t nmedia : 8, nviewers : 8;
	int64_t poll_ends_ms : 48;
	uint64_t has : 16;                        /* bit i: string i is there */
	uint32_t replies, reposts, likes, quotes; /* mutable, by the store */
	uint32_t size;                            /* bytes of the whole allocation */
	uint8_t visibility;
	uint8_t wide;                   /* string offsets take 4 bytes, not 2 */
	uint8_t url_prefix, url_suffix; /* of the URI, which the URL shares and does not keep */
};

/*
 * Build a post: copies all, folds the text, clamps the numbers of things to the
 * limits above and strings to 64 KiB; facets that are out of range, out of order, cross or
 * begin inside a character are left out. Free with free(). Texts must be clean already.
 */
struct post *post_new(const struct post_parts *parts);

/* The string and, with _len, its bytes. Never NULL; "" when absent. Borrowed from the post. */
const char *post_str(const struct post *post, enum post_string which);
size_t post_len(const struct post *post, enum post_string which);

/*
 * The address for a browser: URL, else the URI when it is http(s), else "". Borrowed until
 * the next call on this thread: a URL that is mostly the URI is put together here, and
 * post_str has only what is left of it.
 */
const char *post_link(const struct post *post);

/* What stands for the post where there is one line for it: its title, warning or text. */
const char *post_headline(const struct post *post);
/* That on one line, at most `max` bytes of it, and words where there is nothing. Appended. */
void post_line(struct str *out, const struct post *post, size_t max);
/* Any text on one line: what is longer than `max` bytes is cut, and says so. Appended. */
void text_line(struct str *out, const char *text, size_t max);

struct facet post_facet(const struct post *post, size_t i);
struct media post_media(const struct post *post, size_t i);
struct viewer post_viewer(const struct post *post, size_t i);
const struct viewer *post_viewer_of(const struct post *post, account_id account,
        struct viewer *out); /* NULL when that account has not seen it */

/* Change the flags of viewer i in place (store only). */
void post_set_viewer_flags(struct post *post, size_t i, unsigned flags);

/*
 * Parts that borrow from `post`, for building a changed copy. The arrays must have
 * room for the limits above.
 */
void post_parts_of(const struct post *post, struct post_parts *out, struct facet *facets,
        struct media *media, struct viewer *viewers);

/* Bytes for the disk: a versioned, tagged form that later versions still read (model/codec.c). */
void post_encode(struct str *out, const struct post *post);
/* Owned post, or NULL when the bytes make no sense. Never trusts them. Author 0, id 0. */
struct post *post_decode(const void *bytes, size_t len);
