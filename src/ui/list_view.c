#include "ui/views.h"

#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "ui/wrap.h"

void list_view_finish(struct list_view *view)
{
	for (size_t i = 0; i < view->nitems; i++) {
		free(view->items[i].key);
		free(view->items[i].text);
		free(view->items[i].detail);
		free(view->items[i].line);
		free(view->items[i].about);
	}
	free(view->items);
	free(view->title);
	free(view->again);
	free(view->on_leave);
	edit_finish(&view->filter);
	*view = (struct list_view){0};
}

void list_view_add(struct list_view *view, const struct list_item *item)
{
	view->items = mem_grow(view->items, &view->cap, view->nitems + 1, sizeof(*view->items));
	struct list_item *copy = &view->items[view->nitems++];
	*copy = *item;
	copy->key = xstrdup(item->key);
	copy->text = xstrdup(item->text);
	copy->detail = xstrdup(item->detail);
	copy->line = xstrdup(item->line);
	copy->about = xstrdup(item->about);
}

/* --- which items match what was typed --- */

/* Every word typed must stand somewhere in the item. */
static bool matches(const struct list_item *item, const struct str *words)
{
	if (words->len == 0) return true;
	if (item->heading) return false;
	struct str all = {0};
	fold_add(&all, item->text, strlen(item->text));
	str_addc(&all, ' ');
	if (item->key) fold_add(&all, item->key, strlen(item->key));
	str_addc(&all, ' ');
	if (item->detail) fold_add(&all, item->detail, strlen(item->detail));
	bool every = true;
	for (const char *p = words->p; *p && every; p += strspn(p, " ")) {
		size_t len = strcspn(p, " ");
		char *word = xstrndup(p, len);
		every = strstr(str_c(&all), word) != NULL;
		free(word);
		p += len;
	}
	str_finish(&all);
	return every;
}

/* Indexes of the matching items; owned. */
static size_t *matching(const struct list_view *view, size_t *out_n)
{
	struct str words = {0};
	fold_add(&words, str_c(&view->filter.text), view->filter.text.len);
	size_t *found = xmalloc((view->nitems + 1) * sizeof(*found)), n = 0;
	for (size_t i = 0; i < view->nitems; i++) {
		if (matches(&view->items[i], &words)) found[n++] = i;
	}
	str_finish(&words);
	*out_n = n;
	return found;
}

/* The line of the focused item among the matching ones; SIZE_MAX when none can be chosen. */
static size_t focus_line(struct list_view *view, const size_t *found, size_t n)
{
	size_t seen = 0, last = SIZE_MAX;
	for (size_t i = 0; i < n; i++) {
		if (view->items[found[i]].heading) continue;
		last = i;
		if (seen++ == view->focus) return i;
	}
	view->focus = seen > 0 ? seen - 1 : 0;
	return last;
}

const struct list_item *list_view_chosen(const struct list_view *view, const char *key)
{
	size_t n, seen = 0;
	size_t *found = matching(view, &n);
	const struct list_item *chosen = NULL;
	for (size_t i = 0; i < n && !chosen; i++) {
		const struct list_item *item = &view->items[found[i]];
		if (item->heading) continue;
		if (key ? item->key && strcmp(item->key, key) == 0 : seen == view->focus) {
			chosen = item;
		}
		seen++;
	}
	free(found);
	return chosen;
}

/* --- where it stands --- */

static int text_cells(const char *text)
{
	return text ? (int)utf8_width(text, strlen(text)) : 0;
}

/* Of one of the list's own keys: " e edit ". */
static int key_cells(const struct list_key *key)
{
	return text_cells(key->key) + text_cells(key->label) + 3;
}

static int hint_cells(const struct list_view *view)
{
	int cells = 0;
	for (const struct list_key *key = view->keys; key && key->key; key++)
		cells += key_cells(key);
	return cells;
}

struct shape {
	struct rect frame, inner;
	int key, text; /* cells of the columns */
	bool filter;   /* the first inner line shows what was typed */
};

static int at_most(int n, int limit)
{
	return n < limit ? n : limit;
}

static struct shape shape_of(const struct list_view *view, struct rect area, size_t nlines)
{
	struct shape shape = {.filter = view->typing && area.rows > 2};
	int detail = 0, heading = text_cells(view->title);
	for (size_t i = 0; i < view->nitems; i++) {
		const struct list_item *item = &view->items[i];
		int key = text_cells(item->key), text = text_cells(item->text);
		if (key > shape.key) shape.key = key;
		if (item->heading && text > heading) heading = text;
		if (text > shape.text && !item->heading) shape.text = text;
		if (text_cells(item->detail) > detail) detail = text_cells(item->detail);
	}
	shape.key = at_most(shape.key, area.cols / 4);
	int want = (shape.key ? shape.key + 2 : 0) + shape.text + (detail ? detail + 2 : 0) + 2;
	if (want < heading + 2) want = heading + 2;
	if (want < hint_cells(view) + 2) want = hint_cells(view) + 2;
	if (want < 30) want = 30;
	int border = area.rows > 4 && area.cols > 12;
	int rows = at_most(
	        (int)(nlines > 4096 ? 4096 : nlines) + shape.filter, area.rows - 2 * border);
	int cols = at_most(want, area.cols - 2 * border);
	if (rows < 1) rows = 1;
	shape.text = at_most(shape.text, detail ? cols * 2 / 3 : cols);
	shape.frame = (struct rect){area.row + (area.rows - rows - 2 * border) / 2,
	        area.col + (area.cols - cols - 2 * border) / 2, rows + 2 * border,
	        cols + 2 * border};
	shape.inner = (struct rect){shape.frame.row + border, shape.frame.col + border, rows, cols};
	return shape;
}

