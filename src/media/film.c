#include "media/format.h"

/*
 * ISO/IEC 14496-12: boxes of length and name, some with boxes inside. What is taken out
 * becomes a `free` box of zeros in its place, so that nothing moves: the tables of a film
 * hold offsets from the start of the file.
 */
enum { FRAME = 8, MAX_DEPTH = 8 };

struct box {
	size_t at, len, data; /* of the file; data: behind the header */
};

/* The box at `at`, which ends before `end`; false: it is broken. */
static bool box_at(const struct bytes *file, size_t at, size_t end, struct box *out)
{
	if (at + FRAME > end) return false;
	uint64_t len = big_at(file, at, 4);
	size_t head = FRAME;
	if (len == 1) {
		len = (uint64_t)big_at(file, at + 8, 4) << 32 | big_at(file, at + 12, 4);
		head = 16;
	}
	if (len == 0) len = end - at; /* up to the end */
	if (len < head || len > end - at) return false;
	*out = (struct box){at, (size_t)len, at + head};
	return true;
}

static bool is_named(const struct bytes *file, const struct box *box, const char *name)
{
	return is_at(file, box->at + 4, name, 4);
}

static bool is_one_of(const struct bytes *file, const struct box *box, const char *const *names)
{
	for (; *names; names++) {
		if (is_named(file, box, *names)) return true;
	}
	return false;
}

static bool holds_boxes(const struct bytes *file, const struct box *box)
{
	static const char *const names[] = {"moov", "trak", "mdia", "minf", "moof", "traf", NULL};
	return is_one_of(file, box, names);
}

/* The times in a header box: zeros, which means that nobody knows. */
static void forget_times(struct str *out, const struct bytes *file, const struct box *box)
{
	size_t n = byte_at(file, box->data) == 1 ? 16 : 8;
	if (box->data + 4 + n > box->at + box->len) return;
	memset(out->p + box->data + 4, 0, n);
}

static bool clean(struct str *out, const struct bytes *file, size_t at, size_t end, int depth,
        const char **note)
{
	static const char *const talk[] = {"udta", "meta", "uuid", NULL};
	static const char *const timed[] = {"mvhd", "tkhd", "mdhd", NULL};
	for (struct box box; at < end; at = box.at + box.len) {
		if (!box_at(file, at, end, &box)) return false;
		if (is_one_of(file, &box, talk)) {
			memcpy(out->p + box.at + 4, "free", 4);
			memset(out->p + box.data, 0, box.at + box.len - box.data);
		} else if (is_one_of(file, &box, timed)) {
			forget_times(out, file, &box);
		} else if (is_named(file, &box, "hdlr") && is_at(file, box.data + 8, "meta", 4)) {
			*note = "it has a track of data about the film, which stays in it";
		} else if (holds_boxes(file, &box) && depth < MAX_DEPTH) {
			if (!clean(out, file, box.data, box.at + box.len, depth + 1, note))
				return false;
		}
	}
	return true;
}

bool film_strip(const struct bytes *file, struct str *out, const char **note, struct err *err)
{
	str_add(out, (const char *)file->p, file->len);
	return clean(out, file, 0, file->len, 0, note) ||
	       err_set(err, ERR_FORMAT,
	               "it is no whole film: its boxes do not fit into each other");
}

/* The size of the first track that has one: 16.16 at the end of its header. */
static void find_size(const struct bytes *file, size_t at, size_t end, int depth, struct shape *out)
{
	for (struct box box; at < end && box_at(file, at, end, &box); at = box.at + box.len) {
		if (is_named(file, &box, "tkhd") && box.len >= FRAME + 80 && !out->width) {
			out->width = big_at(file, box.at + box.len - 8, 2);
			out->height = big_at(file, box.at + box.len - 4, 2);
		}
		if (holds_boxes(file, &box) && depth < MAX_DEPTH)
			find_size(file, box.data, box.at + box.len, depth + 1, out);
	}
}

bool film_look(const struct bytes *file, struct shape *out, struct err *err)
{
	(void)err;
	*out = (struct shape){.moves = true};
	find_size(file, 0, file->len, 0, out);
	return true;
}
