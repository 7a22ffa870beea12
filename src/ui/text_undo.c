#include "text_undo.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "edit_move.h"

/*
 * Each change is kept as what it took and what it put; so undo and redo are the same
 * change, the one way or the other.
 */

enum { MAX_STEPS = 2000, MAX_STEP_BYTES = 8 << 20 };

struct text_step {
	size_t at, before; /* place of the change; the cursor before it */
	struct str took, put;
};

static void step_finish(struct text_edit *edit, struct text_step *step)
{
	edit->step_bytes -= step->took.len + step->put.len;
	str_finish(&step->took);
	str_finish(&step->put);
}

void text_steps_forget(struct text_edit *edit)
{
	for (size_t i = 0; i < edit->nsteps; i++)
		step_finish(edit, &edit->steps[i]);
	free(edit->steps);
	edit->steps = NULL;
	edit->nsteps = edit->steps_cap = edit->undone = 0;
}

/* Put `with` in place of `len` bytes at `at`. */
static void splice(struct text_edit *edit, size_t at, size_t len, const char *with, size_t n)
{
	struct str *text = &edit->text;
	if (n > len) str_reserve(text, n - len);
	if (text->p) {
		memmove(text->p + at + n, text->p + at + len, text->len - at - len);
		if (n) memcpy(text->p + at, with, n);
		text->len += n - len;
		text->p[text->len] = 0;
	}
	edit->version++;
}

/* Drop what was taken back, and the oldest when there are too many. */
static void make_room(struct text_edit *edit)
{
	while (edit->nsteps > edit->undone)
		step_finish(edit, &edit->steps[--edit->nsteps]);
	while (edit->nsteps && (edit->nsteps >= MAX_STEPS || edit->step_bytes > MAX_STEP_BYTES)) {
		step_finish(edit, &edit->steps[0]);
		memmove(edit->steps, edit->steps + 1, --edit->nsteps * sizeof(*edit->steps));
	}
	edit->undone = edit->nsteps;
}

/* Can the change be part of the last step: more typing, or more erasing backwards? */
static bool step_join(struct text_edit *edit, size_t from, size_t to, const char *bytes, size_t len)
{
	if (!edit->nsteps || edit->undone != edit->nsteps) return false;
	struct text_step *step = &edit->steps[edit->nsteps - 1];
	if (from == to && !step->took.len && step->at + step->put.len == from) {
		str_add(&step->put, bytes, len);
		edit->step_bytes += len;
		return true;
	}
	if (len || step->put.len || (to != step->at && from != step->at)) return false;
	struct str took = {0};
	if (from == step->at) str_add(&took, str_c(&step->took), step->took.len);
	str_add(&took, edit->text.p + from, to - from);
	if (from != step->at) str_add(&took, str_c(&step->took), step->took.len);
	str_finish(&step->took);
	step->took = took;
	step->at = from;
	edit->step_bytes += to - from;
	return true;
}

/* What was put or taken may have made one cluster of two: the cursor goes to its end. */
static void snap(struct text_edit *edit)
{
	const char *p = str_c(&edit->text);
	size_t len = edit->text.len, before = edit_prev(p, len, edit->cursor);
	if (edit->cursor) edit->cursor = edit_next(p, len, before);
}

void text_step_do(
        struct text_edit *edit, size_t from, size_t to, const char *bytes, size_t len, bool joins)
{
	if (from == to && len == 0) return;
	if (!joins || !step_join(edit, from, to, bytes, len)) {
		make_room(edit);
		edit->steps = mem_grow(
		        edit->steps, &edit->steps_cap, edit->nsteps + 1, sizeof(*edit->steps));
		struct text_step *step = &edit->steps[edit->nsteps++];
		*step = (struct text_step){.at = from, .before = edit->cursor};
		str_add(&step->took, str_c(&edit->text) + from, to - from);
		str_add(&step->put, bytes, len);
		edit->step_bytes += step->took.len + step->put.len;
		edit->undone = edit->nsteps;
	}
	splice(edit, from, to - from, bytes, len);
	edit->cursor = from + len;
	snap(edit);
}

bool text_edit_undo(struct text_edit *edit)
{
	if (!edit->undone) return false;
	const struct text_step *step = &edit->steps[--edit->undone];
	splice(edit, step->at, step->put.len, str_c(&step->took), step->took.len);
	edit->cursor = step->before;
	edit->last = TEXT_EDIT_MOVED;
	edit->goal = 0;
	return true;
}

bool text_edit_redo(struct text_edit *edit)
{
	if (edit->undone == edit->nsteps) return false;
	const struct text_step *step = &edit->steps[edit->undone++];
	splice(edit, step->at, step->took.len, str_c(&step->put), step->put.len);
	edit->cursor = step->at + step->put.len;
	edit->last = TEXT_EDIT_MOVED;
	edit->goal = 0;
	return true;
}
