#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "media/cells.h"
#include "media/guard.h"
#include "media/prepare.h"

/*
 * stoa-media: the one that decodes pictures, in a process of its own with limits on itself.
 * Exit status: 0 done, 1 refused with a sentence on standard output, 2 wrong usage.
 */
enum { DONE = 0, REFUSED = 1, USAGE = 2 };
enum { MAX_FILE = 1 << 30, MAX_SHOWN = 64 << 20, SECONDS = 20, SECONDS_SHOWN = 5 };
static const uint64_t memory = (uint64_t)1536 << 20;

static const char usage_text[] =
        "usage: stoa-media prepare IN OUT [--max-bytes N] [--max-pixels N] [--types a/b,c/d]\n"
        "                  [--unstripped pass|refuse]\n"
        "       stoa-media pixels IN WIDTHxHEIGHT\n"
        "       stoa-media cells IN COLSxROWS [--colors 8|16|256|all] [--sextants on|off]\n"
        "                  [--ground RRGGBB]\n"
        "\n"
        "prepare: makes IN fit to be uploaded, into OUT, which must not be there yet: smaller\n"
        "where it has to be, upright, without what tells where and when it was made. Prints\n"
        "`TYPE WIDTH HEIGHT BYTES`, and perhaps `note: …`. What moves is never made smaller.\n"
        "pixels: prints `RGBA WIDTH HEIGHT`, a line feed, and 4 bytes for each pixel.\n"
        "cells: prints `CELLS COLS ROWS`, a line feed, and 10 bytes for each cell: character,\n"
        "colour, colour behind it.\n";

struct order {
	const char *in, *out;
	enum { PREPARES, SHOWS_PIXELS, SHOWS_CELLS } what;
	uint32_t width, height;
	struct wish wish;
	struct cells_wish cells;
};

static bool number_of(const char *text, uint64_t *out)
{
	char *end;
	*out = strtoull(text, &end, 10);
	return *text >= '0' && *text <= '9' && !*end;
}

static bool take_option(struct order *order, const char *name, const char *value)
{
	if (strcmp(name, "--max-bytes") == 0) return number_of(value, &order->wish.max_bytes);
	if (strcmp(name, "--max-pixels") == 0) return number_of(value, &order->wish.max_pixels);
	if (strcmp(name, "--types") == 0) return (order->wish.types = value) != NULL;
	if (strcmp(name, "--unstripped") != 0) return false;
	order->wish.refuses = strcmp(value, "refuse") == 0;
	return order->wish.refuses || strcmp(value, "pass") == 0;
}

static bool take_cells_option(struct order *order, const char *name, const char *value)
{
	struct cells_wish *cells = &order->cells;
	if (strcmp(name, "--sextants") == 0) {
		cells->sextants = strcmp(value, "on") == 0;
		return cells->sextants || strcmp(value, "off") == 0;
	}
	if (strcmp(name, "--ground") == 0) {
		char *end;
		cells->ground = (uint32_t)strtoul(value, &end, 16) & 0xffffff;
		return strlen(value) == 6 && !*end;
	}
	if (strcmp(name, "--colors") != 0) return false;
	cells->colors = strcmp(value, "all") == 0 ? 0 : (unsigned)strtoul(value, NULL, 10);
	return strcmp(value, "all") == 0 || strcmp(value, "8") == 0 || strcmp(value, "16") == 0 ||
	       strcmp(value, "256") == 0;
}

/* "40x12", each at least 1. */
static bool read_size(struct order *order, const char *text, uint32_t most)
{
	char *end;
	order->width = (uint32_t)strtoul(text, &end, 10);
	order->height = *end == 'x' ? (uint32_t)strtoul(end + 1, &end, 10) : 0;
	return !*end && order->width && order->height && order->width <= most &&
	       order->height <= most;
}

static bool read_order(struct order *order, int argc, char **argv)
{
	bool (*take)(struct order *, const char *, const char *) = take_option;
	*order = (struct order){.cells = {.colors = 256}};
	if (argc < 4 || argc % 2 != 0) return false;
	order->in = argv[2];
	if (strcmp(argv[1], "pixels") == 0) {
		order->what = SHOWS_PIXELS;
		return argc == 4 && read_size(order, argv[3], PICTURE_MAX_SIDE);
	}
	if (strcmp(argv[1], "cells") == 0) {
		order->what = SHOWS_CELLS;
		take = take_cells_option;
		if (!read_size(order, argv[3], CELLS_MAX_SIDE)) return false;
		order->cells.cols = order->width;
		order->cells.rows = order->height;
	} else if (strcmp(argv[1], "prepare") == 0) {
		order->out = argv[3];
	} else {
		return false;
	}
	for (int i = 4; i < argc; i += 2) {
		if (!take(order, argv[i], argv[i + 1])) return false;
	}
	return true;
}

