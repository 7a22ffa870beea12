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
#include "ui/post_template.h"
#include "ui/theme.h"

struct images;

/* What all drawing shares. Drawing is a pure function of this, the view and the size. */
struct ui {
	const struct store *store;
	struct theme *theme;
	const struct options *options;
	const struct clock *clock;
	struct post_template layout; /* as the option says; zeroed: as it is without being said */
	struct images *images; /* pictures that are here (ui/images.h); NULL: none are shown */
	bool ascii;           /* draw with ASCII only; the grid's own `ascii` must say the same */
	struct arena scratch; /* for the app; reset before each frame */
};

/* Border and mark characters in UTF-8 or ASCII by ui->ascii. X(ID, "utf8", "ascii") */
#define MARKS(X)                                                                                   \
	X(VERTICAL, "│", "|")                                                                      \
	X(HORIZONTAL, "─", "-")                                                                    \
	X(CORNER_1, "┌", "+")                                                                      \
	X(CORNER_2, "┐", "+")                                                                      \
	X(CORNER_3, "└", "+")                                                                      \
	X(CORNER_4, "┘", "+") X(REPOST, "↻", "^") X(LIKE, "♥", "*") X(REPLY, "↩", "<") X(          \
	        QUOTE, "❝", "\"") X(BOOKMARK, "⚑", "!") X(UNREAD, "●", "*") X(LIVE, "●", "*")      \
	        X(ELLIPSIS, "…", "~") X(MEDIA, "▣", "#") X(GAP, "⋯", "...") X(WARNING, "▲", "!")   \
	                X(BULLET, "•", "-") X(BRANCH, "├", "|") X(LAST_BRANCH, "└", "`")           \
	                        X(FOLD, "▸", ">") X(OPENED, "◆", "#") X(BAR, "▌", ">")             \
	                                X(ADD, "+", "+") X(CHECK, "✓", "x") X(LEFT, "‹", "<")      \
	                                        X(RIGHT, "›", ">") X(STAR, "★", "*")               \
	                                                X(FULL, "█", "#") X(EMPTY, "░", ".")

#define X(id, utf8, ascii) MARK_##id,
enum mark { MARKS(X) MARK_COUNT };
#undef X
/* Is everything to be plain lines of words? (the option linear) */
bool ui_is_linear(const struct ui *ui);
const char *ui_mark(const struct ui *ui, enum mark mark);

/* The role in which an account's name stands: by its place among those signed in, from 1. */
enum role ui_account_role(size_t place, enum role none);

/* "now", "3m", "2h", "4d", "12 Nov", or by the option time-format; at most 16 bytes of it. */
void ui_time(const struct ui *ui, char out[32], int64_t ms);
