#include "private.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wchar.h>

#include "base/clean.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "terminfo.h"

/*
 * What stands on the screen is kept in `shown`; of a new grid only the cells that differ
 * go to ncurses, which then finds the cheapest way to the terminal and writes it at once.
 * ncurses 6.4 has faults where a wide character is overwritten by halves (rendering.md
 * 3.2): every run begins and ends at whole characters of both the old and the new row.
 */
struct curses {
	SCREEN *screen;
	FILE *out;       /* ncurses writes to its descriptor … */
	int fd;          /* … which is this one */
	int tty;         /* the terminal for what we write ourselves */
	int frame;       /* a file that takes the place of `fd` while a frame is made, or -1 */
	struct str bytes; /* of the frame */
	struct grid shown;
	bool fresh;      /* `shown` says nothing: draw all */
	bool repaint;    /* the terminal is not what ncurses thinks: send all */
	bool suspended, mouse, cursor;
	bool xterm_like; /* knows OSC and CSI ? sequences that terminfo does not name */
	bool titled;
	struct colors colors;
	struct input input;
	cchar_t *run;    /* room for one row */
	size_t run_cap;
};

enum {
	OSC52_MAX = 56000, /* bytes before base64; terminals take about 74,994 after it */
};

/*
 * --- one write a frame: ncurses 6.4 flushes at every movement of the cursor, and each write
 * to a terminal wakes its reader. So a frame goes to a file in memory first. ---
 */

static int open_frame(void)
{
	char name[64];
	snprintf(name, sizeof(name), "/stoa-frame-%ld", (long)getpid());
	int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	if (fd < 0) return -1;
	shm_unlink(name);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	/* Not every system lets such a file be written to. */
	if (write(fd, "", 1) == 1 && ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0) return fd;
	close(fd);
	return -1;
}

static void frame_begin(struct curses *curses)
{
	if (curses->frame >= 0) dup2(curses->frame, curses->fd);
}

static void send_bytes(const struct curses *curses, const char *bytes, size_t len);

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
	send_bytes(curses, str_c(&curses->bytes), curses->bytes.len);
}

/* --- bytes of our own; ncurses has flushed its own whenever one of its calls is over --- */

static void send_bytes(const struct curses *curses, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(curses->tty, bytes, len);
		if (n < 0 && errno == EINTR) continue;
		if (n <= 0) return;
		bytes += n;
		len -= (size_t)n;
	}
}

static void send_text(const struct curses *curses, const char *text)
{
	send_bytes(curses, text, strlen(text));
}

static void modes_on(const struct curses *curses)
{
	if (curses->xterm_like) send_text(curses, "\033[?2004h");
	input_mouse(curses->mouse);
}

static void modes_off(const struct curses *curses)
{
	input_mouse(false);
	if (curses->xterm_like) send_text(curses, "\033[?2004l");
}

static void add_capability(struct str *out, const char *name)
{
	char buffer[16];
	snprintf(buffer, sizeof(buffer), "%s", name);
	const char *value = tigetstr(buffer);
	if (value && value != (const char *)-1) str_adds(out, value);
}

/* What undoes all that we may have set, for a process that is about to die. */
static void restore_bytes(const struct curses *curses, struct str *out)
{
	static const char *const capabilities[] = {"sgr0", "op", "rmkx", "cnorm", "rmcup"};
	if (curses->xterm_like) str_adds(out, "\033[?2004l\033[?1006l\033[?1002l\033[?1000l");
	for (size_t i = 0; i < sizeof(capabilities) / sizeof(capabilities[0]); i++) {
		add_capability(out, capabilities[i]);
	}
}

/* --- size --- */

static void curses_size(void *ctx, int *rows, int *cols)
{
	(void)ctx;
	*rows = LINES;
	*cols = COLS;
}

