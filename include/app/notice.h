#pragma once
#include <stdbool.h>

#include "app/state.h"

/* What the user wants to hear of while looking elsewhere. UI thread. */

struct notice {
	const char *about; /* the column, or the query of the rule */
	const char *text;  /* who said what, or how many did */
	post_id post;      /* the newest of them */
	bool bell;
};

/* Tell: every way of telling hooks in here. At most one bell a second is rung. */
void notice_show(struct app *app, const struct notice *notice);

/* Tell of what came since the last turn, once for each rule that was hit. */
void notice_take(struct app *app);
/* Columns or their `notify` changed. */
void notice_columns(struct app *app);
/* Is it the rule of a column's `notify`? */
bool notice_of_column(const struct rule *rule);
