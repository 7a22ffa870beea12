#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "base/bitset.h"
#include "base/mem.h"
#include "catchup.h"

/* What a catch-up is made of: the rows of the deck's columns, as these show them. */

/* What waits for longer, or lies so many rows below, is for the brief. */
enum { OWED_DAYS = 30, OWED_ROWS = 10000 };

/* A key and its place in an array: of groups, and of links. */
struct place {
	size_t index;
	UT_hash_handle hh;
	char key[];
};

struct gather {
	const struct app *app;
	const struct catchup *catchup;
	struct catchup_sight *sight;
	struct place *groups, *links, *passed; /* passed: who passed on what */
	struct bitset seen, waits, people;
};

static struct place *place_find(struct place *places, const char *key)
{
	struct place *place;
	HASH_FIND_STR(places, key, place);
	return place;
}

static struct place *place_add(struct place **places, const char *key, size_t index)
{
	size_t len = strlen(key);
	struct place *place = xmalloc(sizeof(*place) + len + 1);
	memcpy(place->key, key, len + 1);
	place->index = index;
	HASH_ADD_STR(*places, key, place);
	return place;
}

static void places_free(struct place **places)
{
	struct place *place, *next;
	HASH_ITER(hh, *places, place, next)
	{
		HASH_DEL(*places, place);
		free(place);
	}
}

/* -- what a post weighs -- */

const char *catchup_link_of(const struct post *post)
{
	if (post_len(post, POST_CARD_URL)) return post_str(post, POST_CARD_URL);
	for (size_t i = 0; i < post->nfacets; i++) {
		struct facet facet = post_facet(post, i);
		if (facet.kind == FACET_LINK && facet.target) return facet.target;
	}
	return "";
}

static uint32_t known(uint32_t count)
{
	return count == POST_UNKNOWN ? 0 : count;
}

/*
 * What there is to take in: bytes of text (a Chinese character says more than a letter, and has
 * three), and for what else there is as many as its text might have.
 */
static uint64_t density(const struct post *post)
{
	enum { PICTURE = 150, POLL = 100, LINK = 60 };
	uint64_t sum = post_len(post, POST_TITLE) + post_len(post, POST_BODY);
	sum += PICTURE * (uint64_t)post->nmedia;
	if (post_len(post, POST_POLL)) sum += POLL;
	if (*catchup_link_of(post)) sum += LINK;
	return sum;
}

static uint64_t weight_of(enum catchup_sort sort, const struct post *post, int64_t at_ms)
{
	switch (sort) {
	case CATCHUP_SORT_REPLIES:
		return known(post->replies);
	case CATCHUP_SORT_LIKES:
		return known(post->likes);
	case CATCHUP_SORT_DENSITY:
		return density(post);
	case CATCHUP_SORT_TIME:
	case CATCHUP_NSORTS:
		break;
	}
	return at_ms > 0 ? (uint64_t)at_ms : 0;
}

/* -- groups and links -- */

static size_t group_of(struct gather *gather, const struct post *post)
{
	struct catchup_sight *sight = gather->sight;
	const struct profile *author = store_profile(gather->app->store, post->author);
	const char *key = "";
	if (gather->catchup->group == CATCHUP_BY_AUTHOR && author) key = author->uri;
	if (gather->catchup->group == CATCHUP_BY_LINK) key = catchup_link_of(post);
	const struct place *place = place_find(gather->groups, key);
	if (place) return place->index;
	sight->groups = mem_grow(
	        sight->groups, &sight->groups_cap, sight->ngroups + 1, sizeof(*sight->groups));
	sight->groups[sight->ngroups] =
	        (struct catchup_group_row){.key = xstrdup(key), .author = post->author};
	place_add(&gather->groups, key, sight->ngroups);
	return sight->ngroups++;
}

static void add_to_group(struct gather *gather, struct catchup_post *it, const struct post *post)
{
	struct catchup_group_row *group = &gather->sight->groups[it->group];
	group->n++;
	group->replies += known(post->replies);
	group->likes += known(post->likes);
	if (it->weight > group->weight) group->weight = it->weight;
	if (it->at_ms > group->at_ms) group->at_ms = it->at_ms;
}

