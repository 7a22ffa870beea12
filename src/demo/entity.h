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
void entity_scheduled(struct str *out, const struct scheduled *scheduled);
void entity_relationship(struct str *out, const struct world *world, size_t person, size_t viewer);
void entity_poll(struct str *out, const char *key, const struct world *world,
        const struct status *status, int viewer);
void entity_emoji(struct str *out, const char *shortcode);

/* Identities and addresses. */
void status_uri(struct str *out, const struct status *status);
void status_url(struct str *out, const struct status *status);
