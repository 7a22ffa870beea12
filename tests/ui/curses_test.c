/*
 * The real terminal, in a pseudo-terminal whose other end is a small terminal of our
 * own: it understands what ncurses sends for an xterm and refuses all else, so that a
 * sequence that nobody meant to send fails the test that caused it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "base/random.h"
#include "base/str.h"
#include "base/utf8.h"
#include "ui/grid.h"
#include "ui/term.h"

/* ncurses keeps some memory for good. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libncursesw\nleak:libtinfo\n";
}

enum { ROWS = 12, COLS = 30, MAX_SIDE = 64 };

static struct far {
	int master, slave, in, out; /* in, out: what standard input and output were */
	struct term term;
	bool open;
	struct theme *theme;
	struct termios before;
	struct str seen; /* all bytes since the last look */
	/* the small terminal */
	int rows, cols, row, col;
	char cells[MAX_SIDE][MAX_SIDE][24]; /* "" for the right half of a wide character */
	char last[24];                      /* for REP */
	bool colored;                       /* a colour was chosen */
	bool pending_wrap;
} far;

/* --- the small terminal --- */

static void clear_cells(int row, int from, int end)
{
	for (int col = from; col < end && col < far.cols; col++)
		snprintf(far.cells[row][col], 24, " ");
}

static void clear_all(void)
{
	for (int row = 0; row < MAX_SIDE; row++) {
		for (int col = 0; col < MAX_SIDE; col++)
			snprintf(far.cells[row][col], 24, " ");
	}
}

static void print_cluster(const char *text, size_t len)
{
	wchar_t wide = 0;
	int32_t cp;
	utf8_decode(text, len, &cp);
	wide = (wchar_t)cp;
	int width = wcwidth(wide);
	assert_true(width >= 0);
	if (width == 0) { /* a mark belongs to the cell before */
		int col = far.pending_wrap ? far.col : far.col - 1;
		if (col >= 0 && far.cells[far.row][col][0] == 0) col--;
		assert_true(col >= 0);
		size_t have = strlen(far.cells[far.row][col]);
		assert_true(have + len < 24);
		memcpy(far.cells[far.row][col] + have, text, len);
		far.cells[far.row][col][have + len] = 0;
		return;
	}
	/* Nothing may rely on the terminal to wrap a line. */
	assert_false(far.pending_wrap);
	assert_true(far.col + width <= far.cols);
	/* As terminals do: half a wide character that loses its other half becomes a blank. */
	if (far.cells[far.row][far.col][0] == 0 && far.col > 0)
		snprintf(far.cells[far.row][far.col - 1], 24, " ");
	int end = far.col + width;
	if (end < far.cols && far.cells[far.row][end][0] == 0)
		snprintf(far.cells[far.row][end], 24, " ");
	snprintf(far.cells[far.row][far.col], 24, "%.*s", (int)len, text);
	if (width == 2) far.cells[far.row][far.col + 1][0] = 0;
	snprintf(far.last, 24, "%.*s", (int)len, text);
	far.col = end;
	if (far.col >= far.cols) {
		far.col = far.cols - 1;
		far.pending_wrap = true;
	}
}

static int limit(int n, int most)
{
	return n < 0 ? 0 : n > most ? most : n;
}

static void erase_display(int how)
{
	if (how == 2) {
		clear_all();
		return;
	}
	assert_int_equal(how, 0);
	clear_cells(far.row, far.col, far.cols);
	for (int row = far.row + 1; row < far.rows; row++)
		clear_cells(row, 0, far.cols);
}

