#include "private.h"

/*
 * An entry is the same when source, post, reason and actor are. Most entries are
 * posts at their own time: those are found where they stand. All others are known by
 * a hash of 64 bits, because their time tells nothing.
 */

static uint64_t entry_key(const struct line *line)
{
	uint64_t key = table_mix((uint64_t)line->source << 32 | line->post);

	key = table_mix(key ^ ((uint64_t)line->reason << 32 | line->actor));
	return key ? key : 1;
}

static bool at_own_time(const struct store *store, const struct line *line)
{
	return line->post && line->reason == REASON_POSTED && line->actor == 0 &&
	       store_post(store, line->post)->created_ms == line->sort_ms;
}

/* The post's own entry stands at its own time. */
static bool stands(const struct store *store, const struct line *line)
{
	const struct source *source = store_source_row(store, line->source);
	int64_t created_ms = store_post(store, line->post)->created_ms;
	size_t i = source_lower(source, created_ms);

	for (; i < source->nentries && source->entries[i].sort_ms == created_ms; i++) {
		const struct source_entry *entry = &source->entries[i];

		if (entry->post == line->post && entry->reason == line->reason &&
		        entry->actor == line->actor) {
			return true;
		}
	}
	return false;
}

bool entry_note(struct store *store, const struct line *line)
{
	if (line->post && line->reason == REASON_POSTED && line->actor == 0 &&
	        stands(store, line)) {
		return false;
	}
	if (!at_own_time(store, line)) return table_put(&store->entry_keys, entry_key(line));
	return !table_has(&store->entry_keys, entry_key(line));
}

void entry_forget(struct store *store, source_id source, const struct source_entry *entry)
{
	struct line line = item_of(source, entry).line;

	table_drop(&store->entry_keys, entry_key(&line));
}
