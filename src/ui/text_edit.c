#include "ui/text_edit.h"

#include <string.h>

#include "base/clean.h"
#include "base/utf8.h"
#include "edit_move.h"
#include "text_undo.h"

void text_edit_finish(struct text_edit *edit)
{
	text_steps_forget(edit);
	str_finish(&edit->text);
	str_finish(&edit->killed);
	arena_finish(&edit->rows_arena);
	*edit = (struct text_edit){0};
}

void text_edit_set(struct text_edit *edit, const char *text)
{
	size_t len = strlen(text);
	text_steps_forget(edit);
	str_clear(&edit->text);
	clean_in(&edit->text, CLEAN_BODY, text, len);
	if (edit->text.len > TEXT_EDIT_MAX)
		str_cut(&edit->text, utf8_prefix(edit->text.p, edit->text.len, TEXT_EDIT_MAX));
	edit->cursor = edit->text.len;
	edit->last = TEXT_EDIT_MOVED;
	edit->goal = 0;
	edit->version++;
}

static bool change(
        struct text_edit *edit, size_t from, size_t to, const char *bytes, size_t len, bool joins)
{
	if (edit->text.len - (to - from) + len > TEXT_EDIT_MAX) return false;
	text_step_do(edit, from, to, bytes, len, joins);
	return true;
}

bool text_edit_replace(struct text_edit *edit, size_t from, size_t to, const char *utf8, size_t len)
{
	struct str clean = {0};
	clean_in(&clean, CLEAN_BODY, utf8, len);
	bool ok = change(edit, from, to, str_c(&clean), clean.len, false);
	str_finish(&clean);
	edit->last = TEXT_EDIT_MOVED;
	edit->goal = 0;
	return ok;
}

bool text_edit_insert(struct text_edit *edit, const char *utf8, size_t len)
{
	return text_edit_replace(edit, edit->cursor, edit->cursor, utf8, len);
}

/*
 * A key's text as it may stand behind the cursor: a mark belongs to what is before it, so
 * they are cleaned together; a joiner waits for what will be typed next.
 */
static void clean_key(
        struct text_edit *edit, const char *utf8, size_t len, struct str *out, size_t *out_skip)
{
	static const char joiner[] = "\xe2\x80\x8d";
	size_t from = edit_prev(str_c(&edit->text), edit->text.len, edit->cursor);
	size_t before = edit->cursor - from;
	if (strcmp(utf8, joiner) == 0) {
		str_add(out, utf8, len);
		*out_skip = 0;
		return;
	}
	struct str both = {0};
	str_add(&both, str_c(&edit->text) + from, before);
	str_add(&both, utf8, len);
	clean_in(out, CLEAN_BODY, str_c(&both), both.len);
	*out_skip = before;
	if (out->len < before || (before && memcmp(out->p, both.p, before) != 0)) {
		str_clear(out);
		clean_in(out, CLEAN_BODY, utf8, len);
		*out_skip = 0;
	}
	str_finish(&both);
}

static bool type(struct text_edit *edit, const char *utf8, size_t len)
{
	struct str clean = {0};
	size_t at = edit->cursor, skip;
	clean_key(edit, utf8, len, &clean, &skip);
	/* A new word is a new step of undo. */
	bool starts = at > 0 && (edit->text.p[at - 1] == ' ' || edit->text.p[at - 1] == '\n') &&
	              *utf8 != ' ' && *utf8 != '\n';
	change(edit, at, at, str_c(&clean) + skip, clean.len - skip,
	        edit->last == TEXT_EDIT_TYPED && !starts);
	str_finish(&clean);
	edit->last = TEXT_EDIT_TYPED;
	edit->goal = 0;
	return true;
}

/* -- rows -- */

const struct wrap *text_edit_rows(struct text_edit *edit, int cols)
{
	if (cols < 1) cols = 1;
	if (edit->rows_cols == cols && edit->rows_version == edit->version) return &edit->rows;
	arena_reset(&edit->rows_arena);
	const char *p = str_c(&edit->text);
	size_t len = edit->text.len;
	struct wrap rows = wrap_text(&edit->rows_arena, p, len, cols, 0);
	if (len == 0 || p[len - 1] == '\n') {
		/* Where the cursor stands behind the last LF. */
		size_t n = rows.nlines;
		struct wrap_line *lines = arena_alloc(&edit->rows_arena, (n + 1) * sizeof(*lines));
		if (n) memcpy(lines, rows.lines, n * sizeof(*lines));
		lines[n] = (struct wrap_line){(uint32_t)len, (uint32_t)len, 0};
		rows = (struct wrap){lines, n + 1};
	}
	edit->rows = rows;
	edit->rows_version = edit->version;
	edit->rows_cols = cols;
	return &edit->rows;
}

