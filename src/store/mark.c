#include "store/mark.h"

#include <stdlib.h>
#include <string.h>

#include "rows.h"

/*
 * Most rows are posts at their own time, which their server knows by the id that the
 * account's viewer has: only the cursors of others are kept.
 */

/* The id by which the source's account knows the post of a row; NULL: none. */
static const char *viewer_id(const struct store *store, const struct source *source, post_id id)
{
	const struct account *account = store_account_named(store, source->account);
	const struct post *post = id ? store_post(store, id) : NULL;
	struct viewer room;
	const struct viewer *viewer =
	        post && account ? post_viewer_of(post, account->id, &room) : NULL;

	return viewer ? viewer->remote_id : NULL;
}

void cursor_note(struct store *store, const struct line *line, uint32_t seq, const char *cursor)
{
	struct source *source = store_source_row(store, line->source);
	const char *known;

	if (!cursor || strcmp(source->account, "feeds") == 0) return;
	known = line->reason == REASON_POSTED ? viewer_id(store, source, line->post) : NULL;
	if (known && strcmp(known, cursor) == 0) return;
	source->cursors = mem_grow(source->cursors, &source->cursors_cap, source->ncursors + 1,
	        sizeof *source->cursors);
	source->cursors[source->ncursors++] = (struct source_cursor){seq, xstrdup(cursor)};
}

/* They are noted in the order of their seq. */
static size_t cursor_index(const struct source *source, uint32_t seq)
{
	size_t low = 0, high = source->ncursors;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (source->cursors[mid].seq < seq) {
			low = mid + 1;
		} else {
			high = mid;
		}
	}
	return low < source->ncursors && source->cursors[low].seq == seq ? low : SIZE_MAX;
}

void cursors_sweep(struct source *source)
{
	struct table left = {0};
	size_t to = 0;

	if (source->ncursors == 0) return;
	for (size_t i = 0; i < source->nentries; i++) {
		table_put(&left, table_mix(source->entries[i].seq));
	}
	for (size_t i = 0; i < source->ncursors; i++) {
		if (table_has(&left, table_mix(source->cursors[i].seq))) {
			source->cursors[to++] = source->cursors[i];
		} else {
			free(source->cursors[i].cursor);
		}
	}
	source->ncursors = to;
	table_finish(&left);
}

void cursors_finish(struct source *source)
{
	for (size_t i = 0; i < source->ncursors; i++) {
		free(source->cursors[i].cursor);
	}
	free(source->cursors);
}

static const char *entry_cursor(
        const struct store *store, const struct source *source, const struct source_entry *entry)
{
	size_t kept = cursor_index(source, entry->seq);

	if (kept != SIZE_MAX) return source->cursors[kept].cursor;
	if (entry->reason != REASON_POSTED) return NULL;
	return viewer_id(store, source, entry->post);
}

const char *store_cursor(const struct store *store, const struct row *row)
{
	const struct source *source = store_source_row(store, row->source);
	size_t i;

	if (row->kind == ROW_GAP) return row->cursor;
	if (!source) return NULL;
	for (i = source_lower(source, row->sort_ms);
	        i < source->nentries && source->entries[i].sort_ms == row->sort_ms; i++) {
		const struct source_entry *entry = &source->entries[i];

		if (entry->post == row->post && entry->actor == row->actor &&
		        entry->reason == (uint8_t)row->reason) {
			return entry_cursor(store, source, entry);
		}
	}
	return NULL;
}

/* --- up to where --- */

/* Rows that were not looked at yet may be shown. */
static bool is_shown(const struct timeline *timeline, post_id post)
{
	const struct level *base = &timeline->levels[0];
	uint32_t rows[REASON_COUNT];
	size_t n = rows_of(timeline->lineup, post, rows);

	for (size_t i = 0; i < n; i++) {
		if (rows[i] < base->from || hits_has(&base->hits, rows[i])) return true;
	}
	return false;
}

/* Unread, and in the way of a marker. */
static bool waits(const struct store *store, source_id source, post_id post)
{
	if (!post || store_is_read(store, post)) return false;
	for (size_t t = 0; t < store->ntimelines; t++) {
		const struct timeline *timeline = store->timelines[t];

		if (timeline_has_source(timeline, source) && is_shown(timeline, post)) return true;
	}
	return false;
}

static bool is_in_a_timeline(const struct store *store, source_id source)
{
	for (size_t t = 0; t < store->ntimelines; t++) {
		if (timeline_has_source(store->timelines[t], source)) return true;
	}
	return false;
}

bool store_read_until(const struct store *store, source_id id, struct row *out)
{
	const struct source *source = store_source_row(store, id);
	size_t n = 0;

	if (!source || !is_in_a_timeline(store, id)) return false;
	timelines_catch_up(store);
	while (n < source->nentries && !waits(store, id, source->entries[n].post)) {
		n++;
	}
	/* Of several at one moment all must be read. */
	while (n > 0 && n < source->nentries &&
	        source->entries[n - 1].sort_ms == source->entries[n].sort_ms) {
		n--;
	}
	if (n == 0) return false;
	const struct source_entry *entry = &source->entries[n - 1];

	*out = (struct row){.kind = entry->post ? ROW_POST : ROW_NOTICE,
	        .reason = entry->reason,
	        .source = id,
	        .post = entry->post,
	        .actor = entry->actor,
	        .sort_ms = entry->sort_ms};
	return true;
}

bool store_unread_until(const struct store *store, source_id id, const char *cursor, int64_t *at_ms,
        post_id **out, size_t *out_n)
{
	const struct source *source = store_source_row(store, id);
	size_t cap = 0;

	*out = NULL;
	*out_n = 0;
	if (!source) return false;
	for (size_t i = source->nentries; *at_ms == 0 && i-- > 0;) {
		const char *it = entry_cursor(store, source, &source->entries[i]);

		if (it && strcmp(it, cursor) == 0) *at_ms = source->entries[i].sort_ms;
	}
	if (*at_ms == 0) return false;
	for (size_t i = 0; i < source->nentries && source->entries[i].sort_ms <= *at_ms; i++) {
		post_id post = source->entries[i].post;

		if (!post || store_is_read(store, post)) continue;
		*out = mem_grow(*out, &cap, *out_n + 1, sizeof **out);
		(*out)[(*out_n)++] = post;
	}
	return true;
}