static void run_csi(const char *params, char final)
{
	int a = 0, b = 0, n = sscanf(params, "%d;%d", &a, &b);
	int one = n >= 1 && a > 0 ? a : 1;
	far.pending_wrap = far.pending_wrap && final == 'm';
	switch (final) {
	case 'H':
		far.row = limit(one - 1, far.rows - 1);
		far.col = limit((n == 2 && b > 0 ? b : 1) - 1, far.cols - 1);
		break;
	case 'A':
		far.row = limit(far.row - one, far.rows - 1);
		break;
	case 'B':
		far.row = limit(far.row + one, far.rows - 1);
		break;
	case 'C':
		far.col = limit(far.col + one, far.cols - 1);
		break;
	case 'D':
		far.col = limit(far.col - one, far.cols - 1);
		break;
	case 'd':
		far.row = limit(one - 1, far.rows - 1);
		break;
	case 'G':
		far.col = limit(one - 1, far.cols - 1);
		break;
	case 'X':
		clear_cells(far.row, far.col, far.col + one);
		break;
	case 'K':
		clear_cells(far.row, a == 1 ? 0 : far.col, a == 1 ? far.col + 1 : far.cols);
		break;
	case 'J':
		erase_display(n >= 1 ? a : 0);
		break;
	case 'b':
		for (int i = 0; i < one; i++)
			print_cluster(far.last, strlen(far.last));
		break;
	case 'm':
		for (const char *p = params; *p; p += strcspn(p, ";"), p += *p == ';') {
			int code = atoi(p);
			far.colored = far.colored || (code >= 30 && code < 49 && code != 39);
		}
		break;
	case 'r':
	case 'h':
	case 'l':
	case 't':
		break;
	default:
		fail_msg("CSI %s%c", params, final);
	}
}

/* One sequence from the start of the bytes; returns its length. */
static size_t run_escape(const char *p, const char *end)
{
	const char *start = p++;
	if (*p == '[') {
		char params[64];
		size_t n = strspn(++p, "0123456789;?:<=>");
		assert_true(n < sizeof(params) && p + n < end);
		snprintf(params, sizeof(params), "%.*s", (int)n, p);
		run_csi(params, p[n]);
		return (size_t)(p + n + 1 - start);
	}
	if (*p == ']') {
		/* ncurses itself ends one with BEL: the palette as it was (oc). */
		p += strcspn(p, "\033\a");
		assert_true(p < end && (*p == '\a' || p[1] == '\\'));
		return (size_t)(p + (*p == '\a' ? 1 : 2) - start);
	}
	if (*p == '(') return 3;
	if (*p != '=' && *p != '>') fail_msg("ESC %c", *p);
	return 2;
}

static void run_bytes(const char *p, size_t len)
{
	const char *end = p + len;
	while (p < end) {
		unsigned char c = (unsigned char)*p;
		int32_t cp;
		if (c == 27) {
			p += run_escape(p, end);
			continue;
		}
		size_t n = utf8_decode(p, (size_t)(end - p), &cp);
		assert_int_not_equal(cp, 0x7f);
		assert_false(cp >= 0x80 && cp < 0xa0);
		far.pending_wrap = far.pending_wrap && c >= 32;
		if (c == '\r') {
			far.col = 0;
		} else if (c == '\n') {
			far.row = limit(far.row + 1, far.rows - 1);
		} else if (c == '\b') {
			far.col = limit(far.col - 1, far.cols - 1);
		} else if (c >= 32) {
			print_cluster(p, n);
		} else {
			assert_int_equal(c, 7);
		}
		p += n;
	}
}

/* All that was sent so far: up to a mark of our own, as the kernel hands it over when it likes. */
static void collect(void)
{
	enum { MARK = 0x05, LONGEST_MS = 10000 };
	char buffer[8192] = {MARK};
	struct pollfd fd = {.fd = far.master, .events = POLLIN};
	str_clear(&far.seen);
	assert_int_equal(write(far.slave, buffer, 1), 1);
	while (poll(&fd, 1, LONGEST_MS) > 0) {
		ssize_t n = read(far.master, buffer, sizeof(buffer));
		if (n <= 0) break;
		str_add(&far.seen, buffer, (size_t)n);
		if (buffer[n - 1] != MARK) continue;
		str_cut(&far.seen, far.seen.len - 1);
		return;
	}
	fail_msg("the terminal never got what was sent");
}

/* And let the small terminal show it. */
static void drain(void)
{
	collect();
	run_bytes(str_c(&far.seen), far.seen.len);
}

/* --- setting up --- */

static void set_size(int rows, int cols)
{
	struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
	far.rows = rows;
	far.cols = cols;
	ioctl(far.master, TIOCSWINSZ, &size);
}

