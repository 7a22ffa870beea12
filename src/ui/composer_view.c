#include "ui/composer_view.h"

#include <string.h>

#include "base/utf8.h"
#include "block_pen.h"
#include "ui/views.h"

/*
 * From above: title, the post that is answered, earlier parts, warning, the text, later
 * parts, notes, counts, settings, keys. The text has what the others leave, and the others
 * give way where the screen is small.
 */

enum { MIN_TEXT = 3, MAX_ABOUT = 6, MAX_NEAR = 3, MAX_NOTES = 6, MAX_COUNTS = 4, MARGIN = 1 };

struct composer_pen {
	struct composer_view *view;
	struct ui *ui;
	struct grid *grid;
	struct rect area; /* inside the frame */
	int row;          /* where the next line goes */
};

/* Rows of each section. */
struct shape {
	int about, quote, before, warning, text, after, notes, counts, settings, hints;
};

static int at_most(size_t n, int limit)
{
	return n < (size_t)limit ? (int)n : limit;
}

static bool has_frame(struct rect area)
{
	return area.rows >= 8 && area.cols >= 24;
}

static struct rect inside(struct rect area)
{
	if (!has_frame(area)) return area;
	return (struct rect){
	        area.row + 1, area.col + 1 + MARGIN, area.rows - 2, area.cols - 2 - 2 * MARGIN};
}

int composer_view_cols(struct rect area)
{
	int cols = inside(area).cols;
	return cols > 1 ? cols : 1;
}

int composer_view_page(struct rect area)
{
	int rows = inside(area).rows / 2;
	return rows > 1 ? rows : 1;
}

/* -- putting text down -- */

static uint16_t look(const struct composer_pen *pen, enum role role)
{
	return theme_style(
	        pen->ui->theme, role, role == ROLE_ARTICLE ? ROLE_DEFAULT : ROLE_ARTICLE);
}

static int put(const struct composer_pen *pen, int row, int col, enum role role, const char *text)
{
	if (col >= pen->area.cols) return 0;
	return grid_puts(pen->grid, pen->area, row, pen->area.col + col, look(pen, role), text,
	        pen->area.cols - col);
}

static int put_mark(const struct composer_pen *pen, int row, enum role role, enum mark mark)
{
	put(pen, row, 0, role, ui_mark(pen->ui, mark));
	return 2;
}

static struct block_pen block_pen(const struct composer_pen *pen, int indent)
{
	return (struct block_pen){.ui = pen->ui,
	        .scratch = &pen->ui->scratch,
	        .grid = pen->grid,
	        .left = pen->area.col + indent,
	        .width = pen->area.cols - indent,
	        .under = ROLE_ARTICLE};
}

/* Some text in at most `rows` rows, a bar at its left. Returns the rows it took. */
static int put_wrapped(struct composer_pen *pen, enum role role, const char *text, int rows)
{
	const int indent = 2;
	struct block_pen block = block_pen(pen, indent);
	size_t len = strlen(text);
	if (rows < 1 || block.width < 1) return 0;
	struct wrap wrap = wrap_text(block.scratch, text, len, block.width, (size_t)rows + 1);
	const uint8_t *roles = pen_roles(&block, &(struct pen_text){.role = role}, text, len);
	int n = at_most(wrap.nlines, rows);
	for (int i = 0; i < n; i++) {
		put_mark(pen, pen->row, role, MARK_VERTICAL);
		pen_draw_line(&block, pen->row, 0, roles, text, &wrap.lines[i]);
		bool cut = i + 1 == n && wrap.nlines > (size_t)n;
		if (cut)
			put(pen, pen->row, pen->area.cols - 1, role,
			        ui_mark(pen->ui, MARK_ELLIPSIS));
		pen->row++;
	}
	return n;
}

/* Rows that a post takes with its author's name above it, `most` of them. */
static int about_rows(const struct composer_pen *pen, const char *text, int most)
{
	const int indent = 2;
	if (!text) return 0;
	struct wrap wrap = wrap_text(&pen->ui->scratch, text, strlen(text),
	        pen->area.cols > indent ? pen->area.cols - indent : 1, (size_t)most);
	return 1 + at_most(wrap.nlines, most - 1);
}

