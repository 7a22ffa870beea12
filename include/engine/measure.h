#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "model/account.h"
#include "model/measure.h"
#include "model/outgoing.h"
#include "model/text.h"

/*
 * What an account's network says of a post before anything is sent, for those who may not
 * see networks. Pure: no request, no clock; any thread.
 */

/* Can this account post at all? False with the reason: a feed, a server that cannot. */
bool measure_can_post(const struct account *account, struct err *err);
/* How much of the item's text (warning and poll counted) the account takes. */
void measure_item(const struct account *account, const struct outgoing *item, struct measure *out);
/* Is it longer than the account takes? */
bool measure_is_over(const struct measure *measure);
/* What of a text will be links, mentions and tags there: facets in order, lent until return. */
void measure_detect(const struct account *account, const char *text, size_t len,
        void (*each)(void *ctx, const struct facet *facet), void *ctx);
/* Can the account take the item as it is? The sentence says what is wrong. */
bool measure_check(const struct account *account, const struct outgoing *item, struct err *err);
/* Is an answer heard by those alone whom its text names? */
bool measure_names_people(const struct account *account);
/* Does its server keep scheduled posts? */
bool measure_can_keep(const struct account *account);
