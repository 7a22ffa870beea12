#include "mute.h"

#include <stdlib.h>
#include <string.h>

#include "filter.h"

/* --- groups --- */

static bool same_columns(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static struct mute_group *group_get(struct store *store, const char *columns)
{
	struct mute_group *group;

	for (size_t i = 0; i < store->nmute_groups; i++) {
		if (same_columns(store->mute_groups[i]->columns, columns)) {
			return store->mute_groups[i];
		}
	}
	group = xcalloc(1, sizeof *group);
	group->columns = xstrdup(columns);
	store->mute_groups = mem_grow(store->mute_groups, &store->mute_groups_cap,
	        store->nmute_groups + 1, sizeof(struct mute_group *));
	store->mute_groups[store->nmute_groups++] = group;
	return group;
}

/* Mutes have other numbers now, or other queries. */
static void number_mutes(struct store *store)
{
	for (size_t i = 0; i < store->nmutes; i++) {
		store->mute_filters[i]->first_mute = 0;
	}
	for (size_t i = store->nmutes; i-- > 0;) {
		store->mute_next[i] = store->mute_filters[i]->first_mute;
		store->mute_filters[i]->first_mute = (uint32_t)i + 1;
	}
	for (size_t g = 0; g < store->nmute_groups; g++) {
		store->mute_groups[g]->nrows = 0;
		store->mute_groups[g]->by_actor = false;
	}
	for (size_t i = 0; i < store->nmutes; i++) {
		const struct filter *filter = store->mute_filters[i];
		struct mute_group *group = store->muting_in[i];

		if (filter_by_post(filter)) continue;
		if (filter->nrequired > 0) {
			group->by_actor = true;
			continue;
		}
		group->rows = mem_grow(
		        group->rows, &group->rows_cap, group->nrows + 1, sizeof *group->rows);
		group->rows[group->nrows++] = (uint32_t)i;
	}
}

static void group_free(struct mute_group *group)
{
	idset_finish(&group->hide);
	idset_finish(&group->fold);
	free(group->rows);
	free(group->columns);
	free(group);
}

static void group_put(struct store *store, struct mute_group *group)
{
	size_t i = 0;

	if (--group->nmutes > 0) return;
	while (store->mute_groups[i] != group) {
		i++;
	}
	store->mute_groups[i] = store->mute_groups[--store->nmute_groups];
	group_free(group);
}

enum verdict group_verdict(const struct mute_group *group, post_id post)
{
	if (idset_has(&group->hide, post)) return VERDICT_HIDE;
	return idset_has(&group->fold, post) ? VERDICT_FOLD : VERDICT_SHOW;
}

static void group_set(struct mute_group *group, post_id post, enum verdict verdict)
{
	idset_put(&group->hide, post, verdict == VERDICT_HIDE);
	idset_put(&group->fold, post, verdict == VERDICT_FOLD);
}

static bool has_timeline(const struct store *store, const struct mute_group *group)
{
	for (size_t t = 0; t < store->ntimelines; t++) {
		if (columns_name(group->columns, timeline_name(store->timelines[t]))) return true;
	}
	return false;
}

/* --- what a post is to them --- */

bool post_is_to_us(const struct store *store, post_id id)
{
	const struct post *post = store_post(store, id);

	if (!post) return false;
	if (post->visibility == VIS_DIRECT) return true;
	for (size_t i = 0; i < post->nviewers; i++) {
		if (post_viewer(post, i).flags & VIEWER_MENTIONED) return true;
	}
	return false;
}

void mutes_note(
        struct store *store, post_id id, struct filter *const *filters, size_t n, bool fresh)
{
	bool held = false;

	for (size_t g = 0; g < store->nmute_groups; g++) {
		held |= group_verdict(store->mute_groups[g], id) != VERDICT_SHOW;
		group_set(store->mute_groups[g], id, VERDICT_SHOW);
	}
	for (size_t k = 0; k < n; k++) {
		for (uint32_t at = filters[k]->first_mute; at; at = store->mute_next[at - 1]) {
			struct mute_group *group = store->muting_in[at - 1];
			enum verdict verdict = mute_act(store, at - 1, id);

			if (verdict > group_verdict(group, id)) group_set(group, id, verdict);
			if (fresh && !held && has_timeline(store, group)) {
				store->mutes[at - 1].hits++;
			}
		}
	}
}

void mutes_reread(struct store *store)
{
	number_mutes(store);
	for (post_id id = 1; id <= store->last_post; id++) {
		if (store_post(store, id)) filters_look(store, id);
	}
}

static void count(struct store *store, size_t i, const struct line *row)
{
	if (!filter_test(store, store->mute_filters[i], row)) return;
	if (has_timeline(store, store->muting_in[i])) store->mutes[i].hits++;
}

void mutes_count(struct store *store, const struct line *row)
{
	bool marked = row->post && filters_mark_actor(store, row);

	for (size_t i = 0; i < store->nmutes && (marked || !row->post); i++) {
		const struct filter *filter = store->mute_filters[i];

		if (row->post && (filter_by_post(filter) || filter->looked != store->looks)) {
			continue;
		}
		count(store, i, row);
	}
	for (size_t g = 0; row->post && g < store->nmute_groups; g++) {
		for (size_t k = 0; k < store->mute_groups[g]->nrows; k++) {
			count(store, store->mute_groups[g]->rows[k], row);
		}
	}
}

void mutes_drop_block(struct store *store, size_t block)
{
	for (size_t g = 0; g < store->nmute_groups; g++) {
		idset_drop_block(&store->mute_groups[g]->hide, block);
		idset_drop_block(&store->mute_groups[g]->fold, block);
	}
}

/* --- putting and dropping --- */

/* Posts of which a mute is to be asked, oldest first. */
struct asking {
	struct store *store;
	struct filter *filter;
	post_id *posts; /* that it matches; owned */
	size_t n, cap;
};

static void ask(struct asking *asking, post_id id)
{
	asking->posts = mem_grow(asking->posts, &asking->cap, asking->n + 1, sizeof *asking->posts);
	asking->posts[asking->n++] = id;
}

/* Each author is asked once, and no post is looked at. */
static void ask_authors(struct asking *asking)
{
	struct store *store = asking->store;
	struct idset authors = {0};

	for (profile_id id = 1; id <= store->nprofiles; id++) {
		struct line line = {.actor = id};

		if (!store->profiles[id - 1]) continue;
		if (filter_test(store, asking->filter, &line)) idset_put(&authors, id, true);
	}
	for (post_id id = 1; authors.nblocks > 0 && id <= store->last_post; id++) {
		if (idset_has(&authors, store_author(store, id))) ask(asking, id);
	}
	idset_finish(&authors);
}

static void ask_posts(struct asking *asking)
{
	for (post_id id = 1; id <= asking->store->last_post; id++) {
		struct line line = {.post = id};

		if (!store_post(asking->store, id)) continue;
		if (filter_test(asking->store, asking->filter, &line)) ask(asking, id);
	}
}

/* A post without an author may match what says what its author is not. */
static void ask_all(struct asking *asking)
{
	struct line nobody = {0};

	if (filter_needs(asking->filter) == QUERY_NEEDS_AUTHOR &&
	        !filter_test(asking->store, asking->filter, &nobody)) {
		ask_authors(asking);
	} else {
		ask_posts(asking);
	}
}

/* Only those that some mute of the group holds back. */
static void ask_held(struct asking *asking, const struct mute_group *group)
{
	post_id hidden = idset_next(&group->hide, 1), folded = idset_next(&group->fold, 1);

	while (hidden != UINT32_MAX || folded != UINT32_MAX) {
		struct line line = {.post = hidden < folded ? hidden : folded};

		if (store_post(asking->store, line.post) &&
		        filter_test(asking->store, asking->filter, &line)) {
			ask(asking, line.post);
		}
		if (hidden == line.post) hidden = idset_next(&group->hide, hidden + 1);
		if (folded == line.post) folded = idset_next(&group->fold, folded + 1);
	}
}

/* Timelines look anew at what the mute's filter matches. Returns how many rows left. */
static size_t tell(const struct asking *asking, const char *columns)
{
	struct store *store = asking->store;
	bool by_post = filter_by_post(asking->filter);
	bool by_actor = !by_post && asking->filter->nrequired > 0;
	struct idset actors = {0};
	size_t rows = 0;

	if (by_actor) filter_actors(store, asking->filter, &actors);
	for (size_t t = 0; t < store->ntimelines; t++) {
		struct timeline *timeline = store->timelines[t];

		if (!columns_name(columns, timeline_name(timeline))) continue;
		if (by_post) rows += timeline_look_posts(timeline, asking->posts, asking->n);
		rows += timeline_look_rows(
		        timeline, asking->filter, by_post, by_actor ? &actors : NULL);
	}
	idset_finish(&actors);
	return rows;
}

static size_t mute_index(const struct store *store, const char *id)
{
	size_t i = 0;

	while (i < store->nmutes && strcmp(store->mutes[i].id, id) != 0) {
		i++;
	}
	return i;
}

/* What is left of the mute after this: its filter, and its group. */
static void mute_cut(struct store *store, size_t i)
{
	free((char *)store->mutes[i].id);
	free((char *)store->mutes[i].query);
	free((char *)store->mutes[i].columns);
	store->nmutes--;
	memmove(store->mutes + i, store->mutes + i + 1, (store->nmutes - i) * sizeof *store->mutes);
	memmove(store->mute_filters + i, store->mute_filters + i + 1,
	        (store->nmutes - i) * sizeof(struct filter *));
	memmove(store->muting_in + i, store->muting_in + i + 1,
	        (store->nmutes - i) * sizeof(struct mute_group *));
}

static void mute_drop(struct store *store, size_t i)
{
	struct asking asking = {.store = store, .filter = store->mute_filters[i]};
	struct mute_group *group = store->muting_in[i];
	bool by_post = filter_by_post(asking.filter);
	char *columns = xstrdup(group->columns);

	if (by_post) ask_held(&asking, group);
	mute_cut(store, i);
	asking.filter->first_mute = 0;
	number_mutes(store);
	for (size_t k = 0; k < asking.n; k++) {
		filters_look(store, asking.posts[k]);
	}
	if (by_post && store->nmutes == 0) {
		idset_finish(&group->hide);
		idset_finish(&group->fold);
	}
	group_put(store, group);
	tell(&asking, columns);
	filter_put(store, FILTER_ASKED, asking.filter);
	free(asking.posts);
	free(columns);
}

struct filter *mute_filter(struct store *store, const char *query, struct err *err)
{
	struct filter *filter = filter_get(store, FILTER_ASKED, query, NULL, err);

	if (!filter) return NULL;
	if (filter_needs(filter) == 0) {
		err_set(err, ERR_SYNTAX, "an empty mute would hide everything");
	} else if (filter_needs(filter) & QUERY_NEEDS_MUTED) {
		err_set(err, ERR_SYNTAX, "a mute cannot ask what is muted");
	} else {
		return filter;
	}
	filter_put(store, FILTER_ASKED, filter);
	return NULL;
}

/* The mute is number store->nmutes - 1 then. */
static void mute_join(struct store *store, const struct mute *mute, struct filter *filter)
{
	struct mute_group *group = group_get(store, mute->columns);
	struct mute copy = *mute;

	copy.id = xstrdup(mute->id);
	copy.query = xstrdup(mute->query);
	copy.columns = xstrdup(mute->columns);
	store->mutes =
	        mem_grow(store->mutes, &store->mutes_cap, store->nmutes + 1, sizeof *store->mutes);
	store->mute_filters = mem_grow(store->mute_filters, &store->mute_filters_cap,
	        store->nmutes + 1, sizeof(struct filter *));
	store->muting_in = mem_grow(store->muting_in, &store->muting_in_cap, store->nmutes + 1,
	        sizeof(struct mute_group *));
	store->mute_next = mem_grow(store->mute_next, &store->mute_next_cap, store->nmutes + 1,
	        sizeof *store->mute_next);
	store->mutes[store->nmutes] = copy;
	store->muting_in[store->nmutes] = group;
	store->mute_filters[store->nmutes++] = filter;
	group->nmutes++;
	number_mutes(store);
}

bool store_mute(struct store *store, const struct mute *mute, size_t *out_rows, struct err *err)
{
	struct filter *filter = mute_filter(store, mute->query, err);
	struct asking asking = {.store = store, .filter = filter};
	struct mute_group *group;
	size_t rows;

	if (!filter) return false;
	timelines_catch_up(store);
	store_unmute(store, mute->id);
	store_now(store);
	mute_join(store, mute, filter);
	group = store->muting_in[store->nmutes - 1];
	if (filter_by_post(filter)) ask_all(&asking);
	for (size_t k = 0; k < asking.n; k++) {
		post_id post = asking.posts[k];
		enum verdict verdict = mute_act(store, store->nmutes - 1, post);

		if (verdict > group_verdict(group, post)) group_set(group, post, verdict);
	}
	rows = tell(&asking, mute->columns);
	store->mutes[store->nmutes - 1].hits += rows;
	if (out_rows) *out_rows = rows;
	free(asking.posts);
	return true;
}

bool store_unmute(struct store *store, const char *id)
{
	size_t i = mute_index(store, id);

	if (i == store->nmutes) return false;
	store_now(store);
	mute_drop(store, i);
	return true;
}

size_t store_mutes(const struct store *store, const struct mute **out)
{
	*out = store->mutes;
	return store->nmutes;
}

bool mutes_tick(struct store *store)
{
	bool changed = false;

	for (size_t i = store->nmutes; i-- > 0;) {
		int64_t until = store->mutes[i].until_ms;

		if (until == 0 || until > store->now_ms) continue;
		mute_drop(store, i);
		changed = true;
	}
	return changed;
}

void mutes_finish(struct store *store)
{
	while (store->nmutes > 0) {
		struct filter *filter = store->mute_filters[store->nmutes - 1];

		mute_cut(store, store->nmutes - 1);
		filter_put(store, FILTER_ASKED, filter);
	}
	for (size_t g = 0; g < store->nmute_groups; g++) {
		group_free(store->mute_groups[g]);
	}
	free(store->mute_groups);
	free(store->mutes);
	free(store->mute_filters);
	free(store->muting_in);
	free(store->mute_next);
}

size_t mutes_memory(const struct store *store)
{
	size_t bytes = store->mutes_cap * sizeof *store->mutes;

	for (size_t g = 0; g < store->nmute_groups; g++) {
		bytes += idset_memory(&store->mute_groups[g]->hide) +
		         idset_memory(&store->mute_groups[g]->fold);
	}
	return bytes;
}
