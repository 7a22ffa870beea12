#include "ui/grid.h"

#include <string.h>

#include "base/utf8.h"

static void cut_blanks(struct str *out, size_t from)
{
	while (out->len > from && out->p[out->len - 1] == ' ')
		str_cut(out, out->len - 1);
	str_addc(out, '\n');
}

void grid_print(const struct grid *grid, struct str *out)
{
	for (int row = 0; row < grid->rows; row++) {
		size_t from = out->len;
		for (int col = 0; col < grid->cols; col++) {
			const struct cell *cell = grid_at(grid, row, col);
			if (cell->width == 0) continue;
			if (cell->len == 0) str_addc(out, ' ');
			str_add(out, cell->utf8, cell->len);
		}
		cut_blanks(out, from);
	}
}

void grid_print_styles(const struct grid *grid, struct str *out)
{
	static const char letters[] =
	        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	uint16_t met[sizeof(letters) - 1];
	size_t nmet = 0;
	for (int row = 0; row < grid->rows; row++) {
		size_t from = out->len;
		for (int col = 0; col < grid->cols; col++) {
			uint16_t style = grid_at(grid, row, col)->style;
			size_t i = 0;
			while (style && i < nmet && met[i] != style)
				i++;
			if (style && i == nmet && nmet < sizeof(letters) - 1) met[nmet++] = style;
			str_addc(out, style == 0 ? '.' : i < nmet ? letters[i] : '?');
		}
		cut_blanks(out, from);
	}
}

/* What is wrong with a cell, or NULL. `left`: whether the cell before it is a wide one. */
static const char *cell_fault(const struct cell *cell, bool left, bool last)
{
	if (cell->width > 2) return "is wider than any character";
	if (left != (cell->width == 0)) return "is half of a wide character alone";
	if (cell->width == 2 && last) return "is a wide character that crosses the edge";
	if (cell->len > sizeof(cell->utf8)) return "is longer than a cell";
	if (cell->width == 0 && cell->len > 0) return "is a right half with text of its own";
	if (cell->width == 2 && cell->len == 0) return "is a wide blank";
	for (size_t i = 0; i < cell->len; i++) {
		unsigned char c = (unsigned char)cell->utf8[i];
		if (c < 0x20 || c == 0x7f) return "holds a control byte";
	}
	if (!utf8_valid(cell->utf8, cell->len)) return "is not UTF-8";
	if (cell->len == 0) return NULL;
	char shown[15];
	int width = 0;
	size_t len = utf8_show(shown, cell->utf8, cell->len, &width);
	if (width != cell->width) return "has another width than its text";
	if (len != cell->len || memcmp(shown, cell->utf8, len) != 0) return "is not normalised";
	return NULL;
}

bool grid_check(const struct grid *grid, struct str *out)
{
	for (int row = 0; row < grid->rows; row++) {
		bool left = false;
		for (int col = 0; col < grid->cols; col++) {
			const struct cell *cell = grid_at(grid, row, col);
			const char *fault = cell_fault(cell, left, col + 1 == grid->cols);
			if (fault) {
				str_addf(out, "row %d, column %d %s", row, col, fault);
				return false;
			}
			left = cell->width == 2;
		}
	}
	return true;
}
