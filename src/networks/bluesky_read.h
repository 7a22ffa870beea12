#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clean.h"
#include "base/json.h"
#include "model/page.h"
#include "networks/network.h"

/*
 * Views of the AppView (lexicons app.bsky.*; fact sheet 4, 5.1, 8) into a page. A post is
 * known by its AT-URI, a profile by its DID; a viewer's remote id is the version's CID. A
 * member of a wrong type counts as absent; what makes no sense is left out, facet by facet
 * and item by item.
 */
struct bluesky_reader {
	struct page *page;
	const struct account *account;
	struct arena arena; /* strings of the item at hand */
};

/* Borrows both. */
void bluesky_reader_init(
        struct bluesky_reader *reader, struct page *page, const struct account *account);
void bluesky_reader_finish(struct bluesky_reader *reader);

/* Cleaned, until the next item; "" for NULL. */
const char *bluesky_clean(struct bluesky_reader *reader, enum clean_in kind, const char *s);
/* A DID, an AT-URI or a CID as a server sends it: short, visible ASCII; else NULL. */
const char *bluesky_id(const cJSON *obj, const char *name);
/* An http(s) address of a sane length, else NULL. */
const char *bluesky_web(const char *url);

/* The part behind the last slash of an AT-URI: the record's key. */
const char *bluesky_rkey(const char *uri);
/* "at://DID/COLLECTION/RKEY": its DID, until the next item; NULL when it is none. */
const char *bluesky_did(struct bluesky_reader *reader, const char *uri);

/* When a view is to stand: what its author says, but never after the server saw it. */
bool bluesky_time(const cJSON *created, const char *name, const cJSON *seen, int64_t *out_ms);

/* Add the profile of a profileView (of any detail), and its relation. 0 when it makes no sense. */
uint32_t bluesky_profile(struct bluesky_reader *reader, const cJSON *view);

/* Add the post of a postView, and the post that it quotes. 0: unreadable. */
uint32_t bluesky_post(struct bluesky_reader *reader, const cJSON *view);

/* Add a feedViewPost as a row. False when it is unreadable; one that is no row is fine. */
bool bluesky_row(struct bluesky_reader *reader, const cJSON *item);

/* bluesky_embed.c: what hangs on a post. */
enum { BLUESKY_MAX_DEPTH = 3 };
struct bluesky_embed {
	struct media media[POST_MAX_MEDIA];
	size_t nmedia;
	const char *card_url, *card_title;
	const char *quote_of; /* URI of the quoted post, which is added to the page */
};
void bluesky_embed(
        struct bluesky_reader *reader, const cJSON *embed, int depth, struct bluesky_embed *out);
/* The post of an embed's viewRecord. 0: unreadable. */
uint32_t bluesky_quoted(struct bluesky_reader *reader, const cJSON *record, int depth);
/* What its labels warn of, as the account wants it, or ""; until the next item. */
const char *bluesky_warning(struct bluesky_reader *reader, const cJSON *labels);
