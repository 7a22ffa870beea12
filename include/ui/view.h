#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "cmd/option.h"
#include "store/store.h"
#include "store/timeline.h"
#include "ui/grid.h"
#include "ui/theme.h"

/* What all drawing shares. Drawing is a pure function of this, the view and the size. */
struct ui {
	const struct store *store;
	struct theme *theme;
	const struct options *options;
	const struct clock *clock;
	bool ascii;          /* draw with ASCII only */
	struct arena scratch; /* reset before each draw */
};

/* Border and mark characters in UTF-8 or ASCII by ui->ascii. X(ID, "utf8", "ascii") */
#define MARKS(X) \
	X(VERTICAL, "│", "|") X(HORIZONTAL, "─", "-") X(CROSS, "┼", "+") X(TEE_DOWN, "┬", "+") \
	X(REPOST, "↻", "^") X(LIKE, "♥", "*") X(REPLY, "↩", "<") X(QUOTE, "❝", "\"") \
	X(BOOKMARK, "⚑", "!") X(UNREAD, "●", "*") X(LIVE, "●", "*") X(ELLIPSIS, "…", "~") \
	X(MEDIA, "▣", "#") X(GAP, "⋯", "...") X(WARNING, "▲", "!") X(BULLET, "•", "-") \
	X(LEFT, "‹", "<") X(RIGHT, "›", ">") X(SCROLL, "▐", "#")

#define X(id, utf8, ascii) MARK_##id,
enum mark { MARKS(X) MARK_COUNT };
#undef X
const char *ui_mark(const struct ui *ui, enum mark mark);

/* "3m", "2h", "4d", or by the option time-format; at most 16 bytes. */
void ui_time(const struct ui *ui, char out[32], int64_t ms);
