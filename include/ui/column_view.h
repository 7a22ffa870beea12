#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bitset.h"
#include "model/health.h"
#include "ui/view.h"

struct block_cache;

/*
 * How one column looks: a cursor and a scroll position over a timeline. The cursor is a
 * post, not a row: it stays where it is on the screen as others arrive above.
 */
struct column_view {
	/* set by the app */
	const char *title;    /* borrowed */
	const char *account;  /* whom the column acts as, or "" */
	size_t account_place; /* among those signed in, from 1: its colour; 0: none */
	struct timeline *timeline;
	struct health health; /* the worst of its sources, with err's sentence below */
	char trouble[160];    /* why it is stale, limited or broken; "" when well */
	bool focused, zoomed;
	size_t place, places; /* which of how many, from 1, when it is alone; 0: not said */
	post_id marker;       /* reading stopped last time below this post; 0: none */
	bool loading_older;

	/* the view's own */
	post_id cursor; /* 0: nothing selected, or a gap or notice (see `on`) */
	size_t row;     /* where the cursor was last found */
	struct row on;  /* the row itself; its `cursor` is not kept */
	bool any;       /* something was selected once: `on` is valid */
	int top;        /* lines of its row above the posts' area; negative: it starts lower */
	bool at_top;    /* see column_view_move */
	uint64_t seen_version;
	struct bitset opened; /* posts whose warning was opened, or that show all their lines */
	struct block_cache *blocks;
};

void column_view_init(struct column_view *view, struct timeline *timeline);
void column_view_finish(struct column_view *view);

/*
 * In all that follows `rows` and `cols` are the size of the whole column, its header
 * included. The view's look depends on the ui, so that the same must be passed that draws.
 */

/*
 * Find the cursor's row again after the timeline changed, and keep it at its place on
 * the screen. When its post is gone, the next older one takes its place. All functions
 * below begin with this.
 */
void column_view_update(struct column_view *view, struct ui *ui, int rows, int cols);

/* Draw header and posts into `area`. */
void column_view_draw(struct column_view *view, struct ui *ui, struct grid *grid, struct rect area);

/*
 * Move the cursor by posts, to the ends with INT_MIN and INT_MAX. A selected post that is
 * taller than the column is first scrolled through.
 *
 * A new column, and one moved to INT_MIN, follows the newest post (at_top): it selects
 * each that arrives. Any other move ends that, because the cursor is a post: it stays.
 * A new thread begins at the post that was opened.
 */
void column_view_move(struct column_view *view, struct ui *ui, int posts, int rows, int cols);
/* To the next unread post in direction dir, -1 (up: newer) or 1. False when there is none. */
bool column_view_move_unread(struct column_view *view, struct ui *ui, int dir, int rows, int cols);
/*
 * In a thread: to the next post that is no deeper than the selected one, past all that
 * answers it. False when there is none.
 */
bool column_view_move_branch(struct column_view *view, struct ui *ui, int dir, int rows, int cols);
/* Scroll by lines, down when positive. The cursor goes along where it would leave the screen. */
void column_view_scroll(struct column_view *view, struct ui *ui, int lines, int rows, int cols);
/* Select a row, and see that it is visible. */
void column_view_select(struct column_view *view, struct ui *ui, size_t row, int rows, int cols);
/* The timeline row drawn at a line of the column (0 = header); SIZE_MAX when none. */
size_t column_view_row_at(struct column_view *view, struct ui *ui, int line, int rows, int cols);
/* Show or cover what a warning hides, or the rest of a long post. */
void column_view_toggle(struct column_view *view, post_id post);
/* The selected row as the timeline has it now; false when the column is empty. */
bool column_view_selected(const struct column_view *view, struct row *out);
/* The line of the column at which the selected row begins, or what is seen of it. */
int column_view_cursor_line(const struct column_view *view, int rows);
/* Lines that the header takes of `rows`. */
int column_view_header(const struct column_view *view, int rows);
