#pragma once
#include "app/deck.h"

/* One column by itself, for those who hold columns: deck.c and over.c. */

/* Not watching anything yet. NULL with the reason. */
struct column *column_new(struct app *app, const struct column_spec *spec, struct err *err);
/* Watch no longer what it shows, and free it. */
void column_free(struct app *app, struct column *column);
/* What its sources are by now: watch those, show their rows. */
void column_resolve(struct app *app, struct column *column);
/* Work out its header from the health of its sources. */
void column_update_health(struct app *app, struct column *column);
