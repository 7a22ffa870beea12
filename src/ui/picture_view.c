#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "block_pen.h"
#include "model/post.h"
#include "picture_parts.h"
#include "post_parts.h"
#include "ui/views.h"

enum { WORDS_COLS = 80, MOST_PIXELS = 1000 };

/* The view cut into what it shows. */
struct frame {
	const struct post *post;
	struct media media;
	struct rect head, place, words;
	struct wrap wrap; /* of the words, in the ui's scratch arena */
	const char *alt;
	bool told;
};

static const char *words_of(const struct media *media, bool *out_told)
{
	*out_told = media->alt && *media->alt;
	return *out_told ? media->alt : "without description";
}

/* A line above, the words below: at most a third of the rows, and scrolled beyond that. */
static bool cut(
        struct frame *frame, const struct picture_view *view, struct ui *ui, struct rect area)
{
	*frame = (struct frame){.post = store_post(ui->store, view->post)};
	if (!frame->post || view->at >= frame->post->nmedia || area.rows < 1 || area.cols < 1)
		return false;
	frame->media = post_media(frame->post, view->at);
	frame->alt = words_of(&frame->media, &frame->told);
	int margin = area.cols > 8 ? 2 : 0, cols = area.cols - 2 * margin;
	if (cols > WORDS_COLS) cols = WORDS_COLS;
	frame->wrap = wrap_text(&ui->scratch, frame->alt, strlen(frame->alt), cols, 0);
	int most = area.rows / 3 > 1 ? area.rows / 3 : 1;
	int rows = frame->wrap.nlines < (size_t)most ? (int)frame->wrap.nlines : most;
	int bottom = area.row + area.rows;
	frame->head = (struct rect){area.row, area.col, area.rows > 2, area.cols};
	frame->words = (struct rect){bottom - rows, area.col + (area.cols - cols) / 2, rows, cols};
	int top = area.row + frame->head.rows;
	frame->place = (struct rect){
	        top, area.col + margin / 2, bottom - rows - top, area.cols - 2 * (margin / 2)};
	if (frame->place.rows > 4) frame->place.rows--; /* a line between */
	return true;
}

static void draw_head(const struct picture_view *view, struct ui *ui, struct grid *grid,
        const struct frame *frame)
{
	struct str line = {0};
	const struct media *media = &frame->media;
	if (frame->head.rows == 0) return;
	str_addf(&line, " %s", profile_called(store_profile(ui->store, frame->post->author)));
	if (frame->post->nmedia > 1)
		str_addf(&line, "  %zu/%u", view->at + 1, (unsigned)frame->post->nmedia);
	str_addf(&line, "  %s", media_kind_name(media->kind));
	if (media->width && media->height) str_addf(&line, " %ux%u", media->width, media->height);
	if (media->kind != MEDIA_IMAGE) str_adds(&line, "  o plays it");
	uint16_t style = theme_style(ui->theme, ROLE_COLUMN_TITLE_FOCUS, ROLE_DEFAULT);
	grid_fill(grid, frame->head, style);
	grid_puts(grid, frame->head, frame->head.row, frame->head.col, style, str_c(&line),
	        frame->head.cols);
	str_finish(&line);
}

static void draw_words(
        struct picture_view *view, struct ui *ui, struct grid *grid, const struct frame *frame)
{
	enum role role = frame->told ? ROLE_ARTICLE : ROLE_GAP;
	uint16_t style = theme_style(ui->theme, role, ROLE_ARTICLE);
	int last = (int)frame->wrap.nlines - frame->words.rows;
	if (view->top > last) view->top = last;
	if (view->top < 0) view->top = 0;
	for (int i = 0; i < frame->words.rows; i++) {
		const struct wrap_line *line = &frame->wrap.lines[view->top + i];
		grid_put(grid, frame->words, frame->words.row + i, frame->words.col, style, 0,
		        frame->alt + line->start, line->end - line->start, frame->words.cols);
	}
}

static void say(struct ui *ui, struct grid *grid, struct rect place, const char *words)
{
	int used = (int)utf8_width(words, strlen(words));
	int col = place.col + (used < place.cols ? (place.cols - used) / 2 : 0);
	grid_puts(grid, place, place.row + (place.rows - 1) / 2, col,
	        theme_style(ui->theme, ROLE_POST_MEDIA, ROLE_ARTICLE), words, place.cols);
}

/* Large pixels want the picture itself; cells have enough of the small one. */
static struct image_key key_for(const struct picture_view *view, const struct frame *frame)
{
	const struct media *media = &frame->media;
	struct image_key key = {.url = media_picture(media),
	        .account = media_account(frame->post),
	        .width = frame->place.cols,
	        .height = frame->place.rows,
	        .form = view->form,
	        .cell_width = view->cell_width,
	        .cell_height = view->cell_height,
	        .urgent = true};
	if (view->form == IMAGE_CELLS) {
		image_fit(media->width, media->height, &key.width, &key.height);
		return key;
	}
	if (media->kind == MEDIA_IMAGE) key.url = media->url;
	key.width *= view->cell_width;
	key.height *= view->cell_height;
	if (key.width > MOST_PIXELS) key.width = MOST_PIXELS;
	if (key.height > MOST_PIXELS) key.height = MOST_PIXELS;
	return key;
}

static void draw_cells(struct grid *grid, struct rect place, const struct image *image)
{
	int left = place.cols - (int)image->width, top = place.rows - (int)image->height;
	image_draw(grid, place, place.row + (top > 0 ? top / 2 : 0),
	        place.col + (left > 0 ? left / 2 : 0), image);
}

static void draw_picture(
        struct picture_view *view, struct ui *ui, struct grid *grid, const struct frame *frame)
{
	struct image_key key = key_for(view, frame);
	const char *why = NULL;
	if (frame->place.rows < 1 || frame->place.cols < 1) return;
	if (!key.url || !*key.url) {
		say(ui, grid, frame->place, "there is no picture of it");
		return;
	}
	if (ui->ascii || ui_is_linear(ui) || !images_can_be(ui->images)) return; /* its words are all there is */
	const struct image *image = images_find(ui->images, &key, &why);
	if (!image) {
		say(ui, grid, frame->place, why ? why : "…");
	} else if (image->cells) {
		draw_cells(grid, frame->place, image);
	} else {
		view->pixels = image;
		view->place = frame->place;
	}
}

void picture_view_draw(
        struct picture_view *view, struct ui *ui, struct grid *grid, struct rect area)
{
	struct frame frame;
	area = rect_clip(area, (struct rect){0, 0, grid->rows, grid->cols});
	grid_fill(grid, area, theme_style(ui->theme, ROLE_ARTICLE, ROLE_DEFAULT));
	view->pixels = NULL;
	if (!cut(&frame, view, ui, area)) return;
	draw_head(view, ui, grid, &frame);
	draw_picture(view, ui, grid, &frame);
	draw_words(view, ui, grid, &frame);
}

void picture_view_scroll(struct picture_view *view, struct ui *ui, int lines, struct rect area)
{
	struct frame frame;
	if (!cut(&frame, view, ui, area)) return;
	int last = (int)frame.wrap.nlines - frame.words.rows;
	view->top += lines;
	if (view->top > last) view->top = last;
	if (view->top < 0) view->top = 0;
}

bool picture_view_move(struct picture_view *view, const struct ui *ui, int dir)
{
	const struct post *post = store_post(ui->store, view->post);
	if (!post || (dir < 0 ? view->at == 0 : view->at + 1 >= post->nmedia)) return false;
	view->at = dir < 0 ? view->at - 1 : view->at + 1;
	view->top = 0;
	return true;
}
