#pragma once
#include "app/state.h"

/*
 * What the daemon told last is remembered, so that a deck which is opened then, and may fetch
 * the same anew, does not tell it again.
 */

/* A remembered value. False when it is none of these. */
bool told_value(struct app *app, const char *key, const char *value);
bool told_has(const struct app *app, post_id post);
/* Remember them as told, too. */
void told_add(struct app *app, const post_id *posts, size_t n);
void told_finish(struct app *app);
