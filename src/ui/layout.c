#include "ui/layout.h"

#include <stdlib.h>

#include "base/mem.h"

/* What a column asks for; never more than the whole screen. */
static int wish(const struct layout_in *in, size_t i)
{
	int width = in->widths && in->widths[i] > 0 ? in->widths[i] : in->like;
	if (width < 1) width = 1;
	return width < in->cols ? width : in->cols;
}

/* How many columns fit when `first` is the leftmost; at least one. */
static size_t fits(const struct layout_in *in, size_t first, int *out_used)
{
	size_t count = 0;
	int used = 0;
	for (size_t i = first; i < in->n; i++) {
		int more = wish(in, i) + (count > 0 ? 1 : 0);
		if (count > 0 && used + more > in->cols) break;
		used += more;
		count++;
	}
	*out_used = used;
	return count;
}

/* Move as little as possible so that the focused column is on the screen and no room is wasted. */
static size_t choose_first(const struct layout_in *in)
{
	size_t focus = in->focus < in->n ? in->focus : in->n - 1;
	size_t first = in->first < focus ? in->first : focus;
	int used;
	while (first + fits(in, first, &used) <= focus)
		first++;
	while (first > 0) {
		size_t count = fits(in, first - 1, &used);
		if (first - 1 + count < in->n) break;
		first--;
	}
	return first;
}

/* Columns without a width of their own share what is left; if all have one, all share. */
static void share(const struct layout_in *in, struct layout_out *out, int left)
{
	size_t takers = 0;
	for (size_t i = 0; i < out->count; i++) {
		takers += !in->widths || in->widths[out->first + i] <= 0;
	}
	bool all = takers == 0;
	if (all) takers = out->count;
	for (size_t i = 0; i < out->count && takers > 0; i++) {
		if (!all && in->widths && in->widths[out->first + i] > 0) continue;
		int more = (left + (int)takers - 1) / (int)takers;
		out->rects[i].cols += more;
		left -= more;
		takers--;
	}
}

void layout_columns(const struct layout_in *in, struct layout_out *out)
{
	*out = (struct layout_out){0};
	if (in->n == 0 || in->cols < 1 || in->rows < 1) return;
	int used;
	out->first = choose_first(in);
	out->count = fits(in, out->first, &used);
	if (in->zoom) {
		out->first = in->focus < in->n ? in->focus : in->n - 1;
		out->count = 1;
		used = wish(in, out->first);
	}
	out->rects = xcalloc(out->count, sizeof(*out->rects));
	for (size_t i = 0; i < out->count; i++) {
		out->rects[i] = (struct rect){0, 0, in->rows, wish(in, out->first + i)};
	}
	share(in, out, in->cols - used);
	for (size_t i = 1; i < out->count; i++) {
		out->rects[i].col = out->rects[i - 1].col + out->rects[i - 1].cols + 1;
	}
}
