#pragma once
#include "demo/world.h"

/* What people do in the demo's world, by themselves or through the API: each tells the
 * listeners and makes the notifications that follow. */

/* A status that is not out yet; owned. `text` and `warning` are copied. */
struct status *deed_draft(size_t author, const char *text, const char *warning, const char *lang,
        enum visibility visibility);
void deed_poll(struct status *draft, const char *const *options, size_t n, int64_t ends_ms);
/* Give it a number and a place; takes the draft. */
void deed_publish(struct world *world, struct status *draft);
/* Vote, once; `chosen`: bit i: option i. */
void deed_vote(struct world *world, size_t person, struct status *status, uint8_t chosen);
/* The wrapper; the one that is there already when it was reposted before. */
struct status *deed_repost(
        struct world *world, size_t person, struct status *status, enum visibility visibility);
void deed_unrepost(struct world *world, size_t person, struct status *status);
void deed_like(struct world *world, size_t person, struct status *status);
void deed_edit(struct world *world, struct status *status, const char *text, const char *warning);
void deed_delete(struct world *world, struct status *status);
/* Send out scheduled statuses whose time has come; how many. */
size_t deed_scheduled(struct world *world);
