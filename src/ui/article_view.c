#include "ui/views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "block_pen.h"
#include "model/link.h"
#include "post_parts.h"

enum { ARTICLE_COLS = 80, ARTICLE_MAX_LINKS = 999 };

/* The article as one text to be wrapped: head, body with numbers behind links, their targets. */
struct composed {
	struct str text;
	uint8_t *roles; /* one a byte */
	size_t cap;
	const char **links; /* numbered from 1 */
	size_t nlinks;
};

static bool has_number(const struct facet *facet)
{
	return (facet->kind == FACET_LINK || facet->kind == FACET_IMAGE) && facet->target &&
	       facet->target[0];
}

/* The targets in their order, each once; owned array of borrowed strings. */
static const char **collect_links(const struct article_view *view, size_t *out_n)
{
	const char **links = xmalloc((ARTICLE_MAX_LINKS + 1) * sizeof(*links));
	size_t n = 0;
	for (size_t i = 0; i < view->nfacets && n < ARTICLE_MAX_LINKS; i++) {
		if (!has_number(&view->facets[i])) continue;
		size_t known = 0;
		while (known < n && strcmp(links[known], view->facets[i].target) != 0)
			known++;
		if (known == n) links[n++] = view->facets[i].target;
	}
	*out_n = n;
	return links;
}

const char *article_view_link(const struct article_view *view, size_t i)
{
	size_t n;
	const char **links = collect_links(view, &n);
	const char *link = i >= 1 && i <= n ? links[i - 1] : NULL;
	free(links);
	return link;
}

static void add(struct composed *out, enum role role, const char *bytes, size_t len)
{
	str_add(&out->text, bytes, len);
	out->roles = mem_grow(out->roles, &out->cap, out->text.len + 1, 1);
	memset(out->roles + out->text.len - len, (int)role, len);
}

static void adds(struct composed *out, enum role role, const char *text)
{
	add(out, role, text, strlen(text));
}

static void add_number(struct composed *out, const char *target)
{
	size_t i = 0;
	while (i < out->nlinks && strcmp(out->links[i], target) != 0)
		i++;
	if (i == out->nlinks) return;
	struct str number = {0};
	str_addf(&number, "[%zu]", i + 1);
	add(out, ROLE_POST_TIME, number.p, number.len);
	str_finish(&number);
}

/* Copy the body up to `end`, in the roles found for it. */
static void add_body(struct composed *out, const struct article_view *view, const uint8_t *roles,
        size_t *at, size_t end)
{
	if (end > view->len) end = view->len;
	while (*at < end) {
		size_t run = *at + 1;
		while (run < end && roles[run] == roles[*at])
			run++;
		add(out, (enum role)roles[*at], view->utf8 + *at, run - *at);
		*at = run;
	}
}

static int by_end(const void *a, const void *b)
{
	const struct facet *one = a, *other = b;
	return (one->end > other->end) - (one->end < other->end);
}

/* Where a link leads whose words name another place; the list below has all the others. */
static void add_warning(struct composed *out, const struct ui *ui, const struct article_view *view,
        const struct facet *link)
{
	struct str host = {0}, words = {0};
	if (link->kind == FACET_LINK && link->end <= view->len &&
	        link_judge(view->utf8 + link->start, link->end - link->start, link->target,
	                &host) == LINK_LIES) {
		str_addf(&words, " %s%s %s", ui_mark(ui, MARK_WARNING), ui->ascii ? "->" : "→",
		        str_c(&host));
		add(out, ROLE_POST_WARNING, words.p, words.len);
	}
	str_finish(&host);
	str_finish(&words);
}

/* The body with a number behind each link. */
static void compose_body(
        struct composed *out, struct block_pen *pen, const struct article_view *view)
{
	struct pen_text how = {.role = ROLE_ARTICLE,
	        .facets = view->facets,
	        .nfacets = view->nfacets,
	        .heading = ROLE_ARTICLE_HEADING};
	const uint8_t *roles = pen_roles(pen, &how, view->utf8, view->len);
	struct facet *links = xmalloc((view->nfacets + 1) * sizeof(*links));
	size_t n = 0, at = 0;
	for (size_t i = 0; i < view->nfacets; i++) {
		if (has_number(&view->facets[i])) links[n++] = view->facets[i];
	}
	qsort(links, n, sizeof(*links), by_end);
	for (size_t i = 0; i < n; i++) {
		add_body(out, view, roles, &at, links[i].end);
		add_number(out, links[i].target);
		add_warning(out, pen->ui, view, &links[i]);
	}
	add_body(out, view, roles, &at, view->len);
	free(links);
}

