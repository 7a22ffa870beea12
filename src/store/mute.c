#include <stdlib.h>
#include <string.h>

#include "private.h"

bool mute_spares(const struct store *store, post_id id)
{
	const struct post *post = store_post(store, id);

	if (!post) return false;
	if (post->visibility == VIS_DIRECT) return true;
	for (size_t i = 0; i < post->nviewers; i++) {
		if (post_viewer(post, i).flags & VIEWER_MENTIONED) return true;
	}
	return false;
}

bool mute_test(struct store *store, const struct line *row)
{
	for (size_t i = 0; i < store->nmutes; i++) {
		if (filter_test(store, store->mute_filters[i], row)) {
			return !mute_spares(store, row->post);
		}
	}
	return false;
}

const char *mute_why(struct store *store, const struct line *row)
{
	for (size_t i = 0; i < store->nmutes; i++) {
		if (filter_test(store, store->mute_filters[i], row)) return store->mutes[i].query;
	}
	return NULL;
}

static size_t mute_index(const struct store *store, const char *id)
{
	size_t i = 0;

	while (i < store->nmutes && strcmp(store->mutes[i].id, id) != 0) {
		i++;
	}
	return i;
}

static void mute_drop(struct store *store, size_t i)
{
	free((char *)store->mutes[i].id);
	free((char *)store->mutes[i].query);
	filter_put(store, store->mute_filters[i]);
	store->nmutes--;
	memmove(store->mutes + i, store->mutes + i + 1, (store->nmutes - i) * sizeof *store->mutes);
	memmove(store->mute_filters + i, store->mute_filters + i + 1,
	        (store->nmutes - i) * sizeof *store->mute_filters);
}

/* Posts whose authors the filter names; no post is looked at. Owned. */
static post_id *posts_by(struct store *store, struct filter *filter, size_t *out_n)
{
	post_id *posts = NULL;
	size_t n = 0, cap = 0;
	profile_id last = 0;
	bool match = false;

	for (post_id id = 1; id <= store->last_post; id++) {
		struct line line = {.post = id};
		profile_id author = store_author(store, id);

		if (author == 0) continue;
		if (author != last) match = filter_test(store, filter, &line);
		last = author;
		if (!match) continue;
		posts = mem_grow(posts, &cap, n + 1, sizeof *posts);
		posts[n++] = id;
	}
	*out_n = n;
	return posts;
}

/* Returns how many rows left all timelines together. */
static size_t tell_muted(struct store *store, struct filter *filter)
{
	bool by_author = filter_by_author(filter);
	size_t n = 0, rows = 0;
	post_id *posts = by_author ? posts_by(store, filter, &n) : NULL;

	for (size_t t = 0; t < store->ntimelines; t++) {
		struct timeline *timeline = store->timelines[t];

		if (by_author) rows += timeline_mute_posts(timeline, posts, n);
		rows += timeline_mute_rows(timeline, filter, by_author);
	}
	free(posts);
	return rows;
}

static void tell_unmuted(struct store *store)
{
	for (size_t t = 0; t < store->ntimelines; t++) {
		timeline_unmuted(store->timelines[t]);
	}
}

bool store_mute(struct store *store, const struct mute *mute, size_t *out_rows, struct err *err)
{
	struct filter *filter = filter_get(store, mute->query, NULL, err);
	size_t rows;

	if (!filter) return false;
	if (query_needs(filter_query(filter)) == 0) {
		filter_put(store, filter);
		return err_set(err, ERR_SYNTAX, "an empty mute would hide everything");
	}
	store_unmute(store, mute->id);
	store->mutes =
	        mem_grow(store->mutes, &store->mutes_cap, store->nmutes + 1, sizeof *store->mutes);
	store->mute_filters = mem_grow(store->mute_filters, &store->mute_filters_cap,
	        store->nmutes + 1, sizeof *store->mute_filters);
	store->mutes[store->nmutes] = (struct mute){
	        .id = xstrdup(mute->id), .query = xstrdup(mute->query), .until_ms = mute->until_ms};
	store->mute_filters[store->nmutes++] = filter;
	store_now(store);
	rows = tell_muted(store, filter);
	if (out_rows) *out_rows = rows;
	return true;
}

bool store_unmute(struct store *store, const char *id)
{
	size_t i = mute_index(store, id);

	if (i == store->nmutes) return false;
	mute_drop(store, i);
	tell_unmuted(store);
	return true;
}

size_t store_mutes(const struct store *store, const struct mute **out)
{
	*out = store->mutes;
	return store->nmutes;
}

bool store_tick(struct store *store)
{
	int64_t now = clock_wall(store->clock);
	bool changed = false;

	for (size_t i = store->nmutes; i-- > 0;) {
		if (store->mutes[i].until_ms == 0 || store->mutes[i].until_ms > now) continue;
		mute_drop(store, i);
		changed = true;
	}
	if (changed) tell_unmuted(store);
	return rules_tick(store, now) || changed;
}
