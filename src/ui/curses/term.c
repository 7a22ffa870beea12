#include "private.h"

#include <errno.h>
#include <langinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "terminfo.h"
#include "model/image_send.h"

enum {
	OSC52_MAX = 56000, /* bytes before base64; terminals take about 74,994 after it */
};

/* --- bytes of our own; ncurses has flushed its own whenever one of its calls is over --- */

void curses_send(const struct curses *curses, const char *bytes, size_t len)
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
	curses_send(curses, text, strlen(text));
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
	if (opts->pictures && !curses->suspended) graphics_ask(curses);
}

static int curses_colors(void *ctx)
{
	return ((const struct curses *)ctx)->colors.depth;
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
	picture_stop(curses);
	curses_picture(curses, NULL);
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
	curses_send(curses, str_c(&bytes), bytes.len);
	str_finish(&bytes);
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
	image_base64(&bytes, str_c(&clean), clean.len);
	str_adds(&bytes, "\033\\");
	curses_send(curses, bytes.p, bytes.len);
	str_finish(&clean);
	str_finish(&bytes);
}

static void curses_bell(void *ctx)
{
	const struct curses *curses = ctx;
	if (!curses->suspended) curses_send(curses, "\a", 1);
}

static void curses_notify(void *ctx, const char *bytes, size_t len)
{
	const struct curses *curses = ctx;
	if (!curses->suspended) curses_send(curses, bytes, len);
}

static void curses_free(void *ctx)
{
	struct curses *curses = ctx;
	picture_stop(curses);
	curses_title(curses, NULL);
	curses_picture(curses, NULL);
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
	str_finish(&curses->waiting);
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
        .colors = curses_colors,
        .redraw = curses_redraw,
        .suspend = curses_suspend,
        .resume = curses_resume,
        .title = curses_title,
        .copy = curses_copy,
        .bell = curses_bell,
        .notify = curses_notify,
        .picture = curses_picture,
        .graphics = curses_graphics,
        .free = curses_free,
};

/* --- opening --- */

/* Choose a terminfo entry; `out->notice` says when it is not the one asked for. */
static bool choose_entry(
        struct term *out, const struct term_options *opts, char entry[64], struct err *err)
{
	const char *name = getenv("TERM");
	if (!name || !name[0]) name = "unset";
	enum entry kind = strlen(name) < 64 ? terminfo_look_up(name) : ENTRY_NONE;
	if (kind == ENTRY_PLAIN)
		return err_set(
		        err, ERR_UNSUPPORTED, "the terminal '%s' cannot place a cursor", name);
	snprintf(entry, 64, "%.63s", name);
	if (kind == ENTRY_NONE) {
		snprintf(entry, 64, "xterm-256color");
		if (terminfo_look_up(entry) != ENTRY_GOOD) snprintf(entry, 64, "vt100");
		if (terminfo_look_up(entry) != ENTRY_GOOD)
			return err_set(err, ERR_UNSUPPORTED,
			        "no terminfo entry for '%s', nor for xterm-256color or vt100",
			        name);
		snprintf(out->notice, sizeof(out->notice),
		        "no terminfo entry for TERM=%.40s: using %.40s", name, entry);
	}
	if (opts->colors && strcmp(opts->colors, "truecolor") == 0) {
		char direct[64];
		if (terminfo_direct(direct, entry)) {
			snprintf(entry, 64, "%s", direct);
		} else {
			snprintf(out->notice, sizeof(out->notice),
			        "no terminfo entry with direct colours for %.40s: using its "
			        "palette",
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
	for (int i = 0; i < OWN_SIGNALS; i++)
		sigaction(own_signals[i], NULL, &kept[i]);
	SCREEN *screen = newterm(entry, out, stdin);
	for (int i = 0; i < OWN_SIGNALS; i++)
		sigaction(own_signals[i], &kept[i], NULL);
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
		return err_set(
		        err, ERR_UNSUPPORTED, "standard input and output are not a terminal");
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
	curses->frame = frame_open();
	input_open(&curses->input);
	curses_configure(curses, opts);
	modes_on(curses);
	term.ctx = curses;
	term.ascii = opts->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
	*out = term;
	return true;
}