static int pty_up(void **state)
{
	(void)state;
	setlocale(LC_ALL, "C.UTF-8");
	setenv("TERM", "xterm-256color", 1);
	unsetenv("NO_COLOR");
	far.master = posix_openpt(O_RDWR | O_NOCTTY);
	if (far.master < 0 || grantpt(far.master) != 0 || unlockpt(far.master) != 0) return -1;
	far.slave = open(ptsname(far.master), O_RDWR | O_NOCTTY);
	fcntl(far.master, F_SETFL, O_NONBLOCK);
	set_size(ROWS, COLS);
	clear_all();
	far.row = far.col = 0;
	far.colored = far.pending_wrap = false;
	tcgetattr(far.slave, &far.before);
	fflush(stdout);
	far.in = dup(STDIN_FILENO);
	far.out = dup(STDOUT_FILENO);
	dup2(far.slave, STDIN_FILENO);
	dup2(far.slave, STDOUT_FILENO);
	far.theme = theme_new();
	far.open = false;
	return 0;
}

static int pty_down(void **state)
{
	(void)state;
	if (far.open) far.term.ops->free(far.term.ctx);
	far.open = false;
	dup2(far.in, STDIN_FILENO);
	dup2(far.out, STDOUT_FILENO);
	close(far.in);
	close(far.out);
	close(far.slave);
	if (far.master >= 0) close(far.master);
	theme_free(far.theme);
	str_finish(&far.seen);
	return 0;
}

static void open_term(const char *colors)
{
	struct term_options opts = {.colors = colors, .mouse = true};
	struct err err = {0};
	far.open = term_curses_open(&far.term, &opts, &err);
	if (!far.open) fail_msg("%s", err.text);
}

static void show(const struct grid *grid)
{
	assert_true(far.term.ops->show(far.term.ctx, grid, far.theme, -1, -1));
	drain();
}

static void type(const char *bytes)
{
	assert_int_equal(write(far.master, bytes, strlen(bytes)), strlen(bytes));
}

static struct term_event next(void)
{
	struct term_event event;
	far.term.ops->read(far.term.ctx, &event);
	return event;
}

/* --- showing --- */

static void expect_shown(const struct grid *grid)
{
	for (int row = 0; row < grid->rows; row++) {
		for (int col = 0; col < grid->cols; col++) {
			const struct cell *cell = grid_at(grid, row, col);
			char want[24];
			snprintf(want, sizeof(want), "%.*s", cell->len, cell->utf8);
			if (cell->len == 0 && cell->width == 1) snprintf(want, sizeof(want), " ");
			if (strcmp(far.cells[row][col], want) != 0)
				fail_msg("row %d, column %d shows '%s', not '%s'", row, col,
				        far.cells[row][col], want);
		}
	}
}

static void random_frame(struct random *random, struct grid *grid)
{
	static const char *const pieces[] = {"word", "漢", "字", " ", "  ", "é", "e\xcc\x81", "🎉",
	        "│", "─", "한", "a", "ا", "👩‍👩‍👧", "!", "        "};
	struct rect all = {0, 0, grid->rows, grid->cols};
	for (uint64_t n = 1 + random_below(random, 12); n > 0; n--) {
		int row = (int)random_below(random, (uint64_t)grid->rows);
		int col = (int)random_below(random, (uint64_t)grid->cols);
		uint16_t style = theme_style(far.theme, (enum role)random_below(random, ROLE_COUNT),
		        random_below(random, 3) ? ROLE_DEFAULT : ROLE_POST_FOCUS_HEAD);
		for (uint64_t i = random_below(random, 10); i > 0; i--) {
			const char *piece = pieces[random_below(random, 16)];
			col += grid_put(grid, all, row, col, style, 0, piece, strlen(piece), 99);
		}
	}
	int row = (int)random_below(random, (uint64_t)grid->rows);
	int col = (int)random_below(random, (uint64_t)grid->cols);
	/* also in the middle of a wide character */
	grid_restyle(grid, all, row, col, 3, theme_style(far.theme, ROLE_MATCH, ROLE_DEFAULT));
	if (random_below(random, 20) == 0) grid_fill(grid, all, 0);
}

