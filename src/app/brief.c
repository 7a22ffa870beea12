#include "app/brief.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/ask.h"
#include "app/outbox.h"
#include "app/overlay.h"
#include "base/bitset.h"
#include "base/mem.h"
#include "inside.h"
#include "model/post.h"
#include "query/query.h"

/* -- words for the numbers: posts as the store has them -- */

struct said {
	struct app *app;
	struct brief *brief;
	struct query **queries; /* of brief->saved; NULL: it makes no sense now */
	struct bitset seen;
};

static const char *saved_text(void *ctx, const char *name)
{
	return store_saved(((const struct app *)ctx)->store, name);
}

/* A row of a source as queries ask it. */
static struct query_row row_of(const struct app *app, const struct row *row,
        const struct post *post, const struct source_ref *ref, const char *source)
{
	const struct account *account = store_account_named(app->store, ref->account);
	return (struct query_row){.post = post,
	        .author = store_profile(app->store, post->author),
	        .actor = store_profile(app->store, row->actor),
	        .reason = row->reason,
	        .network = account ? account->network : NULL,
	        .account = ref->account,
	        .source = source,
	        .attention = store_attention(app->store, post->id),
	        .unread = !store_is_read(app->store, post->id)};
}

/* The newest ones stay, newest first. */
static void put_said(
        struct brief_saved *saved, const struct post *post, const struct profile *author)
{
	struct brief_post *said = saved->said;
	size_t at = saved->nsaid;
	saved->found++;
	while (at > 0 && said[at - 1].at_ms < post->created_ms)
		at--;
	if (at == BRIEF_MAX_SAID) return;
	if (saved->nsaid == BRIEF_MAX_SAID)
		brief_post_finish(&said[saved->nsaid - 1]);
	else
		saved->nsaid++;
	memmove(said + at + 1, said + at, (saved->nsaid - 1 - at) * sizeof(*said));
	said[at] = (struct brief_post){0};
	brief_post_put(&said[at], post, author);
}

static void take_row(struct said *said, const struct row *row)
{
	const struct app *app = said->app;
	const struct post *post = store_post(app->store, row->post);
	const char *source = store_source_name(app->store, row->source);
	struct source_ref ref = {0};
	if (bitset_has(&said->seen, row->post)) return;
	bitset_put(&said->seen, row->post, true);
	bool known = post && source && source_parse(source, &ref, NULL);
	for (size_t i = 0; known && i < said->brief->nsaved; i++) {
		if (!said->queries[i]) continue;
		struct query_row asked = row_of(app, row, post, &ref, source);
		if (query_match(said->queries[i], &asked, said->brief->now_ms))
			put_said(&said->brief->saved[i], post, asked.author);
	}
	source_ref_finish(&ref);
}

static void take_rows(struct said *said, const struct timeline *timeline)
{
	size_t len = timeline_is_thread(timeline) ? 0 : timeline_len(timeline);
	for (size_t i = 0; i < len; i++) {
		struct row row = timeline_at(timeline, i);
		if (row.sort_ms < said->brief->since_ms) return;
		if (row.kind == ROW_POST) take_row(said, &row);
	}
}

/* All that the column's sources brought, whatever its own query leaves out. */
static void take_column(struct said *said, const struct column *column)
{
	const struct app *app = said->app;
	if (!column->query && !timeline_narrowed(column->timeline)) {
		take_rows(said, column->timeline);
		return;
	}
	struct timeline *timeline = timeline_new(app->store);
	timeline_set_sources(timeline, column->watched, column->nwatched);
	while (!timeline_settle(timeline, clock_mono(app->clock) + 1)) {
	}
	take_rows(said, timeline);
	timeline_free(timeline);
}

static void fill_saved(struct app *app, struct brief *brief)
{
	struct query_env env = {.saved = saved_text, .ctx = app, .now_ms = brief->now_ms};
	struct said said = {.app = app,
	        .brief = brief,
	        .queries = xcalloc(brief->nsaved + 1, sizeof(*said.queries))};
	int col;
	for (size_t i = 0; i < brief->nsaved; i++) {
		struct str text = {0};
		str_addf(&text, "saved:%s", brief->saved[i].name);
		query_parse_in(&env, text.p, false, &said.queries[i], &col, NULL);
		str_finish(&text);
	}
	for (size_t i = 0; i < app->ncolumns; i++)
		take_column(&said, app->columns[i]);
	for (size_t i = 0; i < brief->nsaved; i++)
		query_free(said.queries[i]);
	free(said.queries);
	bitset_finish(&said.seen);
}

static void fill(struct app *app, struct brief *brief)
{
	const struct outgoing *const *items;
	size_t n = app_outbox_items(app, &items);
	int64_t end = brief_day_end(brief->now_ms);
	if (brief->nsaved) fill_saved(app, brief);
	for (size_t i = 0; i < brief->nowed; i++) {
		struct brief_post *post = &brief->owed[i].post;
		const struct post *known =
		        store_post(app->store, store_find(app->store, post->uri));
		if (known) brief_post_put(post, known, store_profile(app->store, known->author));
	}
	for (size_t i = 0; i < n; i++) {
		const struct account *account = store_account(app->store, items[i]->account);
		brief_put_due(brief, items[i], account ? account->name : "signed out",
		        app_outbox_is_trouble(items[i]), end);
	}
	brief_sort(brief);
}

/* -- showing it -- */

static void add_line(void *ctx, const struct brief_line *line)
{
	struct str run = {0};
	if (line->uri) {
		str_adds(&run, "brief open ");
		cmd_quote(&run, line->uri);
	}
	list_view_add(ctx, &(struct list_item){.text = (char *)line->text,
	                           .line = line->uri ? run.p : NULL,
	                           .heading = line->heading});
	str_finish(&run);
}

static void show(struct app *app, struct brief *brief)
{
	enum { FRAME = 4, WIDE = 100 };
	int cols = app->screen.cols < WIDE ? app->screen.cols : WIDE;
	struct list_view list = {.title = xstrdup("Brief")};
	fill(app, brief);
	brief->budget = app->budget;
	brief->used_s = app->used_s;
	brief_print(brief, cols - FRAME, add_line, &list);
	overlay_list(app, &list);
}

static bool on_brief(struct app *app, const struct event *event, void *ctx)
{
	(void)ctx;
	if (event->kind != EVENT_BRIEF || !event->brief) return false;
	show(app, event->brief);
	return true;
}

void brief_open(struct app *app, int64_t since_ms)
{
	budget_look(app); /* its answer comes first */
	struct job *job = job_new(JOB_BRIEF);
	job->at_ms = since_ms;
	app_ask(app, job, on_brief, NULL);
}
