#include "ui/edit.h"

#include <string.h>

#include "base/clean.h"
#include "edit_move.h"

enum { EDIT_MAX = 65536 }; /* bytes of one line */

void edit_finish(struct edit *edit)
{
	str_finish(&edit->text);
	str_finish(&edit->killed);
	edit->cursor = 0;
}

void edit_set(struct edit *edit, const char *text)
{
	str_clear(&edit->text);
	edit->cursor = 0;
	edit_insert(edit, text, strlen(text));
}

/* Replace bytes [from, to) by a text; the cursor then stands behind it. */
static void replace(struct edit *edit, size_t from, size_t to, const char *bytes, size_t len)
{
	struct str text = {0};
	str_add(&text, str_c(&edit->text), from);
	str_add(&text, bytes, len);
	str_add(&text, str_c(&edit->text) + to, edit->text.len - to);
	str_finish(&edit->text);
	edit->text = text;
	edit->cursor = from + len;
}

void edit_insert(struct edit *edit, const char *utf8, size_t len)
{
	struct str clean = {0};
	clean_in(&clean, CLEAN_LINE, utf8, len);
	/* A blank alone is a word's end while typing, though a line of text needs none. */
	bool blank = clean.len == 0 && len == 1 && utf8[0] == ' ';
	const char *bytes = blank ? " " : str_c(&clean);
	size_t n = blank ? 1 : clean.len;
	if (edit->text.len + n <= EDIT_MAX) replace(edit, edit->cursor, edit->cursor, bytes, n);
	str_finish(&clean);
}

/* Edges of clusters around the cursor. */
static size_t next_cluster(const struct edit *edit, size_t at)
{
	return edit_next(str_c(&edit->text), edit->text.len, at);
}

static size_t prev_cluster(const struct edit *edit, size_t at)
{
	return edit_prev(str_c(&edit->text), edit->text.len, at);
}

static size_t word_end(const struct edit *edit)
{
	return edit_word_end(str_c(&edit->text), edit->text.len, edit->cursor);
}

static size_t word_start(const struct edit *edit)
{
	return edit_word_start(str_c(&edit->text), edit->text.len, edit->cursor);
}

static void kill(struct edit *edit, size_t from, size_t to)
{
	if (from == to) return;
	str_clear(&edit->killed);
	str_add(&edit->killed, edit->text.p + from, to - from);
	replace(edit, from, to, "", 0);
}

static void key_left(struct edit *edit)
{
	edit->cursor = prev_cluster(edit, edit->cursor);
}

static void key_right(struct edit *edit)
{
	edit->cursor = next_cluster(edit, edit->cursor);
}

static void key_word_left(struct edit *edit)
{
	edit->cursor = word_start(edit);
}

static void key_word_right(struct edit *edit)
{
	edit->cursor = word_end(edit);
}

static void key_home(struct edit *edit)
{
	edit->cursor = 0;
}

static void key_end(struct edit *edit)
{
	edit->cursor = edit->text.len;
}

static void key_erase(struct edit *edit)
{
	replace(edit, prev_cluster(edit, edit->cursor), edit->cursor, "", 0);
}

static void key_delete(struct edit *edit)
{
	replace(edit, edit->cursor, next_cluster(edit, edit->cursor), "", 0);
}

static void key_kill_end(struct edit *edit)
{
	kill(edit, edit->cursor, edit->text.len);
}

static void key_kill_start(struct edit *edit)
{
	kill(edit, 0, edit->cursor);
}

static void key_kill_blank(struct edit *edit)
{
	kill(edit, edit_blank_start(str_c(&edit->text), edit->cursor), edit->cursor);
}

static void key_kill_word_left(struct edit *edit)
{
	kill(edit, word_start(edit), edit->cursor);
}

static void key_kill_word_right(struct edit *edit)
{
	kill(edit, edit->cursor, word_end(edit));
}

static void key_yank(struct edit *edit)
{
	if (edit->text.len + edit->killed.len > EDIT_MAX) return;
	replace(edit, edit->cursor, edit->cursor, str_c(&edit->killed), edit->killed.len);
}

static void key_transpose(struct edit *edit)
{
	size_t at = edit->cursor < edit->text.len ? edit->cursor : prev_cluster(edit, edit->cursor);
	if (at == 0 || edit->text.len == 0) return;
	size_t before = prev_cluster(edit, at), end = next_cluster(edit, at);
	struct str swapped = {0};
	str_add(&swapped, edit->text.p + at, end - at);
	str_add(&swapped, edit->text.p + before, at - before);
	replace(edit, before, end, str_c(&swapped), swapped.len);
	str_finish(&swapped);
}

static const struct {
	const char *key;
	void (*act)(struct edit *edit);
} keys[] = {
        {"<BS>", key_erase},
        {"<C-Left>", key_word_left},
        {"<C-Right>", key_word_right},
        {"<C-a>", key_home},
        {"<C-b>", key_left},
        {"<C-d>", key_delete},
        {"<C-e>", key_end},
        {"<C-f>", key_right},
        {"<C-h>", key_erase},
        {"<C-k>", key_kill_end},
        {"<C-t>", key_transpose},
        {"<C-u>", key_kill_start},
        {"<C-w>", key_kill_blank},
        {"<C-y>", key_yank},
        {"<Del>", key_delete},
        {"<End>", key_end},
        {"<Home>", key_home},
        {"<Left>", key_left},
        {"<M-BS>", key_kill_word_left},
        {"<M-b>", key_word_left},
        {"<M-d>", key_kill_word_right},
        {"<M-f>", key_word_right},
        {"<Right>", key_right},
};

bool edit_key(struct edit *edit, const char *key)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (strcmp(keys[i].key, key) == 0) {
			keys[i].act(edit);
			return true;
		}
	}
	if (strcmp(key, "<Space>") == 0) key = " ";
	if (strcmp(key, "<lt>") == 0) key = "<";
	if (key[0] == 0 || (key[0] == '<' && key[1] != 0)) return false;
	edit_insert(edit, key, strlen(key));
	return true;
}
