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
	int64_t rank_ms;    /* sort_ms of the next row of a ranking; then one less */
	const struct mastodon_groups *groups; /* what mastodon_group needs; NULL: none */
};

/* Borrows page and account. */
void mastodon_reader_init(
        struct mastodon_reader *reader, struct page *page, const struct account *account);
void mastodon_reader_finish(struct mastodon_reader *reader);

/* Cleaned, until the next item or as long as `s`; "" for NULL. */
const char *mastodon_clean(struct mastodon_reader *reader, enum clean_in kind, const char *s);
/* An http(s) address of a sane length without blanks or control bytes, else NULL. */
const char *mastodon_web(const char *url);
/* An id as a server sends it: short, without control bytes; else NULL. */
const char *mastodon_id(const cJSON *obj, const char *name);
/* The same where it may also come as a number, which is then written into buf. */
const char *mastodon_number_id(const cJSON *obj, const char *name, char buf[24]);

/*
 * Two ids of one server are the same. Case counts but for ids of 42 hex digits, which
 * snac writes differently from place to place.
 */
bool mastodon_same_id(const char *a, const char *b);

/* "name@host" from an acct, "" when it makes none; until the next item. */
const char *mastodon_handle(struct mastodon_reader *reader, const char *acct);
/* Add the profile of an Account; 0 when it makes no sense. */
uint32_t mastodon_profile(struct mastodon_reader *reader, const cJSON *account);
/* It is our own account that is meant. */
bool mastodon_is_me(const struct mastodon_reader *reader, const char *uri, const char *handle);

/* Add the post of a Status (of a repost: the original), and the post that it quotes. 0: unreadable.
 */
uint32_t mastodon_post(struct mastodon_reader *reader, const cJSON *status, unsigned more_flags);

enum { MASTODON_MAX_OPTIONS = 64 }; /* of a poll; further ones are left out */

/* Parts of a Status that other entities have too. Into `media`, POST_MAX_MEDIA long; how many. */
size_t mastodon_media(struct mastodon_reader *reader, const cJSON *status, struct media *media);
enum visibility mastodon_visibility(const char *name);
/* A BCP 47 tag that looks like one; "" for anything else. */
const char *mastodon_language(const char *lang);

/*
 * Add an item as a row: of a status, or of a notification (`only`: of this type, NULL:
 * of any; rows are of kind mentions then). False when it is unreadable; an item that
 * simply is no row is fine.
 */
bool mastodon_row(struct mastodon_reader *reader, const cJSON *status);
bool mastodon_notice(struct mastodon_reader *reader, const cJSON *notification, const char *only);

/*
 * Grouped notifications (fact sheet 8): a group becomes one row for each of those that
 * it tells by name. The accounts and statuses of the answer are indexed first, and
 * borrowed until _close.
 */
void mastodon_groups_open(struct mastodon_reader *reader, const cJSON *answer);
void mastodon_groups_close(struct mastodon_reader *reader);
bool mastodon_group(struct mastodon_reader *reader, const cJSON *group);
