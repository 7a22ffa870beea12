#include "media/format.h"

#include <strings.h>

/* The first that fits counts. HEIC and AVIF are boxes like films, but their `meta` box is the
 * picture itself. */
static const struct format formats[] = {
        {"image/jpeg", 0, "\xff\xd8\xff", jpeg_look, jpeg_read, jpeg_strip},
        {"image/png", 0, "\x89PNG\r\n\x1a\n", png_look, png_read, png_strip},
        {"image/gif", 0, "GIF8", gif_look, gif_read, gif_strip},
        {"image/webp", 8, "WEBP", webp_look, webp_read, webp_strip},
        {"image/avif", 4, "ftypavif", NULL, NULL, NULL},
        {"image/heic", 4, "ftypheic", NULL, NULL, NULL},
        {"image/heic", 4, "ftypmif1", NULL, NULL, NULL},
        {"video/quicktime", 4, "ftypqt", film_look, NULL, film_strip},
        {"audio/mp4", 4, "ftypM4A", film_look, NULL, film_strip},
        {"video/mp4", 4, "ftyp", film_look, NULL, film_strip},
        {"video/webm", 0, "\x1a\x45\xdf\xa3", NULL, NULL, NULL},
        {"audio/mpeg", 0, "ID3", NULL, NULL, NULL},
        {"audio/mpeg", 0, "\xff\xfb", NULL, NULL, NULL},
        {"audio/ogg", 0, "OggS", NULL, NULL, NULL},
        {"audio/flac", 0, "fLaC", NULL, NULL, NULL},
        {"audio/wav", 8, "WAVE", NULL, NULL, NULL},
};

const struct format *format_of(const struct bytes *file)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		const struct format *format = &formats[i];
		if (is_at(file, format->at, format->magic, strlen(format->magic))) return format;
	}
	return NULL;
}

bool format_is_in(const char *types, const char *type)
{
	size_t n = strlen(type);
	for (const char *p = types; p && *p;) {
		size_t len = strcspn(p, ",");
		if (len == n && strncasecmp(p, type, n) == 0) return true;
		p += len + (p[len] == ',');
	}
	return !types;
}
