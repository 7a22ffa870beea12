#include <webp/decode.h>

#include "media/format.h"

/* RFC 9649: RIFF chunks of name, length and data, padded to an even length. */
enum { HEAD = 12, FRAME = 8, HAS_EXIF = 0x08, HAS_XMP = 0x04 };

/* Bytes of the chunk at `at`, padding too; 0: it is broken. */
static size_t chunk_len(const struct bytes *file, size_t at)
{
	if (at >= file->len || file->len - at < FRAME) return 0;
	size_t len = little_at(file, at + 4, 4);
	if (len > file->len - at - FRAME) return 0;
	len += FRAME + (len & 1);
	return len <= file->len - at ? len : file->len - at;
}

static bool check(VP8StatusCode code, struct err *err)
{
	if (code == VP8_STATUS_OK) return true;
	return err_set(err, ERR_FORMAT, "it cannot be read as WebP (%d)", (int)code);
}

bool webp_look(const struct bytes *file, struct shape *out, struct err *err)
{
	WebPBitstreamFeatures features;
	if (!check(WebPGetFeatures(file->p, file->len, &features), err)) return false;
	*out = (struct shape){.width = (uint32_t)features.width,
	        .height = (uint32_t)features.height,
	        .has_alpha = features.has_alpha,
	        .moves = features.has_animation};
	for (size_t at = HEAD, len; (len = chunk_len(file, at)); at += len) {
		/* Some put JPEG's name before the block. */
		size_t skip = is_at(file, at + FRAME, "Exif\0\0", 6) ? 6 : 0;
		if (is_at(file, at, "EXIF", 4) && len >= FRAME + skip)
			out->orientation =
			        exif_orientation(file->p + at + FRAME + skip, len - FRAME - skip);
	}
	return true;
}

bool webp_read(const struct bytes *file, uint32_t width, uint32_t height, struct picture *out,
        struct err *err)
{
	WebPDecoderConfig config;
	*out = (struct picture){0};
	if (!WebPInitDecoderConfig(&config)) return err_set(err, ERR_IO, "libwebp is another one");
	if (!check(WebPGetFeatures(file->p, file->len, &config.input), err)) return false;
	uint32_t w = (uint32_t)config.input.width, h = (uint32_t)config.input.height;
	if (width && height) picture_within(&w, &h, width, height);
	if (!picture_init(out, w, h, err)) return false;
	config.options.use_scaling =
	        w != (uint32_t)config.input.width || h != (uint32_t)config.input.height;
	config.options.scaled_width = (int)w;
	config.options.scaled_height = (int)h;
	config.output.colorspace = MODE_RGBA;
	config.output.is_external_memory = 1;
	config.output.u.RGBA.rgba = out->rgba;
	config.output.u.RGBA.stride = (int)(w * 4);
	config.output.u.RGBA.size = (size_t)w * h * 4;
	out->has_alpha = config.input.has_alpha;
	if (check(WebPDecode(file->p, file->len, &config), err)) return true;
	picture_finish(out);
	return false;
}

static bool is_dropped(const struct bytes *file, size_t at)
{
	static const char *const kept[] = {"VP8X", "VP8 ", "VP8L", "ALPH", "ANIM", "ANMF", "ICCP"};
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
		if (is_at(file, at, kept[i], 4)) return false;
	}
	return true;
}

bool webp_strip(const struct bytes *file, struct str *out, const char **note, struct err *err)
{
	size_t begin = out->len, some = 0;
	(void)note;
	str_add(out, (const char *)file->p, HEAD);
	for (size_t at = HEAD, len; (len = chunk_len(file, at)); at += len) {
		if (is_dropped(file, at)) continue;
		size_t here = out->len;
		str_add(out, (const char *)file->p + at, len);
		if (len & 1) str_addc(out, '\0');
		if (is_at(file, at, "VP8X", 4) && len > FRAME)
			out->p[here + FRAME] &= (char)~(HAS_EXIF | HAS_XMP);
		some++;
	}
	if (!some) return err_set(err, ERR_FORMAT, "it is no whole WebP");
	uint32_t size = (uint32_t)(out->len - begin - 8);
	for (int i = 0; i < 4; i++)
		out->p[begin + 4 + (size_t)i] = (char)(size >> (8 * i));
	return true;
}
