#pragma once
#include <poll.h>

#include "app/state.h"

/* What the files of app/ have between them. */

enum {
	APP_EVENTS_MS = 2, /* of a turn, for events */
	APP_SETTLE_MS = 3, /* of a turn, for merging and filtering */
	APP_KEYS_MS = 8,   /* of a turn, for keys that pile up */
	APP_NARROW_COLS = 60,
	APP_MAX_POLL = 64, /* file descriptors */
	APP_MAX_MESSAGES = 500,
	APP_MAX_HISTORY = 300,
	APP_MAX_UNDO = 100,
	APP_TOAST_MS = 8000,
	APP_UNREAD_MS = 1000,
	APP_READ_BATCH_MS = 2000,
	APP_SAVE_MS = 3000,
};

/* -- event.c -- */
void event_take(struct app *app, struct event *event); /* takes it */

/* -- draw.c -- */
void draw_frame(struct app *app); /* when something is dirty */
int draw_deck_rows(const struct app *app);
int draw_deck_cols(const struct app *app);
/* One column at a time: as wide as a phone, or read aloud. */
bool draw_is_single(const struct app *app);

/* -- title.c -- */
void title_update(struct app *app);
void title_forget(struct app *app); /* it is set anew, by an option that changed */

/* -- keys.c -- */
void keys_press(struct app *app, const char *key);
enum key_context keys_context(const struct app *app);
/* Run a command line, say what it says, and mark what the cursor left. */
void keys_run(struct app *app, const char *line);

/* -- mouse.c -- */
void mouse_press(struct app *app, const struct term_event *event);

/* -- watch.c -- */
struct watch *watch_of(struct app *app, source_id source);
void watch_take(struct app *app, source_id source);
void watch_drop(struct app *app, source_id source);
/* A job ended. True when it was about a source and needs no more words. */
bool watch_done(struct app *app, job_id job, const struct err *err);
void watch_page(struct app *app, source_id source, const struct page *page);
void watch_health(struct app *app, source_id source, const struct event *event);
void watch_finish(struct app *app);
void watch_older(struct app *app, source_id source); /* ask for what is below its oldest row */

/* -- overlay.c -- */
void overlay_refresh(struct app *app); /* a list that shows what has changed */

/* -- compose*.c -- */
struct rect compose_area(const struct app *app);
void compose_draw(struct app *app, int *out_row, int *out_col);
void compose_status(const struct app *app, const char **out_account, size_t *out_place);
void compose_tick(struct app *app);             /* keep what was typed */
int64_t compose_next_ms(const struct app *app); /* when that is, monotonic; 0: nothing waits */
void compose_finish(struct app *app);           /* keep it now: the deck ends */

/* -- resolve.c -- */
/* Among those signed in, from 1: its colour. 0: there is no other to tell it from. */
size_t account_place(const struct app *app, const struct account *account);

/* -- unseen.c -- */
/* What is remembered is here: load the columns that some notice is about. */
void unseen_load(struct app *app);

/* -- loop.c -- */
/* How long a turn may wait; -1: until something happens. */
int app_wait_ms(const struct app *app);

/* -- signals.c -- */
bool signals_start(struct app *app, struct err *err);
void signals_take(struct app *app);
void signals_stop(struct app *app);

/* -- control.c -- */
struct control *control_open(const struct app *app, struct err *err);
void control_close(struct control *control);
size_t control_poll(const struct control *control, struct pollfd *fds, size_t max);
void control_take(struct app *app, const struct pollfd *fds, size_t n);

/* -- spawn.c -- */
size_t spawn_poll(const struct app *app, struct pollfd *fds, size_t max);
void spawn_take(struct app *app);
void spawn_finish(struct app *app);

/* -- act.c -- */
void act_tick(struct app *app);             /* send what has waited long enough */
int64_t act_next_ms(const struct app *app); /* when that is, monotonic; 0: nothing waits */
void act_finish(struct app *app);           /* send it now: the deck ends */

/* -- browse.c -- */
void browse_finish(struct app *app);

/* -- visit.c: minutes of attention -- */
void visit_key(struct app *app); /* a key was pressed */
void visit_end(struct app *app); /* the focus moves on, or the deck ends */

/* -- app.c -- */
void app_flush_read(struct app *app);
void app_on_value(struct app *app, const char *value);
