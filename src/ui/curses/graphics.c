#include "private.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "base/clock.h"
#include "model/image_send.h"

/*
 * Pixels in the terminal. At the start, once, it is asked what it can do: kitty's graphics,
 * the size of a cell, and last what every terminal answers (DA1), so that it is known when no
 * more will come. The answers are taken out of the keys (answer_take).
 */

enum { CELL_WIDTH = 8, CELL_HEIGHT = 16, CELL_MOST = 100, PUMP_MS = 8, PUMP_BYTES = 4096 };

static const char ask_kitty[] = "\033_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\033\\";
static const char ask_cell[] = "\033[16t", ask_device[] = "\033[c";

static bool begins(const char *text, const char *with)
{
	return text && strncmp(text, with, strlen(with)) == 0;
}

static bool is_env(const char *name, const char *value)
{
	const char *now = getenv(name);
	return now && strcmp(now, value) == 0;
}

/* Known to know nothing of such questions, or to print them. */
static bool is_known_not_to(void)
{
	static const char *const names[] = {
	        "linux", "dumb", "vt", "screen", "alacritty", "eterm", "rxvt", "cygwin"};
	const char *term = getenv("TERM");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (begins(term, names[i])) return !getenv("TMUX");
	}
	return !term || is_env("TERM_PROGRAM", "Apple_Terminal");
}

/* tmux tells of sixels, which it handles itself; all else would get lost in it. */
static bool is_inside_tmux(void)
{
	return getenv("TMUX") || begins(getenv("TERM"), "tmux");
}

static bool is_iterm(void)
{
	return is_env("TERM_PROGRAM", "iTerm.app") || is_env("LC_TERMINAL", "iTerm2") ||
	       is_env("TERM_PROGRAM", "WezTerm");
}

void graphics_ask(struct curses *curses)
{
	struct answers *answers = &curses->input.answers;
	if (answers->asked || !curses->xterm_like || is_known_not_to()) return;
	answers->asked = true;
	answers->asked_ms = clock_mono(&clock_system);
	bool inside = is_inside_tmux();
	answers->iterm = !inside && is_iterm();
	if (!inside) {
		curses_send(curses, ask_kitty, sizeof(ask_kitty) - 1);
		curses_send(curses, ask_cell, sizeof(ask_cell) - 1);
	}
	curses_send(curses, ask_device, sizeof(ask_device) - 1);
}

/* Parameter number `at` of "62;4;22". -1: there is none. */
static int parameter(const char *text, int at)
{
	for (; at > 0 && text; at--) {
		text = strchr(text, ';');
		if (text) text++;
	}
	return text && *text >= '0' && *text <= '9' ? atoi(text) : -1;
}

void answer_take(struct answers *answers, const char *text, size_t len)
{
	if (begins(text, "\033_G")) {
		answers->kitty = answers->kitty || strstr(text, ";OK") != NULL;
	} else if (begins(text, "\033[?") && text[len - 1] == 'c') {
		for (int i = 1, value; (value = parameter(text + 3, i)) >= 0; i++)
			answers->sixel = answers->sixel || value == 4;
		answers->answered = true;
	} else if (begins(text, "\033[6;") && text[len - 1] == 't') {
		int height = parameter(text + 2, 1), width = parameter(text + 2, 2);
		if (width < 1 || width > CELL_MOST || height < 1 || height > CELL_MOST) return;
		answers->cell_width = width;
		answers->cell_height = height;
	}
}

static void size_of_cell(const struct curses *curses, int *width, int *height)
{
	const struct answers *answers = &curses->input.answers;
	struct winsize size;
	*width = answers->cell_width;
	*height = answers->cell_height;
	if (*width && *height) return;
	if (ioctl(curses->tty, TIOCGWINSZ, &size) == 0 && size.ws_col && size.ws_row) {
		*width = size.ws_xpixel / size.ws_col;
		*height = size.ws_ypixel / size.ws_row;
	}
	/* Smaller than most: a picture that is too small does no harm. */
	if (*width < 1 || *height < 1 || *width > CELL_MOST || *height > CELL_MOST) {
		*width = CELL_WIDTH;
		*height = CELL_HEIGHT;
	}
}

