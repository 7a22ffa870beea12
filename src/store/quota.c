#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "rows.h"

/*
 * So many rows a day: of those that a timeline would show, the oldest stay and the rest is
 * folded. A timeline knows the rows that a quota is for; they are few, and counted anew
 * whenever something about any row changed.
 */

struct quota {
	char *handle, *word;
	unsigned per_day;
};

unsigned quota_per_day(const struct quota *quota)
{
	return quota->per_day;
}

const char *quota_word(const struct quota *quota)
{
	return quota->word;
}

/* --- the list --- */

static void quota_free(struct quota *quota)
{
	free(quota->handle);
	free(quota->word);
	free(quota);
}

void quotas_finish(struct store *store)
{
	for (size_t i = 0; i < store->nquotas; i++) {
		quota_free(store->quotas[i]);
	}
	free(store->quotas);
	free(store->quota_handles);
	free(store->quota_days);
}

static void drop(struct store *store, size_t i)
{
	size_t left = --store->nquotas - i;

	quota_free(store->quotas[i]);
	memmove(store->quotas + i, store->quotas + i + 1, left * sizeof(struct quota *));
	memmove(store->quota_handles + i, store->quota_handles + i + 1, left * sizeof(char *));
	memmove(store->quota_days + i, store->quota_days + i + 1, left * sizeof(unsigned));
}

static void add(struct store *store, const char *handle, unsigned per_day)
{
	struct quota *quota = xcalloc(1, sizeof *quota);
	struct str word = {0};
	size_t n = store->nquotas + 1;

	quota->handle = xstrdup(handle);
	quota->per_day = per_day;
	str_addf(&word, "quota of %u a day for %s", per_day, handle);
	quota->word = str_take(&word);
	store->quotas = mem_grow(store->quotas, &store->quotas_cap, n, sizeof(struct quota *));
	store->quota_handles =
	        mem_grow(store->quota_handles, &store->quota_handles_cap, n, sizeof(char *));
	store->quota_days =
	        mem_grow(store->quota_days, &store->quota_days_cap, n, sizeof *store->quota_days);
	store->quotas[n - 1] = quota;
	store->quota_handles[n - 1] = quota->handle;
	store->quota_days[n - 1] = per_day;
	store->nquotas = n;
}

void store_put_quota(struct store *store, const char *handle, unsigned per_day)
{
	if (*handle == '@') handle++;
	if (*handle == '\0') return;
	store_now(store);
	for (size_t i = store->nquotas; i-- > 0;) {
		if (strcasecmp(store->quotas[i]->handle, handle) == 0) drop(store, i);
	}
	if (per_day > 0) add(store, handle, per_day);
	for (size_t t = 0; t < store->ntimelines; t++) {
		timeline_quotas_changed(store->timelines[t]);
	}
}

size_t store_quotas(
        const struct store *store, const char *const **out_handles, const unsigned **out_per_day)
{
	*out_handles = store->quota_handles;
	*out_per_day = store->quota_days;
	return store->nquotas;
}

/* As from: does. */
static bool handle_is(const char *handle, const char *wanted)
{
	size_t len = strcspn(handle, "@");

	if (strcasecmp(handle, wanted) == 0) return true;
	return strncasecmp(handle, wanted, len) == 0 && wanted[len] == '\0';
}

const struct quota *quota_of(const struct store *store, const struct line *row)
{
	profile_id who = row->actor ? row->actor : store_author(store, row->post);
	const struct profile *profile = store_profile(store, who);

	for (size_t i = 0; profile && i < store->nquotas; i++) {
		if (handle_is(profile->handle, store->quotas[i]->handle)) return store->quotas[i];
	}
	return NULL;
}

/* --- in a timeline --- */

/* Neither news nor what is addressed to us counts. */
static bool is_for(const struct timeline *timeline, const struct line *line)
{
	if (!line->post || line->flags & (ROW_IS_GAP | ROW_IS_NEWS)) return false;
	if (line->reason != REASON_POSTED && line->reason != REASON_REPOSTED) return false;
	return quota_of(timeline->store, line) && !post_is_to_us(timeline->store, line->post);
}

