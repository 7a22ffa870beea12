#include "ui/grid.h"

#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/mem.h"
#include "base/utf8.h"

enum { GRID_MAX_SIDE = 4096, GRID_MAX_LINKS = 4096 };

static const struct cell blank = {.width = 1};

struct rect rect_clip(struct rect a, struct rect b)
{
	int row = a.row > b.row ? a.row : b.row;
	int col = a.col > b.col ? a.col : b.col;
	int row_end = a.row + a.rows < b.row + b.rows ? a.row + a.rows : b.row + b.rows;
	int col_end = a.col + a.cols < b.col + b.cols ? a.col + a.cols : b.col + b.cols;
	return (struct rect){
	        row, col, row_end > row ? row_end - row : 0, col_end > col ? col_end - col : 0};
}

static int side(int n)
{
	return n < 0 ? 0 : n > GRID_MAX_SIDE ? GRID_MAX_SIDE : n;
}

static size_t area(const struct grid *grid)
{
	return (size_t)grid->rows * (size_t)grid->cols;
}

static struct cell *cell_at(const struct grid *grid, int row, int col)
{
	return grid->cells + (size_t)row * (size_t)grid->cols + (size_t)col;
}

static void blank_all(struct grid *grid)
{
	for (size_t i = 0, n = area(grid); i < n; i++)
		grid->cells[i] = blank;
}

static void links_finish(struct grid *grid)
{
	for (size_t i = 0; i < grid->nlinks; i++)
		free(grid->links[i]);
	free(grid->links);
	grid->links = NULL;
	grid->nlinks = 0;
}

void grid_init(struct grid *grid, int rows, int cols)
{
	*grid = (struct grid){.rows = side(rows), .cols = side(cols)};
	grid->cells = xmalloc(area(grid) * sizeof(*grid->cells) + 1);
	blank_all(grid);
}

void grid_finish(struct grid *grid)
{
	links_finish(grid);
	free(grid->cells);
	*grid = (struct grid){0};
}

void grid_resize(struct grid *grid, int rows, int cols)
{
	if (side(rows) != grid->rows || side(cols) != grid->cols || !grid->cells) {
		grid->rows = side(rows);
		grid->cols = side(cols);
		grid->cells = xrealloc(grid->cells, area(grid) * sizeof(*grid->cells) + 1);
	}
	links_finish(grid);
	blank_all(grid);
}

void grid_copy(struct grid *dst, const struct grid *src)
{
	if (dst->rows != src->rows || dst->cols != src->cols || !dst->cells) {
		grid_resize(dst, src->rows, src->cols);
	}
	dst->ascii = src->ascii;
	if (area(src) > 0) memcpy(dst->cells, src->cells, area(src) * sizeof(*src->cells));
	links_finish(dst);
	for (size_t i = 0; i < src->nlinks; i++)
		grid_link(dst, src->links[i]);
}

bool grid_same(const struct grid *a, const struct grid *b)
{
	return a->rows == b->rows && a->cols == b->cols &&
	       (area(a) == 0 || memcmp(a->cells, b->cells, area(a) * sizeof(*a->cells)) == 0);
}

const struct cell *grid_at(const struct grid *grid, int row, int col)
{
	if (row < 0 || col < 0 || row >= grid->rows || col >= grid->cols) return NULL;
	return cell_at(grid, row, col);
}

/* A cell is about to change: a wide character that owns it must not stay behind as a half. */
static void split(struct grid *grid, int row, int col)
{
	struct cell *cell = cell_at(grid, row, col);
	if (cell->width == 0 && col > 0) {
		uint16_t style = cell[-1].style;
		cell[-1] = blank;
		cell[-1].style = style;
	} else if (cell->width == 2 && col + 1 < grid->cols) {
		uint16_t style = cell[1].style;
		cell[1] = blank;
		cell[1].style = style;
	}
}

static void set_cell(struct grid *grid, int row, int col, const struct cell *value)
{
	struct cell *cell = cell_at(grid, row, col);
	if (cell->width != 1) split(grid, row, col);
	*cell = *value;
}

