#include "marker.h"

#include <stdlib.h>

#include "base/mem.h"
#include "inside.h"
#include "model/post.h"
#include "store/mark.h"

/* Does the account's server keep a marker of this source? */
static bool is_kept(const struct app *app, source_id source)
{
	struct source_ref ref;
	if (!source_parse(store_source_name(app->store, source), &ref, NULL)) return false;
	const struct account *account = store_account_named(app->store, ref.account);
	bool kept = (ref.kind == SOURCE_HOME || ref.kind == SOURCE_NOTIFICATIONS) && account &&
	            account->caps & CAP_MARKERS;
	source_ref_finish(&ref);
	return kept;
}

/* All up to there, where that is known. */
static void take(struct app *app, source_id source, struct watch *watch)
{
	post_id *posts;
	size_t n;
	bool known = store_unread_until(
	        app->store, source, watch->marker, &watch->marker_ms, &posts, &n);
	for (size_t i = 0; i < n; i++)
		app_set_read(app, posts[i], true);
	free(posts);
	if (known && watch->marker_ms > watch->told_ms) watch->told_ms = watch->marker_ms;
}

void marker_take(struct app *app, source_id source, const char *cursor, int64_t at_ms)
{
	struct watch *watch = watch_of(app, source);
	/* Told already, or by ourselves. */
	if (at_ms && at_ms <= watch->told_ms) return;
	char *copy = xstrdup(cursor);
	free(watch->marker);
	watch->marker = copy;
	watch->marker_ms = at_ms;
	take(app, source, watch);
}

void marker_before(struct app *app, const struct page *page, struct marker_news *out)
{
	*out = (struct marker_news){.source = page->source};
	if (!page->source) return;
	const struct watch *watch = watch_of(app, page->source);
	if (!watch->marker || !watch->marker_ms) return;
	for (size_t i = 0; i < page->nentries; i++) {
		const struct entry *entry = &page->entries[i];
		if (entry->sort_ms > watch->marker_ms || !entry->post) continue;
		if (entry->post > page->nposts) continue;
		const char *uri = post_str(page->posts[entry->post - 1], POST_URI);
		if (store_find(app->store, uri)) continue;
		out->uris = mem_grow(out->uris, &out->cap, out->n + 1, sizeof(*out->uris));
		out->uris[out->n++] = xstrdup(uri);
	}
}

void marker_after(struct app *app, struct marker_news *news)
{
	for (size_t i = 0; i < news->n; i++) {
		app_set_read(app, store_find(app->store, news->uris[i]), true);
		free(news->uris[i]);
	}
	free(news->uris);
	struct watch *watch = news->source ? watch_of(app, news->source) : NULL;
	if (watch && watch->marker && !watch->marker_ms) take(app, news->source, watch);
}

void marker_tell(struct app *app)
{
	for (source_id source = 1; source < app->nwatches; source++) {
		struct watch *watch = &app->watches[source];
		struct row row;
		if (!watch->refs || !is_kept(app, source)) continue;
		if (!store_read_until(app->store, source, &row)) continue;
		const char *cursor = store_cursor(app->store, &row);
		if (!cursor || row.sort_ms <= watch->told_ms) continue;
		watch->told_ms = row.sort_ms;
		struct job *job = job_new(JOB_MARK);
		job->source = source;
		job->arg = xstrdup(cursor);
		job->at_ms = row.sort_ms;
		app_post(app, job);
	}
}
