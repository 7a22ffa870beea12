#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bitset.h"
#include "base/mem.h"
#include "inside.h"

/* The terminal's title: how much is unread, or how much of what is unread is to us. */

static bool brings_mentions(const struct app *app, const struct column *column)
{
	bool brings = false;
	for (size_t i = 0; i < column->nwatched && !brings; i++) {
		struct source_ref ref;
		if (!source_parse(store_source_name(app->store, column->watched[i]), &ref, NULL))
			continue;
		brings = ref.kind == SOURCE_MENTIONS || ref.kind == SOURCE_NOTIFICATIONS;
		source_ref_finish(&ref);
	}
	return brings;
}

static bool is_to_us(enum reason reason)
{
	return reason == REASON_MENTIONED || reason == REASON_REPLIED || reason == REASON_QUOTED;
}

/* Each post once, in however many columns it stands. */
static size_t count_mentions(const struct app *app)
{
	struct bitset posts = {0};
	for (size_t i = 0; i < app->ncolumns; i++) {
		struct timeline *timeline = app->columns[i]->timeline;
		if (!timeline_unread(timeline) || !brings_mentions(app, app->columns[i])) continue;
		for (size_t row = 0; row < timeline_len(timeline); row++) {
			struct row it = timeline_at(timeline, row);
			if (it.kind == ROW_POST && is_to_us(it.reason) &&
			        !store_is_read(app->store, it.post))
				bitset_put(&posts, it.post, true);
		}
	}
	size_t n = bitset_count(&posts);
	bitset_finish(&posts);
	return n;
}

/* Grows whenever a count could be another. */
static uint64_t versions(const struct app *app)
{
	uint64_t sum = app->ncolumns;
	for (size_t i = 0; i < app->ncolumns; i++)
		sum += timeline_version(app->columns[i]->timeline);
	return sum;
}

static void print_title(const struct app *app, char title[64])
{
	size_t n = 0;
	if (strcmp(app->options.set_title, "mentions") == 0) {
		n = count_mentions(app);
		snprintf(title, 64,
		        n == 1 ? "stoa: 1 mention"
		        : n    ? "stoa: %zu mentions"
		               : "stoa",
		        n);
		return;
	}
	for (size_t i = 0; i < app->ncolumns; i++)
		n += timeline_unread(app->columns[i]->timeline);
	snprintf(title, 64, n ? "stoa (%zu)" : "stoa", n);
}

void title_update(struct app *app)
{
	char title[64];
	uint64_t version = versions(app);
	if (strcmp(app->options.set_title, "off") == 0) return;
	if (app->title && app->title_version == version) return;
	app->title_version = version;
	print_title(app, title);
	if (app->title && strcmp(app->title, title) == 0) return;
	free(app->title);
	app->title = xstrdup(title);
	app->term.ops->title(app->term.ctx, title);
}

void title_forget(struct app *app)
{
	free(app->title);
	app->title = NULL;
}
