#include "media/prepare.h"

#include <math.h>

enum { MAX_ROUNDS = 16, GOOD = 90, WORST = 60 };

static bool too_many_bytes(const struct wish *wish, size_t len)
{
	return wish->max_bytes && len > wish->max_bytes;
}

static bool too_many_pixels(const struct wish *wish, const struct shape *shape)
{
	return wish->max_pixels && (uint64_t)shape->width * shape->height > wish->max_pixels;
}

static void add_size(struct str *out, uint64_t bytes)
{
	if (bytes >= 1 << 20)
		str_addf(out, "%.1f MB", (double)bytes / (1 << 20));
	else
		str_addf(out, "%.0f kB", ceil((double)bytes / 1024));
}

/* It cannot be made smaller here. */
static bool refuse_size(const struct format *format, uint64_t len, uint64_t most, struct err *err)
{
	struct str words = {0};
	str_addf(&words, "%s of ", format->type);
	add_size(&words, len);
	str_adds(&words, " cannot be made smaller here, and at most ");
	add_size(&words, most);
	str_adds(&words, " are taken");
	err_set(err, ERR_TOO_LARGE, "%s", str_c(&words));
	str_finish(&words);
	return false;
}

/* --- as it is --- */

static bool strip(const struct format *format, const struct bytes *file, const struct wish *wish,
        struct str *out, struct made *made, struct err *err)
{
	if (!format->strip) {
		made->note = "what it tells of its making stays in it";
		if (!wish->refuses) str_add(out, (const char *)file->p, file->len);
	} else if (!format->strip(file, out, &made->note, err)) {
		return false;
	}
	if (made->note && wish->refuses) return err_set(err, ERR_REFUSED, "%s", made->note);
	return true;
}

static bool pass(const struct format *format, const struct bytes *file, const struct wish *wish,
        struct str *out, struct made *made, struct err *err)
{
	if (!strip(format, file, wish, out, made, err)) return false;
	if (too_many_bytes(wish, out->len))
		return refuse_size(format, out->len, wish->max_bytes, err);
	return true;
}

/* --- made anew --- */

/* What it is written as: with holes as PNG where that is taken, else as JPEG. */
static const char *type_for(const struct picture *picture, const struct wish *wish, struct err *err)
{
	static const char *const order[2][2] = {
	        {"image/jpeg", "image/png"}, {"image/png", "image/jpeg"}};
	for (int i = 0; i < 2; i++) {
		const char *type = order[picture->has_alpha][i];
		if (format_is_in(wish->types, type)) return type;
	}
	err_set(err, ERR_REFUSED,
	        "neither JPEG nor PNG is taken, and nothing else is written here");
	return NULL;
}

/* Has it a pixel that is not covered? Many files say that they may have. */
static bool has_holes(const struct picture *picture)
{
	const unsigned char *p = picture->rgba;
	for (size_t n = (size_t)picture->width * picture->height; n > 0; n--, p += 4) {
		if (p[3] != 255) return true;
	}
	return false;
}

/* One way of writing it: worse and worse, then smaller. */
static bool write_until_it_fits(struct picture *picture, bool jpeg, const struct bytes *like,
        const struct wish *wish, struct str *out, struct err *err)
{
	int quality = GOOD;
	for (int round = 0; round < MAX_ROUNDS; round++) {
		bool fine = jpeg ? jpeg_write(picture, quality, like, out, err)
		                 : png_write(picture, out, err);
		if (!fine) return false;
		if (!too_many_bytes(wish, out->len)) return true;
		bool far = out->len > 3 * wish->max_bytes;
		if (jpeg && quality > WORST && !far) {
			quality -= 10;
			continue;
		}
		double by = sqrt((double)wish->max_bytes / (double)out->len) * 0.95;
		uint32_t w = (uint32_t)(picture->width * by), h = (uint32_t)(picture->height * by);
		if (w == 0 || h == 0) break;
		quality = GOOD - 5;
		if (!picture_shrink(picture, w, h, err)) return false;
	}
	return err_set(err, ERR_TOO_LARGE, "it cannot be made as small as %llu bytes",
	        (unsigned long long)wish->max_bytes);
}

static bool make_anew(const struct format *format, const struct shape *shape,
        const struct bytes *file, const struct wish *wish, struct str *out, struct made *made,
        struct err *err)
{
	struct picture picture;
	uint32_t w = shape->width, h = shape->height;
	picture_within_pixels(&w, &h, wish->max_pixels);
	if (!format->decode(file, w, h, &picture, err)) return false;
	picture.has_alpha = picture.has_alpha && has_holes(&picture);
	w = picture.width;
	h = picture.height;
	picture_within_pixels(&w, &h, wish->max_pixels);
	bool fine = picture_shrink(&picture, w, h, err) &&
	            picture_turn(&picture, shape->orientation, err);
	made->type = fine ? type_for(&picture, wish, err) : NULL;
	bool jpeg = made->type && strcmp(made->type, "image/jpeg") == 0;
	if (jpeg && picture.has_alpha) picture_flatten(&picture);
	const struct bytes *like = strcmp(format->type, "image/jpeg") == 0 ? file : NULL;
	fine = made->type && write_until_it_fits(&picture, jpeg, like, wish, out, err);
	made->width = picture.width;
	made->height = picture.height;
	picture_finish(&picture);
	return fine;
}

bool prepare(const struct bytes *file, const struct wish *wish, struct str *out, struct made *made,
        struct err *err)
{
	const struct format *format = format_of(file);
	struct shape shape = {0};
	*made = (struct made){0};
	if (!format)
		return err_set(err, ERR_FORMAT, "it is no picture, film or sound that is known");
	if (format->look && !format->look(file, &shape, err)) return false;
	bool taken = format_is_in(wish->types, format->type);
	bool fits = !too_many_pixels(wish, &shape) && shape.orientation <= 1;
	*made = (struct made){format->type, shape.width, shape.height, NULL};
	if (taken && (fits || shape.moves || !format->decode)) {
		/* What moves stays as it is, or does not leave. */
		bool still = format->decode && !shape.moves;
		if (!fits && shape.moves && format->decode && too_many_pixels(wish, &shape))
			return err_set(err, ERR_TOO_LARGE,
			        "an animation of %u times %u pixels cannot be made smaller here",
			        shape.width, shape.height);
		if (!still) return pass(format, file, wish, out, made, err);
		if (!strip(format, file, wish, out, made, err)) return false;
		if (!too_many_bytes(wish, out->len)) return true;
		str_clear(out);
	}
	if (!format->decode || (shape.moves && !taken))
		return err_set(err, ERR_REFUSED,
		        "%s is not taken, and cannot be made into another kind here", format->type);
	return make_anew(format, &shape, file, wish, out, made, err);
}

bool pixels(const struct bytes *file, uint32_t width, uint32_t height, struct picture *out,
        struct err *err)
{
	const struct format *format = format_of(file);
	struct shape shape;
	*out = (struct picture){0};
	if (!format || !format->decode)
		return err_set(err, ERR_FORMAT, "it is no picture that can be shown");
	if (!format->look(file, &shape, err)) return false;
	bool lies = shape.orientation >= 5; /* its rows become columns */
	if (!format->decode(file, lies ? height : width, lies ? width : height, out, err))
		return false;
	uint32_t w = out->width, h = out->height;
	picture_within(&w, &h, lies ? height : width, lies ? width : height);
	if (picture_shrink(out, w, h, err) && picture_turn(out, shape.orientation, err))
		return true;
	picture_finish(out);
	return false;
}
