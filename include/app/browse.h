#pragma once
#include "app/state.h"
#include "model/items.h"

/*
 * A collection of an account's server as a list over the deck: asked for page by page,
 * shown as it comes. One at a time; a list that was closed is not brought back by a late
 * answer.
 */

struct browse;

enum { BROWSE_NO_MARKS = -1 };

/* Borrowed until return. */
struct browse_spec {
	const struct account *account;
	enum collection kind;
	const char *title, *arg; /* arg: what the collection wants, or NULL */
	int marks; /* a second collection: what is in it too is ticked; or BROWSE_NO_MARKS */
	const char *about;           /* for `add`: what the command lines are about, or NULL */
	const char *empty;           /* what an empty one says */
	const struct list_key *keys; /* for what stands in it (struct list_item's about); or NULL */
	const char *again;           /* with keys: the line that asks for all of it anew */
	/* Add the line of an item; `item` NULL: what stands above all of them. */
	void (*add)(const struct browse *browse, struct list_view *list, const struct item *item);
};

void browse_open(struct app *app, const struct browse_spec *spec);
/* Ask for the next page of what is on the screen. */
bool browse_more(struct app *app, struct err *err);

/* For `add`. */
const char *browse_account(const struct browse *browse); /* its name */
const char *browse_about(const struct browse *browse);   /* or NULL */
bool browse_is_empty(const struct browse *browse);       /* as far as it is here */
bool browse_marked(const struct browse *browse, const struct item *item);
const struct app *browse_app(const struct browse *browse);
