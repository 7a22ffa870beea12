#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "base/mem.h"
#include "engine/signin.h"
#include "engine/source.h"
#include "net/url.h"

/* The feeds that are followed: rows of queue.db, told when they change. */

static void tell_feed(struct core *core, const struct feed *feed, bool dropped)
{
	struct event *event = event_new(EVENT_FEED);
	event->feed = feed_copy(feed);
	event->number = dropped;
	core->emit(core->emit_ctx, event);
}

static struct followed *followed_find(struct core *core, const char *name)
{
	struct followed *followed = NULL;
	HASH_FIND(hh, core->feeds, name, strlen(name), followed);
	return followed;
}

static void followed_drop(struct core *core, struct followed *followed)
{
	HASH_DEL(core->feeds, followed);
	feed_free(followed->feed);
	free(followed);
}

void feeds_free(struct core *core)
{
	struct followed *followed, *next;
	HASH_ITER(hh, core->feeds, followed, next)
	{
		followed_drop(core, followed);
	}
}

static void followed_put(struct core *core, struct feed *feed)
{
	struct followed *old = followed_find(core, feed->name);
	if (old) followed_drop(core, old);
	struct followed *followed = xcalloc(1, sizeof(*followed));
	followed->feed = feed;
	HASH_ADD_KEYPTR(hh, core->feeds, feed->name, strlen(feed->name), followed);
	tell_feed(core, feed, false);
}

static void each_feed(void *ctx, struct feed *feed)
{
	followed_put(ctx, feed);
}

bool feeds_load(struct core *core, struct err *err)
{
	return queue_db_feeds(core->db, each_feed, core, err);
}

const struct feed *feeds_find(struct core *core, const char *name)
{
	struct followed *followed = followed_find(core, name);
	return followed ? followed->feed : NULL;
}

bool feeds_put(struct core *core, struct feed *feed, struct err *err)
{
	bool known_scheme = url_is_web(feed->url) || strncasecmp(feed->url, "file:///", 8) == 0;
	if (!known_scheme) {
		err_set(err, ERR_SYNTAX, "a feed's address starts with http, https or file: %s",
		        feed->url);
		feed_free(feed);
		return false;
	}
	if (!queue_db_put_feed(core->db, feed, err)) {
		feed_free(feed);
		return false;
	}
	followed_put(core, feed);
	sources_resolve(core);
	return true;
}

void feeds_learn(struct core *core, const char *name, const char *title, const char *site)
{
	const struct feed *known = feeds_find(core, name);
	bool wants_title = known && !*known->title && title && *title;
	bool wants_site = known && !*known->site && site && *site;
	if (!wants_title && !wants_site) return;
	struct feed *feed = feed_copy(known);
	if (wants_title) {
		free(feed->title);
		feed->title = xstrdup(title);
	}
	if (wants_site) {
		free(feed->site);
		feed->site = xstrdup(site);
	}
	struct err err = {0};
	if (queue_db_put_feed(core->db, feed, &err)) {
		followed_put(core, feed);
		return;
	}
	log_put(LOG_WARN, "engine", "feed %s: %s", name, err.text);
	feed_free(feed);
}

bool feeds_drop(struct core *core, const char *name, struct err *err)
{
	bool was_there = false;
	if (!queue_db_drop_feed(core->db, name, &was_there, err)) return false;
	struct followed *followed = followed_find(core, name);
	if (!was_there || !followed)
		return err_set(err, ERR_NOT_FOUND, "there is no feed '%s'", name);
	tell_feed(core, followed->feed, true);
	followed_drop(core, followed);
	sources_resolve(core);
	return true;
}
