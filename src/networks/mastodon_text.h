#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "model/account.h"
#include "model/measure.h"
#include "model/outgoing.h"
#include "model/text.h"

/*
 * What a server makes of a text, and how long it finds it (fact sheet 13). Pure; texts are
 * UTF-8 and borrowed.
 */

/*
 * Links with a scheme, mentions and tags, as Mastodon finds them: facets in order, which do
 * not overlap, lent until `each` returns. A link's target is its address, a mention's
 * "name" or "name@host", a tag's the bare tag.
 */
void mastodon_detect(const struct account *account, const char *text, size_t len,
        void (*each)(void *ctx, const struct facet *facet), void *ctx);

/* The same of any account; without `tags` as it is counted: no tag hides a link. */
void mastodon_find_in(const char *text, size_t len, bool tags,
        void (*each)(void *ctx, const struct facet *facet), void *ctx);

/* How much of it the account takes, by its own program's rule. */
void mastodon_measure(
        const struct account *account, const struct outgoing *item, struct measure *out);

/* The most characters that an account takes, when its server does not say. */
enum { MASTODON_MAX_TEXT = 500, MASTODON_URL_TEXT = 23 };
