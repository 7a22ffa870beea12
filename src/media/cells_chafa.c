#include <chafa.h>

#include "media/cells.h"

enum { CELL_WIDTH = 8, CELL_HEIGHT = 16 }; /* pixels; only their proportion matters */

void cells_chafa_start(void)
{
	/* A thread of a process that may have none would be waited for in vain. */
	chafa_set_n_threads(1);
	chafa_canvas_config_unref(chafa_canvas_config_new());
}

static ChafaCanvasMode mode_of(unsigned colors)
{
	if (colors == 0) return CHAFA_CANVAS_MODE_TRUECOLOR;
	if (colors >= 256) return CHAFA_CANVAS_MODE_INDEXED_240;
	return colors >= 16 ? CHAFA_CANVAS_MODE_INDEXED_16 : CHAFA_CANVAS_MODE_INDEXED_8;
}

static ChafaCanvas *canvas_for(const struct cells_wish *wish, uint32_t cols, uint32_t rows)
{
	ChafaCanvasConfig *config = chafa_canvas_config_new();
	ChafaSymbolMap *symbols = chafa_symbol_map_new();
	chafa_symbol_map_add_by_tags(symbols, CHAFA_SYMBOL_TAG_SPACE | CHAFA_SYMBOL_TAG_SOLID |
	                                              CHAFA_SYMBOL_TAG_HALF |
	                                              CHAFA_SYMBOL_TAG_QUAD);
	if (wish->sextants) chafa_symbol_map_add_by_tags(symbols, CHAFA_SYMBOL_TAG_SEXTANT);
	chafa_canvas_config_set_symbol_map(config, symbols);
	chafa_canvas_config_set_canvas_mode(config, mode_of(wish->colors));
	chafa_canvas_config_set_geometry(config, (gint)cols, (gint)rows);
	chafa_canvas_config_set_cell_geometry(config, CELL_WIDTH, CELL_HEIGHT);
	chafa_canvas_config_set_bg_color(config, wish->ground);
	ChafaCanvas *canvas = chafa_canvas_new(config);
	chafa_symbol_map_unref(symbols);
	chafa_canvas_config_unref(config);
	return canvas;
}

/* What chafa says is a colour, an index, or -1 for none. */
static uint32_t color_of(gint raw, const struct cells_wish *wish)
{
	if (raw < 0) return cells_color(wish->ground, wish->colors);
	return wish->colors ? cells_palette((unsigned)raw & 255) : (uint32_t)raw & 0xffffff;
}

void cells_chafa(const struct picture *picture, const struct cells_wish *wish, uint32_t cols,
        uint32_t rows, struct str *out)
{
	ChafaCanvas *canvas = canvas_for(wish, cols, rows);
	chafa_canvas_draw_all_pixels(canvas, CHAFA_PIXEL_RGBA8_UNASSOCIATED, picture->rgba,
	        (gint)picture->width, (gint)picture->height, (gint)picture->width * 4);
	for (uint32_t y = 0; y < rows; y++) {
		for (uint32_t x = 0; x < cols; x++) {
			gint fg = -1, bg = -1;
			chafa_canvas_get_raw_colors_at(canvas, (gint)x, (gint)y, &fg, &bg);
			gunichar code = chafa_canvas_get_char_at(canvas, (gint)x, (gint)y);
			cells_add(out, code ? code : ' ', color_of(fg, wish), color_of(bg, wish));
		}
	}
	chafa_canvas_unref(canvas);
}