/* The last row that begins at or before a place. */
static size_t row_of(const struct wrap *rows, size_t at)
{
	size_t low = 0, high = rows->nlines;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (rows->lines[middle].start <= at)
			low = middle;
		else
			high = middle;
	}
	return low;
}

size_t text_edit_row(struct text_edit *edit, int cols, int *out_col)
{
	const struct wrap *rows = text_edit_rows(edit, cols);
	size_t row = row_of(rows, edit->cursor), start = rows->lines[row].start;
	int col = (int)utf8_width(str_c(&edit->text) + start, edit->cursor - start);
	/* Blanks hang over the edge; the cursor behind them does not. */
	*out_col = col < cols ? col : cols - 1;
	return row;
}

/* Where the cursor may stand last in a row: not where the next one begins. */
static size_t row_end(const struct text_edit *edit, const struct wrap *rows, size_t row)
{
	size_t len = edit->text.len;
	if (row + 1 == rows->nlines) return len;
	size_t next = rows->lines[row + 1].start;
	return edit_prev(str_c(&edit->text), len, next);
}

bool text_edit_move(struct text_edit *edit, int by, int cols)
{
	int col;
	size_t row = text_edit_row(edit, cols, &col);
	const struct wrap *rows = &edit->rows;
	if (!edit->goal) edit->goal = col + 1;
	edit->last = TEXT_EDIT_MOVED;
	if (by < 0 ? row == 0 : row + 1 == rows->nlines) return false;
	size_t far = by < 0 ? (size_t)-by : (size_t)by, last = rows->nlines - 1;
	row = by < 0 ? (row > far ? row - far : 0) : (last - row > far ? row + far : last);
	const char *p = str_c(&edit->text);
	size_t at = rows->lines[row].start, end = row_end(edit, rows, row);
	for (int cells = 0; at < end;) {
		struct cluster cluster = utf8_cluster(p + at, edit->text.len - at);
		cells += cluster.width;
		if (cells > edit->goal - 1) break;
		at += cluster.len;
	}
	edit->cursor = at;
	return true;
}

/* -- keys -- */

static const char *bytes(const struct text_edit *edit)
{
	return str_c(&edit->text);
}

static size_t line_start(const struct text_edit *edit)
{
	size_t at = edit->cursor;
	while (at > 0 && edit->text.p[at - 1] != '\n')
		at--;
	return at;
}

static size_t line_end(const struct text_edit *edit)
{
	return edit->cursor + strcspn(bytes(edit) + edit->cursor, "\n");
}

static size_t here(const struct text_edit *edit)
{
	return edit->cursor;
}

static size_t left(const struct text_edit *edit)
{
	return edit_prev(bytes(edit), edit->text.len, edit->cursor);
}

static size_t right(const struct text_edit *edit)
{
	return edit_next(bytes(edit), edit->text.len, edit->cursor);
}

static size_t word_left(const struct text_edit *edit)
{
	return edit_word_start(bytes(edit), edit->text.len, edit->cursor);
}

static size_t word_right(const struct text_edit *edit)
{
	return edit_word_end(bytes(edit), edit->text.len, edit->cursor);
}

static size_t blank_left(const struct text_edit *edit)
{
	return edit_blank_start(bytes(edit), edit->cursor);
}

static size_t top(const struct text_edit *edit)
{
	(void)edit;
	return 0;
}

static size_t bottom(const struct text_edit *edit)
{
	return edit->text.len;
}

/* At a line's end the LF itself is taken, so that C-k joins lines as readline's kin do. */
static size_t kill_end(const struct text_edit *edit)
{
	size_t end = line_end(edit);
	return end == edit->cursor ? right(edit) : end;
}

static size_t kill_start(const struct text_edit *edit)
{
	size_t start = line_start(edit);
	return start == edit->cursor ? left(edit) : start;
}

enum deed { GO, ERASE, KILL };

/* What a key does with the bytes between the cursor and a place. */
static const struct {
	const char *key;
	enum deed deed;
	size_t (*place)(const struct text_edit *edit);
} keys[] = {
        {"<BS>", ERASE, left},
        {"<C-End>", GO, bottom},
        {"<C-Home>", GO, top},
        {"<C-Left>", GO, word_left},
        {"<C-Right>", GO, word_right},
        {"<C-a>", GO, line_start},
        {"<C-b>", GO, left},
        {"<C-d>", ERASE, right},
        {"<C-e>", GO, line_end},
        {"<C-f>", GO, right},
        {"<C-h>", ERASE, left},
        {"<C-k>", KILL, kill_end},
        {"<C-u>", KILL, kill_start},
        {"<C-w>", KILL, blank_left},
        {"<Del>", ERASE, right},
        {"<End>", GO, line_end},
        {"<Home>", GO, line_start},
        {"<Left>", GO, left},
        {"<M-BS>", KILL, word_left},
        {"<M-Left>", GO, word_left},
        {"<M-Right>", GO, word_right},
        {"<M-b>", GO, word_left},
        {"<M-d>", KILL, word_right},
        {"<M-f>", GO, word_right},
        {"<M-lt>", GO, top},
        {"<M->>", GO, bottom},
        {"<Right>", GO, right},
};

