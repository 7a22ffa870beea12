#pragma once
#include "app/state.h"

/*
 * Steps to be tried, beside the deck: each is ticked off when its command has run, by
 * whatever key, menu or line. A column of its own where there is room for one, else two
 * lines below.
 */

struct tutorial_step {
	const char *line; /* what is to be done */
	const char *ran;  /* the commands that tick it off, parted by `|` */
	const char *text; /* {} is the key of `line`, {back} that of another */
};
extern const struct tutorial_step tutorial_steps[]; /* ended by a row without a line */

void tutorial_open(struct app *app, bool open);
/* A command line has been run and worked. */
void tutorial_note(struct app *app, const char *line);
/* Leave the next step out. */
void tutorial_skip(struct app *app);
/* Add all steps to a list. */
void tutorial_list(const struct app *app, struct list_view *list);

/* What it takes of the screen: cells at the right where no column needs them, else rows below. */
int tutorial_cols(const struct app *app);
int tutorial_rows(const struct app *app);
void tutorial_draw(struct app *app);