static void frames_look_right(const char *colors, int frames)
{
	struct random random;
	struct grid grid;
	random_init(&random, 21);
	open_term(colors);
	grid_init(&grid, ROWS, COLS);
	for (int i = 0; i < frames; i++) {
		random_frame(&random, &grid);
		if (i % 50 == 49) far.term.ops->redraw(far.term.ctx);
		show(&grid);
		expect_shown(&grid);
	}
	grid_finish(&grid);
}

static void test_the_screen_looks_like_the_grid(void **state)
{
	(void)state;
	frames_look_right("256", 600);
	assert_true(far.colored);
}

static void test_so_it_does_with_16_colours_and_none(void **state)
{
	(void)state;
	frames_look_right("16", 60);
	far.term.ops->configure(far.term.ctx, &(struct term_options){.colors = "none"});
	far.colored = false;
	struct grid grid;
	grid_init(&grid, ROWS, COLS);
	grid_puts(&grid, (struct rect){0, 0, ROWS, COLS}, 1, 1,
	        theme_style(far.theme, ROLE_POST_LINK, ROLE_POST_FOCUS_HEAD), "no colour", 20);
	show(&grid);
	expect_shown(&grid);
	assert_false(far.colored);
	grid_finish(&grid);
}

/* A cluster of two cells may be two letters, and either may have marks. */
static void test_both_letters_of_a_cluster_keep_their_marks(void **state)
{
	(void)state;
	struct grid grid;
	open_term("auto");
	grid_init(&grid, ROWS, COLS);
	grid_puts(&grid, (struct rect){0, 0, ROWS, COLS}, 0, 0, 0, "कां क़ा 🇳🇱!", 20);
	show(&grid);
	static const char *const want[] = {"क", "ां", " ", "क\u093c", "ा", " ", "N", "L", "!"};
	for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++)
		assert_string_equal(far.cells[0][i], want[i]);
	grid_finish(&grid);
}

static void test_NO_COLOR_is_heard(void **state)
{
	(void)state;
	setenv("NO_COLOR", "1", 1);
	frames_look_right("auto", 40);
	assert_false(far.colored);
}

static void test_what_did_not_change_is_not_sent(void **state)
{
	(void)state;
	struct grid grid;
	open_term("auto");
	grid_init(&grid, ROWS, COLS);
	grid_puts(&grid, (struct rect){0, 0, ROWS, COLS}, 3, 3, 0, "hello", 20);
	show(&grid);
	show(&grid);
	assert_int_equal(far.seen.len, 0);
	grid_puts(&grid, (struct rect){0, 0, ROWS, COLS}, 3, 3, 0, "jello", 20);
	show(&grid);
	assert_true(far.seen.len > 0 && far.seen.len < 60);
	expect_shown(&grid);
	/* a theme's change is seen without a change of the grid */
	theme_set(far.theme, "default", "#ff0000", "#000000", NULL, 0, NULL);
	show(&grid);
	assert_true(far.seen.len > 60);
	grid_finish(&grid);
}

static void test_the_terminal_is_left_as_it_was(void **state)
{
	(void)state;
	struct termios after;
	struct grid grid;
	open_term("auto");
	grid_init(&grid, ROWS, COLS);
	show(&grid);
	tcgetattr(far.slave, &after);
	assert_false(after.c_lflag & (ICANON | ECHO | ISIG));
	far.term.ops->title(far.term.ctx, "stoa");
	far.term.ops->free(far.term.ctx);
	far.open = false;
	drain();
	assert_non_null(strstr(str_c(&far.seen), "\033[?1049l"));
	assert_non_null(strstr(str_c(&far.seen), "\033[?2004l"));
	assert_non_null(strstr(str_c(&far.seen), "\033[23;2t"));
	tcgetattr(far.slave, &after);
	assert_int_equal(after.c_lflag, far.before.c_lflag);
	assert_int_equal(after.c_iflag, far.before.c_iflag);
	grid_finish(&grid);
}

