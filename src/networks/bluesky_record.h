#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "model/measure.h"
#include "networks/bluesky_card.h"
#include "networks/network.h"

/*
 * What a post becomes on Bluesky: records in its author's repository (fact sheet 5.1, 5.6),
 * made once and sent as they are. All of this is pure.
 */

#define BLUESKY_POST "app.bsky.feed.post" /* the collection */

/* A post that is answered or quoted: its address and version. Owned. */
struct bluesky_ref {
	char *uri, *cid;
};
void bluesky_ref_finish(struct bluesky_ref *ref);

struct bluesky_mention {
	char *handle; /* as written */
	char *did;    /* NULL: nobody is called that */
};

/* What a record needs that its item does not hold; all owned. */
struct bluesky_facts {
	struct bluesky_ref root, parent, quote; /* uri NULL: none */
	struct bluesky_mention *mentions;
	size_t nmentions;
	char *card_url; /* NULL: no card */
	struct bluesky_card card;
};
void bluesky_facts_finish(struct bluesky_facts *facts);

/*
 * What the text holds that has to be asked for: people, each once, and with `card` the first
 * link by https, whose page may have a card.
 */
void bluesky_facts_find(struct bluesky_facts *facts, const char *text, bool card);

/* The text that is posted: the item's, behind its warning. Owned. */
char *bluesky_post_text(const struct outgoing *item);

/*
 * The one request that posts it, as JSON: a putRecord under its key, where nothing may stand
 * yet, which sent again is a no-op. With gates, an applyWrites of all or nothing, so that the
 * post is never there without them; sent again it fails, and posts nothing.
 */
void bluesky_freeze(struct str *out, const struct account *account, const struct outgoing *item,
        const struct bluesky_facts *facts, int64_t now_ms);

/* As struct network says. */
bool bluesky_check(const struct account *account, const struct outgoing *item, struct err *err);
void bluesky_measure(
        const struct account *account, const struct outgoing *item, struct measure *out);
void bluesky_detect_for(const struct account *account, const char *text, size_t len,
        void (*each)(void *ctx, const struct facet *facet), void *ctx);
char *bluesky_make_key(int64_t now_ms, uint64_t random);
int64_t bluesky_repeat_ms(const struct account *account);
