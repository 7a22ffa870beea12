/* Pixels in a terminal: what it is asked, that its answers are no keys, what it is sent. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/str.h"
#include "ui/term.h"

/* ncurses keeps some memory for good. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libncursesw\nleak:libtinfo\n";
}

enum { ROWS = 12, COLS = 30 };

static struct {
	int master, slave, in, out;
	struct term term;
	bool open;
	struct theme *theme;
	struct str seen;
} far;

static int pty_up(void **state)
{
	static const char *const names[] = {
	        "TMUX", "TERM_PROGRAM", "LC_TERMINAL", "NO_COLOR", "KITTY_WINDOW_ID"};
	(void)state;
	setlocale(LC_ALL, "C.UTF-8");
	setenv("TERM", "xterm-256color", 1);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unsetenv(names[i]);
	far.master = posix_openpt(O_RDWR | O_NOCTTY);
	if (far.master < 0 || grantpt(far.master) != 0 || unlockpt(far.master) != 0) return -1;
	far.slave = open(ptsname(far.master), O_RDWR | O_NOCTTY);
	struct winsize size = {.ws_row = ROWS, .ws_col = COLS};
	ioctl(far.master, TIOCSWINSZ, &size);
	far.in = dup(STDIN_FILENO);
	far.out = dup(STDOUT_FILENO);
	dup2(far.slave, STDIN_FILENO);
	dup2(far.slave, STDOUT_FILENO);
	far.theme = theme_new();
	return 0;
}

/* All that was sent so far: up to a mark of our own. */
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
	close(far.master);
	theme_free(far.theme);
	str_finish(&far.seen);
	return 0;
}

static void open_term(bool pictures)
{
	struct term_options opts = {.colors = "auto", .pictures = pictures};
	struct err err = {0};
	far.open = term_curses_open(&far.term, &opts, &err);
	if (!far.open) fail_msg("%s", err.text);
	collect();
}

static bool was_sent(const char *bytes)
{
	return strstr(str_c(&far.seen), bytes) != NULL;
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

static struct term_graphics graphics(void)
{
	return far.term.ops->graphics(far.term.ctx);
}

static void it_is_asked_once_where_that_makes_sense(void **state)
{
	(void)state;
	open_term(false);
	assert_false(was_sent("\033_G"));
	assert_false(was_sent("\033[c"));
	struct term_options opts = {.colors = "auto", .pictures = true};
	far.term.ops->configure(far.term.ctx, &opts);
	collect();
	assert_true(was_sent("\033_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\033\\\033[16t\033[c"));
	far.term.ops->configure(far.term.ctx, &opts);
	collect();
	assert_false(was_sent("\033[c"));
}

static void one_that_knows_nothing_is_not_asked(void **state)
{
	(void)state;
	setenv("TERM", "linux", 1);
	open_term(true);
	assert_false(was_sent("\033_G"));
	assert_false(was_sent("\033[c"));
}

static void tmux_is_asked_for_its_own(void **state)
{
	(void)state;
	setenv("TMUX", "/tmp/tmux,1,0", 1);
	setenv("TERM_PROGRAM", "iTerm.app", 1);
	open_term(true);
	assert_false(was_sent("\033_G"));
	assert_true(was_sent("\033[c"));
	type("\033[?1;2;4c");
	assert_int_equal(next().kind, TERM_NONE);
	assert_int_equal(graphics().form, IMAGE_SIXEL);
}

static void answers_are_no_keys(void **state)
{
	(void)state;
	open_term(true);
	assert_int_equal(graphics().form, IMAGE_CELLS);
	type("\033_Gi=31;OK\033\\\033[6;20;10t\033[?62;4;22cj");
	assert_string_equal(next().key, "j");
	assert_int_equal(next().kind, TERM_NONE);
	assert_int_equal(graphics().form, IMAGE_KITTY);
	assert_int_equal(graphics().cell_width, 10);
	assert_int_equal(graphics().cell_height, 20);
	/* Keys are keys still. */
	type("\033[A\033x\033\033");
	assert_string_equal(next().key, "<Up>");
	assert_string_equal(next().key, "<M-x>");
	assert_string_equal(next().key, "<Esc>");
	assert_string_equal(next().key, "<Esc>");
	assert_int_equal(next().kind, TERM_NONE);
}

static void they_may_come_in_pieces(void **state)
{
	(void)state;
	open_term(true);
	static const char *const pieces[] = {
	        "\033_Gi", "=31;EN", "OTSUP:no\033", "\\", "\033[?6", "2;", "4", "c"};
	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		type(pieces[i]);
		assert_int_equal(next().kind, TERM_NONE);
	}
	type("k");
	assert_string_equal(next().key, "k");
	assert_int_equal(graphics().form, IMAGE_SIXEL);
}

/* Whatever a terminal says, it is not believed beyond reason. */
static void nonsense_is_no_answer(void **state)
{
	(void)state;
	open_term(true);
	type("\033[6;0;0t\033[6;99999;5t\033[6t\033[?c\033[?;;;;c\033_Gi=31\033\\\033[?1;2cz");
	assert_string_equal(next().key, "z");
	assert_int_equal(graphics().form, IMAGE_CELLS);
	assert_in_range(graphics().cell_width, 1, 100);
	assert_in_range(graphics().cell_height, 1, 100);
}

static void send(const struct term_picture *picture)
{
	struct grid grid;
	grid_init(&grid, ROWS, COLS);
	for (int i = 0; i < 100; i++) {
		if (far.term.ops->show(far.term.ctx, &grid, far.theme, -1, -1) &&
		        far.term.ops->picture(far.term.ctx, picture))
			break;
	}
	grid_finish(&grid);
	collect();
}

static void a_picture_is_sent_and_taken_away(void **state)
{
	(void)state;
	open_term(true);
	type("\033_Gi=31;OK\033\\\033[6;20;10t\033[?62c");
	assert_int_equal(next().kind, TERM_NONE);
	struct image *image = image_new_pixels(20, 20);
	memset(image->rgba, 255, 20 * 20 * 4);
	const struct image_wish wish = {.form = IMAGE_KITTY, .cell_width = 10, .cell_height = 20};
	image_make_bytes(image, &wish);
	struct term_picture picture = {image, {2, 4, 5, 10}};
	send(&picture);
	/* In the middle of its place, and the cursor back to where it was. */
	assert_true(was_sent("\0337\033[5;9H\033_Ga=T,f=24,s=20,v=20,"));
	assert_true(was_sent("\033\\\0338"));
	assert_false(was_sent("a=d"));
	send(&picture);
	assert_false(was_sent("\033_G"));
	send(NULL);
	assert_true(was_sent("\033_Ga=d,d=I,"));
	send(NULL);
	assert_false(was_sent("\033_G"));
	image_free(image);
}

#define PTY_TEST(f) cmocka_unit_test_setup_teardown(f, pty_up, pty_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        PTY_TEST(it_is_asked_once_where_that_makes_sense),
	        PTY_TEST(one_that_knows_nothing_is_not_asked),
	        PTY_TEST(tmux_is_asked_for_its_own),
	        PTY_TEST(answers_are_no_keys),
	        PTY_TEST(they_may_come_in_pieces),
	        PTY_TEST(nonsense_is_no_answer),
	        PTY_TEST(a_picture_is_sent_and_taken_away),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
