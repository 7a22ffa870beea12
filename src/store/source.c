#include <stdlib.h>
#include <string.h>

#include "model/source.h"
#include "private.h"

/* Which of a server's filters hold in a source; 0: none do. */
static const unsigned contexts[SOURCE_NKINDS] = {
        [SOURCE_HOME] = FILTER_IN_HOME,
        [SOURCE_LIST] = FILTER_IN_HOME,
        [SOURCE_NOTIFICATIONS] = FILTER_IN_NOTIFICATIONS,
        [SOURCE_MENTIONS] = FILTER_IN_NOTIFICATIONS,
        [SOURCE_LOCAL] = FILTER_IN_PUBLIC,
        [SOURCE_FEDERATED] = FILTER_IN_PUBLIC,
        [SOURCE_TAG] = FILTER_IN_PUBLIC,
        [SOURCE_SEARCH] = FILTER_IN_PUBLIC,
        [SOURCE_TRENDS] = FILTER_IN_PUBLIC,
        [SOURCE_THREAD] = FILTER_IN_THREAD,
        [SOURCE_PROFILE] = FILTER_IN_ACCOUNT,
};

void source_finish(struct source *source)
{
	for (size_t i = 0; i < source->ngaps; i++) {
		free(source->gaps[i].cursor);
	}
	free(source->gaps);
	cursors_finish(source);
	free(source->entries);
	free(source->name);
	free(source->account);
	free(source->thread);
}

source_id store_source(struct store *store, const char *name)
{
	uint32_t hash = store_hash(store, 0, name);
	struct source_ref ref = {0};
	struct source *source;
	source_id id;
	size_t cursor = 0;

	while ((id = table_next(&store->source_names, hash, &cursor)) != 0) {
		if (strcmp(store->sources[id - 1].name, name) == 0) return id;
	}
	store->sources = mem_grow(
	        store->sources, &store->sources_cap, store->nsources + 1, sizeof *store->sources);
	source = &store->sources[store->nsources++];
	*source = (struct source){.name = xstrdup(name)};
	if (source_parse(name, &ref, NULL)) {
		source->account = xstrdup(ref.account);
		source->news = ref.kind == SOURCE_NOTIFICATIONS;
		source->contexts = contexts[ref.kind];
		if (ref.kind == SOURCE_THREAD) source->thread = xstrdup(ref.arg);
		source_ref_finish(&ref);
	} else {
		source->account = xstrndup(name, strcspn(name, "/"));
	}
	table_put(&store->source_names, (uint64_t)hash << 32 | store->nsources);
	return (source_id)store->nsources;
}

struct source *store_source_row(const struct store *store, source_id source)
{
	return source > 0 && source <= store->nsources ? &store->sources[source - 1] : NULL;
}

const char *store_source_name(const struct store *store, source_id source)
{
	struct source *row = store_source_row(store, source);

	return row ? row->name : NULL;
}

size_t source_lower(const struct source *source, int64_t sort_ms)
{
	size_t low = 0, high = source->nentries;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (source->entries[mid].sort_ms < sort_ms) {
			low = mid + 1;
		} else {
			high = mid;
		}
	}
	return low;
}

struct item item_of(source_id id, const struct source_entry *entry)
{
	struct line line = {.sort_ms = entry->sort_ms,
	        .post = entry->post,
	        .actor = entry->actor,
	        .source = id,
	        .reason = entry->reason,
	        .flags = entry->seen ? ROW_IS_SEEN : 0};

	return (struct item){.line = line, .seq = entry->seq};
}

struct item *source_items(const struct store *store, source_id id, uint32_t since,
        struct item *items, size_t *n, size_t *cap)
{
	const struct source *source = store_source_row(store, id);

	items = mem_grow(items, cap, *n + source->nentries + source->ngaps, sizeof *items);
	for (size_t i = 0; i < source->nentries; i++) {
		if (source->entries[i].seq > since)
			items[(*n)++] = item_of(id, &source->entries[i]);
	}
	for (size_t i = 0; i < source->ngaps; i++) {
		const struct source_gap *gap = &source->gaps[i];
		struct line line = {.sort_ms = gap->sort_ms, .source = id, .flags = ROW_IS_GAP};

		if (gap->seq > since) items[(*n)++] = (struct item){.line = line, .seq = gap->seq};
	}
	return items;
}
