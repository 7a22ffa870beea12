#pragma once
#include "app/state.h"

/* What a deck without columns shows instead: what one may begin with, a row each. */

/* Is it what keys and the mouse are for? */
bool welcome_is_open(const struct app *app);
/* Add its rows to a list. */
void welcome_list(const struct app *app, struct list_view *list);
/* Select another row, by rows; to the ends with INT_MIN and INT_MAX. */
void welcome_move(struct app *app, int by);
/* The command line of the selected row, or of the one with that key; NULL: none. Borrowed. */
const char *welcome_line(const struct app *app, const char *key);
/* Select the row that is drawn at a line of the screen. False when there is none. */
bool welcome_select_at(struct app *app, int line);
/* The line of the screen on which the selected row is. */
int welcome_row(const struct app *app);
void welcome_draw(struct app *app, struct rect area);

/* Give an empty deck what a first one wants: columns of an account, and of feeds. */
void welcome_columns(struct app *app, const char *account);
/* All that is remembered is here: a deck that never had a column gets its first. */
void welcome_started(struct app *app);