static void test_the_way_out_in_an_emergency(void **state)
{
	(void)state;
	struct termios after;
	struct grid grid;
	open_term("auto");
	grid_init(&grid, ROWS, COLS);
	show(&grid);
	term_curses_emergency();
	drain();
	assert_non_null(strstr(str_c(&far.seen), "\033[?1049l"));
	assert_non_null(strstr(str_c(&far.seen), "\033[?2004l"));
	assert_non_null(strstr(str_c(&far.seen), "\033[?1000l"));
	tcgetattr(far.slave, &after);
	assert_int_equal(after.c_lflag, far.before.c_lflag);
	/* only once */
	term_curses_emergency();
	drain();
	assert_int_equal(far.seen.len, 0);
	grid_finish(&grid);
}

static void test_suspends_and_comes_back(void **state)
{
	(void)state;
	struct termios now;
	struct grid grid;
	open_term("auto");
	grid_init(&grid, ROWS, COLS);
	grid_puts(&grid, (struct rect){0, 0, ROWS, COLS}, 3, 3, 0, "漢字 hello", 20);
	show(&grid);
	far.term.ops->suspend(far.term.ctx);
	drain();
	assert_non_null(strstr(str_c(&far.seen), "\033[?1049l"));
	tcgetattr(far.slave, &now);
	assert_int_equal(now.c_lflag, far.before.c_lflag);
	assert_false(far.term.ops->show(far.term.ctx, &grid, far.theme, -1, -1));
	clear_all();
	snprintf(far.cells[0][0], 24, "!"); /* what an editor left */
	set_size(ROWS - 2, COLS);
	far.term.ops->resume(far.term.ctx);
	grid_resize(&grid, ROWS - 2, COLS);
	grid_puts(&grid, (struct rect){0, 0, ROWS, COLS}, 4, 3, 0, "漢字 again", 20);
	show(&grid);
	assert_non_null(strstr(str_c(&far.seen), "\033[?1049h"));
	assert_non_null(strstr(str_c(&far.seen), "\033[?2004h"));
	expect_shown(&grid);
	tcgetattr(far.slave, &now);
	assert_false(now.c_lflag & (ICANON | ECHO));
	grid_finish(&grid);
}

static void test_a_resize_is_told_once(void **state)
{
	(void)state;
	int rows, cols;
	struct grid grid;
	open_term("auto");
	grid_init(&grid, ROWS, COLS);
	show(&grid);
	for (int i = 1; i < 40; i++) {
		set_size(i % 12 + 1, i);
		raise(SIGWINCH);
	}
	assert_int_equal(next().kind, TERM_RESIZE);
	assert_int_equal(next().kind, TERM_NONE);
	far.term.ops->size(far.term.ctx, &rows, &cols);
	assert_int_equal(rows, 39 % 12 + 1);
	assert_int_equal(cols, 39);
	grid_resize(&grid, rows, cols);
	grid_puts(&grid, (struct rect){0, 0, rows, cols}, 0, 30, 0, "edge漢", 9);
	show(&grid);
	expect_shown(&grid);
	raise(SIGWINCH);
	assert_int_equal(next().kind, TERM_NONE);
	/* a size of nothing means that nobody knows */
	set_size(0, 0);
	raise(SIGWINCH);
	assert_int_equal(next().kind, TERM_NONE);
	set_size(1, 1);
	raise(SIGWINCH);
	assert_int_equal(next().kind, TERM_RESIZE);
	grid_resize(&grid, 1, 1);
	show(&grid);
	grid_finish(&grid);
}

/* --- keys --- */

static void test_keys_have_names(void **state)
{
	(void)state;
	static const struct {
		const char *bytes, *name;
	} keys[] = {{"j", "j"}, {" ", "<Space>"}, {"<", "<lt>"}, {"\x01", "<C-a>"}, {"\t", "<Tab>"},
	        {"\r", "<Enter>"}, {"\x7f", "<BS>"}, {"\x1a", "<C-z>"}, {"\xc3\xa9", "é"},
	        {"漢", "漢"}, {"🎉", "🎉"}, {"\033", "<Esc>"}, {"\033x", "<M-x>"},
	        {"\033\r", "<M-Enter>"}, {"\033\xc3\xa9", "<M-é>"}, {"\033[A", "<Up>"},
	        {"\033OA", "<Up>"}, {"\033[5~", "<PageDown>"}, {"\033[1;5D", "<C-Left>"},
	        {"\033[1;2A", "<S-Up>"}, {"\033[3;3~", "<M-Del>"}, {"\033[Z", "<S-Tab>"},
	        {"\033OP", "<F1>"}, {"\x1f", "<C-_>"}};
	open_term("auto");
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *name = keys[i].name;
		if (strcmp(keys[i].bytes, "\033[5~") == 0) name = "<PageUp>";
		type(keys[i].bytes);
		struct term_event event = next();
		assert_int_equal(event.kind, TERM_KEY);
		assert_string_equal(event.key, name);
		assert_int_equal(next().kind, TERM_NONE);
	}
	drain();
}