void quota_note(struct timeline *timeline, const uint32_t *rows, size_t n)
{
	if (timeline->store->nquotas == 0 && timeline->quotas.n == 0) return;
	for (size_t i = 0; i < n; i++) {
		bool was = hits_has(&timeline->quotas, rows[i]);
		bool is = is_for(timeline, line_at(timeline, rows[i]));

		if (rows[i] >= timeline->seen) break;
		if (is && !was) hits_add(&timeline->quotas, &rows[i], 1);
		if (!was || is) continue;
		if (row_marks(timeline, rows[i]) & ROW_IS_OVER) {
			levels_set_over(timeline, &rows[i], 1);
		}
		hits_drop(&timeline->quotas, &rows[i], 1);
	}
}

/* Shown, but for its quota. */
static bool counts(struct timeline *timeline, uint32_t row)
{
	const struct line *line = line_at(timeline, row);
	struct filter *filter = timeline->filter;
	bool filtered;

	if (row >= timeline->levels[0].from) {
		if (row_marks(timeline, row) & (ROW_IS_MUTED | ROW_IS_FOLDED)) return false;
	} else if (line_verdict(timeline->store, timeline->name, line, &filtered) != VERDICT_SHOW) {
		return false;
	}
	if (!filter || filter_needs(filter) & QUERY_NEEDS_MUTED) return true;
	return filter_test(timeline->store, filter, line);
}

/* What has been counted of one day. */
struct day {
	int64_t start_ms, end_ms;
	struct {
		profile_id who;
		unsigned n;
	} * counts;
	size_t n, cap;
};

static void day_begin(struct day *day, int64_t at_ms)
{
	time_t at = (time_t)(at_ms / 1000 - (at_ms % 1000 < 0));
	struct tm tm;

	day->n = 0;
	if (!localtime_r(&at, &tm)) return;
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	tm.tm_isdst = -1;
	day->start_ms = (int64_t)mktime(&tm) * 1000;
	tm.tm_mday++;
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	tm.tm_isdst = -1;
	day->end_ms = (int64_t)mktime(&tm) * 1000;
}

/* One more of whoever put the row there; how many are that. */
static unsigned day_count(struct day *day, const struct store *store, const struct line *line)
{
	profile_id who = line->actor ? line->actor : store_author(store, line->post);

	if (line->sort_ms < day->start_ms || line->sort_ms >= day->end_ms) {
		day_begin(day, line->sort_ms);
	}
	for (size_t i = 0; i < day->n; i++) {
		if (day->counts[i].who == who) return ++day->counts[i].n;
	}
	day->counts = mem_grow(day->counts, &day->cap, day->n + 1, sizeof *day->counts);
	day->counts[day->n].who = who;
	day->counts[day->n].n = 1;
	return day->counts[day->n++].n;
}

void quota_sweep(struct timeline *timeline)
{
	const struct hits *rows = &timeline->quotas;
	uint32_t *changed = xmalloc((rows->n + 1) * sizeof *changed);
	struct day day = {0};
	size_t n = 0;

	for (size_t i = 0; i < rows->n; i++) {
		uint32_t row = hits_at(rows, i);
		const struct line *line = line_at(timeline, row);
		const struct quota *quota = quota_of(timeline->store, line);
		bool over = quota && counts(timeline, row) &&
		            day_count(&day, timeline->store, line) > quota->per_day;

		if (over != ((row_marks(timeline, row) & ROW_IS_OVER) != 0)) changed[n++] = row;
	}
	if (n > 0) {
		levels_set_over(timeline, changed, n);
		timeline->version++;
	}
	free(changed);
	free(day.counts);
}

void quota_note_all(struct timeline *timeline)
{
	uint32_t *rows = xmalloc((timeline->seen + 1) * sizeof *rows);

	for (uint32_t i = 0; i < timeline->seen; i++) {
		rows[i] = i;
	}
	quota_note(timeline, rows, timeline->seen);
	free(rows);
}

void timeline_quotas_changed(struct timeline *timeline)
{
	timeline_catch_up(timeline);
	quota_note_all(timeline);
	quota_sweep(timeline);
	timeline->version++;
}
