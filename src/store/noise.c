#include <stdlib.h>

#include "rows.h"

/* Who fills a timeline, with evidence. */

struct counting {
	struct timeline *timeline;
	struct noise *noises;
	size_t n, cap;
	struct table places; /* profile to its place */
};

static struct noise *noise_of(struct counting *counting, profile_id profile)
{
	uint64_t key = table_mix(profile);
	int64_t at;

	if (table_value(&counting->places, key, &at)) return &counting->noises[at];
	table_put_value(&counting->places, key, (int64_t)counting->n);
	counting->noises = mem_grow(
	        counting->noises, &counting->cap, counting->n + 1, sizeof *counting->noises);
	counting->noises[counting->n] = (struct noise){.profile = profile};
	return &counting->noises[counting->n++];
}

/* One of our accounts did something with the post, or answered it. */
static bool acted_on(const struct store *store, post_id id)
{
	const struct post *post = store_post(store, id);

	for (size_t i = 0; post && i < post->nviewers; i++) {
		if (post_viewer(post, i).flags &
		        (VIEWER_LIKED | VIEWER_REPOSTED | VIEWER_BOOKMARKED | VIEWER_VOTED)) {
			return true;
		}
	}
	return store_attention(store, id) == ATTENTION_ANSWERED;
}

static bool is_held(struct timeline *timeline, uint32_t row)
{
	struct line line = row_line(timeline, row);
	bool filtered;

	if (line.flags & (ROW_IS_MUTED | ROW_IS_HELD)) return true;
	if (row >= timeline->levels[0].from) return false;
	return line_verdict(timeline->store, timeline->name, &line, &filtered) != VERDICT_SHOW;
}

static void count_row(struct counting *counting, uint32_t row)
{
	struct timeline *timeline = counting->timeline;
	const struct line *line = line_at(timeline, row);
	profile_id who = line->actor ? line->actor : store_author(timeline->store, line->post);
	struct noise *noise = who ? noise_of(counting, who) : NULL;

	if (!noise) return;
	noise->rows++;
	noise->reposts += line->reason == REASON_REPOSTED;
	noise->acted += acted_on(timeline->store, line->post);
	noise->muted += is_held(timeline, row);
}

static int by_rows(const void *a, const void *b)
{
	const struct noise *one = a, *two = b;

	if (one->rows != two->rows) return one->rows > two->rows ? -1 : 1;
	return one->profile < two->profile ? -1 : one->profile > two->profile;
}

size_t timeline_noise(struct timeline *timeline, int64_t since_ms, struct noise *out, size_t max,
        size_t *out_rows, int64_t *out_span_ms)
{
	struct counting counting = {.timeline = timeline};
	struct filter *filter = timeline->filter;
	int64_t first = INT64_MAX, last = INT64_MIN;
	size_t rows = 0, i;

	timeline_catch_up(timeline);
	store_now(timeline->store);
	for (i = timeline->seen; i-- > 0;) {
		struct line line = row_line(timeline, (uint32_t)i);

		if (line.sort_ms < since_ms) break;
		if (line.flags & ROW_IS_GAP) continue;
		if (filter && !filter_test(timeline->store, filter, &line)) continue;
		if (line.sort_ms < first) first = line.sort_ms;
		if (line.sort_ms > last) last = line.sort_ms;
		count_row(&counting, (uint32_t)i);
		rows++;
	}
	if (counting.n > 0) qsort(counting.noises, counting.n, sizeof *counting.noises, by_rows);
	for (i = 0; i < max && i < counting.n; i++) {
		out[i] = counting.noises[i];
	}
	*out_rows = rows;
	*out_span_ms = rows > 0 ? last - first : 0;
	table_finish(&counting.places);
	free(counting.noises);
	return counting.n;
}
