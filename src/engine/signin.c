#include "engine/signin.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "engine/fetch.h"
#include "engine/secret.h"
#include "engine/source.h"
#include "engine/stream.h"
#include "net/url.h"

static void tell_account(struct core *core, account_id id, const struct account *account)
{
	struct event *event = event_new(EVENT_ACCOUNT);
	event->account = id;
	event->account_info = account ? account_copy(account) : NULL;
	core->emit(core->emit_ctx, event);
}

static void tell_notice(struct core *core, const struct err *err)
{
	struct event *event = event_new(EVENT_NOTICE);
	event->text = xstrdup(err->text);
	event->err = *err;
	core->emit(core->emit_ctx, event);
}

static void add(struct core *core, struct account *account, char *token)
{
	struct signin *signin = xcalloc(1, sizeof(*signin));
	signin->account = account;
	signin->net = network_find(account->network);
	signin->token = token;
	signin->serial = ++core->serial;
	DL_APPEND(core->signins, signin);
}

static void each_account(void *ctx, struct account *account)
{
	struct core *core = ctx;
	struct err err = {0};
	char *token = NULL;
	if (account->id != ACCOUNT_FEEDS && core->state_dir)
		token = secret_get(core->state_dir, account->name, &err);
	if (err.code != ERR_NONE) tell_notice(core, &err);
	add(core, account, token);
	tell_account(core, account->id, account);
}

bool signins_load(struct core *core, struct err *err)
{
	return queue_db_accounts(core->db, each_account, core, err);
}

static void signin_free(struct core *core, struct signin *signin)
{
	DL_DELETE(core->signins, signin);
	account_free(signin->account);
	secret_free(signin->token);
	free(signin);
}

void signins_free(struct core *core)
{
	while (core->signins)
		signin_free(core, core->signins);
	struct followed *followed, *next;
	HASH_ITER(hh, core->feeds, followed, next)
	{
		HASH_DEL(core->feeds, followed);
		feed_free(followed->feed);
		free(followed);
	}
}

struct signin *signin_find(struct core *core, const char *name)
{
	struct signin *signin;
	DL_FOREACH(core->signins, signin)
	{
		if (strcmp(signin->account->name, name) == 0) return signin;
	}
	return NULL;
}

struct signin *signin_by_id(struct core *core, account_id id)
{
	struct signin *signin;
	DL_FOREACH(core->signins, signin)
	{
		if (signin->account->id == id) return signin;
	}
	return NULL;
}

char *account_root(const struct account *account)
{
	struct str root = {0};
	if (!strstr(account->host, "://")) str_adds(&root, "https://");
	str_adds(&root, account->host);
	return str_take(&root);
}

char *account_host(const char *written, struct err *err)
{
	bool plain = strncasecmp(written, "http://", 7) == 0;
	struct str url = {0}, host = {0};
	if (!strstr(written, "://")) str_adds(&url, "https://");
	str_adds(&url, written);
	char *name =
	        url_is_web(str_c(&url)) && !strchr(written, '@') ? url_host(str_c(&url)) : NULL;
	if (!name)
		err_set(err, ERR_SYNTAX, "'%s' is no server: write it as mastodon.example",
		        written);
	else if (plain && !url_is_loopback(str_c(&url)))
		err_set(err, ERR_SYNTAX, "%s: a token is not sent over plain http", name);
	else
		str_addf(&host, "%s%s", plain ? "http://" : "", name);
	free(name);
	str_finish(&url);
	return host.len ? str_take(&host) : NULL;
}

/* Nothing may go on with an account that changes or goes. */
static void quiet(struct core *core, account_id id, const char *why)
{
	struct source *source, *next;
	HASH_ITER(hh, core->sources, source, next)
	{
		struct signin *signin = signin_find(core, source->ref.account);
		if (signin && signin->account->id == id && id != ACCOUNT_FEEDS)
			stream_detach(source);
	}
	struct fetch *fetch, *next_fetch;
	DL_FOREACH_SAFE(core->fetches, fetch, next_fetch)
	{
		if (fetch->call.account->id == id && !fetch->over) fetch_cancel(fetch, why);
	}
}

bool signin_put(struct core *core, struct account *account, const char *token, struct err *err)
{
	if (core->state_dir && !secret_put(core->state_dir, account->name, token, err)) {
		account_free(account);
		return false;
	}
	if (!queue_db_put_account(core->db, account, err)) {
		if (core->state_dir && !signin_find(core, account->name))
			secret_put(core->state_dir, account->name, NULL, NULL);
		account_free(account);
		return false;
	}
	struct signin *old = signin_by_id(core, account->id);
	if (old) {
		quiet(core, account->id, "signed in anew");
		signin_free(core, old);
	}
	add(core, account, xstrdup(token));
	tell_account(core, account->id, account);
	sources_resolve(core);
	return true;
}

bool signin_drop(struct core *core, account_id id, struct err *err)
{
	struct signin *signin = signin_by_id(core, id);
	if (!signin || id == ACCOUNT_FEEDS)
		return err_set(err, ERR_NOT_FOUND, "there is no such account");
	if (core->state_dir && !secret_put(core->state_dir, signin->account->name, NULL, err))
		return false;
	if (!queue_db_drop_account(core->db, id, err)) return false;
	quiet(core, id, "signed out");
	signin_free(core, signin);
	tell_account(core, id, NULL);
	sources_resolve(core);
	return true;
}

/* -- feeds -- */

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
