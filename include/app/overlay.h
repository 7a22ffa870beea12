#pragma once
#include "app/state.h"

/* What lies over the deck: a list, an article, a profile. One at a time, but for a list that was
 * asked for from a profile: that comes back when it closes. */

/* Show a list; takes its insides. */
void overlay_list(struct app *app, struct list_view *list);
/* Likewise; `line` is the command that shows it anew when what it shows has changed. */
void overlay_list_live(struct app *app, struct list_view *list, const char *line);
/* Select another item of the list by so many; what it says of that (on_focus) is done. */
void overlay_list_move(struct app *app, int by);
/* Show the whole text of a post; asks the archive for what memory does not hold. */
void overlay_article(struct app *app, post_id post);
void overlay_close(struct app *app);
void overlay_close_all(struct app *app); /* also what lies below */
/* The i-th link of the article from 1, or NULL. */
const char *overlay_link(const struct app *app, size_t i);
/* The rectangle that overlays may cover. */
struct rect overlay_area(const struct app *app);
/* An article's text came. Takes the insides of *text. */
void overlay_article_came(struct app *app, const char *uri, struct text *text);
/* A text of many lines as a list to read. */
void overlay_text(struct app *app, const char *title, const char *text);
