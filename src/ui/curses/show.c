#include "private.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wchar.h>

#include "base/mem.h"
#include "base/utf8.h"

/*
 * What stands on the screen is kept in `shown`; of a new grid only the cells that differ
 * go to ncurses, which then finds the cheapest way to the terminal. ncurses 6.4 has faults
 * where a wide character is overwritten by halves (rendering.md 3.2): every run begins and
 * ends at a whole character. The grid has blanked what lost a half, so that it differs too.
 */

/*
 * One write a frame: ncurses 6.4 flushes at every movement of the cursor, and each write
 * to a terminal wakes its reader. So a frame goes to a file in memory first.
 */

int frame_open(void)
{
	char name[64];
	snprintf(name, sizeof(name), "/stoa-frame-%ld", (long)getpid());
	int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	if (fd < 0) return -1;
	shm_unlink(name);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	/* Not every system lets such a file be written to. */
	if (write(fd, "", 1) == 1 && ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	close(fd);
	return -1;
}

static void frame_begin(struct curses *curses)
{
	if (curses->frame >= 0) dup2(curses->frame, curses->fd);
}

static void frame_end(struct curses *curses)
{
	if (curses->frame < 0) return;
	dup2(curses->tty, curses->fd);
	off_t len = lseek(curses->frame, 0, SEEK_CUR);
	lseek(curses->frame, 0, SEEK_SET);
	str_clear(&curses->bytes);
	while ((off_t)curses->bytes.len < len) {
		char part[4096];
		ssize_t n = read(curses->frame, part, sizeof(part));
		if (n <= 0) break;
		str_add(&curses->bytes, part, (size_t)n);
	}
	if (ftruncate(curses->frame, 0) != 0 || lseek(curses->frame, 0, SEEK_SET) != 0) {
		close(curses->frame);
		curses->frame = -1;
	}
	curses_send(curses, str_c(&curses->bytes), curses->bytes.len);
}

/* --- cells --- */

/*
 * One spacing character and its marks as ncurses takes them; libc must agree with the
 * width. Returns how many elements of `out` it took: 2 for what libc does not know to be
 * wide.
 */
static int spacing_chars(const char *p, size_t len, int width, const struct ink *ink, cchar_t *out)
{
	wchar_t text[CCHARW_MAX + 1] = {0};
	int n = 0;
	for (size_t at = 0; at < len && n < CCHARW_MAX;) {
		int32_t cp;
		at += utf8_decode(p + at, len - at, &cp);
		if (n == 0 || wcwidth((wchar_t)cp) == 0) text[n++] = (wchar_t)cp;
	}
	int real = text[0] < 0x80 ? 1 : wcwidth(text[0]);
	if (real != width && !(width == 2 && real == 1)) {
		text[0] = wcwidth(0xfffd) == 1 ? 0xfffd : L'?';
		text[1] = 0;
		real = 1;
	}
	setcchar(&out[0], text, ink->attrs, (short)ink->pair, &ink->pair);
	if (real == width) return 1;
	setcchar(&out[1], L" ", ink->attrs, (short)ink->pair, &ink->pair);
	return 2;
}

/*
 * A cell as ncurses takes it. Two elements of `out` also for the letters of a flag, and for
 * a letter with a spacing vowel sign (utf8_show).
 */
static int cell_chars(const struct cell *cell, const struct ink *ink, cchar_t *out)
{
	if (cell->len <= 1) return spacing_chars(cell->len ? cell->utf8 : " ", 1, 1, ink, out);
	int width;
	size_t first = utf8_spacing(cell->utf8, cell->len, &width);
	if (first == cell->len || width >= cell->width)
		return spacing_chars(cell->utf8, cell->len, cell->width, ink, out);
	spacing_chars(cell->utf8, first, width, ink, out);
	spacing_chars(cell->utf8 + first, cell->len - first, cell->width - width, ink, out + 1);
	return 2;
}

/* `own`: room for that of a picture's cell. */
static const struct ink *ink_of(struct curses *curses, const struct cell *cell, struct ink *own)
{
	if (cell->style == CELL_INKED) {
		*own = colors_ink(&curses->colors, cell);
		return own;
	}
	return &curses->colors.inks[cell->style < curses->colors.ninks ? cell->style : 0];
}

/* Attributes that can be seen on a blank. */
static const attr_t on_blanks = A_UNDERLINE | A_REVERSE;

/*
 * What a run of blanks is drawn with: their foreground is not seen, so that of the
 * character before them spares a change of colour, which costs some twenty bytes. A long
 * run without attributes is erased by one sequence, which bold blanks are not.
 */
static const struct ink *blank_ink(const struct ink *own, const struct ink *before, int length)
{
	bool same = before && before->look.bg == own->look.bg &&
	            !((before->attrs | own->attrs) & on_blanks);
	return same && (before->attrs == 0 || length <= 4) ? before : own;
}

static void show_run(struct curses *curses, const struct cell *cells, int row, int from, int end)
{
	size_t n = 0;
	struct ink own;
	const struct ink *before = NULL;
	for (int col = from; col < end; col++) {
		const struct ink *ink = ink_of(curses, &cells[col], &own);
		if (cells[col].width == 0) continue;
		if (cells[col].len > 0) {
			n += (size_t)cell_chars(&cells[col], ink, curses->run + n);
			before = ink == &own ? NULL : ink;
			continue;
		}
		int length = 1;
		while (col + length < end && cells[col + length].len == 0 &&
		        cells[col + length].style == cells[col].style) {
			length++;
		}
		before = blank_ink(ink, before, length);
		cell_chars(&cells[col], before, curses->run + n);
		for (int i = 1; i < length; i++)
			curses->run[n + (size_t)i] = curses->run[n];
		n += (size_t)length;
		col += length - 1;
	}
	mvadd_wchnstr(row, from, curses->run, (int)n);
}

/* The link is not shown: two cells that differ in it alone look the same. */
static bool same_cell(const struct cell *a, const struct cell *b)
{
	return memcmp(a, b, offsetof(struct cell, link)) == 0;
}

static bool is_half(const struct cell *cells, int col, int cols)
{
	return col > 0 && col < cols && cells[col].width == 0;
}

static void show_row(struct curses *curses, const struct grid *grid, int row, int cols)
{
	const struct cell *now = grid->cells + (size_t)row * (size_t)grid->cols;
	const struct cell *old = curses->shown.cells + (size_t)row * (size_t)grid->cols;
	if (!curses->fresh && memcmp(now, old, (size_t)cols * sizeof(*now)) == 0) return;
	for (int col = 0; col < cols;) {
		if (!curses->fresh && same_cell(&now[col], &old[col])) {
			col++;
			continue;
		}
		int from = col, end = col + 1;
		while (is_half(now, from, cols))
			from--;
		while (end < cols && (curses->fresh || !same_cell(&now[end], &old[end])))
			end++;
		while (is_half(now, end, cols))
			end++;
		show_run(curses, now, row, from, end);
		col = end;
	}
}

static void show_cursor(struct curses *curses, int row, int col)
{
	bool on = row >= 0 && row < LINES && col >= 0 && col < COLS;
	if (on != curses->cursor) {
		curs_set(on);
		curses->cursor = on;
	}
	leaveok(stdscr, !on);
	if (on) move(row, col);
}

bool takes_bytes(const struct curses *curses)
{
	struct pollfd fd = {.fd = curses->tty, .events = POLLOUT};
	return poll(&fd, 1, 0) > 0 && (fd.revents & POLLOUT);
}

bool curses_show(void *ctx, const struct grid *grid, const struct theme *theme, int cursor_row,
        int cursor_col)
{
	struct curses *curses = ctx;
	if (curses->suspended || !takes_bytes(curses) || !picture_pump(curses)) return false;
	if (colors_learn(&curses->colors, theme)) curses->fresh = true;
	if (grid->rows != curses->shown.rows || grid->cols != curses->shown.cols) {
		curses->fresh = true;
	}
	curses->painted = curses->fresh || curses->repaint;
	if (curses->fresh) erase();
	if (curses->repaint) clearok(curscr, TRUE);
	int rows = grid->rows < LINES ? grid->rows : LINES;
	int cols = grid->cols < COLS ? grid->cols : COLS;
	curses->run = mem_grow(
	        curses->run, &curses->run_cap, (size_t)grid->cols * 2 + 2, sizeof(*curses->run));
	frame_begin(curses);
	for (int row = 0; row < rows; row++)
		show_row(curses, grid, row, cols);
	show_cursor(curses, cursor_row, cursor_col);
	wnoutrefresh(stdscr);
	doupdate();
	frame_end(curses);
	grid_copy(&curses->shown, grid);
	curses->fresh = curses->repaint = false;
	return true;
}
