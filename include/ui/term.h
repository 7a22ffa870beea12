#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "model/image.h"
#include "ui/grid.h"
#include "ui/theme.h"

enum term_event_kind {
	TERM_NONE, /* nothing more to read now */
	/* key: "j", "<C-d>", "<Up>", a character as UTF-8; `<` is "<lt>", a blank "<Space>" */
	TERM_KEY,
	/* key: "<LeftMouse>", "<2-LeftMouse>", "<MiddleMouse>", "<RightMouse>", "<WheelUp>" … */
	TERM_MOUSE,
	TERM_PASTE,  /* paste: all of it, LF ends lines, cleaned; owned by the term until the next
	                read */
	TERM_RESIZE, /* ask for the size again; many changes are told once */
	TERM_CLOSED, /* the terminal is gone */
};

struct term_event {
	enum term_event_kind kind;
	char key[32];
	int row, col;
	const char *paste;
};

struct term_options {
	const char *colors; /* auto none 16 256 truecolor */
	bool mouse, ascii;
	bool pictures; /* ask the terminal once whether it can show pixels */
};

/* Pixels over the cells of a place, which the grid leaves blank. */
struct term_picture {
	const struct image *image; /* borrowed until the next show */
	struct rect place;         /* the cells that it may cover; it is fitted into them */
};

/* What a terminal has said that it can do with them; a cell's size in pixels. */
struct term_graphics {
	enum image_form form; /* IMAGE_CELLS: it shows no pixels */
	int cell_width, cell_height;
};

/* A screen and keyboard: ncurses when run, memory in tests and snapshots. */
struct term_ops {
	void (*size)(void *ctx, int *rows, int *cols);
	/*
	 * Bring the screen to look like the grid: only what differs is sent, in one write
	 * as a rule. Cursor at row < 0 is hidden. False when the terminal takes nothing now:
	 * nothing was sent and nothing is lost, show again a little later.
	 */
	bool (*show)(void *ctx, const struct grid *grid, const struct theme *theme, int cursor_row,
	        int cursor_col);
	void (*read)(void *ctx, struct term_event *out); /* never blocks */
	void (*configure)(void *ctx, const struct term_options *opts);
	int (*colors)(void *ctx);   /* how many it uses: 0, 8, 16, 256, or more for all */
	void (*redraw)(void *ctx);  /* send everything again at the next show */
	void (*suspend)(void *ctx); /* before $EDITOR, a pager or ^Z */
	void (*resume)(void *ctx);
	void (*title)(void *ctx, const char *text); /* cleaned here; NULL restores */
	void (*copy)(void *ctx, const char *text);  /* OSC 52; cleaned here */
	void (*bell)(void *ctx);
	void (*notify)(void *ctx, const char *bytes, size_t len); /* as base/osc.h makes them */
	/* After show: what lies over the cells from now on, NULL: nothing. False: the terminal
	 * takes no more now; show again a little later. */
	bool (*picture)(void *ctx, const struct term_picture *picture);
	struct term_graphics (*graphics)(void *ctx);
	void (*free)(void *ctx); /* leaves the tty as it was */
};

struct term {
	const struct term_ops *ops;
	void *ctx;
	int fd;           /* poll this for keys; -1: none */
	int resize_fd;    /* readable when the size has changed: call read; -1: none */
	bool ascii;       /* the terminal or locale cannot show UTF-8 */
	char notice[160]; /* what had to be done otherwise (a fallback terminfo entry), or "" */
};

/*
 * The real terminal by ncurses: newterm, with xterm-256color, then vt100, when TERM is
 * not known. False when the terminal cannot place a cursor (TERM=dumb) or is none: use
 * the plain deck. setlocale() must have been called. UI thread; one at a time.
 */
bool term_curses_open(struct term *out, const struct term_options *opts, struct err *err);

/*
 * Leave the tty as it was before term_curses_open, from a signal handler of any kind
 * (async-signal-safe); nothing when it is not open. Called by itself on SIGSEGV, SIGBUS,
 * SIGILL, SIGFPE and SIGABRT, unless those had a handler before.
 */
void term_curses_emergency(void);

/* A screen in memory; keys are fed by term_memory_key. For tests and --snapshot. */
void term_memory_open(struct term *out, int rows, int cols);
const struct grid *term_memory_grid(const struct term *term); /* as shown last */
const char *term_memory_clip(const struct term *term);        /* copied last, or "" */
/* The row of the cursor, -1 when it is hidden, and its column. */
int term_memory_cursor(const struct term *term, int *out_col);
unsigned term_memory_bells(const struct term *term);          /* rung so far */
const char *term_memory_title(const struct term *term);       /* set last, or "" */
const char *term_memory_notices(const struct term *term);     /* all so far, as sent */
void term_memory_key(struct term *term, const char *key);     /* queued for read */
void term_memory_close(struct term *term);                    /* read then says TERM_CLOSED */
void term_memory_graphics(struct term *term, struct term_graphics graphics); /* it can so much */
bool term_memory_pictured(const struct term *term); /* pixels lie over its cells */
void term_memory_paste(struct term *term, const char *text);
void term_memory_mouse(struct term *term, const char *key, int row, int col);
void term_memory_resize(struct term *term, int rows, int cols);
