#include "private.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/clock.h"
#include "base/utf8.h"

/*
 * Bytes are read with wgetch and put together to UTF-8 here, because get_wch throws
 * away the first half of a character whose second half is still on its way.
 */

enum {
	CODE_PASTE_BEGIN = 3000,
	CODE_PASTE_END,
	CODE_MODIFIED, /* + row * 8 + modifier */
	ESC_DELAY_MS = 25,
	PASTE_TIMEOUT_MS = 1000,
	PASTE_MAX = 1 << 20,
	DOUBLE_CLICK_MS = 400,
};

/* Keys by the code that ncurses gives for them. */
static const struct {
	int code;
	const char *name;
} key_rows[] = {
        {KEY_UP, "Up"},
        {KEY_DOWN, "Down"},
        {KEY_LEFT, "Left"},
        {KEY_RIGHT, "Right"},
        {KEY_HOME, "Home"},
        {KEY_END, "End"},
        {KEY_PPAGE, "PageUp"},
        {KEY_NPAGE, "PageDown"},
        {KEY_IC, "Insert"},
        {KEY_DC, "Del"},
        {KEY_BACKSPACE, "BS"},
        {KEY_ENTER, "Enter"},
        {KEY_BTAB, "S-Tab"},
        {KEY_SLEFT, "S-Left"},
        {KEY_SRIGHT, "S-Right"},
        {KEY_SR, "S-Up"},
        {KEY_SF, "S-Down"},
        {KEY_SHOME, "S-Home"},
        {KEY_SEND, "S-End"},
        {KEY_SDC, "S-Del"},
        {KEY_SPREVIOUS, "S-PageUp"},
        {KEY_SNEXT, "S-PageDown"},
        {KEY_F(1), "F1"},
        {KEY_F(2), "F2"},
        {KEY_F(3), "F3"},
        {KEY_F(4), "F4"},
        {KEY_F(5), "F5"},
        {KEY_F(6), "F6"},
        {KEY_F(7), "F7"},
        {KEY_F(8), "F8"},
        {KEY_F(9), "F9"},
        {KEY_F(10), "F10"},
        {KEY_F(11), "F11"},
        {KEY_F(12), "F12"},
        {0, "C-Space"},
        {9, "Tab"},
        {13, "Enter"},
        {27, "Esc"},
        {28, "C-\\"},
        {29, "C-]"},
        {30, "C-^"},
        {31, "C-_"},
        {' ', "Space"},
        {'<', "lt"},
        {127, "BS"},
};

/* Keys with modifiers as xterm and its kin send them: CSI number ; modifier final. */
static const struct {
	const char *name;
	int number;
	char final;
	int plain; /* ncurses' code without a modifier */
} modified_rows[] = {
        {"Up", 1, 'A', KEY_UP},
        {"Down", 1, 'B', KEY_DOWN},
        {"Right", 1, 'C', KEY_RIGHT},
        {"Left", 1, 'D', KEY_LEFT},
        {"Home", 1, 'H', KEY_HOME},
        {"End", 1, 'F', KEY_END},
        {"Insert", 2, '~', KEY_IC},
        {"Del", 3, '~', KEY_DC},
        {"PageUp", 5, '~', KEY_PPAGE},
        {"PageDown", 6, '~', KEY_NPAGE},
};
enum { MODIFIED_ROWS = sizeof(modified_rows) / sizeof(modified_rows[0]) };

/* By the parameter of the sequence, from 2. */
static const char *const modifier_names[] = {"S-", "M-", "M-S-", "C-", "C-S-", "C-M-"};
enum { MODIFIERS = sizeof(modifier_names) / sizeof(modifier_names[0]) };

