#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <curses.h>

#include "base/str.h"
#include "ui/term.h"

/* What the files of the real terminal share; nobody else includes curses.h. */

/* --- colours (inks.c) --- */

/* A style as ncurses wants it. */
struct ink {
	struct style look; /* that it was made from */
	attr_t attrs;
	int pair;
};

struct color_pair {
	int fg, bg; /* curses' numbers */
	int next;   /* pair with the same hash, 0: none */
};
enum { PAIR_SLOTS = 4096 };

struct colors {
	int depth;        /* colours to be used: 0, 8, 16, 256 or COLORS_DIRECT */
	bool direct;      /* the terminal's numbers are RGB */
	struct ink *inks; /* by style */
	size_t ninks, inks_cap;
	struct color_pair *pairs; /* pair i + 1 */
	size_t npairs, pairs_cap;
	int slots[PAIR_SLOTS]; /* the first pair of each hash, 0: none */
	bool full;             /* there were not enough pairs: begin anew at the next frame */
};
enum { COLORS_DIRECT = 1 << 24 };

/* Choose how many colours to use: a value of the option `colors`. */
void colors_choose(struct colors *colors, const char *option);
/* Learn the theme's looks. True when a style looks other than before: all is to be drawn again. */
bool colors_learn(struct colors *colors, const struct theme *theme);
/* The ink of a picture's cell (CELL_INKED). */
struct ink colors_ink(struct colors *colors, const struct cell *cell);
void colors_finish(struct colors *colors);

/* --- pixels (graphics.c) --- */

/* What the terminal said when it was asked, once. */
struct answers {
	bool asked, answered; /* answered: no more will come */
	bool kitty, sixel, iterm;
	int cell_width, cell_height; /* pixels; 0: not told */
	int64_t asked_ms;
};

/* A whole sequence from the terminal that is no key. */
void answer_take(struct answers *answers, const char *text, size_t len);

/* --- keys (keys.c) --- */

struct input {
	WINDOW *pad; /* read through it, so that reading never draws */
	int pushed;  /* a code read too early, or 0 */
	bool pasting;
	int64_t paste_ms; /* when its last byte came */
	struct str raw;   /* the paste so far */
	struct str paste; /* the one given out last */
	char part[4];     /* bytes of a character that is not complete */
	size_t part_len;
	struct answers answers;
	struct str sequence; /* an answer that is not complete */
	int64_t sequence_ms; /* when its last byte came */
	int64_t click_ms;    /* the last left press, to tell a double one */
	int click_row, click_col;
};

bool input_open(struct input *input);
void input_finish(struct input *input);
void input_mouse(bool on);
/* The next event; TERM_NONE when nothing waits (never blocks but for ESCDELAY). */
void input_read(struct input *input, struct term_event *out);

/* --- leaving in a hurry (restore.c) --- */

/*
 * Prepare term_curses_emergency: keep the tty's state as it is now. Catches fatal signals
 * and SIGWINCH. Returns the end of a pipe that becomes readable when the size changes,
 * or -1.
 */
int restore_arm(int fd);
/* The bytes that undo what is sent to the terminal from now on. */
void restore_undo(const char *bytes, size_t len);
void restore_disarm(void);
bool restore_resized(void); /* has the size changed since the last call? */

/* --- the terminal (term.c) and its screen (show.c) --- */

struct curses {
	SCREEN *screen;
	FILE *out;        /* ncurses writes to its descriptor … */
	int fd;           /* … which is this one */
	int tty;          /* the terminal for what we write ourselves */
	int frame;        /* a file that takes the place of `fd` while a frame is made, or -1 */
	struct str bytes; /* of the frame */
	struct grid shown;
	bool fresh;   /* `shown` says nothing: draw all */
	bool repaint; /* the terminal is not what ncurses thinks: send all */
	bool suspended, mouse, cursor;
	bool xterm_like; /* knows OSC and CSI ? sequences that terminfo does not name */
	bool titled;
	bool painted;                 /* the last show sent everything anew */
	const struct image *pictured; /* what lies over the cells, only to be compared; or NULL */
	struct rect picture_place;
	struct str waiting; /* bytes of a picture that are still to be sent … */
	size_t sent;        /* … but so many: nothing else may go between them */
	struct colors colors;
	struct input input;
	cchar_t *run; /* room for one row */
	size_t run_cap;
};

/* Bytes of our own, straight to the terminal. */
void curses_send(const struct curses *curses, const char *bytes, size_t len);

/* Send on what waits, as much as the terminal takes. True: nothing waits any more. */
bool picture_pump(struct curses *curses);
/* Break it off. */
void picture_stop(struct curses *curses);
/* Does it take bytes now? */
bool takes_bytes(const struct curses *curses);
/* Ask the terminal what it can show, unless it was asked or would not know. */
void graphics_ask(struct curses *curses);
bool curses_picture(void *ctx, const struct term_picture *picture); /* term_ops.picture */
struct term_graphics curses_graphics(void *ctx);                    /* term_ops.graphics */

/* The file in memory that a frame goes to; -1 when the system has none. */
int frame_open(void);

/* term_ops.show */
bool curses_show(void *ctx, const struct grid *grid, const struct theme *theme, int cursor_row,
        int cursor_col);
