#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "ui/wrap.h"

/*
 * A text of many lines being typed: readline's keys on lines as they are seen, a cursor by
 * clusters, undo and redo. Pure. Zeroed is valid and empty.
 */

enum { TEXT_EDIT_MAX = 1 << 20 }; /* bytes */

struct text_step;

struct text_edit {
	struct str text;
	size_t cursor;     /* bytes, on a cluster's edge */
	uint64_t version;  /* moves on with each change of the text */
	struct str killed; /* what C-k, C-u, C-w and their kin took, for C-y */

	/* its own */
	struct text_step *steps; /* done; from `undone` on taken back */
	size_t nsteps, steps_cap, undone, step_bytes;
	enum { TEXT_EDIT_MOVED, TEXT_EDIT_TYPED, TEXT_EDIT_ERASED, TEXT_EDIT_KILLED } last;
	int goal; /* cells from the left that up and down keep, plus 1; 0: where the cursor is */
	struct arena rows_arena;
	struct wrap rows;
	uint64_t rows_version;
	int rows_cols; /* 0: the rows are not known */
};

void text_edit_finish(struct text_edit *edit);
/* Another text altogether, the cursor at its end; nothing of it is undone. */
void text_edit_set(struct text_edit *edit, const char *text);
/* At the cursor, cleaned to a body of text. False when it would be too long: nothing changes. */
bool text_edit_insert(struct text_edit *edit, const char *utf8, size_t len);
/* Put a text in place of bytes [from, to); the cursor then stands behind it. */
bool text_edit_replace(
        struct text_edit *edit, size_t from, size_t to, const char *utf8, size_t len);

/*
 * Act on a key name. `cols`: the cells of a row, as drawn last. True when the key meant
 * something here, a character among them.
 */
bool text_edit_key(struct text_edit *edit, const char *key, int cols);
/* Go down by rows (up: negative), keeping the place in the row. False: there was no row. */
bool text_edit_move(struct text_edit *edit, int rows, int cols);
bool text_edit_undo(struct text_edit *edit);
bool text_edit_redo(struct text_edit *edit);

/* The text in rows of `cols` cells: one at least, and one behind a last LF. Lent until a change. */
const struct wrap *text_edit_rows(struct text_edit *edit, int cols);
/* The row that the cursor stands in, and its cells from the left (less than `cols`). */
size_t text_edit_row(struct text_edit *edit, int cols, int *out_col);
