#include "app/agenda.h"

#include <stdlib.h>
#include <string.h>

#include "app/outbox.h"
#include "base/mem.h"
#include "inside.h"
#include "model/post.h"

struct agenda {
	source_id *sources; /* `account/scheduled` of those whose servers keep posts */
	account_id *accounts;
	size_t n;
	struct timeline *timeline;
	uint64_t shown; /* version of the timeline that was shown last */
};

static void add_source(struct app *app, struct agenda *agenda, const struct account *account)
{
	struct str name = {0};
	str_addf(&name, "%s/scheduled", account->name);
	source_id source = store_source(app->store, str_c(&name));
	str_finish(&name);
	agenda->sources = xrealloc(agenda->sources, (agenda->n + 1) * sizeof(*agenda->sources));
	agenda->accounts = xrealloc(agenda->accounts, (agenda->n + 1) * sizeof(*agenda->accounts));
	agenda->sources[agenda->n] = source;
	agenda->accounts[agenda->n++] = account->id;
	watch_take(app, source);
}

void agenda_watch(struct app *app)
{
	if (!app->agenda) {
		const struct account *const *accounts;
		size_t n = store_accounts(app->store, &accounts);
		struct agenda *agenda = app->agenda = xcalloc(1, sizeof(*agenda));
		for (size_t i = 0; i < n; i++) {
			if (accounts[i]->caps & CAP_SCHEDULE) add_source(app, agenda, accounts[i]);
		}
		agenda->timeline = timeline_new(app->store);
		timeline_set_sources(agenda->timeline, agenda->sources, agenda->n);
	}
	while (!timeline_settle(app->agenda->timeline, clock_mono(app->clock) + 1)) {
	}
	app->agenda->shown = timeline_version(app->agenda->timeline);
}

/* Several accounts of ours may be one at the server. */
static bool is_ours(const struct app *app, const struct account *account, const char *id)
{
	const struct outgoing *const *items;
	size_t n = app_outbox_items(app, &items);
	for (size_t i = 0; i < n; i++) {
		const struct account *its = store_account(app->store, items[i]->account);
		if (its && items[i]->remote_id && strcmp(items[i]->remote_id, id) == 0 &&
		        strcmp(its->host, account->host) == 0)
			return true;
	}
	return false;
}

/* Its URI is `scheduled:HOST/ID` (networks/mastodon_made.c); no other row has such a one. */
static const char *id_of(const struct post *post)
{
	const char *slash = strrchr(post_str(post, POST_URI), '/');
	return slash && slash[1] ? slash + 1 : NULL;
}

void agenda_others(
        struct app *app, void (*each)(void *ctx, const struct agenda_other *other), void *ctx)
{
	const struct agenda *agenda = app->agenda;
	for (size_t i = agenda ? timeline_len(agenda->timeline) : 0; i-- > 0;) {
		struct row row = timeline_at(agenda->timeline, i);
		const struct post *post = store_post(app->store, row.post);
		size_t place = 0;
		while (place < agenda->n && agenda->sources[place] != row.source)
			place++;
		if (row.reason != REASON_SCHEDULED || !post || place == agenda->n) continue;
		struct agenda_other other = {
		        .account = store_account(app->store, agenda->accounts[place]),
		        .post = post,
		        .id = id_of(post),
		        .at_ms = row.sort_ms};
		if (!other.account || !other.id || row.sort_ms <= clock_wall(app->clock)) continue;
		if (!is_ours(app, other.account, other.id)) each(ctx, &other);
	}
}

void agenda_mind(struct app *app)
{
	if (!app->agenda) return;
	bool on_screen = app->overlay == OVERLAY_LIST && app->list_line &&
	                 strcmp(app->list_line, "agenda") == 0;
	if (!on_screen) {
		agenda_finish(app);
		return;
	}
	while (!timeline_settle(app->agenda->timeline, clock_mono(app->clock) + 1)) {
	}
	if (timeline_version(app->agenda->timeline) != app->agenda->shown) app->list_stale = true;
}

void agenda_finish(struct app *app)
{
	struct agenda *agenda = app->agenda;
	if (!agenda) return;
	app->agenda = NULL;
	timeline_free(agenda->timeline);
	for (size_t i = 0; i < agenda->n; i++)
		watch_drop(app, agenda->sources[i]);
	free(agenda->sources);
	free(agenda->accounts);
	free(agenda);
}
