#pragma once
#include <stdbool.h>

#include "app/state.h"

/* What the user wants to hear of while looking elsewhere. UI thread. */

struct notice {
	const char *about; /* the column, or the query of the rule */
	const char *text;  /* who said what, or how many did: for the status bar */
	const char
	        *whole; /* with more of what was said, for outside of the deck; NULL: not there */
	bool bell;
};

/*
 * Tell: on the status bar, and outside of the deck by the option `notify-by` (app/notice_way.h),
 * as often as src/app/notice_gate.h allows. No bell is rung in quiet hours.
 */
void notice_show(struct app *app, const struct notice *notice);
/* Ring, at most once a second. */
void notice_bell(struct app *app);
/* Show one by each way there is, and say which one notices take: at once, or when the desktop
 * has answered. */
void notice_test(struct app *app);

/* Tell of what came since the last turn, once for each rule that was hit. */
void notice_take(struct app *app);
/* Tell what had to wait; and when to look again, monotonic, 0: nothing waits. */
void notice_tick(struct app *app);
int64_t notice_next_ms(const struct app *app);
void notice_finish(struct app *app);

/* Columns or their `notify` changed. */
void notice_columns(struct app *app);
/* Is it the rule of a column's `notify`? */
bool notice_of_column(const struct rule *rule);
