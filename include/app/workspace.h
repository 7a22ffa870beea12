#pragma once
#include "app/state.h"

/* Named decks, each in a file of its own; one of them is on the screen. */

enum { WORKSPACE_NAME_MAX = 64, WORKSPACES_MAX = 100 };

/* Where one begins the first time, and what is always there. */
extern const char workspace_first[];
/* The one that was on the screen last, where its deck is still there. Owned. */
char *workspace_left(const struct app *app);

bool workspace_name_check(const char *name, struct err *err);
/*
 * Save the deck and open that of another name, which may not exist yet. On failure the deck
 * stays. Sources that both have are not asked anew.
 */
bool workspace_open(struct app *app, const char *name, struct err *err);
bool workspace_rename(struct app *app, const char *name, const char *to, struct err *err);
/* Put a deck's file aside; workspace_restore brings it back. Not the one on the screen. */
bool workspace_delete(struct app *app, const char *name, struct err *err);
bool workspace_restore(struct app *app, const char *name, struct err *err);

/* Their names, sorted, ended by NULL; owned, as is the array. */
char **workspace_names(const struct app *app, size_t *out_n);
void workspace_names_free(char **names);
/* How many columns the file of one has. */
size_t workspace_columns(const struct app *app, const char *name);
