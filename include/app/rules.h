#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "app/state.h"
#include "query/query.h"

/*
 * What the user said of what is shown: mutes, quotas, saved queries, highlights and notices.
 * What is said at the prompt is kept in queue.db; what a config says holds while it says so.
 * UI thread.
 */

/* Is a command run for good? False while a config is only tried (config_reload). */
bool rules_hold(const struct app *app);

/* What queries may name: saved ones, also those that a config that is tried has named. */
struct query_env rules_env(const struct app *app);
/* A query that may be run: not empty, and right. *out_at (may be NULL): the mistake's column. */
bool rules_check(const struct app *app, const char *query, int *out_at, struct err *err);

/* -- mutes: `mute` is as mute_line_read made it -- */

/* Silence; *out_rows (may be NULL) counts rows that left. */
bool rules_mute(struct app *app, const struct mute *mute, size_t *out_rows, struct err *err);
/*
 * Let be heard again what is known by this id, or all that mute this query. *out_lines: the `mute`
 * lines that bring them back, LF between; appended. False when there is none.
 */
bool rules_unmute(struct app *app, const char *what, struct str *out_lines, struct err *err);
/* The mute of this id; NULL: none. Borrowed until mutes change. */
const struct mute *rules_find_mute(const struct app *app, const char *id);
/* The deck ends: keep how much each has held back. */
void rules_keep_hits(struct app *app);
/* Said by a config, which will say so again? */
bool rules_of_config(const char *id);

/* -- quotas -- */

/* So many rows a day of `handle`; 0: as many as they like. */
void rules_quota(struct app *app, const char *handle, unsigned per_day);
unsigned rules_quota_of(const struct app *app, const char *handle); /* 0: none */

/* -- saved queries -- */

bool rules_save(struct app *app, const char *name, const char *query, struct err *err);
/* Refused while a column, mute or rule needs it. */
bool rules_unsave(struct app *app, const char *name, struct err *err);

/* -- highlights and notices -- */

/* `line`: the command line that says so. Its id, columns and role are the caller's; copied. */
bool rules_put(struct app *app, const char *line, const struct rule *rule, struct err *err);
/* Drop the rule that this line made, or that has this id. */
bool rules_drop(struct app *app, const char *line, struct err *err);
/* The command line of a rule; borrowed from its id. */
const char *rules_line(const struct rule *rule);

/* -- what the engine remembers, and the config's life -- */

/* A remembered value. False when it is none of these. */
bool rules_value(struct app *app, const char *key, const char *value);
/* All values were told. */
void rules_started(struct app *app);
/* The config is about to be run anew; and it was. */
void rules_forget_config(struct app *app);
void rules_reloaded(struct app *app);
/* A config was tried: forget what it named meanwhile. */
void rules_tried(struct app *app);
void kept_finish(struct app *app);