struct term_graphics curses_graphics(void *ctx)
{
	const struct curses *curses = ctx;
	const struct answers *answers = &curses->input.answers;
	struct term_graphics graphics = {.form = answers->kitty   ? IMAGE_KITTY
	                                         : answers->iterm ? IMAGE_ITERM
	                                         : answers->sixel ? IMAGE_SIXEL
	                                                          : IMAGE_CELLS};
	size_of_cell(curses, &graphics.cell_width, &graphics.cell_height);
	return graphics;
}

/* -- sending -- */

bool picture_pump(struct curses *curses)
{
	int64_t until = clock_mono(&clock_system) + PUMP_MS;
	while (curses->sent < curses->waiting.len) {
		size_t left = curses->waiting.len - curses->sent;
		if (!takes_bytes(curses) || clock_mono(&clock_system) > until) return false;
		size_t n = left < PUMP_BYTES ? left : PUMP_BYTES;
		curses_send(curses, curses->waiting.p + curses->sent, n);
		curses->sent += n;
	}
	str_clear(&curses->waiting);
	curses->sent = 0;
	return true;
}

void picture_stop(struct curses *curses)
{
	static const char end[] = "\033\\\0338";
	if (curses->waiting.len == 0) return;
	curses_send(curses, end, sizeof(end) - 1);
	str_clear(&curses->waiting);
	curses->sent = 0;
}

/* Kitty's goes by its number; what others have drawn goes when the cells are written again. */
static void take_away(struct curses *curses)
{
	struct str bytes = {0};
	if (!curses->pictured) return;
	curses->pictured = NULL;
	if (curses->input.answers.kitty) {
		image_kitty_drop(&bytes);
		curses_send(curses, bytes.p, bytes.len);
		str_finish(&bytes);
	} else {
		curses->fresh = curses->repaint = true;
	}
}

/* The cells that the picture takes, in the middle of its place. */
static struct rect fit(const struct curses *curses, const struct term_picture *picture)
{
	int width, height;
	size_of_cell(curses, &width, &height);
	struct rect place = picture->place;
	int cols = ((int)picture->image->width + width - 1) / width;
	int rows = ((int)picture->image->height + height - 1) / height;
	if (cols > place.cols) cols = place.cols;
	if (rows > place.rows) rows = place.rows;
	return (struct rect){place.row + (place.rows - rows) / 2,
	        place.col + (place.cols - cols) / 2, rows, cols};
}

static bool send_picture(struct curses *curses, const struct term_picture *picture)
{
	struct rect at = fit(curses, picture);
	/* The cursor goes back to where ncurses believes it to be. */
	str_addf(&curses->waiting, "\0337\033[%d;%dH", at.row + 1, at.col + 1);
	str_add(&curses->waiting, picture->image->bytes, picture->image->nbytes);
	str_adds(&curses->waiting, "\0338");
	return picture_pump(curses);
}

static bool same_place(const struct rect *a, const struct rect *b)
{
	return a->row == b->row && a->col == b->col && a->rows == b->rows && a->cols == b->cols;
}

bool curses_picture(void *ctx, const struct term_picture *picture)
{
	struct curses *curses = ctx;
	if (curses->suspended) return true;
	if (!picture) {
		take_away(curses);
		return !curses->repaint;
	}
	bool same = picture->image == curses->pictured &&
	            same_place(&picture->place, &curses->picture_place);
	if (same && !curses->painted) return true;
	if (curses->pictured && !same) take_away(curses);
	if (curses->repaint) return false; /* what was there goes first */
	curses->pictured = picture->image;
	curses->picture_place = picture->place;
	curses->painted = false;
	return send_picture(curses, picture);
}