static void define_keys(void)
{
	char sequence[32];
	define_key("\033[200~", CODE_PASTE_BEGIN);
	define_key("\033[201~", CODE_PASTE_END);
	for (int row = 0; row < MODIFIED_ROWS; row++) {
		for (int i = 0; i < MODIFIERS; i++) {
			snprintf(sequence, sizeof(sequence), "\033[%d;%d%c",
			        modified_rows[row].number, i + 2, modified_rows[row].final);
			define_key(sequence, CODE_MODIFIED + row * 8 + i);
		}
		/* Terminals that do not follow the keypad mode send this form whatever we ask. */
		if (modified_rows[row].final != '~') {
			snprintf(sequence, sizeof(sequence), "\033[%c", modified_rows[row].final);
			define_key(sequence, modified_rows[row].plain);
		}
	}
}

bool input_open(struct input *input)
{
	*input = (struct input){.pad = newpad(1, 1), .click_row = -1};
	if (!input->pad) return false;
	keypad(input->pad, TRUE);
	nodelay(input->pad, TRUE);
	define_keys();
	return true;
}

void input_finish(struct input *input)
{
	if (input->pad) delwin(input->pad);
	str_finish(&input->raw);
	str_finish(&input->paste);
	str_finish(&input->sequence);
	*input = (struct input){0};
}

void input_mouse(bool on)
{
	mousemask(on ? ALL_MOUSE_EVENTS : 0, NULL);
	mouseinterval(0);
}

static int next_code(struct input *input)
{
	int code = input->pushed;
	input->pushed = 0;
	return code ? code - 1 : wgetch(input->pad);
}

/* Codes may be 0: kept one higher. */
static void push_back(struct input *input, int code)
{
	input->pushed = code + 1;
}

/* --- mouse --- */

static bool read_mouse(struct input *input, struct term_event *out)
{
	static const struct {
		mmask_t mask;
		const char *name;
	} buttons[] = {
	        {BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON1_DOUBLE_CLICKED, "<LeftMouse>"},
	        {BUTTON2_PRESSED | BUTTON2_CLICKED, "<MiddleMouse>"},
	        {BUTTON3_PRESSED | BUTTON3_CLICKED, "<RightMouse>"},
	        {BUTTON4_PRESSED, "<WheelUp>"},
	        {BUTTON5_PRESSED, "<WheelDown>"},
	};
	MEVENT event;
	if (getmouse(&event) != OK) return false;
	size_t i = 0;
	while (i < 5 && !(event.bstate & buttons[i].mask))
		i++;
	if (i == 5) return false;
	*out = (struct term_event){.kind = TERM_MOUSE, .row = event.y, .col = event.x};
	snprintf(out->key, sizeof(out->key), "%s", buttons[i].name);
	if (i > 0) return true;
	int64_t now = clock_mono(&clock_system);
	if (event.y == input->click_row && event.x == input->click_col &&
	        now - input->click_ms <= DOUBLE_CLICK_MS) {
		snprintf(out->key, sizeof(out->key), "<2-LeftMouse>");
		input->click_row = -1; /* a third press begins anew */
	} else {
		input->click_row = event.y;
		input->click_col = event.x;
		input->click_ms = now;
	}
	return true;
}

/* --- paste --- */

static bool finish_paste(struct input *input, struct term_event *out)
{
	struct str text = {0};
	for (size_t i = 0; i < input->raw.len; i++) {
		char c = input->raw.p[i];
		if (c == '\n' && i > 0 && input->raw.p[i - 1] == '\r') continue;
		str_addc(&text, c == '\r' ? '\n' : c);
	}
	str_clear(&input->paste);
	clean_in(&input->paste, CLEAN_BODY, str_c(&text), text.len);
	str_finish(&text);
	str_clear(&input->raw);
	input->pasting = false;
	set_escdelay(ESC_DELAY_MS);
	*out = (struct term_event){.kind = TERM_PASTE, .paste = str_c(&input->paste)};
	return true;
}

