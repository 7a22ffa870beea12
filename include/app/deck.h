#pragma once
#include "app/state.h"

/* The columns of the deck, its file, and the sources behind them. */

enum { DECK_MAX_COLUMNS = 100, COLUMN_MAX_SOURCES = 200 };

/* What `column add` says; borrowed. */
struct column_spec {
	const char *title;
	char **sources;
	size_t nsources;
	const char *acts_as; /* or NULL */
	const char *query;   /* or NULL */
	int width;           /* 0: none said */
	enum column_notify notify;
};

/* Read the words of `column add` or `column edit`; `out` borrows from argv. */
bool column_spec_read(struct column_spec *out, int argc, char **argv, struct err *err);

/* Add a column at `at` (SIZE_MAX: behind the last). Watches its sources. */
struct column *deck_add(
        struct app *app, const struct column_spec *spec, size_t at, struct err *err);
/* Change a column in place. On failure nothing is changed. */
bool deck_edit(
        struct app *app, struct column *column, const struct column_spec *spec, struct err *err);
void deck_remove(struct app *app, size_t at);
void deck_move(struct app *app, size_t from, size_t to);
void deck_focus(struct app *app, size_t at);
size_t deck_index(const struct app *app, const struct column *column);
/* Change the stored query; NULL shows everything. */
bool column_set_query(struct app *app, struct column *column, const char *query, struct err *err);
/*
 * While a query is typed: show what it would, without an unfinished last term; NULL: what the
 * column's own query shows. False: that stays, and err says what is wrong.
 */
bool column_query_preview(
        struct app *app, struct column *column, const char *text, struct err *err);
/* Saved queries changed: columns whose query made no sense may have one now, or no more. */
void deck_query_again(struct app *app);
/* Bring back the rows that timeline_clear forgot. */
void column_refill(struct app *app, struct column *column);

/* The word that `notify` takes, as in COLUMN_NOTIFIES. */
const char *column_notify_word(enum column_notify notify);
/* `TITLE SOURCE… [as …] [width …] [notify …] [query …]`, as `column add` reads it. */
void column_print(struct str *out, const struct column *column);
/* The account a column acts as: its own word, else that of its first source; NULL: unknown. */
const struct account *column_account(const struct app *app, const struct column *column);

/* Note that the deck's file is out of date; it is written a little later and at the end. */
void deck_touch(struct app *app);
bool deck_save(struct app *app, struct err *err); /* waits for the disk: for those who leave it */
void deck_save_tick(struct app *app);             /* when it is time to, in a thread */
/* Run the deck's file; false when there is none. */
bool deck_load(struct app *app);
bool deck_exists(const struct app *app);
/* The whole deck as command lines. */
void deck_print(const struct app *app, struct str *out);

/* Make the sources of all columns what feeds and groups are now. */
void deck_resolve(struct app *app);
/* Work out headers from the health of sources. */
void deck_update_health(struct app *app);
/* Find restored cursors and markers in timelines that changed. */
void deck_restore(struct app *app);
/* Ask for rows below the oldest when the cursor comes near them. */
void deck_want_older(struct app *app, struct column *column);