static void test_escape_twice_is_two_keys(void **state)
{
	(void)state;
	open_term("auto");
	type("\033\033j");
	assert_string_equal(next().key, "<Esc>");
	assert_string_equal(next().key, "<M-j>");
	type("\033\033");
	assert_string_equal(next().key, "<Esc>");
	assert_string_equal(next().key, "<Esc>");
	assert_int_equal(next().kind, TERM_NONE);
	drain();
}

static void test_a_character_may_come_in_pieces(void **state)
{
	(void)state;
	open_term("auto");
	type("\xe6\xbc");
	assert_int_equal(next().kind, TERM_NONE);
	type("\xa2");
	assert_string_equal(next().key, "漢");
	/* nonsense is nobody's key */
	type("\xff\xc3(\xc2\x9b");
	assert_string_equal(next().key, "(");
	assert_int_equal(next().kind, TERM_NONE);
	drain();
}

static void test_the_mouse(void **state)
{
	(void)state;
	open_term("auto");
	type("\033[<0;5;3M\033[<0;5;3m");
	struct term_event event = next();
	assert_int_equal(event.kind, TERM_MOUSE);
	assert_string_equal(event.key, "<LeftMouse>");
	assert_int_equal(event.row, 2);
	assert_int_equal(event.col, 4);
	type("\033[<0;5;3M\033[<0;5;3m");
	assert_string_equal(next().key, "<2-LeftMouse>");
	type("\033[<64;1;1M\033[<65;1;1M");
	assert_string_equal(next().key, "<WheelUp>");
	assert_string_equal(next().key, "<WheelDown>");
	type("\033[<2;1;1M");
	assert_string_equal(next().key, "<RightMouse>");
	drain();
}

static void test_a_paste_is_text(void **state)
{
	(void)state;
	open_term("auto");
	type("\033[200~q\rline \033[31mtwo\033[A\x03\xc3\xa9\033[201~j");
	struct term_event event = next();
	assert_int_equal(event.kind, TERM_PASTE);
	assert_non_null(strstr(event.paste, "q\nline "));
	assert_non_null(strstr(event.paste, "two"));
	assert_non_null(strstr(event.paste, "é"));
	assert_null(strchr(event.paste, 27));
	assert_null(strchr(event.paste, 3));
	assert_string_equal(next().key, "j");
	drain();
}

static void test_a_paste_whose_end_falls_apart(void **state)
{
	(void)state;
	open_term("auto");
	type("\033[200~half");
	assert_int_equal(next().kind, TERM_NONE);
	type(" and half\033[2");
	assert_int_equal(next().kind, TERM_NONE);
	type("01~");
	struct term_event event = next();
	assert_int_equal(event.kind, TERM_PASTE);
	assert_string_equal(event.paste, "half and half");
	drain();
}

static void test_a_terminal_that_is_gone(void **state)
{
	(void)state;
	open_term("auto");
	drain();
	assert_int_equal(next().kind, TERM_NONE);
	close(far.master);
	far.master = -1;
	assert_int_equal(next().kind, TERM_CLOSED);
	assert_int_equal(next().kind, TERM_CLOSED);
}

/* --- what we write ourselves --- */

