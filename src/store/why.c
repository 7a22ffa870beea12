#include "rows.h"

/* Why a row is hidden, folded or warned of: in few words for the row, in sentences for whoever
 * asks. */

static const char seen_word[] = "a repost of what was read";

/* The mute that hits the row hardest and first; SIZE_MAX: none does. */
static size_t hardest_mute(const struct timeline *timeline, const struct line *line)
{
	struct store *store = timeline->store;
	enum verdict hardest = VERDICT_SHOW;
	size_t found = SIZE_MAX;

	for (size_t i = 0; i < store->nmutes && hardest < VERDICT_HIDE; i++) {
		enum verdict verdict;

		if (!columns_name(store->mutes[i].columns, timeline->name)) continue;
		verdict = mute_verdict(store, i, line);
		if (verdict <= hardest) continue;
		hardest = verdict;
		found = i;
	}
	return found;
}

const char *line_why(const struct timeline *timeline, const struct line *line)
{
	const struct server_filter *rule = rule_for(timeline->store, line);
	bool held = line->flags & (ROW_IS_MUTED | ROW_IS_HELD);
	const struct quota *quota;
	size_t mute;

	if (rule && (rule->action == FILTER_HIDE || !held)) return rule->title;
	mute = held ? hardest_mute(timeline, line) : SIZE_MAX;
	if (mute != SIZE_MAX) return timeline->store->mutes[mute].query;
	quota = line->flags & ROW_IS_OVER ? quota_of(timeline->store, line) : NULL;
	if (quota) return quota_word(quota);
	return line->flags & ROW_IS_FOLDED ? seen_word : NULL;
}

/* --- in sentences --- */

struct telling {
	const struct timeline *timeline;
	const struct line *line;
	void (*each)(void *ctx, const char *sentence);
	void *ctx;
	struct str text;
};

static void tell(struct telling *telling)
{
	telling->each(telling->ctx, str_c(&telling->text));
	str_clear(&telling->text);
}

static void tell_mute(struct telling *telling, size_t i)
{
	struct store *store = telling->timeline->store;
	const struct mute *mute = &store->mutes[i];
	enum verdict verdict = mute_verdict(store, i, telling->line);

	if (verdict == VERDICT_SHOW) return;
	str_addf(&telling->text, "the mute \"%s\" ", mute->query);
	if (!columns_name(mute->columns, telling->timeline->name)) {
		str_addf(&telling->text, "matches, but holds in %s only", mute->columns);
	} else if (verdict == VERDICT_HIDE) {
		str_adds(&telling->text, "hides it");
	} else {
		str_adds(&telling->text, "folds it");
		if (mute->action == MUTE_USUAL) {
			str_adds(&telling->text, ", for it is addressed to you");
		}
	}
	tell(telling);
}

static void tell_rule(struct telling *telling)
{
	const struct store *store = telling->timeline->store;
	const struct server_filter *rule = rule_for((struct store *)store, telling->line);
	const struct source *source = store_source_row(store, telling->line->source);

	if (!rule) return;
	str_addf(&telling->text, "the filter \"%s\" at the server of %s %s", rule->title,
	        source->account, rule->action == FILTER_HIDE ? "hides it" : "warns of it");
	tell(telling);
}

static void tell_quota(struct telling *telling)
{
	const struct quota *quota = quota_of(telling->timeline->store, telling->line);

	if (!(telling->line->flags & ROW_IS_OVER) || !quota) return;
	str_addf(&telling->text, "the %s folds it", quota_word(quota));
	tell(telling);
}

static void tell_seen(struct telling *telling)
{
	if (!is_seen_repost(telling->timeline->store, telling->line)) return;
	str_adds(&telling->text, "it is a repost of what was read before it came");
	tell(telling);
}

/* The line that a row as it was told stands for; false: it is gone. */
static bool line_told(const struct timeline *timeline, const struct row *row, struct line *out)
{
	const struct lineup *lineup = timeline->lineup;
	uint32_t rows[REASON_COUNT];
	size_t n = row->post ? rows_of(lineup, row->post, rows) : 0;
	struct line notice = {.sort_ms = row->sort_ms,
	        .actor = row->actor,
	        .source = row->source,
	        .reason = (uint8_t)row->reason};
	size_t at;

	for (size_t i = 0; i < n; i++) {
		*out = row_line(timeline, rows[i]);
		if (out->sort_ms == row->sort_ms && out->reason == (uint8_t)row->reason) {
			return true;
		}
	}
	if (row->post || row->kind == ROW_GAP) return false;
	at = rows_lower(lineup, &notice);
	if (at == lineup->nrows || line_order(&lineup->rows[at], &notice) != 0) return false;
	*out = row_line(timeline, (uint32_t)at);
	return true;
}

void timeline_why(struct timeline *timeline, const struct row *row,
        void (*each)(void *ctx, const char *sentence), void *ctx)
{
	struct line line;
	struct telling telling = {.timeline = timeline, .line = &line, .each = each, .ctx = ctx};

	timeline_catch_up(timeline);
	if (!line_told(timeline, row, &line)) return;
	store_now(timeline->store);
	for (size_t i = 0; i < timeline->store->nmutes; i++) {
		tell_mute(&telling, i);
	}
	tell_rule(&telling);
	tell_quota(&telling);
	tell_seen(&telling);
	str_finish(&telling.text);
}
