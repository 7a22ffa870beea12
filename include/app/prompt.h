#pragma once
#include "app/state.h"

/* The prompt: what is typed becomes the arguments of a command, or a whole line. */

/* Open it for `command` ("": a whole line), with its `initial` text or the one given. */
void prompt_open(struct app *app, const char *command, const char *text);
/* Ask a question; `y` runs `line`, every other key leaves all as it is. */
void prompt_confirm(struct app *app, const char *question, const char *line);
void prompt_key(struct app *app, const char *key); /* a key that is not bound in `prompt` */
void prompt_paste(struct app *app, const char *text);
void prompt_accept(struct app *app);            /* Enter */
void prompt_cancel(struct app *app);            /* Esc: undoes what a live command did */
void prompt_complete(struct app *app, int dir); /* 1: next completion, -1: the one before */
void prompt_history(struct app *app, int dir);  /* -1: older, 1: newer */

/* A live command found a mistake at this byte of `tail`, with which what is typed ends. */
void prompt_mistake(struct app *app, const char *tail, int at);

/* The history as one value: lines with LF between. */
void prompt_load_history(struct app *app, const char *lines);
