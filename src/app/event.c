#include <stdlib.h>
#include <string.h>

#include "app/ask.h"
#include "app/brief.h"
#include "app/outbox.h"
#include "app/overlay.h"
#include "app/picture.h"
#include "app/rules.h"
#include "app/welcome.h"
#include "base/mem.h"
#include "inside.h"
#include "marker.h"
#include "model/feed.h"

/* What the engine tells, and what the deck makes of it. */

/* Whatever brings posts brings them for the whole deck. */
static void on_page(struct app *app, struct event *event)
{
	struct page *page = event->page;
	if (!page) return;
	event->page = NULL;
	page->source = event->source;
	struct marker_news news;
	watch_page(app, event->source, page);
	marker_before(app, page, &news);
	store_add_page(app->store, page);
	marker_after(app, &news);
	store_trim(app->store, (size_t)app->options.reader_max);
}

static void on_account(struct app *app, struct event *event)
{
	if (event->account_info) {
		store_put_account(app->store, event->account_info);
		event->account_info = NULL;
	} else {
		store_drop_account(app->store, event->account);
	}
	app->feeds_changed = app->stale_status = true;
}

/* The first feed whose name is not before `name`: they are kept in the order of names. */
static size_t feed_place(const struct app *app, const char *name)
{
	size_t low = 0, high = app->nfeeds;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(app->feeds[middle]->name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void drop_feed(struct app *app, size_t at)
{
	feed_free(app->feeds[at]);
	app->nfeeds--;
	memmove(app->feeds + at, app->feeds + at + 1, (app->nfeeds - at) * sizeof(*app->feeds));
}

static void add_feed(struct app *app, size_t at, struct feed *feed)
{
	app->feeds = mem_grow(app->feeds, &app->feeds_cap, app->nfeeds + 1, sizeof(*app->feeds));
	memmove(app->feeds + at + 1, app->feeds + at, (app->nfeeds - at) * sizeof(*app->feeds));
	app->feeds[at] = feed;
	app->nfeeds++;
}

/* A feed that learned its title on its first load is no reason to look at all groups again. */
static bool same_place(const struct feed *a, const struct feed *b)
{
	return strcmp(a->url, b->url) == 0 && strcmp(a->groups, b->groups) == 0;
}

static void on_feed(struct app *app, struct event *event)
{
	struct feed *feed = event->feed;
	if (!feed) return;
	size_t at = feed_place(app, feed->name);
	bool known = at < app->nfeeds && strcmp(app->feeds[at]->name, feed->name) == 0;
	bool dropped = event->number != 0;
	if (!known || dropped || !same_place(app->feeds[at], feed)) app->feeds_changed = true;
	if (known) drop_feed(app, at);
	if (dropped) return;
	add_feed(app, at, feed);
	event->feed = NULL;
}

/* They hold in all columns at once. */
static void on_filters(struct app *app, struct event *event)
{
	if (event->kind != EVENT_FILTERS) return;
	store_put_filters(app->store, event->account, event->filters, event->nfilters);
	event->filters = NULL;
	event->nfilters = 0;
}

static void on_done(struct app *app, const struct event *event)
{
	bool quiet = watch_done(app, event->reply_to, &event->err);
	if (quiet || event->err.code == ERR_NONE || event->err.code == ERR_CANCELLED) return;
	/* Many jobs may fail for one reason, a full disk: said once. */
	const char *last = app->toast ? app->messages[app->nmessages - 1].text : "";
	if (strcmp(last, event->err.text) != 0) app_say(app, TONE_ERROR, "%s", event->err.text);
}

void event_take(struct app *app, struct event *event)
{
	bool taken = ask_take(app, event) || picture_take(app, event);
	on_page(app, event);
	on_filters(app, event);
	if (taken) {
		event_free(event);
		return;
	}
	switch (event->kind) {
	case EVENT_PAGE:
		break;
	case EVENT_GONE:
		if (event->text) store_gone(app->store, event->account, event->text);
		break;
	case EVENT_SOURCE:
		watch_health(app, event->source, event);
		break;
	case EVENT_ACCOUNT:
		on_account(app, event);
		break;
	case EVENT_FEED:
		on_feed(app, event);
		break;
	case EVENT_ARTICLE:
		if (event->text) overlay_article_came(app, event->text, event->article);
		break;
	case EVENT_READ:
		store_put_read_keys(app->store, event->keys, event->nkeys);
		break;
	case EVENT_VALUE:
		if (event->text) app_on_value(app, event->text);
		break;
	case EVENT_STARTED:
		rules_started(app);
		if (app->unseen) unseen_load(app);
		app->started = app->feeds_changed = true;
		if (app->unseen) break;
		welcome_started(app);
		budget_look(app);
		break;
	case EVENT_MARKER:
		if (event->text) marker_take(app, event->source, event->text, event->number);
		break;
	case EVENT_NOTICE:
		if (event->text)
			app_say(app, event->err.code == ERR_NONE ? TONE_SAYS : TONE_ERROR, "%s",
			        event->text);
		break;
	case EVENT_DRAFT:
	case EVENT_OUTGOING:
	case EVENT_HELD:
	case EVENT_SENDER:
		app_outbox_take(app, event);
		break;
	case EVENT_ATTENTION:
		if (event->text)
			store_put_attention(
			        app->store, store_key(event->text), (enum attention)event->number);
		break;
	case EVENT_DONE:
		on_done(app, event);
		break;
	/* Answers: those who asked have had them. */
	case EVENT_SIGN_IN:
	case EVENT_ITEMS:
	case EVENT_PERSON:
	case EVENT_FILTERS:
	case EVENT_BRIEF:
	case EVENT_PICTURE:
	case EVENT_COUNT:
		break;
	}
	event_free(event);
}
