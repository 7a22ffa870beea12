#include <stdlib.h>

#include "lineup.h"

/* What somebody just did is seen at once; the server's own words replace it when they come. */

static size_t viewer_at(const struct post *post, account_id account)
{
	size_t i = 0;

	while (i < post->nviewers && post_viewer(post, i).account != account) {
		i++;
	}
	return i;
}

/* A copy that `account` sees too, as far as it is known: it did something here. */
static struct post *with_viewer(const struct post *post, account_id account)
{
	struct facet *facets = xmalloc(POST_MAX_FACETS * sizeof *facets);
	struct media *media = xmalloc(POST_MAX_MEDIA * sizeof *media);
	struct viewer *viewers = xmalloc((POST_MAX_VIEWERS + 1) * sizeof *viewers);
	struct post_parts parts;
	struct post *copy;

	post_parts_of(post, &parts, facets, media, viewers);
	viewers[parts.nviewers++] = (struct viewer){.account = account};
	parts.viewers = viewers;
	copy = post_new(&parts);
	free(facets);
	free(media);
	free(viewers);
	return copy;
}

static void count(uint32_t *count, bool on)
{
	if (*count == POST_UNKNOWN || (!on && *count == 0)) return;
	*count += on ? 1 : UINT32_MAX;
}

bool store_act(struct store *store, post_id id, account_id account, unsigned flag, bool on)
{
	struct post *post =
	        store_block(store, id) ? store_block(store, id)->posts[id % BLOCK] : NULL;
	size_t at;
	unsigned flags;

	if (!post || !account) return false;
	at = viewer_at(post, account);
	if (at == post->nviewers) {
		if (!on || at == POST_MAX_VIEWERS) return false;
		store_swap_post(store, id, with_viewer(post, account));
		post = store_block(store, id)->posts[id % BLOCK];
	}
	flags = post_viewer(post, at).flags;
	if (((flags & flag) != 0) == on) return false;
	post_set_viewer_flags(post, at, on ? flags | flag : flags & ~flag);
	if (flag == VIEWER_LIKED) count(&post->likes, on);
	if (flag == VIEWER_REPOSTED) count(&post->reposts, on);
	store_tell_changed(store, id);
	return true;
}

static bool is_row(const struct source_entry *entry, const struct row *row)
{
	if (!row) return true;
	return entry->post == row->post && entry->reason == (uint8_t)row->reason &&
	       entry->actor == row->actor;
}

void store_dismiss(struct store *store, source_id id, const struct row *row)
{
	struct source *source = store_source_row(store, id);
	size_t to = 0;

	if (!source) return;
	timelines_catch_up(store);
	for (size_t i = 0; i < source->nentries; i++) {
		struct source_entry *entry = &source->entries[i];

		if (!is_row(entry, row)) {
			source->entries[to++] = *entry;
			continue;
		}
		entry_forget(store, id, entry);
		if (entry->post) store_block(store, entry->post)->uses[entry->post % BLOCK]--;
	}
	if (to == source->nentries) return;
	source->nentries = to;
	cursors_sweep(source);
	for (size_t i = 0; i < store->nlineups; i++) {
		if (lineup_has_source(store->lineups[i], id)) lineup_rebuild(store->lineups[i]);
	}
}
