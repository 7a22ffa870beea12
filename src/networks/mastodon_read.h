#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clean.h"
#include "base/json.h"
#include "model/page.h"
#include "networks/network.h"

/*
 * Entities of the Mastodon API into a page (fact sheet 11, 12). Ids are opaque. Members
 * of a wrong type count as absent; an item without what it cannot do without is left
 * out, and the caller counts it.
 */
struct mastodon_reader {
	struct page *page;
	const struct account *account;
	const char *host;   /* of bare accts: "mastodon.example" */
	struct arena arena; /* strings of the item at hand */
	bool blind;         /* what we think of the posts is not in the data: leave it as it was */
};

/* Borrows page and account. */
void mastodon_reader_init(
        struct mastodon_reader *reader, struct page *page, const struct account *account);
void mastodon_reader_finish(struct mastodon_reader *reader);

/* Cleaned, until the next item; "" for NULL. */
const char *mastodon_clean(struct mastodon_reader *reader, enum clean_in kind, const char *s);
/* An http(s) address of a sane length without blanks or control bytes, else NULL. */
const char *mastodon_web(const char *url);
/* An id as a server sends it: short, without control bytes; else NULL. */
const char *mastodon_id(const cJSON *obj, const char *name);

/* "name@host" from an acct, "" when it makes none; until the next item. */
const char *mastodon_handle(struct mastodon_reader *reader, const char *acct);
/* Add the profile of an Account; 0 when it makes no sense. */
uint32_t mastodon_profile(struct mastodon_reader *reader, const cJSON *account);
/* It is our own account that is meant. */
bool mastodon_is_me(const struct mastodon_reader *reader, const char *uri, const char *handle);

/* Add the post of a Status (of a repost: the original), and the post that it quotes. 0: unreadable.
 */
uint32_t mastodon_post(struct mastodon_reader *reader, const cJSON *status, unsigned more_flags);

/*
 * Add an item as a row: of a status, or of a notification (`only`: of this type, NULL:
 * of any; rows are of kind mentions then). False when it is unreadable; an item that
 * simply is no row is fine.
 */
bool mastodon_row(struct mastodon_reader *reader, const cJSON *status);
bool mastodon_notice(struct mastodon_reader *reader, const cJSON *notification, const char *only);