/* --- files --- */

static int open_in(const char *path, size_t *len, struct err *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		err_set(err, ERR_IO, "cannot read %s: %s", path, strerror(errno));
		return -1;
	}
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= MAX_FILE) {
		*len = (size_t)st.st_size;
		return fd;
	}
	close(fd);
	err_set(err, ERR_IO, "%s is no plain file of at most %d MB", path, MAX_FILE >> 20);
	return -1;
}

static bool load(int fd, size_t len, struct bytes *out, struct err *err)
{
	unsigned char *p = xmalloc(len + 1);
	size_t have = 0;
	for (ssize_t n; have < len && (n = read(fd, p + have, len - have)) > 0;)
		have += (size_t)n;
	*out = (struct bytes){p, have};
	return have == len || err_set(err, ERR_IO, "it cannot be read to its end");
}

static bool save(int fd, const void *bytes, size_t len, struct err *err)
{
	for (const char *p = bytes; len > 0;) {
		ssize_t n = write(fd, p, len);
		if (n <= 0)
			return err_set(err, ERR_IO, "it cannot be written: %s", strerror(errno));
		p += n;
		len -= (size_t)n;
	}
	return true;
}

/* --- orders --- */

static bool do_prepare(const struct order *order, const struct bytes *file, int fd, struct err *err)
{
	struct str out = {0}, said = {0};
	struct made made;
	bool fine = prepare(file, &order->wish, &out, &made, err) && save(fd, out.p, out.len, err);
	if (fine) {
		str_addf(&said, "%s %u %u %zu\n", made.type, made.width, made.height, out.len);
		if (made.note) str_addf(&said, "note: %s\n", made.note);
		fine = save(STDOUT_FILENO, said.p, said.len, err);
	}
	str_finish(&out);
	str_finish(&said);
	return fine;
}

static bool do_pixels(const struct order *order, const struct bytes *file, struct err *err)
{
	struct picture picture;
	char head[40];
	if (!pixels(file, order->width, order->height, &picture, err)) return false;
	int n = snprintf(head, sizeof head, "RGBA %u %u\n", picture.width, picture.height);
	bool fine =
	        save(STDOUT_FILENO, head, (size_t)n, err) &&
	        save(STDOUT_FILENO, picture.rgba, (size_t)picture.width * picture.height * 4, err);
	picture_finish(&picture);
	return fine;
}

static bool do_cells(const struct order *order, const struct bytes *file, struct err *err)
{
	struct picture picture;
	struct str out = {0};
	uint32_t cols, rows;
	char head[40];
	/* Some pixels a cell, so that there is something to choose the character by. */
	enum { ACROSS = 8, DOWN = 16 };
	if (!pixels(file, order->width * ACROSS, order->height * DOWN, &picture, err)) return false;
	bool fine = cells_write(&picture, &order->cells, &out, &cols, &rows, err);
	int n = fine ? snprintf(head, sizeof head, "CELLS %u %u\n", cols, rows) : 0;
	fine = fine && save(STDOUT_FILENO, head, (size_t)n, err) &&
	       save(STDOUT_FILENO, out.p, out.len, err);
	picture_finish(&picture);
	str_finish(&out);
	return fine;
}

static bool show(const struct order *order, const struct bytes *file, struct err *err)
{
	return order->what == SHOWS_CELLS ? do_cells(order, file, err)
	                                  : do_pixels(order, file, err);
}

static bool obey(const struct order *order, struct err *err)
{
	bool shows = order->what != PREPARES;
	size_t len = 0;
	struct bytes file = {0};
	int in = open_in(order->in, &len, err), out = -1;
	if (in < 0) return false;
	if (order->out) {
		out = open(order->out, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (out < 0)
			return err_set(
			        err, ERR_IO, "cannot write %s: %s", order->out, strerror(errno));
	}
#ifdef STOA_CHAFA
	if (order->what == SHOWS_CELLS) cells_chafa_start();
#endif
	if (!guard(memory + 2 * len, shows ? SECONDS_SHOWN : SECONDS,
	            shows ? MAX_SHOWN * 4u : MAX_FILE, err))
		return false;
	bool fine = load(in, len, &file, err) &&
	            (shows ? show(order, &file, err) : do_prepare(order, &file, out, err));
	free((void *)file.p);
	return fine;
}

int main(int argc, char **argv)
{
	struct order order;
	struct err err = {0};
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		fputs(usage_text, stdout);
		return DONE;
	}
	if (!read_order(&order, argc, argv)) {
		fputs(usage_text, stderr);
		return USAGE;
	}
	if (obey(&order, &err)) return DONE;
	const char *slash = strrchr(order.in, '/');
	printf("%s: %s\n", slash ? slash + 1 : order.in, err.text);
	return REFUSED;
}
