#pragma once
#include "app/state.h"

/* Other programs, started without a shell, with no terminal of ours. */

/*
 * Open an address by the program that a rule names (app/open_with.h), else that of the option
 * `browser`. Only http, https, gemini and
 * mailto; the address is one argument and cannot be taken for an option.
 */
bool spawn_browser(struct app *app, const char *url, struct err *err);
/* The same and say so; without a display show the address and copy it. */
bool spawn_address(struct app *app, const char *url, struct err *err);
/* Is there a display that a browser could open on? */
bool spawn_has_display(void);

/*
 * Run `command` (split by our lexer) with `input` on its standard input. What it prints
 * is shown when it ends. Never waits.
 */
bool spawn_pipe(
        struct app *app, const char *command, const char *input, size_t len, struct err *err);

/*
 * Run a program with the terminal, and come back when it has ended. False with ERR_CANCELLED
 * when that was without success.
 */
bool spawn_foreground(struct app *app, char *const *argv, struct err *err);
/* Likewise stoa itself, as a command line; with `pause` what it said stays until Enter. */
bool spawn_own(struct app *app, char *const *argv, bool pause, struct err *err);

/* One of our own programs has ended: its input again, and its exit status, -1 when killed. */
typedef void spawn_ended(struct app *app, const char *input, int status);
/* Start one; takes `input`. What it prints is thrown away. Never waits. */
bool spawn_helper(
        struct app *app, char *const *argv, char *input, spawn_ended *ended, struct err *err);

/* A file of our own for that, 0600, which nobody else can have made. Owned; NULL with a reason. */
char *editor_file(const struct app *app, const char *text, size_t len, struct err *err);
/*
 * Let the user edit a file with $VISUAL, $EDITOR or vi: gives the terminal away and comes
 * back when the editor has ended. False with ERR_CANCELLED when it ended without success.
 */
bool spawn_editor(struct app *app, const char *path, struct err *err);
