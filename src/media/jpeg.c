#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

#include "base/mem.h"
#include "media/format.h"

/* ITU-T T.81: markers. What stands between SOI and SOS are segments with a length. */
enum {
	SOI = 0xd8,
	EOI = 0xd9,
	SOS = 0xda,
	APP0 = 0xe0,
	APP1 = 0xe1,
	APP2 = 0xe2,
	APP14 = 0xee,
	APP15 = 0xef,
	COM = 0xfe,
	TEM = 0x01,
	RST0 = 0xd0,
	RST7 = 0xd7,
};
enum { MAX_SCANS = 100, MAX_ICC = 4 << 20 };

/* --- libjpeg reports by longjmp --- */

struct failing {
	struct jpeg_error_mgr base;
	jmp_buf out;
	struct jpeg_progress_mgr progress;
	char text[JMSG_LENGTH_MAX];
};

static void on_error(j_common_ptr info)
{
	struct failing *failing = (struct failing *)info->err;
	info->err->format_message(info, failing->text);
	longjmp(failing->out, 1);
}

static void on_message(j_common_ptr info)
{
	(void)info; /* a warning: what can be shown of a torn picture is shown */
}

/* A small file may ask for endless scans of a large picture. */
static void on_progress(j_common_ptr info)
{
	struct failing *failing = (struct failing *)info->err;
	if (!info->is_decompressor || ((j_decompress_ptr)info)->input_scan_number <= MAX_SCANS)
		return;
	snprintf(failing->text, sizeof failing->text, "more than %d scans", MAX_SCANS);
	longjmp(failing->out, 1);
}

static void failing_init(struct failing *failing)
{
	*failing = (struct failing){0};
	jpeg_std_error(&failing->base);
	failing->base.error_exit = on_error;
	failing->base.output_message = on_message;
	failing->progress.progress_monitor = on_progress;
}

/* --- segments --- */

/* The marker at or after `at`, with fill bytes passed over; 0 at the end. */
static unsigned marker_at(const struct bytes *file, size_t *at)
{
	if (byte_at(file, *at) != 0xff) return 0;
	while (byte_at(file, *at + 1) == 0xff)
		++*at;
	return *at + 1 < file->len ? file->p[*at + 1] : 0;
}

static bool has_no_length(unsigned marker)
{
	return marker == SOI || marker == EOI || marker == TEM ||
	       (marker >= RST0 && marker <= RST7);
}

/* Bytes of a segment, marker and all; 0: it is broken. */
static size_t segment_len(const struct bytes *file, size_t at, unsigned marker)
{
	if (has_no_length(marker)) return 2;
	size_t len = 2 + (size_t)big_at(file, at + 2, 2);
	return len >= 4 && len <= file->len - at ? len : 0;
}

static bool is_frame(unsigned marker)
{
	return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 &&
	       marker != 0xcc;
}

bool jpeg_look(const struct bytes *file, struct shape *out, struct err *err)
{
	*out = (struct shape){0};
	for (size_t at = 2, len; at < file->len; at += len) {
		unsigned marker = marker_at(file, &at);
		len = marker ? segment_len(file, at, marker) : 0;
		if (!len || marker == SOS || marker == EOI) break;
		if (marker == APP1 && is_at(file, at + 4, "Exif\0\0", 6) && len > 10)
			out->orientation = exif_orientation(file->p + at + 10, len - 10);
		if (!is_frame(marker)) continue;
		out->height = big_at(file, at + 5, 2);
		out->width = big_at(file, at + 7, 2);
		if (out->width && out->height) return true;
	}
	return err_set(err, ERR_FORMAT, "it is no whole JPEG");
}

/* What colours need stays: JFIF, the colour profile, Adobe's transform. */
static bool is_kept(const struct bytes *file, size_t at, unsigned marker)
{
	if (marker == APP0) return is_at(file, at + 4, "JFIF\0", 5);
	if (marker == APP2) return is_at(file, at + 4, "ICC_PROFILE\0", 12);
	if (marker == APP14) return is_at(file, at + 4, "Adobe", 5);
	return !(marker >= APP0 && marker <= APP15) && marker != COM;
}

/* Where the entropy-coded data from `at` on end: at a marker that is no restart. */
static size_t scan_end(const struct bytes *file, size_t at)
{
	for (; at + 1 < file->len; at++) {
		unsigned next = file->p[at + 1];
		bool inside = next == 0 || next == 0xff || (next >= RST0 && next <= RST7);
		if (file->p[at] == 0xff && !inside) return at;
	}
	return file->len;
}

/* Up to the end of the picture: phones append films and further pictures. */
bool jpeg_strip(const struct bytes *file, struct str *out, const char **note, struct err *err)
{
	(void)note;
	for (size_t at = 0, len; at < file->len; at += len) {
		unsigned marker = marker_at(file, &at);
		len = marker ? segment_len(file, at, marker) : 0;
		if (!len) break;
		if (marker == SOS) len = scan_end(file, at + len) - at;
		if (is_kept(file, at, marker)) str_add(out, (const char *)file->p + at, len);
		if (marker == EOI) return true;
	}
	return err_set(err, ERR_FORMAT, "it is no whole JPEG");
}

/* --- pixels --- */

/* Halved as often as is needed to be read at all, and as can be for what is wanted. */
static bool choose_scale(
        struct jpeg_decompress_struct *info, uint32_t width, uint32_t height, struct err *err)
{
	unsigned by = 1;
	while (by < 8) {
		uint64_t w = info->image_width / by, h = info->image_height / by;
		bool more = width && height && w / 2 >= width && h / 2 >= height;
		if (w * h <= PICTURE_MAX_PIXELS && !more) break;
		by *= 2;
	}
	info->scale_num = 1;
	info->scale_denom = by;
	uint64_t pixels = (uint64_t)(info->image_width / by) * (info->image_height / by);
	if (pixels <= PICTURE_MAX_PIXELS) return true;
	return err_set(err, ERR_TOO_LARGE, "the picture has %u times %u pixels, which is too many",
	        info->image_width, info->image_height);
}

