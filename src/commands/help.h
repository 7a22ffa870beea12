#pragma once
#include "app/state.h"
#include "cmd/cmd.h"

/* What there is to be known, made from the tables: a list to read, searched with `/`. */

/* A topic that lists one table, or a page of words. */
struct help_topic {
	const char *name, *help;
	void (*add)(struct app *app, struct list_view *list);
};
extern const struct help_topic help_topics[]; /* ended by a row without a name */

/* Add a row; all borrowed. `line` runs at Enter; NULL: only to read. */
void help_row(struct list_view *list, const char *key, const char *text, const char *detail,
        const char *line);
void help_heading(struct list_view *list, const char *text);
/* All about a command or an option of that very name. False when there is none. */
bool help_page(struct app *app, struct list_view *list, const char *name);
/* What a line that is bound to a key does: a `prompt` for a command is about that command. */
const char *help_of_line(const struct app *app, const char *line);
/* The keys that are alive in a context, those that do the same in one row. */
void help_keys(struct app *app, struct list_view *list, enum key_context context);