/* Who wrote it, then its beginning. */
static void draw_about(
        struct composer_pen *pen, enum mark mark, const char *by, const char *text, int rows)
{
	if (rows < 1) return;
	int col = put_mark(pen, pen->row, ROLE_POST_REASON, mark);
	put(pen, pen->row++, col, ROLE_POST_AUTHOR, by);
	int used = put_wrapped(pen, ROLE_POST_QUOTE, text, rows - 1);
	pen->row += rows - 1 - used;
}

/* -- the other parts of the thread -- */

static void draw_part(struct composer_pen *pen, size_t i)
{
	struct str line = {0};
	const char *start = pen->view->part_starts[i];
	str_addf(&line, "%zu/%zu %s", i + 1, pen->view->nparts, *start ? start : "(empty)");
	put(pen, pen->row++, 0, ROLE_MENU_DIM, str_c(&line));
	str_finish(&line);
}

static void draw_here(struct composer_pen *pen)
{
	struct str line = {0};
	str_addf(&line, "%zu/%zu", pen->view->part + 1, pen->view->nparts);
	int col = put(pen, pen->row, 0, ROLE_ARTICLE_HEADING, str_c(&line)) + 1;
	for (; col < pen->area.cols; col++)
		put(pen, pen->row, col, ROLE_MENU_BORDER, ui_mark(pen->ui, MARK_HORIZONTAL));
	pen->row++;
	str_finish(&line);
}

/* `rows` parts before the one that is written, the nearest ones, and its own number. */
static void draw_before(struct composer_pen *pen, int rows)
{
	size_t part = pen->view->part;
	if (rows < 1) return;
	for (size_t i = part - (size_t)(rows - 1); i < part; i++)
		draw_part(pen, i);
	draw_here(pen);
}

static void draw_after(struct composer_pen *pen, int rows)
{
	for (int i = 0; i < rows; i++)
		draw_part(pen, pen->view->part + 1 + (size_t)i);
}

/* -- the text -- */

static void draw_text(struct composer_pen *pen, int rows, int *out_row, int *out_col)
{
	struct composer_view *view = pen->view;
	struct block_pen block = block_pen(pen, 0);
	const char *text = str_c(&view->edit->text);
	size_t len = view->edit->text.len;
	int col;
	size_t at = text_edit_row(view->edit, pen->area.cols, &col);
	const struct wrap *wrap = text_edit_rows(view->edit, pen->area.cols);
	if (at < view->top) view->top = at;
	if (at >= view->top + (size_t)rows) view->top = at + 1 - (size_t)rows;
	size_t most = wrap->nlines > (size_t)rows ? wrap->nlines - (size_t)rows : 0;
	if (view->top > most) view->top = most;
	struct pen_text how = {
	        .role = ROLE_ARTICLE, .facets = view->facets, .nfacets = view->nfacets};
	uint8_t *roles = pen_roles(&block, &how, text, len);
	if (view->fits < len) memset(roles + view->fits, ROLE_PROMPT_ERROR, len - view->fits);
	for (int i = 0; i < rows && view->top + (size_t)i < wrap->nlines; i++)
		pen_draw_line(
		        &block, pen->row + i, 0, roles, text, &wrap->lines[view->top + (size_t)i]);
	if (len == 0 && view->placeholder) put(pen, pen->row, 0, ROLE_MENU_DIM, view->placeholder);
	/* That there is more above or below. */
	int edge = pen->area.col + pen->area.cols;
	if (has_frame(pen->area) && view->top > 0)
		grid_puts(pen->grid, (struct rect){0, 0, pen->grid->rows, pen->grid->cols},
		        pen->row, edge, look(pen, ROLE_MENU_DIM), "^", 1);
	if (has_frame(pen->area) && view->top + (size_t)rows < wrap->nlines)
		grid_puts(pen->grid, (struct rect){0, 0, pen->grid->rows, pen->grid->cols},
		        pen->row + rows - 1, edge, look(pen, ROLE_MENU_DIM), "v", 1);
	*out_row = pen->row + (int)(at - view->top);
	*out_col = pen->area.col + col;
	pen->row += rows;
}

/* -- what is below it -- */