/* What is killed in one go is one thing to yank: in front or behind, by where it stood. */
static void keep_killed(struct text_edit *edit, size_t from, size_t to)
{
	struct str killed = {0};
	bool more = edit->last == TEXT_EDIT_KILLED, behind = from == edit->cursor;
	if (more && behind) str_add(&killed, str_c(&edit->killed), edit->killed.len);
	str_add(&killed, edit->text.p + from, to - from);
	if (more && !behind) str_add(&killed, str_c(&edit->killed), edit->killed.len);
	str_finish(&edit->killed);
	edit->killed = killed;
}

static void act(struct text_edit *edit, enum deed deed, size_t place)
{
	size_t from = place < edit->cursor ? place : edit->cursor;
	size_t to = place < edit->cursor ? edit->cursor : place;
	edit->goal = 0;
	if (deed == GO) {
		edit->cursor = place;
		edit->last = TEXT_EDIT_MOVED;
		return;
	}
	if (from < to) {
		if (deed == KILL) keep_killed(edit, from, to);
		change(edit, from, to, "", 0, deed == ERASE && edit->last == TEXT_EDIT_ERASED);
	}
	edit->last = deed == KILL ? TEXT_EDIT_KILLED : TEXT_EDIT_ERASED;
}

/* The characters around the cursor change places; at a line's end the last two. */
static bool transpose(struct text_edit *edit, int cols)
{
	(void)cols;
	size_t start = line_start(edit), at = edit->cursor;
	if (at == line_end(edit) && at > start) at = left(edit);
	if (at == start) return true;
	size_t before = edit_prev(bytes(edit), edit->text.len, at);
	size_t end = edit_next(bytes(edit), edit->text.len, at);
	struct str swapped = {0};
	str_add(&swapped, edit->text.p + at, end - at);
	str_add(&swapped, edit->text.p + before, at - before);
	change(edit, before, end, str_c(&swapped), swapped.len, false);
	str_finish(&swapped);
	edit->last = TEXT_EDIT_MOVED;
	edit->goal = 0;
	return true;
}

static bool yank(struct text_edit *edit, int cols)
{
	(void)cols;
	text_edit_replace(edit, edit->cursor, edit->cursor, str_c(&edit->killed), edit->killed.len);
	return true;
}

static bool undo(struct text_edit *edit, int cols)
{
	(void)cols;
	text_edit_undo(edit);
	return true;
}

static bool redo(struct text_edit *edit, int cols)
{
	(void)cols;
	text_edit_redo(edit);
	return true;
}

static bool up(struct text_edit *edit, int cols)
{
	if (!text_edit_move(edit, -1, cols)) act(edit, GO, here(edit));
	return true;
}

static bool down(struct text_edit *edit, int cols)
{
	if (!text_edit_move(edit, 1, cols)) act(edit, GO, here(edit));
	return true;
}

static bool new_line(struct text_edit *edit, int cols)
{
	(void)cols;
	return type(edit, "\n", 1);
}

static const struct {
	const char *key;
	bool (*act)(struct text_edit *edit, int cols);
} others[] = {
        {"<C-_>", undo},
        {"<C-j>", new_line},
        {"<C-n>", down},
        {"<C-p>", up},
        {"<C-r>", redo},
        {"<C-t>", transpose},
        {"<C-y>", yank},
        {"<Down>", down},
        {"<Enter>", new_line},
        {"<M-_>", redo},
        {"<Up>", up},
};

bool text_edit_key(struct text_edit *edit, const char *key, int cols)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (strcmp(keys[i].key, key) != 0) continue;
		act(edit, keys[i].deed, keys[i].place(edit));
		return true;
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		if (strcmp(others[i].key, key) == 0) return others[i].act(edit, cols);
	}
	if (strcmp(key, "<Space>") == 0) key = " ";
	if (strcmp(key, "<lt>") == 0) key = "<";
	if (key[0] == 0 || (key[0] == '<' && key[1] != 0)) return false;
	return type(edit, key, strlen(key));
}
