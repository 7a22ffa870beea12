#include "ui/term.h"

#include <stdio.h>
#include <stdlib.h>

#include <string.h>

#include "base/clean.h"
#include "base/mem.h"

struct memory {
	struct grid shown;
	struct term_event *events; /* queued for read, texts owned */
	size_t nevents, cap, next;
	char *paste; /* given out by the last read */
	struct str clip, title, notices;
	unsigned bells;
	int cursor_row, cursor_col;
	struct term_graphics graphics;
	bool pictured;
	bool closed;
};

static void memory_size(void *ctx, int *rows, int *cols)
{
	const struct memory *memory = ctx;
	*rows = memory->shown.rows;
	*cols = memory->shown.cols;
}

static bool memory_show(void *ctx, const struct grid *grid, const struct theme *theme,
        int cursor_row, int cursor_col)
{
	struct memory *memory = ctx;
	(void)theme;
	memory->cursor_row = cursor_row;
	memory->cursor_col = cursor_col;
	grid_copy(&memory->shown, grid);
	return true;
}

static void memory_read(void *ctx, struct term_event *out)
{
	struct memory *memory = ctx;
	free(memory->paste);
	memory->paste = NULL;
	if (memory->next < memory->nevents) {
		*out = memory->events[memory->next++];
		memory->paste = (char *)out->paste;
		return;
	}
	memory->next = memory->nevents = 0;
	*out = (struct term_event){.kind = memory->closed ? TERM_CLOSED : TERM_NONE};
}

static void memory_configure(void *ctx, const struct term_options *opts)
{
	(void)ctx;
	(void)opts;
}

static int memory_colors(void *ctx)
{
	(void)ctx;
	return 256;
}

static void memory_nothing(void *ctx)
{
	(void)ctx;
}

static void memory_title(void *ctx, const char *text)
{
	struct memory *memory = ctx;
	str_clear(&memory->title);
	if (text) clean_out(&memory->title, CLEAN_TITLE, text, strlen(text));
}

static void memory_copy(void *ctx, const char *text)
{
	struct memory *memory = ctx;
	str_clear(&memory->clip);
	clean_out(&memory->clip, CLEAN_CLIP, text, strlen(text));
}

static void memory_bell(void *ctx)
{
	((struct memory *)ctx)->bells++;
}

static void memory_notify(void *ctx, const char *bytes, size_t len)
{
	str_add(&((struct memory *)ctx)->notices, bytes, len);
}

static bool memory_picture(void *ctx, const struct term_picture *picture)
{
	((struct memory *)ctx)->pictured = picture && picture->image;
	return true;
}

static struct term_graphics memory_graphics(void *ctx)
{
	return ((const struct memory *)ctx)->graphics;
}

static void memory_free(void *ctx)
{
	struct memory *memory = ctx;
	for (size_t i = memory->next; i < memory->nevents; i++) {
		free((char *)memory->events[i].paste);
	}
	free(memory->events);
	free(memory->paste);
	grid_finish(&memory->shown);
	str_finish(&memory->clip);
	str_finish(&memory->title);
	str_finish(&memory->notices);
	free(memory);
}

static const struct term_ops memory_ops = {
        .size = memory_size,
        .show = memory_show,
        .read = memory_read,
        .configure = memory_configure,
        .colors = memory_colors,
        .redraw = memory_nothing,
        .suspend = memory_nothing,
        .resume = memory_nothing,
        .title = memory_title,
        .copy = memory_copy,
        .bell = memory_bell,
        .notify = memory_notify,
        .picture = memory_picture,
        .graphics = memory_graphics,
        .free = memory_free,
};

void term_memory_open(struct term *out, int rows, int cols)
{
	struct memory *memory = xcalloc(1, sizeof(*memory));
	grid_init(&memory->shown, rows, cols);
	*out = (struct term){.ops = &memory_ops, .ctx = memory, .fd = -1, .resize_fd = -1};
}

const struct grid *term_memory_grid(const struct term *term)
{
	return &((const struct memory *)term->ctx)->shown;
}

const char *term_memory_clip(const struct term *term)
{
	return str_c(&((const struct memory *)term->ctx)->clip);
}

int term_memory_cursor(const struct term *term, int *out_col)
{
	const struct memory *memory = term->ctx;
	if (out_col) *out_col = memory->cursor_col;
	return memory->cursor_row;
}

unsigned term_memory_bells(const struct term *term)
{
	return ((const struct memory *)term->ctx)->bells;
}

void term_memory_graphics(struct term *term, struct term_graphics graphics)
{
	((struct memory *)term->ctx)->graphics = graphics;
}

bool term_memory_pictured(const struct term *term)
{
	return ((const struct memory *)term->ctx)->pictured;
}

const char *term_memory_title(const struct term *term)
{
	return str_c(&((const struct memory *)term->ctx)->title);
}

const char *term_memory_notices(const struct term *term)
{
	return str_c(&((const struct memory *)term->ctx)->notices);
}

static void push(struct term *term, const struct term_event *event)
{
	struct memory *memory = term->ctx;
	memory->events = mem_grow(
	        memory->events, &memory->cap, memory->nevents + 1, sizeof(*memory->events));
	memory->events[memory->nevents++] = *event;
}

void term_memory_key(struct term *term, const char *key)
{
	struct term_event event = {.kind = TERM_KEY};
	snprintf(event.key, sizeof(event.key), "%s", key);
	push(term, &event);
}

void term_memory_mouse(struct term *term, const char *key, int row, int col)
{
	struct term_event event = {.kind = TERM_MOUSE, .row = row, .col = col};
	snprintf(event.key, sizeof(event.key), "%s", key);
	push(term, &event);
}

void term_memory_paste(struct term *term, const char *text)
{
	struct str clean = {0};
	clean_in(&clean, CLEAN_BODY, text, strlen(text));
	struct term_event event = {.kind = TERM_PASTE, .paste = str_take(&clean)};
	push(term, &event);
}

void term_memory_resize(struct term *term, int rows, int cols)
{
	struct memory *memory = term->ctx;
	struct term_event event = {.kind = TERM_RESIZE};
	grid_resize(&memory->shown, rows, cols);
	push(term, &event);
}

void term_memory_close(struct term *term)
{
	((struct memory *)term->ctx)->closed = true;
}