static void draw_notes(struct composer_pen *pen, int rows)
{
	for (int i = 0; i < rows; i++) {
		const struct composer_note *note = &pen->view->notes[i];
		int col = put_mark(pen, pen->row, note->role, note->mark);
		put(pen, pen->row++, col, note->role, note->text);
	}
}

static void count_text(struct str *out, const struct composer_target *target)
{
	str_clear(out);
	if (!target->limit)
		str_addf(out, "%u", target->count);
	else
		str_addf(out, "%u/%u", target->count, target->limit);
	if (target->over && target->limit && target->count > target->limit)
		str_addf(out, " too long by %u", target->count - target->limit);
	else if (target->over)
		str_adds(out, " too long");
	if (target->own_text) str_adds(out, " own text");
}

/* Names and counts, as many as fit into a row; with `draw` false only counted. */
static int lay_counts(struct composer_pen *pen, int rows, bool draw)
{
	struct str count = {0};
	int col = 0, row = 0;
	for (size_t i = 0; i < pen->view->ntargets; i++) {
		const struct composer_target *target = &pen->view->targets[i];
		count_text(&count, target);
		int name = (int)utf8_width(target->name, strlen(target->name));
		int width = name + 1 + (int)utf8_width(str_c(&count), count.len);
		if (col > 0 && col + width > pen->area.cols) {
			col = 0;
			row++;
		}
		if (draw && row < rows) {
			enum role role = ui_account_role(target->place, ROLE_POST_AUTHOR);
			put(pen, pen->row + row, col, role, target->name);
			put(pen, pen->row + row, col + name + 1,
			        target->over ? ROLE_PROMPT_ERROR : ROLE_ARTICLE, str_c(&count));
		}
		col += width + 3;
	}
	str_finish(&count);
	return pen->view->ntargets ? row + 1 : 0;
}

/* As many keys as there is room for, the first ones first. */
static void draw_hints(struct composer_pen *pen)
{
	static const char between[] = " · ";
	const char *hints = pen->view->hints;
	size_t shown = 0;
	for (const char *p = hints; *p;) {
		const char *end = strstr(p, between);
		size_t len = end ? (size_t)(end - hints) : strlen(hints);
		if ((int)utf8_width(hints, len) > pen->area.cols) break;
		shown = len;
		p = end ? end + sizeof(between) - 1 : hints + len;
	}
	grid_put(pen->grid, pen->area, pen->row++, pen->area.col, look(pen, ROLE_MENU_DIM), 0,
	        hints, shown, pen->area.cols);
}

/* -- all of it -- */

static struct shape shape_of(struct composer_pen *pen)
{
	const struct composer_view *view = pen->view;
	int left = pen->area.rows - MIN_TEXT;
	int about = 1 + at_most((size_t)pen->area.rows / 4, MAX_ABOUT);
	struct shape shape = {0};
	/* What matters most has its rows first. */
	const struct {
		int *rows;
		int want;
	} wishes[] = {
	        {&shape.counts, lay_counts(pen, 0, false)},
	        {&shape.settings, 1},
	        {&shape.about, about_rows(pen, view->about, 2)},
	        {&shape.warning, view->warning ? 1 : 0},
	        {&shape.before, view->nparts > 1 ? 1 : 0},
	        {&shape.notes, at_most(view->nnotes, 1)},
	        {&shape.quote, about_rows(pen, view->quote, 2)},
	        {&shape.hints, pen->area.rows >= 14},
	        {&shape.notes, at_most(view->nnotes, pen->area.rows / 5 + 1)},
	        {&shape.before, at_most(view->part + 1, view->nparts > 1 ? MAX_NEAR : 0)},
	        {&shape.after, at_most(view->nparts - view->part - 1, MAX_NEAR - 1)},
	        {&shape.about, about_rows(pen, view->about, about)},
	        {&shape.quote, about_rows(pen, view->quote, about)},
	};
	for (size_t i = 0; i < sizeof(wishes) / sizeof(*wishes) && left > 0; i++) {
		int want = wishes[i].want;
		if (wishes[i].rows == &shape.counts && want > MAX_COUNTS) want = MAX_COUNTS;
		if (wishes[i].rows == &shape.notes && want > MAX_NOTES) want = MAX_NOTES;
		int more = want - *wishes[i].rows;
		if (more > left) more = left;
		if (more < 0) more = 0;
		*wishes[i].rows += more;
		left -= more;
	}
	shape.text = pen->area.rows < MIN_TEXT ? pen->area.rows : MIN_TEXT + left;
	return shape;
}