/* All is text until its end; the end may fall apart into bytes on a slow line. */
static bool read_paste(struct input *input, struct term_event *out)
{
	static const char end[] = "\033[201~";
	const size_t end_len = sizeof(end) - 1;
	int64_t now = clock_mono(&clock_system);
	if (now - input->paste_ms > PASTE_TIMEOUT_MS) return finish_paste(input, out);
	int code;
	while ((code = next_code(input)) != ERR) {
		input->paste_ms = now;
		if (code == CODE_PASTE_END) return finish_paste(input, out);
		if (code > 255) continue;
		if (input->raw.len < PASTE_MAX || code == end[end_len - 1]) {
			str_addc(&input->raw, (char)code);
		}
		size_t len = input->raw.len;
		if (len >= end_len && memcmp(input->raw.p + len - end_len, end, end_len) == 0) {
			str_cut(&input->raw, len - end_len);
			return finish_paste(input, out);
		}
	}
	return false;
}

/* --- keys --- */

static const char *code_name(int code)
{
	for (size_t i = 0; i < sizeof(key_rows) / sizeof(key_rows[0]); i++) {
		if (key_rows[i].code == code) return key_rows[i].name;
	}
	return NULL;
}

/* Write what stands between < and > for a code, or the character itself. */
static bool name_key(char out[24], int code)
{
	const char *name = code_name(code);
	int modified = code - CODE_MODIFIED;
	if (name) {
		snprintf(out, 24, "%s", name);
	} else if (code > 0 && code < 27) {
		snprintf(out, 24, "C-%c", 'a' + code - 1);
	} else if (code > 32 && code < 127) {
		snprintf(out, 24, "%c", code);
	} else if (modified >= 0 && modified < MODIFIED_ROWS * 8 && modified % 8 < MODIFIERS) {
		snprintf(out, 24, "%s%s", modifier_names[modified % 8],
		        modified_rows[modified / 8].name);
	} else {
		return false;
	}
	return true;
}

static size_t sequence_len(unsigned char lead)
{
	return lead >= 0xf0 && lead < 0xf5 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
}

/* One more byte of a character; true when it is complete and can be typed. */
static bool add_byte(struct input *input, int byte, char out[24])
{
	bool follows = (byte & 0xc0) == 0x80;
	if (!follows) input->part_len = 0;
	if (follows && input->part_len == 0) return false;
	input->part[input->part_len++] = (char)byte;
	size_t want = sequence_len((unsigned char)input->part[0]);
	if (want == 0) input->part_len = 0;
	if (input->part_len < want || want == 0) return false;
	input->part_len = 0;
	int32_t cp;
	if (!utf8_valid(input->part, want)) return false;
	utf8_decode(input->part, want, &cp);
	if (cp < 0xa0) return false; /* C1 controls are nobody's keys */
	memcpy(out, input->part, want);
	out[want] = 0;
	return true;
}

/* Read until a whole key is there. `meta`: an Esc stood before it. */
static bool key_from(struct input *input, int code, bool meta, struct term_event *out)
{
	char name[24];
	while (code >= 128 && code < 256) {
		if (add_byte(input, code, name)) {
			out->kind = TERM_KEY;
			snprintf(out->key, sizeof(out->key), meta ? "<M-%s>" : "%s", name);
			return true;
		}
		code = next_code(input);
		if (code == ERR) return false;
	}
	input->part_len = 0;
	if (!name_key(name, code)) return false;
	out->kind = TERM_KEY;
	bool plain = name[1] == 0;
	snprintf(out->key, sizeof(out->key), meta ? "<M-%s>" : plain ? "%s" : "<%s>", name);
	return true;
}

/* --- answers of the terminal, which are no keys --- */

enum { SEQUENCE_MAX = 512, SEQUENCE_MS = 400, ANSWER_MS = 2000 };

/* Is the sequence complete? CSI ends with a letter, APC with ST. */
static bool is_whole(const struct str *sequence)
{
	const char *p = sequence->p;
	size_t len = sequence->len;
	if (len < 3) return false;
	if (p[1] == '_') return p[len - 2] == 27 && p[len - 1] == '\\';
	return p[len - 1] >= 0x40 && p[len - 1] <= 0x7e;
}

