#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/paths.h"
#include "cmd/cmd.h"
#include "cmd/keymap.h"
#include "cmd/option.h"
#include "engine/engine.h"
#include "store/store.h"
#include "ui/column_view.h"
#include "ui/layout.h"
#include "ui/term.h"
#include "ui/views.h"

/* One column as the user made it; saved as a `column add` line in the deck's file. */
struct column {
	char *title;
	char **sources;     /* as written */
	size_t nsources;
	char *query;        /* as written; NULL shows everything */
	char *acts_as;      /* account name, or NULL: its first source's */
	int width;          /* cells; 0: share what is left */
	struct timeline *timeline;
	struct column_view view;
	source_id *watched; /* what the sources came to: groups are many */
	size_t nwatched;
	char *restore_uri;  /* where the cursor was when stoa ended, until that post is here */
};

struct app_options {
	const char *config;     /* config file; NULL: the usual place */
	const struct paths *paths;
	const struct cmd_set *commands; /* all tables; app/ knows none of them */
	const struct clock *clock;
	struct engine *engine;  /* takes */
	struct term term;       /* takes */
	const char *deck;       /* deck's name: "main" */
	const char *seed_deck;  /* command lines for a first deck instead of the config's; NULL: none */
};

/* Everything the running deck holds. There is one, and main() owns it. UI thread. */
struct app;

bool app_new(const struct app_options *opts, struct app **out, struct err *err);
void app_free(struct app *app); /* saves the deck, stops the engine, restores the terminal */

int app_run(struct app *app); /* the UI loop; returns the exit status */

/* One turn: events, work, keys, a frame; waits at most max_ms. False when it is over. For tests and snapshots. */
bool app_turn(struct app *app, int max_ms);
/* All watched sources have answered once, or failed. *out_ok: how many did not fail. */
bool app_loaded(const struct app *app, size_t *out_ok);
/* Run one command line as the prompt would. */
bool app_command(struct app *app, const char *line, struct str *out, struct err *err);