/* A news site's own items are not passed on by anybody. */
static void add_link(struct gather *gather, const struct post *post)
{
	struct catchup_sight *sight = gather->sight;
	const char *url = catchup_link_of(post);
	if (!*url || post_len(post, POST_TITLE)) return;
	const struct place *place = place_find(gather->links, url);
	if (!place) {
		sight->links = mem_grow(
		        sight->links, &sight->links_cap, sight->nlinks + 1, sizeof(*sight->links));
		bool card = post_len(post, POST_CARD_URL) > 0;
		sight->links[sight->nlinks] = (struct catchup_link){
		        .url = xstrdup(url), .title = card ? post_str(post, POST_CARD_TITLE) : ""};
		place = place_add(&gather->links, url, sight->nlinks++);
	}
	struct catchup_link *link = &sight->links[place->index];
	struct str pair = {0};
	str_addf(&pair, "%zu %u", place->index, post->author);
	if (!place_find(gather->passed, pair.p)) {
		place_add(&gather->passed, pair.p, 0);
		link->people++;
	}
	str_finish(&pair);
	link->posts++;
	link->likes += known(post->likes);
}

/* -- rows -- */

/* Does the row bring words? Not what others did with ours. */
static bool brings(enum reason reason)
{
	return reason == REASON_POSTED || reason == REASON_REPOSTED || reason == REASON_MENTIONED ||
	       reason == REASON_REPLIED || reason == REASON_QUOTED;
}

static bool is_own(const struct post *post)
{
	for (size_t i = 0; i < post->nviewers; i++) {
		if (post_viewer(post, i).flags & VIEWER_OWN) return true;
	}
	return false;
}

/* Asking what each of a hundred thousand posts is owed would be felt: is it to us at all? */
static bool is_to_us(const struct row *row, const struct post *post)
{
	if (row->reason == REASON_MENTIONED || row->reason == REASON_REPLIED ||
	        row->reason == REASON_QUOTED)
		return true;
	for (size_t i = 0; i < post->nviewers; i++) {
		if (post_viewer(post, i).flags & VIEWER_MENTIONED) return true;
	}
	return false;
}

static void take_waiting(struct gather *gather, post_id id)
{
	struct catchup_sight *sight = gather->sight;
	enum attention owed = store_attention(gather->app->store, id);
	if (owed != ATTENTION_NEW && owed != ATTENTION_LATER) return;
	if (bitset_has(&gather->waits, id)) return;
	bitset_put(&gather->waits, id, true);
	sight->waiting = mem_grow(
	        sight->waiting, &sight->waiting_cap, sight->nwaiting + 1, sizeof(*sight->waiting));
	sight->waiting[sight->nwaiting++] = id;
}

static void take_post(struct gather *gather, const struct row *row, const struct post *post)
{
	struct catchup_sight *sight = gather->sight;
	const struct catchup *catchup = gather->catchup;
	if (bitset_has(&gather->seen, row->post) || sight->nposts >= CATCHUP_MAX_POSTS) return;
	bitset_put(&gather->seen, row->post, true);
	if (is_own(post)) return;
	if (!bitset_has(&gather->people, post->author)) {
		bitset_put(&gather->people, post->author, true);
		sight->people++;
	}
	sight->posts =
	        mem_grow(sight->posts, &sight->posts_cap, sight->nposts + 1, sizeof(*sight->posts));
	struct catchup_post *it = &sight->posts[sight->nposts++];
	*it = (struct catchup_post){.post = row->post,
	        .at_ms = row->sort_ms,
	        .group = group_of(gather, post),
	        .weight = weight_of(catchup->sort, post, row->sort_ms)};
	add_to_group(gather, it, post);
	add_link(gather, post);
}

static void take_column(struct gather *gather, const struct column *column)
{
	const struct timeline *timeline = column->timeline;
	const struct catchup *catchup = gather->catchup;
	size_t len = timeline_is_thread(timeline) ? 0 : timeline_len(timeline);
	int64_t owed_ms = catchup->until_ms - OWED_DAYS * INT64_C(86400000);
	for (size_t i = 0; i < len; i++) {
		struct row row = timeline_at(timeline, i);
		if (row.sort_ms < catchup->since_ms && (row.sort_ms < owed_ms || i > OWED_ROWS))
			break;
		bool within = row.sort_ms >= catchup->since_ms && row.sort_ms <= catchup->until_ms;
		if (row.kind == ROW_GAP) gather->sight->gaps += within;
		if (row.kind == ROW_FOLD && within) gather->sight->hidden += row.more;
		const struct post *post = store_post(gather->app->store, row.post);
		if (row.kind != ROW_POST || !post) continue;
		if (is_to_us(&row, post)) take_waiting(gather, row.post);
		if (within && !row.muted && brings(row.reason)) take_post(gather, &row, post);
	}
}

