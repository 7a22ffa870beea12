#include "networks/feed_doc.h"

#include <stdlib.h>

#include "base/mem.h"

static void record_finish(struct feed_record *record)
{
	free(record->people);
	free(record->links);
	free(record->tags);
	free(record->media);
}

void feed_doc_finish(struct feed_doc *doc)
{
	record_finish(&doc->feed);
	for (size_t i = 0; i < doc->nitems; i++)
		record_finish(&doc->items[i]);
	free(doc->items);
	arena_finish(&doc->arena);
	*doc = (struct feed_doc){0};
}

struct feed_record *feed_doc_item(struct feed_doc *doc)
{
	if (doc->nitems == FEED_MAX_ITEMS) return NULL;
	doc->items = mem_grow(doc->items, &doc->items_cap, doc->nitems + 1, sizeof *doc->items);
	struct feed_record *item = &doc->items[doc->nitems++];
	*item = (struct feed_record){.permalink = true, .comments = -1};
	return item;
}

void feed_record_tag(struct feed_record *record, const char *tag)
{
	if (record->ntags == FEED_MAX_LIST) return;
	record->tags =
	        mem_grow(record->tags, &record->tags_cap, record->ntags + 1, sizeof *record->tags);
	record->tags[record->ntags++] = tag;
}

void feed_record_link(struct feed_record *record, const struct feed_href *link)
{
	if (record->nlinks == FEED_MAX_LIST) return;
	record->links = mem_grow(
	        record->links, &record->links_cap, record->nlinks + 1, sizeof *record->links);
	record->links[record->nlinks++] = *link;
}

void feed_record_medium(struct feed_record *record, const struct feed_medium *medium)
{
	if (record->nmedia == FEED_MAX_LIST) return;
	record->media = mem_grow(
	        record->media, &record->media_cap, record->nmedia + 1, sizeof *record->media);
	record->media[record->nmedia++] = *medium;
}

struct feed_person *feed_record_person(struct feed_record *record)
{
	if (record->npeople == FEED_MAX_LIST) return NULL;
	record->people = mem_grow(
	        record->people, &record->people_cap, record->npeople + 1, sizeof *record->people);
	record->people[record->npeople] = (struct feed_person){0};
	return &record->people[record->npeople++];
}
