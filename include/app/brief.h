#pragma once
#include "app/state.h"
#include "model/brief.h"

/* The brief in the deck, and the time that somebody wants to give to it. UI thread. */

/* Ask for what was recorded since then (0: a day), and show it when it is here. */
void brief_open(struct app *app, int64_t since_ms);

/* How much time there is; off with ms 0. */
void app_set_budget(struct app *app, const struct budget *budget);
/* How much is used of it is asked, and said once when that is all. loop.c: once a minute. */
void budget_look(struct app *app);
/* What was remembered: which day or week it was said of last. */
void budget_value(struct app *app, const char *value);