void grid_fill(struct grid *grid, struct rect clip, uint16_t style)
{
	clip = rect_clip(clip, (struct rect){0, 0, grid->rows, grid->cols});
	struct cell value = blank;
	value.style = style;
	for (int row = clip.row; clip.cols > 0 && row < clip.row + clip.rows; row++) {
		/* Only at the edges can a wide character stick out. */
		split(grid, row, clip.col);
		split(grid, row, clip.col + clip.cols - 1);
		struct cell *cell = cell_at(grid, row, clip.col);
		for (int i = 0; i < clip.cols; i++)
			cell[i] = value;
	}
}

/* Where one call of grid_put stands. */
struct pen {
	struct grid *grid;
	int row, col;  /* next cell */
	int from, end; /* cells that may be touched */
	uint16_t style, link;
};

static void put_narrow(struct pen *pen, const char *text, size_t len)
{
	if (pen->col >= pen->from) {
		struct cell value = {
		        .len = (uint8_t)len, .width = 1, .style = pen->style, .link = pen->link};
		memcpy(value.utf8, text, len);
		if (len == 1 && text[0] == ' ') {
			value.len = 0;
			value.utf8[0] = 0;
		}
		set_cell(pen->grid, pen->row, pen->col, &value);
	}
	pen->col++;
}

static void put_wide(struct pen *pen, const char *text, size_t len)
{
	if (pen->col < pen->from || pen->col + 2 > pen->end) {
		/* Half of it would be cut off: the half that stays is a blank. */
		put_narrow(pen, " ", 1);
		if (pen->col < pen->end) put_narrow(pen, " ", 1);
		return;
	}
	struct cell value = {
	        .len = (uint8_t)len, .width = 2, .style = pen->style, .link = pen->link};
	memcpy(value.utf8, text, len);
	struct cell right = {.width = 0, .style = pen->style, .link = pen->link};
	set_cell(pen->grid, pen->row, pen->col + 1, &right);
	set_cell(pen->grid, pen->row, pen->col, &value);
	pen->col += 2;
}

/* A stand-in takes as many cells as what it stands for, so that all lines break alike. */
static void put_ascii(struct pen *pen, const char *p, const struct cluster *cluster)
{
	char text[15];
	size_t len = utf8_ascii(text, p, cluster->len, cluster->width);
	for (int i = 0; i < cluster->width && pen->col < pen->end; i++) {
		char c = (size_t)i < len ? text[i] : ' ';
		put_narrow(pen, c >= 0x20 && c < 0x7f ? &c : "?", 1);
	}
}

static void put_cluster(struct pen *pen, const char *p, const struct cluster *cluster)
{
	char text[15];
	int width = 0;
	if (pen->grid->ascii) {
		put_ascii(pen, p, cluster);
		return;
	}
	size_t len = utf8_show(text, p, cluster->len, &width);
	if (width == 1) put_narrow(pen, text, len);
	if (width == 2) put_wide(pen, text, len);
}

static bool is_printable(char c)
{
	return c >= 0x20 && c < 0x7f;
}

static bool all_printable(const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!is_printable(p[i])) return false;
	}
	return true;
}

static void put_text(struct pen *pen, const char *p, size_t len)
{
	while (len > 0 && pen->col < pen->end) {
		/* The quick way: an ASCII character with no mark on it. */
		if (is_printable(p[0]) && (len == 1 || is_printable(p[1]))) {
			put_narrow(pen, p, 1);
			p++;
			len--;
			continue;
		}
		struct cluster cluster = utf8_cluster(p, len);
		if (cluster.len == 0) return;
		put_cluster(pen, p, &cluster);
		p += cluster.len;
		len -= cluster.len;
	}
}

