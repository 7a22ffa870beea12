#include "model/page.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

const char *reason_name(enum reason reason)
{
#define X(id, name) [REASON_##id] = (name),
	static const char *const names[REASON_COUNT] = {REASONS(X)};
#undef X
	return (unsigned)reason < REASON_COUNT ? names[reason] : "";
}

struct page *page_new(void)
{
	return xcalloc(1, sizeof(struct page));
}

void page_free(struct page *page)
{
	if (!page) return;
	for (size_t i = 0; i < page->nprofiles; i++)
		free(page->profiles[i]);
	for (size_t i = 0; i < page->nposts; i++)
		free(page->posts[i]);
	for (size_t i = 0; i < page->narticles; i++)
		text_finish(&page->articles[i].text);
	free(page->profiles);
	free(page->posts);
	free(page->entries);
	free(page->relations);
	free(page->articles);
	free(page->profile_index.slots);
	free(page->post_index.slots);
	arena_finish(&page->arena);
	free(page);
}

/* FNV-1a. A page is small, so that colliding URIs made on purpose gain little. */
static size_t hash(const char *s)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * UINT64_C(0x100000001b3);
	return (size_t)(h ^ h >> 32);
}

static const char *profile_uri(const struct page *page, uint32_t i)
{
	return page->profiles[i]->uri;
}

static const char *post_uri(const struct page *page, uint32_t i)
{
	return post_str(page->posts[i], POST_URI);
}

typedef const char *uri_of(const struct page *page, uint32_t i);

/* The slot of `uri`, or the free one where it would go. */
static uint32_t *slot_of(
        const struct page *page, const struct page_index *index, uri_of *uri_at, const char *uri)
{
	size_t i = hash(uri) & (index->nslots - 1);

	while (index->slots[i] && strcmp(uri_at(page, index->slots[i] - 1), uri) != 0) {
		i = (i + 1) & (index->nslots - 1);
	}
	return &index->slots[i];
}

/* Keep the table at most half full, for `n` that are in and one more. */
static void make_room(const struct page *page, struct page_index *index, uri_of *uri_at, size_t n)
{
	if ((n + 1) * 2 <= index->nslots) return;

	free(index->slots);
	index->nslots = index->nslots ? index->nslots * 2 : 64;
	index->slots = xcalloc(index->nslots, sizeof *index->slots);
	for (uint32_t i = 0; i < n; i++) {
		*slot_of(page, index, uri_at, uri_at(page, i)) = i + 1;
	}
}

uint32_t page_add_profile(struct page *page, const struct profile *profile)
{
	make_room(page, &page->profile_index, profile_uri, page->nprofiles);
	uint32_t *slot = slot_of(page, &page->profile_index, profile_uri, profile->uri);
	if (*slot) return *slot;
	page->profiles = mem_grow(
	        page->profiles, &page->profiles_cap, page->nprofiles + 1, sizeof *page->profiles);
	page->profiles[page->nprofiles++] = profile_copy(profile);
	*slot = (uint32_t)page->nprofiles;
	return *slot;
}

uint32_t page_take_post(struct page *page, struct post *post)
{
	make_room(page, &page->post_index, post_uri, page->nposts);
	uint32_t *slot = slot_of(page, &page->post_index, post_uri, post_str(post, POST_URI));
	if (*slot) {
		free(page->posts[*slot - 1]);
		page->posts[*slot - 1] = post;
		return *slot;
	}
	page->posts =
	        mem_grow(page->posts, &page->posts_cap, page->nposts + 1, sizeof *page->posts);
	page->posts[page->nposts++] = post;
	*slot = (uint32_t)page->nposts;
	return *slot;
}

uint32_t page_add_post(struct page *page, const struct post_parts *parts)
{
	return page_take_post(page, post_new(parts));
}

void page_add_relation(struct page *page, const struct relation *relation)
{
	page->relations = mem_grow(page->relations, &page->relations_cap, page->nrelations + 1,
	        sizeof *page->relations);
	page->relations[page->nrelations++] = *relation;
}

void page_add_entry(struct page *page, const struct entry *entry)
{
	page->entries = mem_grow(
	        page->entries, &page->entries_cap, page->nentries + 1, sizeof *page->entries);
	page->entries[page->nentries] = *entry;
	page->entries[page->nentries++].cursor = page_str(page, entry->cursor);
}

void page_add_article(struct page *page, uint32_t post, struct text *text)
{
	page->articles = mem_grow(
	        page->articles, &page->articles_cap, page->narticles + 1, sizeof *page->articles);
	page->articles[page->narticles++] = (struct article){.post = post, .text = *text};
	*text = (struct text){0};
}

const char *page_str(struct page *page, const char *s)
{
	return s ? arena_strndup(&page->arena, s, strlen(s)) : NULL;
}

/* qsort may swap equal ones; their first places decide. */
struct placed {
	struct entry entry;
	size_t place;
};

static int newest_first(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;

	if (x->entry.sort_ms != y->entry.sort_ms) {
		return x->entry.sort_ms > y->entry.sort_ms ? -1 : 1;
	}
	return (x->place > y->place) - (x->place < y->place);
}

void page_sort(struct page *page)
{
	if (page->nentries < 2) return;

	struct placed *placed = xcalloc(page->nentries, sizeof *placed);
	for (size_t i = 0; i < page->nentries; i++) {
		placed[i] = (struct placed){.entry = page->entries[i], .place = i};
	}
	qsort(placed, page->nentries, sizeof *placed, newest_first);
	for (size_t i = 0; i < page->nentries; i++)
		page->entries[i] = placed[i].entry;
	free(placed);
}
