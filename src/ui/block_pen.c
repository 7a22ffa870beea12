#include "block_pen.h"

#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

int pen_line(struct block_pen *pen)
{
	struct grid *grid = pen->grid;
	if (grid->rows >= BLOCK_MAX_LINES) return -1;
	size_t cols = (size_t)grid->cols;
	size_t at = (size_t)grid->rows * cols;
	grid->cells = xrealloc(grid->cells, (at + cols) * sizeof(*grid->cells) + 1);
	for (size_t i = 0; i < cols; i++)
		grid->cells[at + i] = (struct cell){.width = 1};
	return grid->rows++;
}

static struct rect text_area(const struct block_pen *pen)
{
	return (struct rect){0, pen->left, pen->grid->rows, pen->width};
}

int pen_puts(struct block_pen *pen, int row, int col, enum role role, const char *utf8, int max)
{
	if (row < 0) return 0;
	if (max > pen->width - col) max = pen->width - col;
	uint16_t style = theme_style(pen->ui->theme, role, ROLE_DEFAULT);
	return grid_puts(pen->grid, text_area(pen), row, pen->left + col, style, utf8, max);
}

void pen_say(struct block_pen *pen, enum role role, const char *utf8)
{
	pen_puts(pen, pen_line(pen), 0, role, utf8, pen->width);
}

/* Show what stands in these bytes of the row's text as matched. */
static void mark_cells(struct block_pen *pen, int row, const char *utf8, size_t start, size_t end)
{
	uint16_t style = theme_style(pen->ui->theme, ROLE_MATCH, ROLE_DEFAULT);
	int col = pen->left + (int)utf8_width(utf8, start);
	grid_restyle(pen->grid, text_area(pen), row, col,
	        (int)utf8_width(utf8 + start, end - start), style);
}

void pen_say_marked(struct block_pen *pen, enum role role, const char *utf8)
{
	size_t len = strlen(utf8);
	const struct pen_text how = {.role = role};
	int row = pen_line(pen);
	pen_puts(pen, row, 0, role, utf8, pen->width);
	if (!pen->search || row < 0) return;
	const uint8_t *roles = pen_roles(pen, &how, utf8, len);
	for (size_t at = 0, end; at < len; at = end) {
		end = at + 1;
		while (end < len && roles[end] == roles[at])
			end++;
		if (roles[at] == ROLE_MATCH) mark_cells(pen, row, utf8, at, end);
	}
}

void pen_rule(struct block_pen *pen, int row)
{
	uint16_t style = theme_style(pen->ui->theme, ROLE_POST_RULE, ROLE_DEFAULT);
	const char *mark = ui_mark(pen->ui, MARK_HORIZONTAL);
	struct rect all = {0, 0, pen->grid->rows, pen->grid->cols};
	for (int col = 0; col < pen->grid->cols; col++) {
		grid_put(pen->grid, all, row, col, style, 0, mark, strlen(mark), 1);
	}
}

static enum role facet_role(const struct pen_text *how, enum facet_kind kind)
{
	switch (kind) {
	case FACET_LINK:
		return ROLE_POST_LINK;
	case FACET_MENTION:
		return ROLE_POST_MENTION;
	case FACET_TAG:
		return ROLE_POST_TAG;
	case FACET_CODE:
		return ROLE_POST_CODE;
	case FACET_EMPHASIS:
		return ROLE_POST_EMPHASIS;
	case FACET_STRONG:
		return ROLE_POST_STRONG;
	case FACET_STRIKE:
		return ROLE_POST_STRIKE;
	case FACET_QUOTE:
		return ROLE_POST_QUOTE;
	case FACET_HEADING:
		return how->heading ? how->heading : ROLE_POST_TITLE;
	case FACET_IMAGE:
		return ROLE_POST_MEDIA;
	case FACET_NKINDS: /* none of the post's: what we warn of (link_text.h) */
		return ROLE_POST_WARNING;
	case FACET_EMOJI:
		break;
	}
	return how->role;
}

static void mark_match(void *ctx, size_t start, size_t end)
{
	memset((uint8_t *)ctx + start, ROLE_MATCH, end - start);
}

/* The role of every byte: inner facets over outer ones, matches over all. */
uint8_t *pen_roles(struct block_pen *pen, const struct pen_text *how, const char *utf8, size_t len)
{
	uint8_t *roles = arena_alloc(pen->scratch, len + 1);
	memset(roles, (int)how->role, len);
	for (size_t i = 0; i < how->nfacets; i++) {
		const struct facet *facet = &how->facets[i];
		uint32_t end = facet->end < len ? facet->end : (uint32_t)len;
		enum role role = facet_role(how, facet->kind);
		for (uint32_t at = facet->start; at < end && role != how->role; at++) {
			roles[at] = (uint8_t)role;
		}
	}
	if (pen->search) query_marks(pen->search, utf8, len, mark_match, roles);
	return roles;
}

void pen_draw_line(struct block_pen *pen, int row, int col, const uint8_t *roles, const char *utf8,
        const struct wrap_line *line)
{
	struct rect clip = text_area(pen);
	for (uint32_t at = line->start; at < line->end && col < pen->width;) {
		uint32_t end = at + 1;
		while (end < line->end && roles[end] == roles[at])
			end++;
		enum role role = (enum role)roles[at];
		uint16_t style = theme_style(
		        pen->ui->theme, role, role == pen->under ? ROLE_DEFAULT : pen->under);
		col += grid_put(pen->grid, clip, row, pen->left + col, style, 0, utf8 + at,
		        end - at, pen->width - col);
		at = end;
	}
}

/* Leave out empty lines at both ends, and all but one of a run of them. */
static size_t drop_empty(struct wrap_line *lines, size_t n)
{
	size_t kept = 0;
	bool empty = true;
	for (size_t i = 0; i < n; i++) {
		bool now = lines[i].start == lines[i].end;
		if (now && empty) continue;
		lines[kept++] = lines[i];
		empty = now;
	}
	while (kept > 0 && lines[kept - 1].start == lines[kept - 1].end)
		kept--;
	return kept;
}

bool pen_wrap(struct block_pen *pen, const struct pen_text *how, const char *utf8, size_t len)
{
	int indent = how->has_prefix && pen->width > 2 ? 2 : 0;
	/* Empty lines are left out later, hence more lines than are wanted. */
	size_t limit = how->max_lines > 0 ? 3 * how->max_lines + 3 : BLOCK_MAX_LINES + 1;
	struct wrap wrap = wrap_text(
	        pen->scratch, utf8 + how->skip, len - how->skip, pen->width - indent, limit);
	for (size_t i = 0; i < wrap.nlines; i++) {
		wrap.lines[i].start += (uint32_t)how->skip;
		wrap.lines[i].end += (uint32_t)how->skip;
	}
	bool whole = wrap.nlines < limit;
	size_t n = drop_empty(wrap.lines, wrap.nlines);
	if (how->max_lines > 0 && n > how->max_lines) {
		n = drop_empty(wrap.lines, how->max_lines);
		whole = false;
	}
	if (n == 0) return whole;
	const uint8_t *roles = pen_roles(pen, how, utf8, len);
	for (size_t i = 0; i < n; i++) {
		int row = pen_line(pen);
		if (row < 0) return false;
		if (indent > 0) pen_puts(pen, row, 0, how->role, ui_mark(pen->ui, how->prefix), 1);
		pen_draw_line(pen, row, indent, roles, utf8, &wrap.lines[i]);
	}
	return whole;
}