/* -- their order -- */

static int by_number(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int by_group(const void *a, const void *b)
{
	const struct catchup_group_row *x = a, *y = b;
	/* What is of no group comes last. */
	if (!*x->key != !*y->key) return *x->key ? -1 : 1;
	int by = by_number(y->weight, x->weight);
	if (!by) by = by_number((uint64_t)y->at_ms, (uint64_t)x->at_ms);
	return by ? by : strcmp(x->key, y->key);
}

static int by_post(const void *a, const void *b)
{
	const struct catchup_post *x = a, *y = b;
	int by = by_number(x->group, y->group);
	if (!by) by = by_number(y->weight, x->weight);
	if (!by) by = by_number((uint64_t)y->at_ms, (uint64_t)x->at_ms);
	return by ? by : by_number(x->post, y->post);
}

static int by_people(const void *a, const void *b)
{
	const struct catchup_link *x = a, *y = b;
	int by = by_number(y->people, x->people);
	if (!by) by = by_number(y->likes, x->likes);
	return by ? by : strcmp(x->url, y->url);
}

static void sort_groups(struct gather *gather)
{
	struct catchup_sight *sight = gather->sight;
	if (sight->ngroups == 0) return;
	size_t *now = xcalloc(sight->ngroups, sizeof(*now));
	qsort(sight->groups, sight->ngroups, sizeof(*sight->groups), by_group);
	for (size_t i = 0; i < sight->ngroups; i++)
		now[place_find(gather->groups, sight->groups[i].key)->index] = i;
	for (size_t i = 0; i < sight->nposts; i++)
		sight->posts[i].group = now[sight->posts[i].group];
	free(now);
	qsort(sight->posts, sight->nposts, sizeof(*sight->posts), by_post);
}

struct waiting {
	post_id id;
	int64_t since_ms;
};

static int by_wait(const void *a, const void *b)
{
	const struct waiting *x = a, *y = b;
	int by = by_number((uint64_t)y->since_ms, (uint64_t)x->since_ms);
	return by ? by : by_number(y->id, x->id);
}

static void sort_waiting(struct gather *gather)
{
	struct catchup_sight *sight = gather->sight;
	if (sight->nwaiting == 0) return;
	struct waiting *all = xcalloc(sight->nwaiting, sizeof(*all));
	for (size_t i = 0; i < sight->nwaiting; i++) {
		const struct post *post = store_post(gather->app->store, sight->waiting[i]);
		all[i] = (struct waiting){sight->waiting[i], post ? post->created_ms : 0};
	}
	qsort(all, sight->nwaiting, sizeof(*all), by_wait);
	for (size_t i = 0; i < sight->nwaiting; i++)
		sight->waiting[i] = all[i].id;
	free(all);
	if (sight->nwaiting > CATCHUP_MAX_WAITING) {
		sight->more_waiting = sight->nwaiting - CATCHUP_MAX_WAITING;
		sight->nwaiting = CATCHUP_MAX_WAITING;
	}
}

void catchup_gather(const struct app *app, const struct catchup *catchup, struct catchup_sight *out)
{
	*out = (struct catchup_sight){0};
	struct gather gather = {.app = app, .catchup = catchup, .sight = out};
	for (size_t i = 0; i < app->ncolumns; i++)
		take_column(&gather, app->columns[i]);
	sort_groups(&gather);
	sort_waiting(&gather);
	if (out->nlinks) qsort(out->links, out->nlinks, sizeof(*out->links), by_people);
	places_free(&gather.groups);
	places_free(&gather.links);
	places_free(&gather.passed);
	bitset_finish(&gather.seen);
	bitset_finish(&gather.waits);
	bitset_finish(&gather.people);
}

void catchup_sight_finish(struct catchup_sight *sight)
{
	for (size_t i = 0; i < sight->ngroups; i++)
		free(sight->groups[i].key);
	for (size_t i = 0; i < sight->nlinks; i++)
		free(sight->links[i].url);
	free(sight->groups);
	free(sight->links);
	free(sight->posts);
	free(sight->waiting);
	*sight = (struct catchup_sight){0};
}