/* Go on with what has begun. True when it is over, whatever it was. */
static bool read_sequence(struct input *input)
{
	int code;
	int64_t now = clock_mono(&clock_system);
	while ((code = next_code(input)) != ERR) {
		input->sequence_ms = now;
		if (code > 255 || input->sequence.len >= SEQUENCE_MAX) {
			if (code > 255) push_back(input, code);
			str_clear(&input->sequence);
			return true;
		}
		str_addc(&input->sequence, (char)code);
		if (!is_whole(&input->sequence)) continue;
		answer_take(&input->answers, input->sequence.p, input->sequence.len);
		str_clear(&input->sequence);
		return true;
	}
	if (now - input->sequence_ms < SEQUENCE_MS) return false;
	str_clear(&input->sequence);
	return true;
}

/* An Esc came, and after it `code`: does an answer begin so? */
static bool begins_answer(struct input *input, int code)
{
	if (!input->answers.asked || (code != '[' && code != '_')) return false;
	str_clear(&input->sequence);
	str_addc(&input->sequence, 27);
	str_addc(&input->sequence, (char)code);
	input->sequence_ms = clock_mono(&clock_system);
	return true;
}

/* A lone Esc while an answer is on its way may be the answer's first byte. */
static bool may_be_answer(const struct input *input)
{
	const struct answers *answers = &input->answers;
	return answers->asked && !answers->answered &&
	       clock_mono(&clock_system) - answers->asked_ms < ANSWER_MS;
}

static bool read_escape(struct input *input, struct term_event *out)
{
	int code = next_code(input);
	if (code == ERR && may_be_answer(input)) {
		struct pollfd fd = {.fd = STDIN_FILENO, .events = POLLIN};
		if (poll(&fd, 1, ESC_DELAY_MS) > 0) code = next_code(input);
	}
	if (begins_answer(input, code)) return false;
	/* Twice Esc is twice Esc; a mouse or a paste is no key to go with it. */
	if (code == ERR || code == 27 || code == KEY_MOUSE || code == KEY_RESIZE ||
	        code == CODE_PASTE_BEGIN || !key_from(input, code, true, out)) {
		if (code == 27 || code > 255) push_back(input, code);
		*out = (struct term_event){.kind = TERM_KEY, .key = "<Esc>"};
	}
	return true;
}

/* ncurses says the same for "nothing yet" and "never again". */
static bool is_closed(void)
{
	struct pollfd fd = {.fd = STDIN_FILENO, .events = POLLIN};
	int waiting = 0;
	if (poll(&fd, 1, 0) <= 0) return false;
	if (fd.revents & (POLLHUP | POLLERR | POLLNVAL)) return true;
	/* Readable, yet nothing to read: the end. */
	return (fd.revents & POLLIN) && ioctl(STDIN_FILENO, FIONREAD, &waiting) == 0 &&
	       waiting == 0;
}

void input_read(struct input *input, struct term_event *out)
{
	for (;;) {
		*out = (struct term_event){.kind = TERM_NONE};
		if (input->pasting) {
			if (read_paste(input, out)) return;
		}
		if (input->sequence.len && !read_sequence(input)) return;
		int code = input->pasting ? ERR : next_code(input);
		if (code == ERR) {
			if (is_closed()) out->kind = TERM_CLOSED;
			return;
		} else if (code == CODE_PASTE_BEGIN) {
			input->pasting = true;
			input->paste_ms = clock_mono(&clock_system);
			set_escdelay(0); /* no key begins with Esc now */
		} else if (code == KEY_MOUSE) {
			if (read_mouse(input, out)) return;
		} else if (code == 27) {
			if (read_escape(input, out)) return;
		} else if (code != KEY_RESIZE && key_from(input, code, false, out)) {
			return;
		}
	}
}
