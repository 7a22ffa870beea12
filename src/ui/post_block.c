#include "post_block.h"

#include <string.h>

#include "base/utf8.h"
#include "post_parts.h"

void block_gather(struct block_in *out, const struct ui *ui, const struct timeline *timeline,
        const struct row *row, bool opened, int cols)
{
	*out = (struct block_in){.row = *row, .opened = opened, .cols = cols};
	const struct store *store = ui->store;
	out->post = store_post(store, row->post);
	out->actor = store_profile(store, row->actor);
	out->search = timeline_query(timeline);
	ui_time(ui, out->time, row->sort_ms);
	if (!out->post) return;
	ui_time(ui, out->time, out->post->created_ms);
	out->author = store_profile(store, out->post->author);
	out->unread = !store_is_read(store, row->post);
	if (post_len(out->post, POST_QUOTE_OF) == 0) return;
	out->quote = store_post(store, store_find(store, post_str(out->post, POST_QUOTE_OF)));
	if (out->quote) out->quote_author = store_profile(store, out->quote->author);
}

/* --- hash: eight bytes a step, because it runs for every visible post in every frame --- */

static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 32;
}

static uint64_t mix_bytes(uint64_t hash, const void *bytes, size_t len)
{
	const unsigned char *p = bytes;
	uint64_t word;
	for (; len >= sizeof(word); p += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		hash = mix(hash, word);
	}
	word = 0;
	memcpy(&word, p, len);
	return mix(hash, word ^ (uint64_t)len << 56);
}

static uint64_t mix_str(uint64_t hash, const char *s)
{
	return mix_bytes(hash, s, strlen(s));
}

static uint64_t mix_profile(uint64_t hash, const struct profile *profile)
{
	if (!profile) return mix(hash, 1);
	return mix_str(mix_str(hash, profile->name), profile->handle);
}

static uint64_t mix_post(uint64_t hash, const struct post *post)
{
	return post ? mix_bytes(hash, post, post->size) : mix(hash, 2);
}

uint64_t block_hash(const struct block_in *in, const struct ui *ui)
{
	uint64_t hash = mix(in->row.post, (uint64_t)in->row.kind << 32 | in->row.reason);
	hash = mix(hash, (uint64_t)in->row.more << 32 | (uint64_t)in->row.sort_ms);
	hash = mix(hash, (uint64_t)in->cols << 8 | (uint64_t)in->unread << 2 |
	                         (uint64_t)in->opened << 1 | (uint64_t)ui->ascii);
	hash = mix(hash, (uint64_t)ui->options->post_lines << 1 |
	                         (uint64_t)theme_has(ui->theme, ROLE_POST_RULE));
	hash = mix_str(hash, in->time);
	hash = mix_profile(mix_profile(hash, in->author), in->actor);
	hash = mix_post(mix_post(hash, in->post), in->quote);
	hash = mix_profile(hash, in->quote_author);
	const char *needle;
	for (size_t i = 0; in->search && (needle = query_needle(in->search, i)); i++) {
		hash = mix_str(hash, needle);
	}
	return hash;
}

/* --- drawing --- */

/* Name and handle at the left, the time at the right: the time gives way last. */
static void draw_head(
        struct block_pen *pen, const struct block_in *in, const struct profile *profile)
{
	int row = pen_line(pen);
	int time = (int)utf8_width(in->time, strlen(in->time));
	int room = pen->width - time - 1;
	if (room < 4) {
		room = pen->width;
	} else {
		pen_puts(pen, row, pen->width - time, ROLE_POST_TIME, in->time, time);
	}
	int used = pen_puts(pen, row, 0, ROLE_POST_AUTHOR, profile_called(profile), room);
	if (!profile || !profile->name[0] || room - used < 6) return;
	struct str handle = {0};
	str_addf(&handle, "@%s", profile->handle);
	pen_puts(pen, row, used + 1, ROLE_POST_HANDLE, str_c(&handle), room - used - 1);
	str_finish(&handle);
}

static void draw_post(struct block_pen *pen, const struct block_in *in)
{
	draw_head(pen, in, in->author);
	part_reason(pen, in);
	part_content(pen, in);
	part_counts(pen, in->post);
}

static void draw_notice(struct block_pen *pen, const struct block_in *in)
{
	struct block_in who = *in;
	draw_head(pen, in, in->actor);
	/* The head has named them already. */
	who.author = in->actor;
	part_reason(pen, &who);
}

static void draw_gap(struct block_pen *pen)
{
	struct pen_text how = {.role = ROLE_GAP, .prefix = MARK_GAP, .has_prefix = true};
	const char *text = "posts are missing here — Enter loads them";
	pen_wrap(pen, &how, text, strlen(text));
}

void block_draw(const struct block_in *in, struct ui *ui, struct arena *scratch, struct grid *out)
{
	arena_reset(scratch);
	grid_init(out, 0, in->cols);
	out->ascii = ui->ascii;
	/* Tiny columns have no cells to spare for a margin. */
	int left = in->cols > 2, right = in->cols > 20;
	struct block_pen pen = {.ui = ui,
	        .scratch = scratch,
	        .grid = out,
	        .search = in->search,
	        .left = left,
	        .width = in->cols - left - right};
	if (in->row.kind == ROW_GAP) {
		draw_gap(&pen);
	} else if (in->post) {
		draw_post(&pen, in);
	} else {
		draw_notice(&pen, in);
	}
	/* The rule takes the last line when there is no room for one more. */
	int row = pen_line(&pen);
	if (row < 0) row = out->rows - 1;
	if (theme_has(ui->theme, ROLE_POST_RULE)) pen_rule(&pen, row);
}
