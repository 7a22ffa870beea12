#include "engine/source.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

/* Rows on their way from networks and streams to the archive and to the deck. */

enum {
	FLUSH_MS = 100,      /* rows of a stream are told at most so often */
	MAX_INCOMING = 2000, /* rows of a stream that wait for what came before them */
};

static void learn_title(struct source *source, const struct page *page)
{
	if (!page->title) return;
	size_t len =
	        utf8_prefix(page->title, strlen(page->title), sizeof(source->health.title) - 1);
	memset(source->health.title, 0, sizeof(source->health.title));
	memcpy(source->health.title, page->title, len);
	if (source->is_feed) feeds_learn(source->core, source->ref.arg, page->title, page->site);
}

static void save(struct source *source, const struct page *page)
{
	struct str state = {0};
	memory_print(&state, &source->memory);
	archiver_save(source->core->archive, source->name, page, state.p);
	source->unsaved = false;
	str_finish(&state);
}

/* Store what is to be remembered when there is no page. */
void source_save(struct source *source)
{
	struct page *empty = page_new();
	save(source, empty);
	page_free(empty);
}

static void drop_articles(struct page *page)
{
	for (size_t i = 0; i < page->narticles; i++)
		text_finish(&page->articles[i].text);
	page->narticles = 0;
}

/* To the archive and to the deck. Takes `page`. */
void source_deliver(struct source *source, struct page *page)
{
	struct core *core = source->core;
	page->source = source->id;
	learn_title(source, page);
	save(source, page);
	drop_articles(page);
	if (page->nposts == 0 && page->nentries == 0 && !page->fills && page->unreadable == 0) {
		page_free(page);
		return;
	}
	struct event *event = event_new(EVENT_PAGE);
	event->source = source->id;
	event->page = page;
	core->emit(core->emit_ctx, event);
}

static int64_t newest_of(const struct page *page)
{
	int64_t newest = 0;
	for (size_t i = 0; i < page->nentries; i++) {
		if (page->entries[i].sort_ms > newest) newest = page->entries[i].sort_ms;
	}
	return newest;
}

/* A page that does not reach what was known before leaves a gap with a cursor of its own. */
void source_note_gap(struct source *source, struct page *page, int64_t below_ms, bool live)
{
	if (!page->gap) return;
	if (!page->older && page->nentries > 0)
		page->older = page_str(page, page->entries[page->nentries - 1].cursor);
	if (page->older) memory_add_gap(&source->memory, page->older, below_ms, live);
}

/* Rows that are newer than all known. Takes `page`. */
void source_take_newer(struct source *source, struct page *page)
{
	struct memory *memory = &source->memory;
	record_page(source->core, source, page);
	source_note_gap(source, page, memory->newest_ms, source->caught_up);
	int64_t newest = newest_of(page), now = core_wall(source->core);
	if (newest > now) newest = now; /* a wrong clock must not hide all that follows */
	if (newest > memory->newest_ms) memory->newest_ms = newest;
	source_deliver(source, page);
}

void source_flush(struct source *source, int64_t now_ms)
{
	struct page *page = source->incoming;
	source->incoming = NULL;
	source->flush_ms = now_ms + FLUSH_MS;
	if (!page) return;
	page_sort(page);
	struct memory *memory = &source->memory;
	const struct entry *first = page->nentries ? page->entries : NULL;
	if (first && first->cursor && first->sort_ms >= memory->newest_ms) {
		free(memory->fetch.newest);
		memory->fetch.newest = xstrdup(first->cursor);
	}
	source_take_newer(source, page);
}

struct page *source_incoming(struct source *source)
{
	struct core *core = source->core;
	if (!source->incoming) source->incoming = page_new();
	if (source->incoming->nposts > MAX_INCOMING && source->catching_up) {
		/* What came before cannot be had: show the hole instead of holding more. */
		source->catching_up = false;
		source->incoming->gap = true;
	}
	int64_t at = source->flush_ms > core_now(core) ? source->flush_ms : core_now(core);
	if (!source->catching_up && at < core->sources_ms) core->sources_ms = at;
	return source->incoming;
}