void list_view_move(struct list_view *view, int by, struct rect area)
{
	size_t n, selectable = 0;
	size_t *found = matching(view, &n);
	for (size_t i = 0; i < n; i++)
		selectable += !view->items[found[i]].heading;
	free(found);
	(void)area;
	if (selectable == 0) return;
	size_t far = by < 0 ? 0 - (size_t)by : (size_t)by;
	if (by < 0) {
		view->focus = view->focus > far ? view->focus - far : 0;
	} else {
		view->focus =
		        selectable - 1 - view->focus > far ? view->focus + far : selectable - 1;
	}
}

/* --- drawing --- */

struct list_pen {
	const struct list_view *view;
	struct ui *ui;
	struct grid *grid;
	struct shape shape;
};

static void put(const struct list_pen *pen, int row, int col, enum role role, enum role under,
        const char *text, int max)
{
	const struct rect *inner = &pen->shape.inner;
	if (max > inner->cols - col) max = inner->cols - col;
	grid_puts(pen->grid, *inner, inner->row + row, inner->col + col,
	        theme_style(pen->ui->theme, role, under), text, max);
}

static void draw_frame(const struct list_pen *pen)
{
	const struct rect *frame = &pen->shape.frame;
	grid_fill(pen->grid, *frame, theme_style(pen->ui->theme, ROLE_MENU, ROLE_DEFAULT));
	if (pen->shape.inner.row != frame->row)
		frame_draw(pen->ui, pen->grid, *frame, ROLE_MENU, pen->view->title);
}

static void draw_item(const struct list_pen *pen, int row, const struct list_item *item, bool focus)
{
	enum role under = focus ? ROLE_MENU_FOCUS : ROLE_MENU;
	const struct rect *inner = &pen->shape.inner;
	struct rect line = {inner->row + row, inner->col, 1, inner->cols};
	if (item->heading) {
		put(pen, row, 1, ROLE_MENU_TITLE, ROLE_MENU, item->text, inner->cols);
		return;
	}
	if (focus) {
		grid_fill(pen->grid, line, theme_style(pen->ui->theme, under, ROLE_DEFAULT));
		put(pen, row, 0, ROLE_MENU_FOCUS, ROLE_DEFAULT, ui_mark(pen->ui, MARK_RIGHT), 1);
	}
	int col = 1;
	if (item->key) put(pen, row, col, ROLE_MENU_KEY, under, item->key, pen->shape.key);
	if (pen->shape.key > 0) col += pen->shape.key + 2;
	enum role role = item->dim ? ROLE_MENU_DIM : focus ? ROLE_MENU_FOCUS : ROLE_MENU;
	put(pen, row, col, role, role == under ? ROLE_DEFAULT : under, item->text, pen->shape.text);
	if (item->detail)
		put(pen, row, col + pen->shape.text + 2, ROLE_MENU_DIM, under, item->detail,
		        inner->cols);
}

/* On the lower line of the frame: as many of the keys as fit. */
static void draw_hint(const struct list_pen *pen)
{
	const struct rect *frame = &pen->shape.frame;
	int row = frame->row + frame->rows - 1, col = frame->col + 2;
	uint16_t key = theme_style(pen->ui->theme, ROLE_MENU_KEY, ROLE_MENU);
	uint16_t label = theme_style(pen->ui->theme, ROLE_MENU_DIM, ROLE_MENU);
	if (!pen->view->keys || pen->shape.inner.row == frame->row) return;
	int end = frame->col + frame->cols - 1;
	for (const struct list_key *it = pen->view->keys; it->key; it++) {
		if (col + key_cells(it) > end) return;
		const char *const words[] = {" ", it->key, " ", it->label, " "};
		for (int i = 0; i < 5; i++)
			col += grid_puts(pen->grid, *frame, row, col, i == 1 ? key : label,
			        words[i], end - col);
	}
}

static void draw_filter(const struct list_pen *pen)
{
	struct str line = {0};
	str_addf(&line, "%s %s", ui_mark(pen->ui, MARK_RIGHT), str_c(&pen->view->filter.text));
	put(pen, 0, 0, ROLE_PROMPT, ROLE_MENU, str_c(&line), pen->shape.inner.cols);
	str_finish(&line);
}

