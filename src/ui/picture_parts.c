#include "picture_parts.h"

#include <string.h>

#include "base/utf8.h"
#include "model/account.h"

enum { MOST_COLS = 60, MOST_ROWS = 12, PAIR_ROWS = 8, LEAST_COLS = 8 };

/* Where one picture stands: from the first line and cell of all pictures. */
struct spot {
	struct image_key key;
	int row, col, cols, rows; /* the room that is kept for it */
};

const char *media_picture(const struct media *media)
{
	if (media->preview && *media->preview) return media->preview;
	return media->kind == MEDIA_IMAGE && media->url && *media->url ? media->url : NULL;
}

account_id media_account(const struct post *post)
{
	return post->nviewers ? post_viewer(post, 0).account : ACCOUNT_FEEDS;
}

static size_t find_media(const struct post *post, struct media out[PICTURES_SHOWN])
{
	size_t n = 0;
	for (size_t i = 0; i < post->nmedia && n < PICTURES_SHOWN; i++) {
		struct media media = post_media(post, i);
		if (media_picture(&media)) out[n++] = media;
	}
	return n;
}

/* Where there are only words, what describes a picture is all of it. */
static bool are_shown(const struct ui *ui, const struct block_in *in)
{
	return !ui->ascii && !ui_is_linear(ui) && images_are_shown(ui->images, in->opened);
}

/* One below the other when there is one, else two beside each other. Returns how many. */
static size_t lay_out(const struct block_in *in, int width, struct spot out[PICTURES_SHOWN])
{
	struct media media[PICTURES_SHOWN];
	size_t n = find_media(in->post, media);
	int across = n > 1 ? 2 : 1, cols = (width - (across - 1)) / across, row = 0;
	if (cols > MOST_COLS) cols = MOST_COLS;
	if (cols < LEAST_COLS) return 0;
	for (size_t i = 0; i < n; i++) {
		struct spot *spot = &out[i];
		*spot = (struct spot){.row = row, .col = (int)(i % 2) * (cols + 1), .cols = cols};
		spot->rows = n > 1 ? PAIR_ROWS : MOST_ROWS;
		image_fit(media[i].width, media[i].height, &spot->cols, &spot->rows);
		spot->key = (struct image_key){.url = media_picture(&media[i]),
		        .account = media_account(in->post),
		        .width = spot->cols,
		        .height = spot->rows};
		bool is_last = i % 2 == 1 || i + 1 == n;
		int high = spot->rows;
		if (i % 2 == 1 && out[i - 1].rows > high) high = out[i - 1].rows;
		if (is_last) row += high;
	}
	return n;
}

void image_draw(struct grid *grid, struct rect clip, int row, int col, const struct image *image)
{
	const struct image_cell *cell = image->cells;
	for (uint32_t y = 0; y < image->height; y++) {
		for (uint32_t x = 0; x < image->width; x++, cell++)
			grid_put_inked(grid, clip, row + (int)y, col + (int)x, cell->code, cell->fg,
			        cell->bg);
	}
}

/* Its place, until it comes: a mark in the middle, and why it does not come. */
static void draw_place(struct block_pen *pen, const struct spot *spot, int top, const char *why)
{
	const char *mark = ui_mark(pen->ui, MARK_MEDIA);
	struct str words = {0};
	str_adds(&words, mark);
	if (why) str_addf(&words, " %s", why);
	int used = (int)utf8_width(words.p, words.len);
	int left = used < spot->cols ? (spot->cols - used) / 2 : 0;
	int room = spot->cols - left;
	pen_puts(pen, top + spot->row + (spot->rows - 1) / 2, spot->col + left, ROLE_POST_MEDIA,
	        words.p, used < room ? used : room);
	str_finish(&words);
}

void part_pictures(struct block_pen *pen, const struct block_in *in)
{
	struct spot spots[PICTURES_SHOWN];
	if (!are_shown(pen->ui, in)) return;
	size_t n = lay_out(in, pen->width, spots);
	int top = pen->grid->rows;
	for (size_t i = 0; i < n; i++) {
		while (pen->grid->rows < top + spots[i].row + spots[i].rows) {
			if (pen_line(pen) < 0) return;
		}
	}
	struct rect clip = {0, pen->left, pen->grid->rows, pen->width};
	for (size_t i = 0; i < n; i++) {
		const char *why = NULL;
		const struct image *image = images_find(pen->ui->images, &spots[i].key, &why);
		if (image)
			image_draw(pen->grid, clip, top + spots[i].row, pen->left + spots[i].col,
			        image);
		else
			draw_place(pen, &spots[i], top, why);
	}
}

uint64_t pictures_stamp(const struct block_in *in, const struct ui *ui, int width)
{
	struct spot spots[PICTURES_SHOWN];
	uint64_t sum = 1;
	if (!in->post || !in->post->nmedia || !are_shown(ui, in)) return 0;
	size_t n = lay_out(in, width, spots);
	for (size_t i = 0; i < n; i++)
		sum = sum * 31 + images_stamp(ui->images, &spots[i].key);
	return sum;
}
