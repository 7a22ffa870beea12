#include <string.h>

#include "filter.h"
#include "mute.h"

/* What becomes of a row: shown, folded into a grey line, hidden. The hardest word counts. */

bool columns_name(const char *columns, const char *name)
{
	size_t len = name ? strlen(name) : 0;

	if (!columns) return true;
	for (const char *at = columns; name && *at;) {
		size_t part;

		at += strspn(at, ", ");
		part = strcspn(at, ",");
		while (part > 0 && at[part - 1] == ' ') {
			part--;
		}
		if (part == len && memcmp(at, name, len) == 0) return part > 0;
		at += strcspn(at, ",");
	}
	return false;
}

enum verdict mute_act(const struct store *store, size_t i, post_id post)
{
	enum mute_action action = store->mutes[i].action;

	if (action == MUTE_FOLD) return post ? VERDICT_FOLD : VERDICT_HIDE;
	if (action == MUTE_USUAL && post_is_to_us(store, post)) return VERDICT_FOLD;
	return VERDICT_HIDE;
}

enum verdict mute_verdict(struct store *store, size_t i, const struct line *row)
{
	if (!filter_test(store, store->mute_filters[i], row)) return VERDICT_SHOW;
	return mute_act(store, i, row->post);
}

static enum verdict harder(enum verdict a, enum verdict b)
{
	return a > b ? a : b;
}

/* The mutes of a group that want others to have put the row there are not asked. */
static enum verdict ask_by_actor(
        struct store *store, const struct mute_group *group, const struct line *row)
{
	enum verdict hardest = VERDICT_SHOW;

	if (!filters_mark_actor(store, row)) return VERDICT_SHOW;
	for (size_t i = 0; i < store->nmutes; i++) {
		const struct filter *filter = store->mute_filters[i];

		if (store->muting_in[i] != group || filter->looked != store->looks) continue;
		hardest = harder(hardest, mute_verdict(store, i, row));
	}
	return hardest;
}

/* Of a row without a post all are asked. */
static enum verdict ask_notice(
        struct store *store, const struct mute_group *group, const struct line *row)
{
	enum verdict hardest = VERDICT_SHOW;

	for (size_t i = 0; i < store->nmutes && hardest < VERDICT_HIDE; i++) {
		if (store->muting_in[i] != group) continue;
		hardest = harder(hardest, mute_verdict(store, i, row));
	}
	return hardest;
}

static enum verdict ask_rows(
        struct store *store, const struct mute_group *group, const struct line *row)
{
	enum verdict hardest = group->by_actor ? ask_by_actor(store, group, row) : VERDICT_SHOW;

	for (size_t i = 0; i < group->nrows && hardest < VERDICT_HIDE; i++) {
		hardest = harder(hardest, mute_verdict(store, group->rows[i], row));
	}
	return hardest;
}

enum verdict mutes_verdict(struct store *store, const char *name, const struct line *row)
{
	enum verdict hardest = VERDICT_SHOW;

	for (size_t g = 0; g < store->nmute_groups; g++) {
		const struct mute_group *group = store->mute_groups[g];

		if (!columns_name(group->columns, name)) continue;
		if (row->post) hardest = harder(hardest, group_verdict(group, row->post));
		if (hardest == VERDICT_HIDE) break;
		hardest = harder(hardest,
		        row->post ? ask_rows(store, group, row) : ask_notice(store, group, row));
	}
	return hardest;
}

bool is_seen_repost(const struct store *store, const struct line *row)
{
	if (!store->fold_seen || !(row->flags & ROW_IS_SEEN) || row->flags & ROW_IS_NEWS)
		return false;
	return store_is_read(store, row->post) && !post_is_to_us(store, row->post);
}

enum verdict line_verdict(
        struct store *store, const char *name, const struct line *row, bool *out_filtered)
{
	const struct server_filter *rule = rule_for(store, row);
	enum verdict verdict = VERDICT_SHOW;

	*out_filtered = false;
	if (rule && rule->action == FILTER_HIDE) return VERDICT_HIDE;
	if (store->nmutes > 0) verdict = mutes_verdict(store, name, row);
	*out_filtered = rule && verdict != VERDICT_HIDE;
	if (verdict == VERDICT_SHOW && is_seen_repost(store, row)) return VERDICT_FOLD;
	return verdict;
}
