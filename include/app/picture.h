#pragma once
#include "app/state.h"

/* Pictures: those in posts, and one large over the deck. */

/* What the options and the terminal say; after they have changed. */
void picture_configure(struct app *app);
/* Show the media of a post over the deck. False: it has none, or they are off. */
bool picture_open(struct app *app, const struct post *post, struct err *err);
/* draw.c's: the overlay, and then what lies over its cells in the terminal. */
void picture_draw(struct app *app);
void picture_show(struct app *app);

/* Ask the engine for what the last frame lacked. */
void picture_ask(struct app *app);
struct event;
/* event.c's: was it about a picture? Takes its image. */
bool picture_take(struct app *app, struct event *event);
