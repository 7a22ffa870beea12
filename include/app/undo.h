#pragma once
#include "app/state.h"

/* What U takes back. */

/* Note that running `line` takes back `what`; with `uri`, a column that returns shows that post. */
void undo_line(struct app *app, const char *what, const char *line, const char *uri);
/* Note posts that were marked read; takes `posts`. */
void undo_read(struct app *app, const char *what, post_id *posts, size_t nposts);
/* What `line` would take back did not happen. */
void undo_forget(struct app *app, const char *line);
/* Take back the newest. False when there is nothing. */
bool undo_last(struct app *app, struct err *err);
void undo_finish(struct undo *undo);
