#pragma once
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/app.h"
#include "app/state.h"
#include "base/mem.h"
#include "base/paths.h"
#include "commands/commands.h"
#include "fake_clock.h"

/*
 * A whole deck in memory: the engine with its threads and databases in memory, feeds
 * from files, a screen and keys in memory, and a clock that stands still.
 */
struct deck {
	struct app *app;
	struct fake_clock clock;
	struct paths paths;
	bool kept; /* it has directories of its own */
};

/* 2026-11-22T12:00:00Z: what the fixtures are dated against. */
static const int64_t deck_now_ms = 1795348800000;

/* Turn until `done`, waiting for the engine's thread. */
static inline void deck_until(struct deck *deck, bool (*done)(struct deck *deck))
{
	for (int i = 0; i < 2000; i++) {
		if (done(deck)) return;
		app_turn(deck->app, 10);
	}
	fail_msg("the deck never got there");
}

static inline bool deck_has_loaded(struct deck *deck)
{
	return app_loaded(deck->app, NULL, NULL);
}

/* Nothing was asked that has not been answered. */
static inline bool deck_is_quiet(struct deck *deck)
{
	for (size_t i = 0; i < deck->app->nwatches; i++) {
		if (deck->app->watches[i].older_job) return false;
	}
	return deck_has_loaded(deck);
}

/* What came has been merged and drawn. */
static inline void deck_settle(struct deck *deck)
{
	deck_until(deck, deck_is_quiet);
	for (int i = 0; i < 3; i++)
		app_turn(deck->app, 0);
}

static inline void deck_start(
        struct deck *deck, int cols, int rows, const char *config, const char *seed)
{
	/* What a notice could leave by: nobody's desktop or terminal hears of a test. */
	static const char *const outside[] = {
	        "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "TERM", "TERM_PROGRAM",
	        "LC_TERMINAL", "TMUX", "STY"};
	for (size_t i = 0; i < sizeof(outside) / sizeof(*outside); i++)
		unsetenv(outside[i]);
	setenv("TZ", "UTC", 1);
	tzset();
	fake_clock_init(&deck->clock, deck_now_ms);
	struct engine_options engine = {.spacing_ms = 0, .seed = 1};
	if (deck->kept) {
		engine.state_dir = deck->paths.state;
		engine.data_dir = deck->paths.data;
	}
	struct app_options opts = {.config = config,
	        .paths = deck->kept ? &deck->paths : NULL,
	        .commands = &deck_commands,
	        .clock = &deck->clock.clock,
	        .engine = &engine,
	        .seed_deck = seed};
	term_memory_open(&opts.term, rows, cols);
	struct err err = {0};
	if (!app_new(&opts, &deck->app, &err)) fail_msg("%s", err.text);
}

static inline void deck_end(struct deck *deck)
{
	app_free(deck->app);
	deck->app = NULL;
}

/* Press keys, written as in a binding, and draw. */
static inline void deck_keys(struct deck *deck, const char *keys)
{
	struct str all = {0};
	assert_true(key_normalise(&all, keys, NULL));
	for (const char *p = str_c(&all); *p;) {
		char key[64] = "";
		size_t len = key_len(p);
		memcpy(key, p, len);
		term_memory_key(app_term(deck->app), key);
		p += len;
	}
	str_finish(&all);
	app_turn(deck->app, 0);
	app_turn(deck->app, 0);
}

/* Type text: each character is a key. */
static inline void deck_type(struct deck *deck, const char *text)
{
	struct str keys = {0};
	for (const char *p = text; *p; p++) {
		if (*p == '<')
			str_adds(&keys, "<lt>");
		else
			str_addc(&keys, *p);
	}
	deck_keys(deck, str_c(&keys));
	str_finish(&keys);
}

/* Run a command line that must succeed. */
static inline void deck_run(struct deck *deck, const char *line)
{
	struct err err = {0};
	if (!app_command(deck->app, line, NULL, &err)) fail_msg("%s: %s", line, err.text);
	app_turn(deck->app, 0);
	app_turn(deck->app, 0);
}

/* Run one that must fail; its sentence, until the next call. */
static inline const char *deck_refused(struct deck *deck, const char *line)
{
	static struct err err;
	err = (struct err){0};
	if (app_command(deck->app, line, NULL, &err)) fail_msg("%s: was not refused", line);
	return err.text;
}

/* The last thing said on the status bar, or "". */
static inline const char *deck_said(const struct deck *deck)
{
	const struct app *app = deck->app;
	return app->nmessages ? app->messages[app->nmessages - 1].text : "";
}