/* Of four inks, which Adobe's programs store the wrong way round. */
static void from_inks(unsigned char *row, uint32_t width, bool inverted)
{
	for (; width > 0; width--, row += 4) {
		unsigned black = inverted ? row[3] : 255u - row[3];
		for (int i = 0; i < 3; i++)
			row[i] = (unsigned char)((inverted ? row[i] : 255u - row[i]) * black / 255);
		row[3] = 255;
	}
}

static bool decode(struct jpeg_decompress_struct *info, uint32_t width, uint32_t height,
        struct picture *out, struct err *err)
{
	jpeg_read_header(info, TRUE);
	bool inks = info->jpeg_color_space == JCS_CMYK || info->jpeg_color_space == JCS_YCCK;
	if (!choose_scale(info, width, height, err)) return false;
	info->out_color_space = inks ? JCS_CMYK : JCS_EXT_RGBA;
	info->dct_method = JDCT_ISLOW;
	jpeg_start_decompress(info);
	if (info->output_components != 4)
		return err_set(err, ERR_FORMAT, "its colours are not known");
	if (!picture_init(out, info->output_width, info->output_height, err)) return false;
	while (info->output_scanline < info->output_height) {
		JSAMPROW row = out->rgba + (size_t)info->output_scanline * out->width * 4;
		if (jpeg_read_scanlines(info, &row, 1) != 1) break;
		if (inks) from_inks(row, out->width, info->saw_Adobe_marker);
	}
	jpeg_finish_decompress(info);
	return true;
}

bool jpeg_read(const struct bytes *file, uint32_t width, uint32_t height, struct picture *out,
        struct err *err)
{
	struct jpeg_decompress_struct info = {0};
	struct failing failing;
	failing_init(&failing);
	info.err = &failing.base;
	*out = (struct picture){0};
	if (setjmp(failing.out)) {
		jpeg_destroy_decompress(&info);
		picture_finish(out);
		return err_set(err, ERR_FORMAT, "it cannot be read as JPEG: %s", failing.text);
	}
	jpeg_create_decompress(&info);
	info.progress = &failing.progress;
	jpeg_mem_src(&info, file->p, (unsigned long)file->len);
	bool fine = decode(&info, width, height, out, err);
	jpeg_destroy_decompress(&info);
	if (!fine) picture_finish(out);
	return fine;
}

/* --- writing --- */

/* The colour profile of another file, owned; NULL: it has none. */
static unsigned char *profile_of(const struct bytes *like, unsigned *len)
{
	struct jpeg_decompress_struct info = {0};
	struct failing failing;
	JOCTET *profile = NULL;
	failing_init(&failing);
	info.err = &failing.base;
	if (setjmp(failing.out)) {
		jpeg_destroy_decompress(&info);
		return NULL;
	}
	jpeg_create_decompress(&info);
	jpeg_mem_src(&info, like->p, (unsigned long)like->len);
	jpeg_save_markers(&info, JPEG_APP0 + 2, 0xffff);
	jpeg_read_header(&info, TRUE);
	bool inks = info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK;
	bool some = !inks && jpeg_read_icc_profile(&info, &profile, len) && *len <= MAX_ICC;
	jpeg_destroy_decompress(&info);
	if (some) return profile;
	free(profile);
	return NULL;
}

static void encode(struct jpeg_compress_struct *info, const struct picture *picture, int quality,
        const unsigned char *profile, unsigned profile_len)
{
	info->image_width = picture->width;
	info->image_height = picture->height;
	info->input_components = 4;
	info->in_color_space = JCS_EXT_RGBX;
	jpeg_set_defaults(info);
	jpeg_set_quality(info, quality, TRUE);
	info->optimize_coding = TRUE;
	jpeg_start_compress(info, TRUE);
	if (profile) jpeg_write_icc_profile(info, profile, profile_len);
	while (info->next_scanline < info->image_height) {
		JSAMPROW row = picture->rgba + (size_t)info->next_scanline * picture->width * 4;
		jpeg_write_scanlines(info, &row, 1);
	}
	jpeg_finish_compress(info);
}

static bool write_with(const struct picture *picture, int quality, const unsigned char *profile,
        unsigned profile_len, struct str *out, struct err *err)
{
	struct jpeg_compress_struct info = {0};
	struct failing failing;
	unsigned char *bytes = NULL;
	unsigned long len = 0;
	failing_init(&failing);
	info.err = &failing.base;
	if (setjmp(failing.out)) {
		jpeg_destroy_compress(&info);
		return err_set(err, ERR_IO, "it cannot be written as JPEG: %s", failing.text);
	}
	jpeg_create_compress(&info);
	jpeg_mem_dest(&info, &bytes, &len);
	encode(&info, picture, quality, profile, profile_len);
	jpeg_destroy_compress(&info);
	str_clear(out);
	str_add(out, (const char *)bytes, len);
	free(bytes);
	return true;
}

bool jpeg_write(const struct picture *picture, int quality, const struct bytes *like,
        struct str *out, struct err *err)
{
	unsigned len = 0;
	unsigned char *profile = like ? profile_of(like, &len) : NULL;
	bool fine = write_with(picture, quality, profile, len, out, err);
	free(profile);
	return fine;
}
