#include <stdlib.h>
#include <string.h>

#include "base/bitset.h"
#include "base/log.h"
#include "base/mem.h"
#include "engine/attention.h"
#include "engine/core.h"
#include "engine/saved.h"
#include "engine/signin.h"
#include "engine/source.h"

/*
 * What no server gives back (architecture.md): how much a source or a saved query brings in
 * an hour, and what was addressed to us. Tallies gather in memory and are written once a
 * minute, because each row of queue.db is a write that waits for the disk.
 */

enum {
	HOUR_MS = 3600000,
	FLUSH_MS = 60000,
	FIRST_HOURS = 24,     /* of the first page of a source: what is older is not counted */
	OWED_HOURS = 14 * 24, /* likewise: what is older is not owed an answer any more */
	AUTHOR_BITS = 4096,   /* authors are counted by hash; beyond a thousand it is an estimate */
};

struct tally {
	struct tally_key {
		int64_t hour_ms;
		int64_t source; /* source_id, or of a saved query its key */
	} key;
	char *name; /* of the source, or saved:NAME */
	int posts;  /* since they were last written */
	struct bitset authors;
	UT_hash_handle hh;
};

static struct tally *tally_get(struct core *core, int64_t source, const char *name, int64_t hour_ms)
{
	struct tally_key key = {.hour_ms = hour_ms, .source = source};
	struct tally *tally = NULL;
	HASH_FIND(hh, core->tallies, &key, sizeof(key), tally);
	if (tally) return tally;
	tally = xcalloc(1, sizeof(*tally));
	tally->key = key;
	tally->name = xstrdup(name);
	HASH_ADD(hh, core->tallies, key, sizeof(key), tally);
	return tally;
}

static void tally_free(struct core *core, struct tally *tally)
{
	HASH_DEL(core->tallies, tally);
	bitset_finish(&tally->authors);
	free(tally->name);
	free(tally);
}

static uint32_t hash(const char *s)
{
	uint32_t h = 2166136261u; /* FNV-1a */
	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h;
}

static const struct profile *profile_at(const struct page *page, uint32_t place)
{
	return place > 0 && place <= page->nprofiles ? page->profiles[place - 1] : NULL;
}

static const char *author_of(const struct page *page, const struct entry *entry)
{
	uint32_t profile = entry->actor;
	if (profile == 0 && entry->post > 0 && entry->post <= page->nposts)
		profile = page->posts[entry->post - 1]->author;
	return profile_at(page, profile) ? profile_at(page, profile)->uri : "";
}

static void tally_add(
        struct core *core, int64_t source, const char *name, int64_t at_ms, const char *author)
{
	struct tally *tally = tally_get(core, source, name, at_ms / HOUR_MS * HOUR_MS);
	tally->posts++;
	bitset_put(&tally->authors, hash(author) % AUTHOR_BITS, true);
	if (core->tally_ms == INT64_MAX) core->tally_ms = core_now(core) + FLUSH_MS;
}

/* Does the row bring words? Not what others did with ours. */
static bool brings(const struct page *page, const struct entry *entry)
{
	if (entry->post == 0 || entry->post > page->nposts) return false;
	return entry->reason == REASON_POSTED || entry->reason == REASON_REPOSTED ||
	       entry->reason == REASON_MENTIONED || entry->reason == REASON_REPLIED ||
	       entry->reason == REASON_QUOTED;
}

/* A post counts once for a saved query, whichever sources bring it. */
static void tally_saved(struct core *core, const struct source *source, const struct signin *signin,
        const struct page *page, const struct entry *entry)
{
	if (!core->saved || !brings(page, entry)) return;
	const struct post *post = page->posts[entry->post - 1];
	if (saved_seen(core, post_str(post, POST_URI))) return;
	struct query_row row = {.post = post,
	        .author = profile_at(page, post->author),
	        .actor = profile_at(page, entry->actor),
	        .reason = entry->reason,
	        .network = signin ? signin->account->network : NULL,
	        .account = signin ? signin->account->name : NULL,
	        .source = source->name,
	        .attention = ATTENTION_NONE,
	        .unread = true};
	const struct saved *saved;
	DL_FOREACH(core->saved, saved)
	{
		if (!saved->query || !query_match(saved->query, &row, core_wall(core))) continue;
		struct str name = {0};
		str_addf(&name, "saved:%s", saved->name);
		tally_add(core, saved->key, name.p, entry->sort_ms,
		        row.author ? row.author->uri : "");
		str_finish(&name);
	}
}

void record_page(struct core *core, const struct source *source, const struct page *page)
{
	int64_t known_ms = source->memory.newest_ms, wall = core_wall(core);
	const struct signin *signin = signin_find(core, source->ref.account);
	int64_t since_ms = known_ms > 0 ? known_ms : wall - (int64_t)FIRST_HOURS * HOUR_MS;
	int64_t owed_ms = known_ms > 0 ? known_ms : wall - (int64_t)OWED_HOURS * HOUR_MS;
	for (size_t i = 0; i < page->nentries; i++) {
		const struct entry *entry = page->entries + i;
		if (signin) attention_entry(core, signin->account, source, page, entry, owed_ms);
		if (entry->sort_ms <= since_ms || entry->sort_ms > wall + HOUR_MS) continue;
		tally_add(core, source->id, source->name, entry->sort_ms, author_of(page, entry));
		tally_saved(core, source, signin, page, entry);
	}
}

void record_flush(struct core *core)
{
	int64_t this_hour = core_wall(core) / HOUR_MS * HOUR_MS;
	struct tally *tally, *next;
	struct err err = {0};
	core->tally_ms = INT64_MAX;
	HASH_ITER(hh, core->tallies, tally, next)
	{
		int authors = (int)bitset_count(&tally->authors);
		if (tally->posts > 0 && !queue_db_tally(core->db, tally->name, tally->key.hour_ms,
		                                tally->posts, authors, &err))
			log_put(LOG_WARN, "engine", "tally: %s", err.text);
		tally->posts = 0;
		if (tally->key.hour_ms < this_hour)
			tally_free(core, tally); /* else its authors may yet come again */
	}
}

void record_free(struct core *core)
{
	struct tally *tally, *next;
	HASH_ITER(hh, core->tallies, tally, next)
	{
		tally_free(core, tally);
	}
}
