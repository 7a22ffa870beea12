#include <stdlib.h>
#include <string.h>

#include "app/ask.h"
#include "app/overlay.h"
#include "base/mem.h"
#include "inside.h"
#include "model/feed.h"

/* What the engine tells, and what the deck makes of it. */

/* Whatever brings posts brings them for the whole deck. */
static void on_page(struct app *app, struct event *event)
{
	struct page *page = event->page;
	if (!page) return;
	event->page = NULL;
	page->source = event->source;
	watch_page(app, event->source, page);
	store_add_page(app->store, page);
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

static size_t feed_find(const struct app *app, const char *name)
{
	for (size_t i = 0; i < app->nfeeds; i++) {
		if (strcmp(app->feeds[i]->name, name) == 0) return i;
	}
	return SIZE_MAX;
}

static void on_feed(struct app *app, struct event *event)
{
	struct feed *feed = event->feed;
	if (!feed) return;
	size_t at = feed_find(app, feed->name);
	if (at != SIZE_MAX) {
		feed_free(app->feeds[at]);
		app->nfeeds--;
		memmove(app->feeds + at, app->feeds + at + 1,
		        (app->nfeeds - at) * sizeof(*app->feeds));
	}
	if (!event->number) {
		app->feeds =
		        mem_grow(app->feeds, &app->feeds_cap, app->nfeeds + 1, sizeof(*app->feeds));
		app->feeds[app->nfeeds++] = feed;
		event->feed = NULL;
	}
	app->feeds_changed = true;
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
	bool taken = ask_take(app, event);
	on_page(app, event);
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
		app->started = app->feeds_changed = true;
		break;
	case EVENT_NOTICE:
		if (event->text)
			app_say(app, event->err.code == ERR_NONE ? TONE_SAYS : TONE_ERROR, "%s",
			        event->text);
		break;
	case EVENT_DONE:
		on_done(app, event);
		break;
	/* Answers: those who asked have had them. */
	case EVENT_SIGN_IN:
	case EVENT_ITEMS:
	case EVENT_PERSON:
	case EVENT_FILTERS:
	case EVENT_MARKER:
	case EVENT_COUNT:
		break;
	}
	event_free(event);
}
