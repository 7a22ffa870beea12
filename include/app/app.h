#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "base/paths.h"
#include "cmd/cmd.h"
#include "engine/engine.h"
#include "ui/term.h"

/* The running deck as main() and tests see it; app/state.h is what commands see. */
struct app;

struct app_options {
	const char *config;        /* config file; NULL: the usual place; "": none */
	const struct paths *paths; /* borrowed for the app's life; NULL: nothing is read or kept */
	const struct cmd_set *commands; /* all tables; app/ knows none of them */
	const struct clock *clock;
	const struct engine_options
	        *engine;  /* what the config does not say; borrowed until return */
	struct term term; /* takes; not with `unseen` */
	const char *deck; /* deck's name: "main" */
	bool linear;      /* plain lines and words, whatever the config says */
	bool look_only;   /* leave the deck's file as it is: a snapshot */
	bool unseen;      /* nobody looks at it (app/unseen.h) */
	const char
	        *seed_deck; /* command lines for a first deck instead of the config's; NULL: none */
};

/* Reads the config, starts the engine, opens the deck. On failure the terminal is given back too.
 */
bool app_new(const struct app_options *opts, struct app **out, struct err *err);
void app_free(struct app *app); /* saves the deck, stops the engine, restores the terminal */

int app_run(
        struct app *app); /* the UI loop with signals and control socket; returns the exit status */

/* Did it end only to begin anew, because what it reads at its start has changed? */
bool app_wants_again(const struct app *app);

/* One turn: events, work, keys, a frame; waits at most max_ms (-1: until something happens). False
 * when it is over. */
bool app_turn(struct app *app, int max_ms);
/* All watched sources have answered once, or failed. *out_ok: how many did not fail; *out_all: how
 * many there are. */
bool app_loaded(const struct app *app, size_t *out_ok, size_t *out_all);
/* Run one command line as the prompt would. `out` may be NULL: what it says then goes to the status
 * bar. */
bool app_command(struct app *app, const char *line, struct str *out, struct err *err);
/* The terminal as given to app_new: tests feed keys to it and read its grid. */
struct term *app_term(struct app *app);
/* Messages of the session, oldest first; NULL past the last. Borrowed. */
const char *app_message(const struct app *app, size_t i);

/* The text of default.conf: keys, and what else is not an option's default. */
extern const char default_conf[];
/* A commented config with every option, its default and help, and all keys. */
void config_dump(struct str *out);
