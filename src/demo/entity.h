#pragma once
#include "base/str.h"
#include "demo/world.h"

/*
 * Entities of the Mastodon API as JSON (documentation 4.6, shared fact sheet 11). `viewer`
 * is a person, or -1 for an answer that is nobody's own.
 */
void entity_account(struct str *out, const char *key, const struct world *world, size_t person);
/* As the account itself sees it: with source and role. */
void entity_credentials(struct str *out, const struct world *world, size_t person);
void entity_status(struct str *out, const char *key, const struct world *world,
        const struct status *status, int viewer);
void entity_notice(struct str *out, const struct world *world, const struct notice *notice);
void entity_scheduled(
        struct str *out, const struct world *world, const struct scheduled *scheduled);
/* What an edited status was at each time, the last as it is now: an array. */
void entity_versions(struct str *out, const struct world *world, const struct status *status);
/* An account in the list of those that the viewer has muted. */
void entity_muted(struct str *out, const struct world *world, size_t person, size_t viewer);
void entity_relationship(struct str *out, const struct world *world, size_t person, size_t viewer);
void entity_poll(struct str *out, const char *key, const struct world *world,
        const struct status *status, int viewer);
void entity_card(struct str *out, const char *key, const struct card *card); /* NULL: null */
void entity_emoji(struct str *out, const char *shortcode);
/* The member `emojis` of what says `text` and `more`. */
void entity_emojis(struct str *out, const char *text, const char *more);
void entity_acct(struct str *out, const struct world *world, size_t person);
/* An id as this server writes them; 0: null. */
void entity_id(struct str *out, const char *key, const struct world *world, uint64_t id);

/* Identities and addresses. */
void status_uri(struct str *out, const struct world *world, const struct status *status);
void status_url(struct str *out, const struct world *world, const struct status *status);
/* The group of a notification (fact sheet 8). */
void notice_group(const struct world *world, const struct notice *notice, char *out, size_t size);

unsigned people_count(uint64_t set);
