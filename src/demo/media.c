#include "demo/media.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "demo/handlers.h"
#include "demo/paint.h"
#include "demo/put.h"

#define HERE "https://" WORLD_HOST

enum { WORK_MS = 2000 };

/* What a file is by the bytes at `at`, and whether it takes time to get it ready. */
static const struct format {
	size_t at;
	const char *bytes, *type, *kind, *ending;
	bool slow;
} formats[] = {
        {0, "\xff\xd8\xff", "image/jpeg", "image", "jpg", false},
        {0, "\x89PNG\r\n\x1a\n", "image/png", "image", "png", false},
        {8, "WEBP", "image/webp", "image", "webp", false},
        {0, "GIF8", "image/gif", "gifv", "gif", true},
        {4, "ftyp", "video/mp4", "video", "mp4", true},
        {0, "\x1a\x45\xdf\xa3", "video/webm", "video", "webm", true},
        {0, "OggS", "audio/ogg", "audio", "ogg", true},
        {0, "ID3", "audio/mpeg", "audio", "mp3", true},
};
enum { NFORMATS = sizeof formats / sizeof *formats };

void media_put_types(struct str *out)
{
	put_open(out, "supported_mime_types", '[');
	for (size_t i = 0; i < NFORMATS; i++)
		put_str(out, NULL, formats[i].type);
	put_close(out, ']');
}

static const struct format *format_of(const struct str *file)
{
	for (size_t i = 0; i < NFORMATS; i++) {
		size_t n = strlen(formats[i].bytes);
		if (file->len >= formats[i].at + n &&
		        memcmp(file->p + formats[i].at, formats[i].bytes, n) == 0)
			return &formats[i];
	}
	return NULL;
}

/* --- how large a picture is, as far as its header tells --- */

static int number(const struct str *file, size_t at, size_t n, bool big)
{
	unsigned value = 0;
	if (at + n > file->len) return 0;
	for (size_t i = 0; i < n; i++)
		value = value << 8 | (unsigned char)file->p[at + (big ? i : n - 1 - i)];
	return (int)(value & 0xffffff);
}

/* The frame header (SOFn) behind the segments before it. */
static void measure_jpeg(const struct str *file, struct picture *out)
{
	for (size_t at = 2; at + 9 < file->len && (unsigned char)file->p[at] == 0xff;) {
		unsigned marker = (unsigned char)file->p[at + 1];
		if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 &&
		        marker != 0xcc) {
			out->height = number(file, at + 5, 2, true);
			out->width = number(file, at + 7, 2, true);
			return;
		}
		at += 2 + (size_t)number(file, at + 2, 2, true);
	}
}

static void measure(const struct str *file, const struct format *format, struct picture *out)
{
	if (strcmp(format->type, "image/jpeg") == 0) {
		measure_jpeg(file, out);
	} else if (strcmp(format->type, "image/png") == 0) {
		out->width = number(file, 16, 4, true);
		out->height = number(file, 20, 4, true);
	} else if (strcmp(format->type, "image/gif") == 0) {
		out->width = number(file, 6, 2, false);
		out->height = number(file, 8, 2, false);
	}
}

/* --- kept --- */

void media_free(struct world *world)
{
	for (size_t i = 0; i < world->nuploads; i++) {
		struct upload *upload = world->uploads[i];
		free((char *)upload->picture.name);
		free((char *)upload->picture.alt);
		free(upload->type);
		str_finish(&upload->bytes);
		free(upload);
	}
	free(world->uploads);
}

static struct upload *find(const struct world *world, const char *id)
{
	uint64_t number_of = strtoull(id, NULL, 10);
	for (size_t i = 0; i < world->nuploads; i++) {
		if (world->uploads[i]->picture.id == number_of) return world->uploads[i];
	}
	return NULL;
}

struct upload *media_unused(const struct world *world, size_t owner, const char *id)
{
	struct upload *upload = find(world, id);
	return upload && upload->owner == owner && !upload->used ? upload : NULL;
}

void media_release(struct world *world, const struct picture *picture)
{
	for (size_t i = 0; i < world->nuploads; i++) {
		if (&world->uploads[i]->picture == picture) world->uploads[i]->used = false;
	}
}

bool media_is_ready(const struct world *world, const struct upload *upload)
{
	return upload->ready_ms <= world_now(world);
}

static void set_alt(struct upload *upload, const char *alt)
{
	free((char *)upload->picture.alt);
	upload->picture.alt = *alt ? xstrdup(alt) : NULL;
}

static struct upload *keep(struct exchange *x, const struct format *format)
{
	struct world *world = x->world;
	struct upload *upload = xcalloc(1, sizeof *upload);
	struct str url = {0};
	upload->picture.id = npictures + world->nuploads + 1;
	upload->picture.kind = format->kind;
	upload->owner = (size_t)x->user;
	upload->type = xstrdup(format->type);
	upload->ready_ms = world_now(world) + (format->slow ? WORK_MS : 0);
	measure(&x->file, format, &upload->picture);
	str_addf(&url, "%s/media/uploaded/%llu", x->base, (unsigned long long)upload->picture.id);
	upload->picture.name = str_take(&url);
	upload->bytes = x->file;
	x->file = (struct str){0};
	world->uploads = mem_grow(
	        world->uploads, &world->uploads_cap, world->nuploads + 1, sizeof *world->uploads);
	world->uploads[world->nuploads++] = upload;
	return upload;
}

