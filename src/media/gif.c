#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "media/format.h"

/* GIF89a: a header, perhaps a table of colours, then blocks up to the trailer. */
enum {
	EXTENSION = 0x21,
	IMAGE = 0x2c,
	TRAILER = 0x3b,
	CONTROL = 0xf9,
	COMMENT = 0xfe,
	PROGRAM = 0xff
};
enum { HEAD = 13, MAX_CODE = 12, CODES = 1 << MAX_CODE };

struct walk {
	const struct bytes *file;
	size_t at;      /* of the next block */
	size_t colours; /* of the table for all; 0: none */
	unsigned ncolours;
	int clear; /* the colour that is none, for the next picture; -1 */
};

/* Bytes of a table whose flags these are. */
static unsigned table_len(unsigned flags)
{
	return flags & 0x80 ? 2u << (flags & 7) : 0;
}

static bool walk_init(struct walk *walk, const struct bytes *file)
{
	*walk = (struct walk){.file = file, .at = HEAD, .clear = -1};
	if (file->len < HEAD) return false;
	walk->ncolours = table_len(file->p[10]);
	if (walk->ncolours) walk->colours = HEAD;
	walk->at += (size_t)walk->ncolours * 3;
	return walk->at < file->len;
}

/* After the sub-blocks from `at` on; 0: they never end. */
static size_t after_data(const struct bytes *file, size_t at)
{
	while (at < file->len) {
		unsigned n = file->p[at++];
		if (n == 0) return at;
		at += n;
	}
	return 0;
}

/* After the block at walk->at, which is no trailer; 0: it is broken. */
static size_t after_block(const struct walk *walk)
{
	const struct bytes *file = walk->file;
	if (file->p[walk->at] == EXTENSION) return after_data(file, walk->at + 2);
	if (file->p[walk->at] != IMAGE) return 0;
	size_t table = (size_t)table_len(byte_at(file, walk->at + 9)) * 3;
	return after_data(file, walk->at + 10 + table + 1);
}

bool gif_look(const struct bytes *file, struct shape *out, struct err *err)
{
	struct walk walk;
	int pictures = 0;
	*out = (struct shape){.width = little_at(file, 6, 2), .height = little_at(file, 8, 2)};
	bool fine = walk_init(&walk, file) && out->width && out->height;
	while (fine && walk.at < file->len && file->p[walk.at] != TRAILER && pictures < 2) {
		unsigned kind = file->p[walk.at];
		pictures += kind == IMAGE;
		if (kind == EXTENSION && byte_at(file, walk.at + 1) == CONTROL &&
		        byte_at(file, walk.at + 3) & 1)
			out->has_alpha = true;
		size_t next = after_block(&walk);
		if (!next) break;
		walk.at = next;
	}
	out->moves = pictures > 1;
	return pictures > 0 || err_set(err, ERR_FORMAT, "it is no whole GIF");
}

/* How often it is repeated stays; comments and what programs leave go. */
static bool is_kept(const struct bytes *file, size_t at)
{
	if (file->p[at] != EXTENSION) return true;
	unsigned kind = byte_at(file, at + 1);
	if (kind == COMMENT) return false;
	return kind != PROGRAM || is_at(file, at + 3, "NETSCAPE2.0", 11) ||
	       is_at(file, at + 3, "ANIMEXTS1.0", 11);
}

bool gif_strip(const struct bytes *file, struct str *out, const char **note, struct err *err)
{
	struct walk walk;
	(void)note;
	if (!walk_init(&walk, file)) return err_set(err, ERR_FORMAT, "it is no whole GIF");
	str_add(out, (const char *)file->p, walk.at);
	while (walk.at < file->len && file->p[walk.at] != TRAILER) {
		size_t next = after_block(&walk);
		if (!next || next > file->len)
			return err_set(err, ERR_FORMAT, "it is no whole GIF");
		if (is_kept(file, walk.at))
			str_add(out, (const char *)file->p + walk.at, next - walk.at);
		walk.at = next;
	}
	str_addc(out, TRAILER);
	return true;
}

/* --- pixels of the first picture --- */

struct lzw {
	const struct bytes *file;
	size_t at, block; /* next byte, and how many are left of its sub-block */
	uint32_t bits;
	int nbits;
	uint16_t prefix[CODES];
	unsigned char suffix[CODES], stack[CODES];
};

/* The next code of so many bits; -1 at the end. */
static int next_code(struct lzw *lzw, int width)
{
	while (lzw->nbits < width) {
		if (lzw->block == 0) {
			lzw->block = byte_at(lzw->file, lzw->at++);
			if (lzw->block == 0) return -1;
		}
		if (lzw->at >= lzw->file->len) return -1;
		lzw->bits |= (uint32_t)lzw->file->p[lzw->at++] << lzw->nbits;
		lzw->block--;
		lzw->nbits += 8;
	}
	int code = (int)(lzw->bits & ((1u << width) - 1));
	lzw->bits >>= width;
	lzw->nbits -= width;
	return code;
}