/* Bring the focused line into view. */
static void scroll_to(struct list_view *view, size_t focus, int rows, size_t n)
{
	if (focus != SIZE_MAX) {
		if (focus < view->top) view->top = focus;
		if (focus >= view->top + (size_t)rows) view->top = focus + 1 - (size_t)rows;
		/* The heading of the first item comes into view with it. */
		if (focus == 1 && view->top == 1 && rows > 1) view->top = 0;
	}
	if (view->top + (size_t)rows > n) view->top = n > (size_t)rows ? n - (size_t)rows : 0;
}

/* -- as plain lines -- */

enum { TITLE_ROWS = 3 };

static void words_of(struct str *out, const struct list_item *item, bool focus)
{
	const char *const parts[] = {item->key, item->text, item->detail};
	if (focus) str_adds(out, "selected: ");
	if (item->dim) str_adds(out, "not now: ");
	bool first = true;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (!parts[i] || !*parts[i]) continue;
		str_addf(out, "%s%s", first ? "" : ", ", parts[i]);
		first = false;
	}
}

static void title_words(struct str *out, const struct list_view *view, size_t n)
{
	str_addf(out, "%s, %zu line%s", view->title ? view->title : "List", n, n == 1 ? "" : "s");
	if (view->typing) str_addf(out, ", with: %s", str_c(&view->filter.text));
	for (const struct list_key *key = view->keys; key && key->key; key++)
		str_addf(out, ", %s %s", key->key, key->label);
}

static void put_line(
        struct ui *ui, struct grid *grid, struct rect line, enum role role, struct str *text)
{
	grid_fill(grid, line, theme_style(ui->theme, role, ROLE_DEFAULT));
	grid_puts(grid, line, line.row, line.col, theme_style(ui->theme, role, ROLE_DEFAULT),
	        str_c(text), line.cols);
	str_finish(text);
}

/* What the list is and which keys it has, in as many lines as that takes. Returns them. */
static int put_title(
        struct ui *ui, struct grid *grid, struct rect area, const struct list_view *view, size_t n)
{
	struct arena arena = {0};
	struct str words = {0};
	uint16_t style = theme_style(ui->theme, ROLE_MENU_TITLE, ROLE_DEFAULT);
	title_words(&words, view, n);
	struct wrap wrap = wrap_text(&arena, words.p, words.len, area.cols, TITLE_ROWS);
	for (size_t i = 0; i < wrap.nlines; i++)
		grid_put(grid, area, area.row + (int)i, area.col, style, 0,
		        words.p + wrap.lines[i].start, wrap.lines[i].end - wrap.lines[i].start,
		        area.cols);
	int lines = (int)wrap.nlines;
	arena_finish(&arena);
	str_finish(&words);
	return lines;
}

/* Over all of `area`, a line each; what is selected is said. */
static void draw_words(struct list_view *view, struct ui *ui, struct grid *grid, struct rect area,
        const size_t *found, size_t n)
{
	size_t focus = focus_line(view, found, n);
	grid_fill(grid, area, theme_style(ui->theme, ROLE_MENU, ROLE_DEFAULT));
	int title = area.rows > TITLE_ROWS ? put_title(ui, grid, area, view, n) : 0;
	int rows = area.rows - title;
	scroll_to(view, focus, rows, n);
	for (int i = 0; i < rows && view->top + (size_t)i < n; i++) {
		size_t line = view->top + (size_t)i;
		struct str words = {0};
		int row = area.row + title + i;
		words_of(&words, &view->items[found[line]], line == focus);
		if (line == focus) view->cursor_row = row;
		put_line(ui, grid, (struct rect){row, area.col, 1, area.cols},
		        line == focus ? ROLE_MENU_FOCUS : ROLE_MENU, &words);
	}
}

void list_view_draw(struct list_view *view, struct ui *ui, struct grid *grid, struct rect area)
{
	view->cursor_row = area.row;
	area = rect_clip(area, (struct rect){0, 0, grid->rows, grid->cols});
	if (area.rows == 0 || area.cols == 0) return;
	size_t n;
	size_t *found = matching(view, &n);
	if (ui_is_linear(ui)) {
		draw_words(view, ui, grid, area, found, n);
		free(found);
		return;
	}
	struct list_pen pen = {view, ui, grid, shape_of(view, area, n > 0 ? n : 1)};
	int rows = pen.shape.inner.rows - pen.shape.filter;
	size_t focus = focus_line(view, found, n);
	scroll_to(view, focus, rows, n);
	draw_frame(&pen);
	draw_hint(&pen);
	if (pen.shape.filter) draw_filter(&pen);
	for (int i = 0; i < rows && view->top + (size_t)i < n; i++) {
		size_t line = view->top + (size_t)i;
		draw_item(&pen, i + pen.shape.filter, &view->items[found[line]], line == focus);
	}
	if (n == 0) put(&pen, pen.shape.filter, 1, ROLE_MENU_DIM, ROLE_MENU, "nothing matches", 40);
	free(found);
}