static void test_title_and_clipboard_hold_no_escape(void **state)
{
	(void)state;
	open_term("auto");
	drain();
	far.term.ops->title(far.term.ctx, "x\033]0;\r rm -rf ~\r\a\xc2\x9b"
	                                  "31m\n");
	drain();
	const char *payload = strstr(str_c(&far.seen), "\033]2;");
	assert_non_null(payload);
	for (const char *p = payload + 4; *p != 27; p++)
		assert_true((unsigned char)*p >= 32);
	far.term.ops->copy(far.term.ctx, "hi\033]52;c;eA==\a");
	drain();
	/* base64 of the text without its ESC and BEL */
	assert_string_equal(str_c(&far.seen), "\033]52;c;aGldNTI7YztlQT09\033\\");
	far.term.ops->bell(far.term.ctx);
	drain();
	assert_string_equal(str_c(&far.seen), "\a");
}

/* --- terminals --- */

static void test_an_unknown_terminal_gets_a_fallback(void **state)
{
	(void)state;
	setenv("TERM", "no-such-terminal", 1);
	open_term("auto");
	assert_non_null(strstr(far.term.notice, "no-such-terminal"));
	assert_non_null(strstr(far.term.notice, "xterm-256color"));
	drain();
	assert_true(far.term.resize_fd >= 0);
}

static void test_one_that_cannot_place_a_cursor_is_refused(void **state)
{
	(void)state;
	struct term_options opts = {.colors = "auto"};
	struct err err = {0};
	setenv("TERM", "dumb", 1);
	assert_false(term_curses_open(&far.term, &opts, &err));
	assert_string_equal(err.text, "the terminal 'dumb' cannot place a cursor");
	drain();
	assert_int_equal(far.seen.len, 0);
}

static void test_what_is_no_terminal_is_refused(void **state)
{
	(void)state;
	struct term_options opts = {.colors = "auto"};
	struct err err = {0};
	int null = open("/dev/null", O_RDWR);
	dup2(null, STDIN_FILENO);
	close(null);
	assert_false(term_curses_open(&far.term, &opts, &err));
	assert_string_equal(err.text, "standard input and output are not a terminal");
}

static void test_a_vt100_shows_the_same(void **state)
{
	(void)state;
	struct grid grid;
	setenv("TERM", "vt100", 1);
	open_term("auto");
	assert_string_equal(far.term.notice, "");
	grid_init(&grid, ROWS, COLS);
	grid_puts(&grid, (struct rect){0, 0, ROWS, COLS}, 3, 3, 0, "hello", 20);
	assert_true(far.term.ops->show(far.term.ctx, &grid, far.theme, -1, -1));
	far.term.ops->title(far.term.ctx, "not for a vt100");
	collect();
	assert_non_null(strstr(str_c(&far.seen), "hello"));
	assert_null(strstr(str_c(&far.seen), "\033]"));
	grid_finish(&grid);
}

#define PTY_TEST(f) cmocka_unit_test_setup_teardown(f, pty_up, pty_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        PTY_TEST(test_the_screen_looks_like_the_grid),
	        PTY_TEST(test_so_it_does_with_16_colours_and_none),
	        PTY_TEST(test_both_letters_of_a_cluster_keep_their_marks),
	        PTY_TEST(test_NO_COLOR_is_heard),
	        PTY_TEST(test_what_did_not_change_is_not_sent),
	        PTY_TEST(test_the_terminal_is_left_as_it_was),
	        PTY_TEST(test_the_way_out_in_an_emergency),
	        PTY_TEST(test_suspends_and_comes_back),
	        PTY_TEST(test_a_resize_is_told_once),
	        PTY_TEST(test_keys_have_names),
	        PTY_TEST(test_escape_twice_is_two_keys),
	        PTY_TEST(test_a_character_may_come_in_pieces),
	        PTY_TEST(test_the_mouse),
	        PTY_TEST(test_a_paste_is_text),
	        PTY_TEST(test_a_paste_whose_end_falls_apart),
	        PTY_TEST(test_a_terminal_that_is_gone),
	        PTY_TEST(test_title_and_clipboard_hold_no_escape),
	        PTY_TEST(test_an_unknown_terminal_gets_a_fallback),
	        PTY_TEST(test_one_that_cannot_place_a_cursor_is_refused),
	        PTY_TEST(test_what_is_no_terminal_is_refused),
	        PTY_TEST(test_a_vt100_shows_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