/* Colours one after another into `out`; what is missing stays as it was. */
static void unpack(struct lzw *lzw, int root, unsigned char *out, size_t n)
{
	const int clear = 1 << root, end = clear + 1;
	int width = root + 1, next = end + 1, before = -1, code;
	unsigned char first = 0;
	for (size_t i = 0; i < n && (code = next_code(lzw, width)) >= 0 && code != end;) {
		size_t depth = 0;
		if (code == clear) {
			width = root + 1;
			next = end + 1;
			before = -1;
			continue;
		}
		int from = code;
		if (code > next || (code == next && before < 0)) return;
		if (code == next) { /* the one that is being made: it begins as it ends */
			lzw->stack[depth++] = first;
			from = before;
		}
		for (; from > end && depth < CODES - 1; from = lzw->prefix[from])
			lzw->stack[depth++] = lzw->suffix[from];
		first = (unsigned char)from;
		lzw->stack[depth++] = first;
		while (depth > 0 && i < n)
			out[i++] = lzw->stack[--depth];
		if (before >= 0 && next < CODES) {
			lzw->prefix[next] = (uint16_t)before;
			lzw->suffix[next++] = first;
			if (next == 1 << width && width < MAX_CODE) width++;
		}
		before = code;
	}
}

/* Where the n-th line that is stored belongs. */
static uint32_t line_of(uint32_t n, uint32_t height, bool interlaced)
{
	static const uint32_t starts[] = {0, 4, 2, 1}, steps[] = {8, 8, 4, 2};
	if (!interlaced) return n;
	for (int pass = 0; pass < 4; pass++) {
		uint32_t lines = (height + steps[pass] - 1 - starts[pass]) / steps[pass];
		if (height <= starts[pass]) lines = 0;
		if (n < lines) return starts[pass] + n * steps[pass];
		n -= lines;
	}
	return height;
}

/* The picture at walk->at onto the canvas. */
static void paint(const struct walk *walk, struct picture *out)
{
	const struct bytes *file = walk->file;
	uint32_t left = little_at(file, walk->at + 1, 2), top = little_at(file, walk->at + 3, 2);
	uint32_t width = little_at(file, walk->at + 5, 2),
	         height = little_at(file, walk->at + 7, 2);
	unsigned flags = byte_at(file, walk->at + 9), own = table_len(flags);
	size_t colours = own ? walk->at + 10 : walk->colours,
	       data = walk->at + 10 + (size_t)own * 3;
	unsigned ncolours = own ? own : walk->ncolours;
	int root = (int)byte_at(file, data);
	if (root < 1 || root > 8 || (uint64_t)width * height > PICTURE_MAX_PIXELS) return;
	struct lzw *lzw = xcalloc(1, sizeof *lzw);
	unsigned char *line = xcalloc((size_t)width * height + 1, 1);
	lzw->file = file;
	lzw->at = data + 1;
	unpack(lzw, root, line, (size_t)width * height);
	for (uint32_t n = 0; n < height; n++) {
		uint32_t y = top + line_of(n, height, flags & 0x40);
		for (uint32_t x = 0; x < width && y < out->height && left + x < out->width; x++) {
			unsigned colour = line[(size_t)n * width + x];
			unsigned char *p = out->rgba + ((size_t)y * out->width + left + x) * 4;
			if ((int)colour == walk->clear || colour >= ncolours) continue;
			for (unsigned i = 0; i < 3; i++)
				p[i] = (unsigned char)byte_at(
				        file, colours + (size_t)colour * 3 + i);
			p[3] = 255;
		}
	}
	free(line);
	free(lzw);
}

bool gif_read(const struct bytes *file, uint32_t width, uint32_t height, struct picture *out,
        struct err *err)
{
	struct walk walk;
	(void)width, (void)height;
	*out = (struct picture){0};
	if (!walk_init(&walk, file)) return err_set(err, ERR_FORMAT, "it is no whole GIF");
	if (!picture_init(out, little_at(file, 6, 2), little_at(file, 8, 2), err)) return false;
	memset(out->rgba, 0, (size_t)out->width * out->height * 4);
	out->has_alpha = true;
	while (walk.at < file->len && file->p[walk.at] != TRAILER) {
		unsigned flags = byte_at(file, walk.at + 3);
		if (file->p[walk.at] == EXTENSION && byte_at(file, walk.at + 1) == CONTROL)
			walk.clear = flags & 1 ? (int)byte_at(file, walk.at + 6) : -1;
		if (file->p[walk.at] == IMAGE) {
			paint(&walk, out);
			return true;
		}
		size_t next = after_block(&walk);
		if (!next) break;
		walk.at = next;
	}
	picture_finish(out);
	return err_set(err, ERR_FORMAT, "it is no whole GIF");
}