/* --- told --- */

static void put_address(struct str *out, const char *key, const struct world *world,
        const char *size, const struct picture *picture)
{
	if (strstr(picture->name, "://"))
		put_str(out, key, picture->name);
	else
		put_strf(out, key, "%s/media/%s/%s", world->root[0] ? world->root : HERE, size,
		        picture->name);
}

void media_put(struct str *out, const char *key, const struct world *world,
        const struct picture *picture, bool ready)
{
	put_open(out, key, '{');
	put_id(out, "id", picture->id);
	put_str(out, "type", picture->kind);
	if (ready)
		put_address(out, "url", world, "original", picture);
	else
		put_null(out, "url");
	if (picture->width)
		put_address(out, "preview_url", world, "small", picture);
	else
		put_null(out, "preview_url");
	put_null(out, "remote_url");
	if (picture->width) {
		put_open(out, "meta", '{');
		put_open(out, "original", '{');
		put_int(out, "width", picture->width);
		put_int(out, "height", picture->height);
		put_strf(out, "size", "%dx%d", picture->width, picture->height);
		put_close(out, '}');
		put_close(out, '}');
	} else {
		put_null(out, "meta");
	}
	put_str(out, "description", picture->alt);
	put_str(out, "blurhash", picture->width ? "UBL_:rOpGG-;~qRjWBay~qj[Rjay-;WBt7t7" : NULL);
	put_close(out, '}');
}

/* --- asked for --- */

/* What is wrong with the file; NULL when nothing is. */
static const char *objection(const struct exchange *x, const struct format *format)
{
	struct picture size = {0};
	if (x->file.len == 0) return "Validation failed: File can't be blank";
	if (!format) return "Validation failed: File content type is invalid";
	measure(&x->file, format, &size);
	if (strcmp(format->kind, "image") == 0 && x->file.len > x->world->max_image_bytes)
		return "Validation failed: File is too large";
	if ((int64_t)size.width * size.height > (int64_t)x->world->max_image_pixels)
		return "Validation failed: File dimensions are not supported";
	if (utf8_clusters(params_str(&x->params, "description"),
	            strlen(params_str(&x->params, "description"))) > MEDIA_MAX_ALT)
		return "Validation failed: Description is too long";
	return x->world->nuploads == MEDIA_MAX_UPLOADS ? "The demo keeps no more files" : NULL;
}

static void create(struct exchange *x, bool waits)
{
	const struct format *format = format_of(&x->file);
	const char *problem = objection(x, format);
	if (problem) {
		exchange_error(x, 422, problem);
		return;
	}
	struct upload *upload = keep(x, format);
	set_alt(upload, params_str(&x->params, "description"));
	if (waits) upload->ready_ms = 0;
	bool ready = media_is_ready(x->world, upload);
	x->status = ready ? 200 : 202;
	exchange_accept(x, "media", upload->picture.id);
	media_put(&x->body, NULL, x->world, &upload->picture, ready);
}

void media_create(struct exchange *x)
{
	create(x, false);
}

void media_create_v1(struct exchange *x)
{
	create(x, true);
}

static struct upload *asked(struct exchange *x)
{
	struct upload *upload = media_unused(x->world, (size_t)x->user, x->args[0]);
	if (!upload) exchange_error(x, 404, "Record not found");
	return upload;
}

void media_show(struct exchange *x)
{
	const struct upload *upload = asked(x);
	if (!upload) return;
	bool ready = media_is_ready(x->world, upload);
	x->status = ready ? 200 : 206;
	media_put(&x->body, NULL, x->world, &upload->picture, ready);
}

void media_change(struct exchange *x)
{
	struct upload *upload = asked(x);
	if (!upload) return;
	const char *alt = params_get(&x->params, "description");
	if (alt) set_alt(upload, alt);
	exchange_accept(x, "described", upload->picture.id);
	media_put(&x->body, NULL, x->world, &upload->picture, media_is_ready(x->world, upload));
}

void media_delete(struct exchange *x)
{
	struct upload *upload = asked(x);
	if (!upload) return;
	upload->used = true; /* nobody finds it any more */
	exchange_accept(x, "unmedia", upload->picture.id);
	str_adds(&x->body, "{}");
}

void media_file(struct exchange *x)
{
	const struct upload *upload = find(x->world, x->args[0]);
	if (!upload) {
		exchange_error(x, 404, "Record not found");
		return;
	}
	x->type = upload->type;
	str_add(&x->body, upload->bytes.p, upload->bytes.len);
}

enum { SMALL = 400, ORIGINAL = 960 }; /* pixels across */

/* Of a film there is nothing but the small picture that shows it. */
static void show(struct exchange *x, int width)
{
	bool film = strstr(x->args[0], ".mp") != NULL;
	if ((film && width != SMALL) || !paint_png(&x->body, x->args[0], width))
		exchange_error(x, 404, "Record not found");
	else
		x->type = "image/png";
}

void media_original(struct exchange *x)
{
	show(x, ORIGINAL);
}

void media_small(struct exchange *x)
{
	show(x, SMALL);
}
