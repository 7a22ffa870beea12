#pragma once
#include "tables.h"

/* What the commands that silence have between them. */

/*
 * Mute a query in all columns for so long (0: for good), keep it, say how many rows left, and make
 * U take it back. `who`: what is silenced, in sentences.
 */
bool mute_query(
        struct app *app, const char *query, int64_t for_ms, const char *who, struct err *err);

/* While a query is typed: how many of the newest posts it finds, or the mistake's place. */
bool query_preview(const struct cmd_call *call, const char *query, struct err *err);

/* Whose row it is: who put it there, else the author; borrowed. NULL with a sentence. */
const struct profile *row_profile(const struct app *app, struct err *err);
/* The handle that a word names, or whose the selected row is: without its @, borrowed. */
const char *handle_said(const struct cmd_call *call, int arg, struct err *err);

/* Are there columns of all these titles (commas between; NULL is fine)? */
bool columns_there(const struct app *app, const char *columns, struct err *err);

/* Read `for D` where it stands at argv[*arg], and step over it. *out_ms: 0 where it does not. */
bool for_said(const struct cmd_call *call, int *arg, int64_t *out_ms, struct err *err);
