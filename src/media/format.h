#pragma once
#include "base/str.h"
#include "media/bytes.h"
#include "media/picture.h"

/* What is known of a file without decoding it. */
struct shape {
	uint32_t width, height; /* as stored; 0: not known */
	int orientation;        /* of Exif, 1 to 8; 0: none */
	bool moves, has_alpha;
};

/* A kind of file: how it is known, and what can be done with it. */
struct format {
	const char *type; /* MIME */
	size_t at;        /* where its first bytes stand */
	const char *magic;
	/* False with a sentence when it is broken. NULL: nothing is known of such files. */
	bool (*look)(const struct bytes *file, struct shape *out, struct err *err);
	/* At least so large where it can choose (0: as large as it is). NULL: cannot. */
	bool (*decode)(const struct bytes *file, uint32_t width, uint32_t height,
	        struct picture *out, struct err *err);
	/* Append it without what tells where, when and with what it was made. NULL: cannot.
	 * *note: what had to stay, a literal. */
	bool (*strip)(
	        const struct bytes *file, struct str *out, const char **note, struct err *err);
};

/* NULL: none that is known. */
const struct format *format_of(const struct bytes *file);
/* Is `type` among the words of a list with commas between? NULL: everything is. */
bool format_is_in(const char *types, const char *type);

/* jpeg.c, png.c, webp.c, gif.c, film.c: rows of the table, and writers. */
bool jpeg_look(const struct bytes *file, struct shape *out, struct err *err);
bool jpeg_read(const struct bytes *file, uint32_t width, uint32_t height, struct picture *out,
        struct err *err);
bool jpeg_strip(const struct bytes *file, struct str *out, const char **note, struct err *err);
/* `like`: the file whose colour profile it is to have, or NULL. */
bool jpeg_write(const struct picture *picture, int quality, const struct bytes *like,
        struct str *out, struct err *err);
bool png_look(const struct bytes *file, struct shape *out, struct err *err);
bool png_read(const struct bytes *file, uint32_t width, uint32_t height, struct picture *out,
        struct err *err);
bool png_strip(const struct bytes *file, struct str *out, const char **note, struct err *err);
bool png_write(const struct picture *picture, struct str *out, struct err *err);
bool webp_look(const struct bytes *file, struct shape *out, struct err *err);
bool webp_read(const struct bytes *file, uint32_t width, uint32_t height, struct picture *out,
        struct err *err);
bool webp_strip(const struct bytes *file, struct str *out, const char **note, struct err *err);
bool gif_look(const struct bytes *file, struct shape *out, struct err *err);
bool gif_read(const struct bytes *file, uint32_t width, uint32_t height, struct picture *out,
        struct err *err);
bool gif_strip(const struct bytes *file, struct str *out, const char **note, struct err *err);
bool film_look(const struct bytes *file, struct shape *out, struct err *err);
bool film_strip(const struct bytes *file, struct str *out, const char **note, struct err *err);
/* The orientation in a block of Exif (TIFF 6.0 section 2, tag 274); 0: none. */
int exif_orientation(const unsigned char *p, size_t len);
