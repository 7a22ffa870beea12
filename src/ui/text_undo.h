#pragma once
#include "ui/text_edit.h"

/* What text_edit.c and text_undo.c have between them. */

/*
 * Change bytes [from, to) to `bytes` and remember it. `joins`: it may be one with the step
 * before, when it goes on where that ended (a word typed letter by letter).
 */
void text_step_do(
        struct text_edit *edit, size_t from, size_t to, const char *bytes, size_t len, bool joins);
void text_steps_forget(struct text_edit *edit);
