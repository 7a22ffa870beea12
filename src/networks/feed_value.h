#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"
#include "networks/feed.h"

/* Small readings of what stands in feeds, shared by the formats. */

/* Where the text without white space at its edges begins; shortens *len. */
const char *feed_trim(const char *s, size_t *len);
bool feed_ends_with(const char *s, const char *end); /* any case */

/* A URL against a base, in the arena. What has a scheme stays as written; never NULL. */
const char *feed_resolve(struct arena *arena, const char *base, const char *ref);
bool feed_has_scheme(const char *url);

void feed_unbase64(struct str *text); /* in place; what is no base64 of a text is left as it is */

/* Markup, or a plain text with a '<' in it, like `<vector>`? RSS titles do not say (feeds.md 2). */
bool feed_looks_html(const char *s);

void feed_wish_hour(struct feed_wishes *wishes, const char *s);
void feed_wish_day(struct feed_wishes *wishes, const char *s);
void feed_wish_ttl(struct feed_wishes *wishes, const char *minutes);
void feed_wish_period(struct feed_wishes *wishes, const char *period, const char *frequency);