static bool take_size(struct curses *curses)
{
	struct winsize size;
	/* A size of 0 means that nobody knows. */
	if (ioctl(curses->tty, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
		return false;
	if (size.ws_row == LINES && size.ws_col == COLS) return false;
	resize_term(size.ws_row, size.ws_col);
	curses->fresh = curses->repaint = true;
	return true;
}

/* --- showing --- */

/*
 * A cell as ncurses takes it: one spacing character and its marks, whose width libc must
 * agree with. Returns how many elements of `out` it took (2 for a flag and for what
 * libc does not know to be wide).
 */
static int cell_chars(const struct cell *cell, const struct ink *ink, cchar_t out[2])
{
	wchar_t text[CCHARW_MAX + 1] = {0};
	int n = 0, width = cell->width;
	if (cell->len <= 1) {
		text[0] = cell->len ? (wchar_t)(unsigned char)cell->utf8[0] : L' ';
		setcchar(&out[0], text, ink->attrs, (short)ink->pair, &ink->pair);
		return 1;
	}
	for (size_t at = 0; at < cell->len && n < CCHARW_MAX;) {
		int32_t cp;
		at += utf8_decode(cell->utf8 + at, cell->len - at, &cp);
		text[n++] = (wchar_t)cp;
	}
	wchar_t second[2] = {L' ', 0};
	int real = wcwidth(text[0]);
	if (width == 2 && n == 2 && real == 1 && wcwidth(text[1]) == 1) {
		second[0] = text[1]; /* the two halves of a flag */
		text[1] = 0;
	} else if (real != width && !(width == 2 && real == 1)) {
		text[0] = wcwidth(0xfffd) == 1 ? 0xfffd : L'?';
		text[1] = 0;
		real = 1;
	}
	for (int i = 1; i < n && text[i]; i++) {
		if (wcwidth(text[i]) != 0) text[i] = 0;
	}
	setcchar(&out[0], text, ink->attrs, (short)ink->pair, &ink->pair);
	if (real == width) return 1;
	setcchar(&out[1], second, ink->attrs, (short)ink->pair, &ink->pair);
	return 2;
}

static const struct ink *ink_of(const struct curses *curses, const struct cell *cell)
{
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
	const struct ink *before = NULL;
	for (int col = from; col < end; col++) {
		const struct ink *ink = ink_of(curses, &cells[col]);
		if (cells[col].width == 0) continue;
		if (cells[col].len > 0) {
			n += (size_t)cell_chars(&cells[col], ink, curses->run + n);
			before = ink;
			continue;
		}
		int length = 1;
		while (col + length < end && cells[col + length].len == 0 &&
			cells[col + length].style == cells[col].style) {
			length++;
		}
		before = blank_ink(ink, before, length);
		cell_chars(&cells[col], before, curses->run + n);
		for (int i = 1; i < length; i++) curses->run[n + (size_t)i] = curses->run[n];
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
		while (is_half(now, from, cols) || (!curses->fresh && is_half(old, from, cols))) {
			from--;
		}
		while (end < cols && (curses->fresh || !same_cell(&now[end], &old[end]))) end++;
		while (is_half(now, end, cols) || (!curses->fresh && is_half(old, end, cols))) {
			end++;
		}
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

static bool takes_bytes(const struct curses *curses)
{
	struct pollfd fd = {.fd = curses->tty, .events = POLLOUT};
	return poll(&fd, 1, 0) > 0 && (fd.revents & POLLOUT);
}

static bool curses_show(void *ctx, const struct grid *grid, const struct theme *theme,
		int cursor_row, int cursor_col)
{
	struct curses *curses = ctx;
	if (curses->suspended || !takes_bytes(curses)) return false;
	if (colors_learn(&curses->colors, theme)) curses->fresh = true;
	if (grid->rows != curses->shown.rows || grid->cols != curses->shown.cols) {
		curses->fresh = true;
	}
	if (curses->fresh) erase();
	if (curses->repaint) clearok(curscr, TRUE);
	int rows = grid->rows < LINES ? grid->rows : LINES;
	int cols = grid->cols < COLS ? grid->cols : COLS;
	curses->run = mem_grow(curses->run, &curses->run_cap, (size_t)grid->cols * 2 + 2,
		sizeof(*curses->run));
	frame_begin(curses);
	for (int row = 0; row < rows; row++) show_row(curses, grid, row, cols);
	show_cursor(curses, cursor_row, cursor_col);
	wnoutrefresh(stdscr);
	doupdate();
	frame_end(curses);
	grid_copy(&curses->shown, grid);
	curses->fresh = curses->repaint = false;
	return true;
}

/* --- reading --- */

static void curses_read(void *ctx, struct term_event *out)
{
	struct curses *curses = ctx;
	if (restore_resized() && take_size(curses)) {
		*out = (struct term_event){.kind = TERM_RESIZE};
		return;
	}
	input_read(&curses->input, out);
}

/* --- the rest of the ops --- */

static void curses_configure(void *ctx, const struct term_options *opts)
{
	struct curses *curses = ctx;
	colors_choose(&curses->colors, opts->colors ? opts->colors : "auto");
	curses->mouse = opts->mouse;
	if (!curses->suspended) input_mouse(opts->mouse);
	curses->fresh = true;
}

static void curses_redraw(void *ctx)
{
	struct curses *curses = ctx;
	curses->repaint = true;
}

static void curses_suspend(void *ctx)
{
	struct curses *curses = ctx;
	if (curses->suspended) return;
	modes_off(curses);
	def_prog_mode();
	endwin();
	curses->suspended = true;
}

static void curses_resume(void *ctx)
{
	struct curses *curses = ctx;
	if (!curses->suspended) return;
	reset_prog_mode();
	curses->suspended = false;
	/* endwin is undone by the next refresh; the size may have changed meanwhile. */
	take_size(curses);
	modes_on(curses);
	curses->cursor = true;
	curses_redraw(curses);
}

static void curses_title(void *ctx, const char *text)
{
	struct curses *curses = ctx;
	if (!curses->xterm_like || curses->suspended || (!text && !curses->titled)) return;
	struct str bytes = {0};
	if (text) {
		if (!curses->titled) str_adds(&bytes, "\033[22;2t");
		str_adds(&bytes, "\033]2;");
		clean_out(&bytes, CLEAN_TITLE, text, strlen(text));
		str_adds(&bytes, "\033\\");
	} else {
		str_adds(&bytes, "\033[23;2t");
	}
	curses->titled = text != NULL;
	send_bytes(curses, str_c(&bytes), bytes.len);
	str_finish(&bytes);
}

static void add_base64(struct str *out, const char *bytes, size_t len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < len; i += 3) {
		uint32_t group = 0;
		for (size_t j = 0; j < 3; j++) {
			group = group << 8 | (i + j < len ? (unsigned char)bytes[i + j] : 0);
		}
		for (size_t j = 0; j < 4; j++) {
			bool filled = i + j <= len;
			str_addc(out, filled ? digits[group >> (18 - 6 * j) & 63] : '=');
		}
	}
}

static void curses_copy(void *ctx, const char *text)
{
	struct curses *curses = ctx;
	if (!curses->xterm_like || curses->suspended) return;
	struct str clean = {0}, bytes = {0};
	clean_out(&clean, CLEAN_CLIP, text, strlen(text));
	if (clean.len > OSC52_MAX) {
		str_cut(&clean, utf8_prefix(clean.p, clean.len, OSC52_MAX));
	}
	str_adds(&bytes, "\033]52;c;");
	add_base64(&bytes, str_c(&clean), clean.len);
	str_adds(&bytes, "\033\\");
	send_bytes(curses, bytes.p, bytes.len);
	str_finish(&clean);
	str_finish(&bytes);
}

static void curses_bell(void *ctx)
{
	const struct curses *curses = ctx;
	if (!curses->suspended) send_bytes(curses, "\a", 1);
}

static void curses_free(void *ctx)
{
	struct curses *curses = ctx;
	curses_title(curses, NULL);
	if (!curses->suspended) {
		modes_off(curses);
		endwin();
	}
	restore_disarm();
	input_finish(&curses->input);
	delscreen(curses->screen);
	fclose(curses->out);
	close(curses->tty);
	if (curses->frame >= 0) close(curses->frame);
	str_finish(&curses->bytes);
	colors_finish(&curses->colors);
	grid_finish(&curses->shown);
	free(curses->run);
	free(curses);
}

static const struct term_ops curses_ops = {
	.size = curses_size,
	.show = curses_show,
	.read = curses_read,
	.configure = curses_configure,
	.redraw = curses_redraw,
	.suspend = curses_suspend,
	.resume = curses_resume,
	.title = curses_title,
	.copy = curses_copy,
	.bell = curses_bell,
	.free = curses_free,
};

/* --- opening --- */

/* Choose a terminfo entry; `out->notice` says when it is not the one asked for. */
static bool choose_entry(struct term *out, const struct term_options *opts, char entry[64],
		struct err *err)
{
	const char *name = getenv("TERM");
	if (!name || !name[0]) name = "unset";
	enum entry kind = strlen(name) < 64 ? terminfo_look_up(name) : ENTRY_NONE;
	if (kind == ENTRY_PLAIN)
		return err_set(err, ERR_UNSUPPORTED, "the terminal '%s' cannot place a cursor", name);
	snprintf(entry, 64, "%.63s", name);
	if (kind == ENTRY_NONE) {
		snprintf(entry, 64, "xterm-256color");
		if (terminfo_look_up(entry) != ENTRY_GOOD) snprintf(entry, 64, "vt100");
		if (terminfo_look_up(entry) != ENTRY_GOOD)
			return err_set(err, ERR_UNSUPPORTED,
				"no terminfo entry for '%s', nor for xterm-256color or vt100", name);
		snprintf(out->notice, sizeof(out->notice),
			"no terminfo entry for TERM=%.40s: using %.40s", name, entry);
	}
	if (opts->colors && strcmp(opts->colors, "truecolor") == 0) {
		char direct[64];
		if (terminfo_direct(direct, entry)) {
			snprintf(entry, 64, "%s", direct);
		} else {
			snprintf(out->notice, sizeof(out->notice),
				"no terminfo entry with direct colours for %.40s: using its palette",
				entry);
		}
	}
	return true;
}

/* ncurses catches what nobody else does; these are the app's to catch. */
static const int own_signals[] = {SIGINT, SIGTERM, SIGTSTP};
enum { OWN_SIGNALS = sizeof(own_signals) / sizeof(own_signals[0]) };

static SCREEN *start_screen(const char *entry, FILE *out)
{
	struct sigaction kept[OWN_SIGNALS];
	for (int i = 0; i < OWN_SIGNALS; i++) sigaction(own_signals[i], NULL, &kept[i]);
	SCREEN *screen = newterm(entry, out, stdin);
	for (int i = 0; i < OWN_SIGNALS; i++) sigaction(own_signals[i], &kept[i], NULL);
	return screen;
}

static void set_up(struct curses *curses)
{
	char xt[] = "XT", tsl[] = "tsl";
	set_escdelay(25);
	raw();
	noecho();
	nonl();
	intrflush(stdscr, FALSE);
	typeahead(-1); /* a frame that has begun is finished */
	idcok(stdscr, FALSE);
	scrollok(stdscr, FALSE);
	if (has_colors()) {
		start_color();
		use_default_colors();
	}
	const char *status = tigetstr(tsl);
	curses->xterm_like = tigetflag(xt) > 0 || (status && status != (char *)-1);
	curses->cursor = true;
	curses->fresh = true;
}

static bool fail(struct curses *curses, struct err *err, const char *why)
{
	if (curses->out) fclose(curses->out);
	if (curses->tty >= 0) close(curses->tty);
	free(curses);
	return err_set(err, ERR_IO, "cannot use the terminal: %s", why);
}

bool term_curses_open(struct term *out, const struct term_options *opts, struct err *err)
{
	struct term term = {.ops = &curses_ops, .resize_fd = -1, .fd = STDIN_FILENO};
	char entry[64];
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return err_set(err, ERR_UNSUPPORTED, "standard input and output are not a terminal");
	if (!choose_entry(&term, opts, entry, err)) return false;
	struct curses *curses = xcalloc(1, sizeof(*curses));
	curses->fd = dup(STDOUT_FILENO);
	curses->tty = dup(STDOUT_FILENO);
	curses->frame = -1;
	curses->out = curses->fd >= 0 ? fdopen(curses->fd, "w") : NULL;
	if (!curses->out || curses->tty < 0) return fail(curses, err, strerror(errno));
	/* Armed with the tty as it still is; our own SIGWINCH handler keeps ncurses' away. */
	term.resize_fd = restore_arm(curses->tty);
	curses->screen = start_screen(entry, curses->out);
	if (!curses->screen) {
		restore_disarm();
		return fail(curses, err, entry);
	}
	set_up(curses);
	struct str undo = {0};
	restore_bytes(curses, &undo);
	restore_undo(str_c(&undo), undo.len);
	str_finish(&undo);
	curses->frame = open_frame();
	input_open(&curses->input);
	curses_configure(curses, opts);
	modes_on(curses);
	term.ctx = curses;
	term.ascii = opts->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
	*out = term;
	return true;
}
