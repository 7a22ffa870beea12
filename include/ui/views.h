#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "model/image.h"
#include "ui/edit.h"
#include "ui/view.h"

/* --- the lines between columns --- */

/*
 * Draw a vertical line left of each column but the first, `rects` as layout_columns
 * gave them; the one at the focused column (an index, SIZE_MAX: none) in its own role.
 */
void borders_draw(
        struct ui *ui, struct grid *grid, const struct rect *rects, size_t nrects, size_t focused);

/*
 * Draw a frame on its outermost cells, with a title (NULL: none), on the background of a
 * role. Returns the first column behind the title.
 */
int frame_draw(
        struct ui *ui, struct grid *grid, struct rect frame, enum role under, const char *title);

/* --- the article: one text over the deck, at most 80 cells wide, links numbered --- */
struct article_view {
	post_id post;     /* title, author and time come from it; 0: none */
	const char *utf8; /* borrowed from the app: the whole text */
	size_t len;
	const struct facet *facets;
	size_t nfacets;
	int top; /* first visible line */
	bool loading;
};
void article_view_draw(
        struct article_view *view, struct ui *ui, struct grid *grid, struct rect area);
void article_view_scroll(struct article_view *view, struct ui *ui, int lines, struct rect area);
/* The target of the i-th link or picture (from 1), or NULL. The same target has one number. */
const char *article_view_link(const struct article_view *view, size_t i);

/* --- a profile: all about one person over the deck, their pinned posts below --- */
struct profile_view {
	profile_id profile;          /* 0: not known yet */
	account_id account;          /* who looks; 0: nobody who is signed in */
	const char *who;             /* what they are called until they are known; borrowed */
	const struct person *person; /* borrowed; NULL: not here yet */
	const char *trouble;         /* why it will not come, or NULL; borrowed */
	int top;                     /* first visible line */
	size_t pinned;               /* the selected pinned post, from 1; 0: none */
};
void profile_view_draw(
        struct profile_view *view, struct ui *ui, struct grid *grid, struct rect area);
void profile_view_scroll(struct profile_view *view, struct ui *ui, int lines, struct rect area);
/* Select the next pinned post, dir 1, or the one above, -1, and bring it into view. */
bool profile_view_move(struct profile_view *view, struct ui *ui, int dir, struct rect area);
/* The selected pinned post; 0: none. */
post_id profile_view_post(const struct profile_view *view, const struct ui *ui);
/* The i-th address from 1: the profile's own, then those in its fields and bio; owned, or NULL. */
char *profile_view_link(const struct profile_view *view, const struct ui *ui, size_t i);

/* --- a picture over the deck, what it shows in words below it --- */
struct picture_view {
	post_id post;
	size_t at; /* among its media, from 0 */
	int top;   /* first visible line of the words */
	enum image_form form; /* what the terminal takes; of pixels: how many a cell has */
	int cell_width, cell_height;
	/* Out: pixels that belong to this place, for term_ops.picture; NULL: none. */
	const struct image *pixels;
	struct rect place;
};
void picture_view_draw(
        struct picture_view *view, struct ui *ui, struct grid *grid, struct rect area);
/* Scroll the words. */
void picture_view_scroll(struct picture_view *view, struct ui *ui, int lines, struct rect area);
/* The next of the post's media, dir 1, or the one before, -1. False when there is none. */
bool picture_view_move(struct picture_view *view, const struct ui *ui, int dir);

/* --- a list over the deck: help, menu, palette, links, messages --- */
struct list_item {
	char *key;    /* shown first, may be NULL */
	char *text;   /* never NULL */
	char *detail; /* dim, at the right or below; may be NULL */
	char *line;   /* the command line to run when chosen; NULL: only to read */
	char *about;  /* what the list's own keys say behind their lines; NULL: they do nothing */
	bool dim;     /* cannot be done now; detail says why */
	bool heading;
};
/* A key that a list has for the focused item. */
struct list_key {
	const char *key, *label;
	const char *line; /* runs with a blank and the item's `about` behind it */
	bool bare;        /* runs as it is */
};
struct list_view {
	char *title;                 /* owned, may be NULL */
	const struct list_key *keys; /* lasting, ended by a row without a key; NULL: none */
	const char *on_focus;        /* runs with the selected item's `about` behind it, or NULL */
	char *on_leave;              /* owned: runs when the list goes without a choice, or NULL */
	char *again; /* owned: the line that makes the list anew after one of them, or NULL */
	struct list_item *items;
	size_t nitems, cap;
	size_t focus;   /* among the matching items, headings not counted */
	size_t top;     /* first line on the screen */
	int cursor_row; /* where the focused item was drawn last, on the screen */
	bool typing;    /* typed letters narrow the list (palette); else they choose by key */
	struct edit filter;
};
void list_view_finish(struct list_view *view);
/* Add a copy. */
void list_view_add(struct list_view *view, const struct list_item *item);
void list_view_draw(struct list_view *view, struct ui *ui, struct grid *grid, struct rect area);
void list_view_move(struct list_view *view, int by, struct rect area);
/* The chosen item (by focus, or by its key when `key` is not NULL); NULL when none. */
const struct list_item *list_view_chosen(const struct list_view *view, const char *key);

/* --- the bottom line: status, or a prompt --- */
struct status_view {
	const char *account;  /* which account acts, or NULL; in its colour */
	size_t account_place; /* as in column_view.h */
	const char *left;     /* what is selected */
	const char *right;    /* columns out of view, unread, time */
	const char *message;  /* a toast over the left part, or NULL */
	enum { STATUS_SAYS, STATUS_WENT_WELL, STATUS_WENT_WRONG } tone;
	const char *keys; /* keys pressed so far of a sequence, or hints */
};
/* Rows that it wants: more than one only for a message that would be cut. */
int status_view_rows(const struct status_view *view, int cols);
void status_view_draw(
        const struct status_view *view, struct ui *ui, struct grid *grid, struct rect area);

struct prompt_view {
	const char *label; /* ":", "/", "query: " */
	const struct edit *edit;
	int err_at;                     /* byte of the mistake, -1: none */
	const char *hint;               /* what is wrong, or what the command takes */
	const char *const *completions; /* shown above the line; focus is the chosen one */
	size_t ncompletions;
	int focus; /* -1: none */
};
/*
 * Draws upwards from the last row of `area`: the line, the hint, the completions. Says where the
 * cursor belongs.
 */
void prompt_view_draw(const struct prompt_view *view, struct ui *ui, struct grid *grid,
        struct rect area, int *out_row, int *out_col);
