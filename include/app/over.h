#pragma once
#include "app/state.h"

/*
 * Columns that lie over the deck: a conversation opened from a post, and one opened from
 * there. The uppermost takes the focused column's place for all that acts on a column; no
 * deck's file knows of them. Going to another column closes them all.
 */

enum { OVER_MAX = 20 };

/* Show a source over the deck, acting as one of our accounts. */
bool over_open(struct app *app, const char *title, const char *source,
        const struct account *account, struct err *err);
/* Close the uppermost. */
void over_close(struct app *app);
void over_close_all(struct app *app);
/* Is this column one of them? */
bool over_has(const struct app *app, const struct column *column);
/* Where the uppermost is drawn: the whole height, no wider than reads well. */
struct rect over_area(const struct app *app);

/*
 * Open a post's conversation as the account that the focused column acts as, or else as
 * one that has seen the post. False with the reason when there is none: a feed's item.
 */
bool over_open_thread(struct app *app, const struct post *post, struct err *err);
/* The same as a source's name: "work/thread:https://…"; *out_account may be NULL. */
bool thread_source(const struct app *app, const struct post *post, struct str *out,
        const struct account **out_account, struct err *err);
