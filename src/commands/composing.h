#pragma once
#include "app/compose.h"
#include "tables.h"

/* What the commands of the composer have between them. */

/* For hooks->can: something is being written. */
bool can_compose(void *app, struct err *err);
/* The draft of it, or NULL with a sentence. */
struct draft *composed(const struct cmd_call *call, struct err *err);
/* The part that is written in. */
struct draft_part *composed_part(const struct cmd_call *call, struct err *err);
/*
 * A time as people write it, `next slot` of an account among them, as a time of the future;
 * by the machine's zone.
 */
bool time_read(struct app *app, const struct account *account, const char *text, struct when *out,
        struct err *err);