/* The frame with the title, and at its right whether the draft is kept. */
static void draw_frame(const struct composer_pen *pen, struct rect area)
{
	struct str state = {0};
	int end = frame_draw(pen->ui, pen->grid, area, ROLE_ARTICLE, pen->view->title);
	int right = area.col + area.cols - 1;
	str_addf(&state, " %s ", pen->view->state);
	int width = (int)utf8_width(str_c(&state), state.len);
	if (*pen->view->state && end + width < right)
		grid_puts(pen->grid, area, area.row, right - 1 - width, look(pen, ROLE_MENU_DIM),
		        str_c(&state), width);
	str_finish(&state);
}

/* Below the cursor where there is room, else above it. */
static void draw_completions(const struct composer_pen *pen, int row, int col)
{
	enum { SHOWN = 6 };
	const struct composer_view *view = pen->view;
	int shown = at_most(view->ncompletions, SHOWN), width = 0;
	if (!shown || row < 0) return;
	size_t focus = view->focus < 0 ? 0 : (size_t)view->focus;
	size_t first = focus >= (size_t)shown ? focus + 1 - (size_t)shown : 0;
	for (int i = 0; i < shown; i++) {
		const char *text = view->completions[first + (size_t)i];
		int cells = (int)utf8_width(text, strlen(text)) + 2;
		if (cells > width) width = cells;
	}
	if (width > pen->area.cols) width = pen->area.cols;
	int end = pen->area.col + pen->area.cols;
	if (col + width > end) col = end - width;
	bool below = row + shown < pen->area.row + pen->area.rows;
	int top = below ? row + 1 : row - shown;
	if (top < 0) return;
	for (int i = 0; i < shown; i++) {
		bool chosen = view->focus >= 0 && first + (size_t)i == focus;
		struct rect line = {top + i, col, 1, width};
		uint16_t style = theme_style(
		        pen->ui->theme, chosen ? ROLE_MENU_FOCUS : ROLE_MENU, ROLE_DEFAULT);
		grid_fill(pen->grid, line, style);
		if (chosen)
			grid_puts(pen->grid, line, line.row, col, style,
			        ui_mark(pen->ui, MARK_RIGHT), 1);
		grid_puts(pen->grid, line, line.row, col + 1, style,
		        view->completions[first + (size_t)i], width - 1);
	}
}

void composer_view_draw(struct composer_view *view, struct ui *ui, struct grid *grid,
        struct rect area, int *out_row, int *out_col)
{
	*out_row = *out_col = -1;
	area = rect_clip(area, (struct rect){0, 0, grid->rows, grid->cols});
	if (area.rows == 0 || area.cols == 0) return;
	struct composer_pen pen = {.view = view, .ui = ui, .grid = grid, .area = inside(area)};
	grid_fill(grid, area, look(&pen, ROLE_ARTICLE));
	if (has_frame(area)) draw_frame(&pen, area);
	pen.row = pen.area.row;
	struct shape shape = shape_of(&pen);
	draw_about(&pen, MARK_REPLY, view->about_by, view->about, shape.about);
	draw_before(&pen, shape.before);
	if (shape.warning) {
		int col = put_mark(&pen, pen.row, ROLE_POST_WARNING, MARK_WARNING);
		put(&pen, pen.row++, col, ROLE_POST_WARNING, view->warning);
	}
	draw_text(&pen, shape.text, out_row, out_col);
	draw_after(&pen, shape.after);
	draw_about(&pen, MARK_QUOTE, view->quote_by, view->quote, shape.quote);
	draw_notes(&pen, shape.notes);
	lay_counts(&pen, shape.counts, true);
	pen.row += shape.counts;
	if (shape.settings) put(&pen, pen.row++, 0, ROLE_POST_REASON, view->settings);
	if (shape.hints) draw_hints(&pen);
	draw_completions(&pen, *out_row, *out_col);
}