static void compose_head(struct composed *out, const struct article_view *view, struct ui *ui)
{
	const struct post *post = store_post(ui->store, view->post);
	if (!post) return;
	if (post_len(post, POST_TITLE) > 0) {
		adds(out, ROLE_ARTICLE_HEADING, post_str(post, POST_TITLE));
		adds(out, ROLE_ARTICLE, "\n");
	}
	char time[32];
	ui_time(ui, time, post->created_ms);
	adds(out, ROLE_POST_AUTHOR, profile_called(store_profile(ui->store, post->author)));
	adds(out, ROLE_ARTICLE, "  ");
	adds(out, ROLE_POST_TIME, time);
	adds(out, ROLE_ARTICLE, "\n\n");
}

static void compose_links(struct composed *out)
{
	if (out->nlinks > 0) adds(out, ROLE_ARTICLE, "\n");
	for (size_t i = 0; i < out->nlinks; i++) {
		struct str line = {0};
		str_addf(&line, "\n[%zu] ", i + 1);
		add(out, ROLE_POST_TIME, line.p, line.len);
		adds(out, ROLE_POST_LINK, out->links[i]);
		str_finish(&line);
	}
}

static void compose(struct composed *out, struct block_pen *pen, const struct article_view *view)
{
	out->links = collect_links(view, &out->nlinks);
	compose_head(out, view, pen->ui);
	compose_body(out, pen, view);
	if (view->loading) adds(out, ROLE_GAP, "\n\nloading the rest …");
	compose_links(out);
}

static void composed_finish(struct composed *composed)
{
	str_finish(&composed->text);
	free(composed->roles);
	free(composed->links);
}

/* The cells for text: 80 at most, in the middle, with a margin where there is room. */
static struct rect text_rect(struct rect area)
{
	int cols = area.cols > 8 ? area.cols - 4 : area.cols;
	if (cols > ARTICLE_COLS) cols = ARTICLE_COLS;
	int margin = area.rows > 6;
	return (struct rect){
	        area.row + margin, area.col + (area.cols - cols) / 2, area.rows - 2 * margin, cols};
}

static void clamp_top(struct article_view *view, size_t nlines, int rows)
{
	int last = (int)nlines - rows;
	if (view->top > last) view->top = last;
	if (view->top < 0) view->top = 0;
}

static void draw_place(struct ui *ui, struct grid *grid, struct rect area, struct rect text,
        int top, size_t nlines)
{
	int hidden = (int)nlines - text.rows;
	if (hidden <= 0 || text.row + text.rows >= area.row + area.rows) return;
	char place[16];
	snprintf(place, sizeof(place), "%d%%", top * 100 / hidden);
	int len = (int)strlen(place);
	if (len > text.cols) return;
	grid_puts(grid, area, text.row + text.rows, text.col + text.cols - len,
	        theme_style(ui->theme, ROLE_POST_TIME, ROLE_ARTICLE), place, len);
}

/* Wrap for a width; with a grid, draw what is visible of it. */
static void article_run(
        struct article_view *view, struct ui *ui, struct grid *grid, struct rect area)
{
	struct rect text = text_rect(area);
	if (text.rows < 1 || text.cols < 1) return;
	struct arena scratch = {0};
	struct block_pen pen = {.ui = ui,
	        .scratch = &scratch,
	        .grid = grid,
	        .left = text.col,
	        .width = text.cols,
	        .under = ROLE_ARTICLE};
	struct composed composed = {0};
	compose(&composed, &pen, view);
	const char *utf8 = str_c(&composed.text);
	struct wrap wrap = wrap_text(&scratch, utf8, composed.text.len, text.cols, 0);
	clamp_top(view, wrap.nlines, text.rows);
	for (int i = 0; grid && i < text.rows; i++) {
		size_t line = (size_t)(view->top + i);
		if (line >= wrap.nlines) break;
		pen_draw_line(&pen, text.row + i, 0, composed.roles, utf8, &wrap.lines[line]);
	}
	if (grid) draw_place(ui, grid, area, text, view->top, wrap.nlines);
	composed_finish(&composed);
	arena_finish(&scratch);
}

void article_view_draw(
        struct article_view *view, struct ui *ui, struct grid *grid, struct rect area)
{
	area = rect_clip(area, (struct rect){0, 0, grid->rows, grid->cols});
	grid_fill(grid, area, theme_style(ui->theme, ROLE_ARTICLE, ROLE_DEFAULT));
	article_run(view, ui, grid, area);
}

void article_view_scroll(struct article_view *view, struct ui *ui, int lines, struct rect area)
{
	/* Far enough for any article, and far from overflowing. */
	enum { FAR = 1 << 28 };
	if (lines > FAR) lines = FAR;
	if (lines < -FAR) lines = -FAR;
	view->top += lines;
	article_run(view, ui, NULL, area);
}