int grid_put(struct grid *grid, struct rect clip, int row, int col, uint16_t style, uint16_t link,
        const char *utf8, size_t len, int max_cells)
{
	clip = rect_clip(clip, (struct rect){0, 0, grid->rows, grid->cols});
	if (row < clip.row || row >= clip.row + clip.rows || max_cells <= 0) return 0;
	int end = clip.col + clip.cols;
	if (col >= end) return 0;
	if (max_cells < end - col) end = col + max_cells;
	struct pen pen = {.grid = grid,
	        .row = row,
	        .col = col,
	        .from = clip.col,
	        .end = end,
	        .style = style,
	        .link = link};
	if (all_printable(utf8, len)) {
		put_text(&pen, utf8, len);
	} else {
		struct str clean = {0};
		clean_out(&clean, CLEAN_CELL, utf8, len);
		put_text(&pen, str_c(&clean), clean.len);
		str_finish(&clean);
	}
	return pen.col - col;
}

int grid_puts(struct grid *grid, struct rect clip, int row, int col, uint16_t style,
        const char *utf8, int max_cells)
{
	int room = clip.col + clip.cols - col;
	if (max_cells > room) max_cells = room;
	if (max_cells <= 0) return 0;
	size_t len = strlen(utf8);
	/* A text of at most as many bytes as cells fits, whatever is in it. */
	if (len <= (size_t)max_cells || utf8_width(utf8, len) <= (size_t)max_cells) {
		return grid_put(grid, clip, row, col, style, 0, utf8, len, max_cells);
	}
	int used = grid_put(grid, clip, row, col, style, 0, utf8, len, max_cells - 1);
	const char *ellipsis = grid->ascii ? "~" : "…";
	return used +
	       grid_put(grid, clip, row, col + used, style, 0, ellipsis, strlen(ellipsis), 1);
}

void grid_put_inked(struct grid *grid, struct rect clip, int row, int col, uint32_t code,
        const unsigned char fg[3], const unsigned char bg[3])
{
	struct cell value = {.width = 1, .style = CELL_INKED};
	clip = rect_clip(clip, (struct rect){0, 0, grid->rows, grid->cols});
	if (row < clip.row || row >= clip.row + clip.rows || col < clip.col ||
	        col >= clip.col + clip.cols)
		return;
	value.len = (uint8_t)utf8_encode(value.utf8, (int32_t)code);
	memcpy(value.utf8 + CELL_INKS, fg, 3);
	memcpy(value.utf8 + CELL_INKS + 3, bg, 3);
	set_cell(grid, row, col, &value);
}

void grid_copy_row(struct grid *dst, int row, int col, const struct grid *src, int src_row,
        const uint16_t *styles)
{
	int cols = src->cols < dst->cols - col ? src->cols : dst->cols - col;
	if (row < 0 || row >= dst->rows || col < 0 || cols <= 0) return;
	split(dst, row, col);
	split(dst, row, col + cols - 1);
	struct cell *target = cell_at(dst, row, col);
	const struct cell *source = cell_at(src, src_row, 0);
	for (int i = 0; i < cols; i++) {
		target[i] = source[i];
		target[i].link = 0;
		if (styles && source[i].style != CELL_INKED)
			target[i].style = styles[source[i].style];
	}
	if (target[cols - 1].width == 2) {
		uint16_t style = target[cols - 1].style;
		target[cols - 1] = blank;
		target[cols - 1].style = style;
	}
}

void grid_restyle(struct grid *grid, struct rect clip, int row, int col, int cells, uint16_t style)
{
	clip = rect_clip(clip, (struct rect){0, 0, grid->rows, grid->cols});
	clip = rect_clip(clip, (struct rect){row, col, 1, cells});
	if (clip.rows == 0) return;
	for (int i = clip.col; i < clip.col + clip.cols; i++) {
		cell_at(grid, row, i)->style = style;
	}
}

uint16_t grid_link(struct grid *grid, const char *url)
{
	for (size_t i = 0; i < grid->nlinks; i++) {
		if (strcmp(grid->links[i], url) == 0) return (uint16_t)(i + 1);
	}
	if (grid->nlinks >= GRID_MAX_LINKS) return 0;
	grid->links = xrealloc(grid->links, (grid->nlinks + 1) * sizeof(*grid->links));
	grid->links[grid->nlinks++] = xstrdup(url);
	return (uint16_t)grid->nlinks;
}
