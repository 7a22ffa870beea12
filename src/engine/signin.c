#include "engine/signin.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "engine/ask.h"
#include "engine/fetch.h"
#include "engine/mark.h"
#include "engine/schedule.h"
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

/* The token is the first word of a secret (network.h, struct sign_in). */
static void set_secret(struct signin *signin, const char *secret)
{
	size_t len = secret ? strcspn(secret, " ") : 0;
	signin->token = len ? xstrndup(secret, len) : NULL;
	signin->client = len && secret[len] ? xstrdup(secret + len + 1) : NULL;
}

/* Takes `account`. */
static struct signin *add(struct core *core, struct account *account, const char *secret)
{
	struct signin *signin = xcalloc(1, sizeof(*signin));
	signin->account = account;
	signin->net = network_find(account->network);
	set_secret(signin, secret);
	signin->serial = ++core->serial;
	signin->learn_ms = signin->filters_ms = INT64_MAX;
	DL_APPEND(core->signins, signin);
	return signin;
}

/* A token that goes over plain http to this machine is none for a keyring. */
static struct secrets secrets_of(const struct core *core, const struct account *account)
{
	struct secrets secrets = core->secrets;
	if (strncmp(account->host, "http://", 7) == 0) secrets.keyring = NULL;
	return secrets;
}

static void each_account(void *ctx, struct account *account)
{
	struct core *core = ctx;
	struct err err = {0};
	char *secret = NULL;
	enum secret_place place = SECRET_IN_NOWHERE;
	struct secrets secrets = secrets_of(core, account);
	if (account->id != ACCOUNT_FEEDS && core->state_dir)
		secret = secrets_get(&secrets, account->name, &place, &err);
	if (err.code != ERR_NONE) tell_notice(core, &err);
	add(core, account, secret)->place = place;
	secret_free(secret);
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
	secret_free(signin->client);
	free(signin);
}

void signins_free(struct core *core)
{
	while (core->signins)
		signin_free(core, core->signins);
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

/* The account came, or came to be able to do more, after its sources were watched. */
static void wake_watched(struct core *core, struct signin *signin)
{
	struct source *source, *next;
	HASH_ITER(hh, core->sources, source, next)
	{
		if (strcmp(source->ref.account, signin->account->name) != 0) continue;
		signin_wake(core, signin);
		mark_read(core, source);
	}
}

bool signin_put(struct core *core, struct account *account, const char *secret, struct err *err)
{
	enum secret_place place = SECRET_IN_NOWHERE;
	struct secrets secrets = secrets_of(core, account);
	if (core->state_dir && !secrets_put(&secrets, account->name, secret, &place, err)) {
		account_free(account);
		return false;
	}
	if (!queue_db_put_account(core->db, account, err)) {
		if (core->state_dir && !signin_find(core, account->name))
			secrets_put(&secrets, account->name, NULL, NULL, NULL);
		account_free(account);
		return false;
	}
	struct signin *old = signin_by_id(core, account->id);
	if (old) {
		quiet(core, account->id, "signed in anew");
		signin_free(core, old);
	}
	struct signin *signin = add(core, account, secret);
	signin->place = place;
	tell_account(core, account->id, account);
	sources_resolve(core);
	wake_watched(core, signin);
	return true;
}

/* Everything that borrowed the account's token has the new one. */
static void hand_out(struct core *core, const struct signin *signin, const char *old_token,
        const char *old_client)
{
	struct fetch *fetch;
	DL_FOREACH(core->fetches, fetch)
	{
		if (fetch->call.token == old_token) fetch->call.token = signin->token;
		if (fetch->call.client == old_client) fetch->call.client = signin->client;
	}
	struct stream *stream;
	DL_FOREACH(core->streams, stream)
	{
		struct channel *channel = stream->signin == signin ? stream->channels : NULL;
		for (; channel; channel = channel->next)
			channel->call.token = signin->token;
	}
}

/* Go on with this secret. */
static void signin_take(struct core *core, struct signin *signin, const char *secret)
{
	char *old_token = signin->token, *old_client = signin->client;
	set_secret(signin, secret);
	signin->lapsed = false;
	signin->renewals++;
	hand_out(core, signin, old_token, old_client);
	secret_free(old_token);
	secret_free(old_client);
}

void signin_renew(struct core *core, struct signin *signin, const char *secret)
{
	struct err err = {0};
	struct secrets secrets = secrets_of(core, signin->account);
	bool kept = !core->state_dir ||
	            secrets_put(&secrets, signin->account->name, secret, &signin->place, &err);
	if (!kept) tell_notice(core, &err); /* good for this session all the same */
	signin_take(core, signin, secret);
}

char *signin_kept(const struct core *core, const struct signin *signin)
{
	struct secrets secrets = secrets_of(core, signin->account);
	return core->state_dir ? secrets_get(&secrets, signin->account->name, NULL, NULL) : NULL;
}

struct account_ids {
	account_id *ids;
	size_t n;
	struct core *core;
	bool news;
};

static bool has_id(const struct account_ids *all, account_id id)
{
	for (size_t i = 0; i < all->n; i++) {
		if (all->ids[i] == id) return true;
	}
	return false;
}

static void look_again(void *ctx, struct account *account)
{
	struct account_ids *all = ctx;
	struct signin *signin = signin_by_id(all->core, account->id);
	all->ids = xrealloc(all->ids, (all->n + 1) * sizeof(*all->ids));
	all->ids[all->n++] = account->id;
	if (!signin) {
		all->news = true;
		each_account(all->core, account);
		return;
	}
	/* What it may do or is called elsewhere, this process finds out itself. */
	account_free(account);
	if (signin->token && !signin->lapsed) return;
	char *secret = signin->account->id == ACCOUNT_FEEDS ? NULL : signin_kept(all->core, signin);
	bool is_new = secret && (!signin->token ||
	                                strncmp(secret, signin->token, strlen(signin->token)) != 0);
	if (is_new) signin_take(all->core, signin, secret);
	secret_free(secret);
}

static void forget(struct core *core, struct signin *signin, const char *why)
{
	account_id id = signin->account->id;
	quiet(core, id, why);
	signin_free(core, signin);
	tell_account(core, id, NULL);
}

void signins_look_again(struct core *core)
{
	struct account_ids all = {.core = core};
	struct signin *signin, *next;
	bool read = queue_db_accounts(core->db, look_again, &all, NULL);
	DL_FOREACH_SAFE(core->signins, signin, next)
	{
		if (!read || has_id(&all, signin->account->id)) continue;
		forget(core, signin, "signed out");
		all.news = true;
	}
	free(all.ids);
	if (!all.news) return;
	sources_resolve(core);
	DL_FOREACH(core->signins, signin)
	{
		wake_watched(core, signin);
	}
}

bool signin_drop(struct core *core, account_id id, struct err *err)
{
	struct signin *signin = signin_by_id(core, id);
	if (!signin || id == ACCOUNT_FEEDS)
		return err_set(err, ERR_NOT_FOUND, "there is no such account");
	struct secrets secrets = secrets_of(core, signin->account);
	if (core->state_dir && !secrets_put(&secrets, signin->account->name, NULL, NULL, err))
		return false;
	if (!queue_db_drop_account(core->db, id, err)) return false;
	forget(core, signin, "signed out");
	sources_resolve(core);
	return true;
}

/* -- what a server can do -- */

enum {
	LEARN_EVERY_MS = 24 * 3600000,
	LEARN_AGAIN_MS = 3600000, /* after a failure */
	LEARN_SOON_MS = 8000,     /* after the start, somewhen in this time */
	FILTERS_SOON_MS = 3000,
};

/* Keep it, and tell. What cannot be written is known until stoa ends. */
static void changed(struct core *core, struct account *account)
{
	struct err err = {0};
	if (!queue_db_put_account(core->db, account, &err))
		log_put(LOG_WARN, "engine", "account %s: %s", account->name, err.text);
	tell_account(core, account->id, account);
}

static void set_if_told(char **field, const char *value)
{
	if (value && *value) account_set(field, value);
}

void signin_learn(struct core *core, account_id id, const struct account *learned)
{
	struct signin *signin = signin_by_id(core, id);
	if (!signin) return;
	struct account *account = signin->account;
	unsigned news = learned->caps & ~account->caps;
	set_if_told(&account->handle, learned->handle);
	set_if_told(&account->uri, learned->uri);
	set_if_told(&account->remote_id, learned->remote_id);
	set_if_told(&account->software, learned->software);
	account_set(&account->streaming, learned->streaming);
	account_set(&account->labels, learned->labels);
	account->caps = learned->caps;
	account->api = learned->api;
	account->limits = learned->limits;
	account->learned_ms = core_wall(core);
	if (signin->woken) {
		signin->learn_ms = core_now(core) + schedule_jitter(&core->random, LEARN_EVERY_MS);
		filters_refetch(core, id);
	}
	changed(core, account);
	if (news & CAP_MARKERS) wake_watched(core, signin);
}

void signin_learned(struct core *core, account_id id, unsigned caps_on, unsigned caps_off)
{
	struct signin *signin = signin_by_id(core, id);
	if (!signin) return;
	unsigned caps = (signin->account->caps | caps_on) & ~caps_off;
	if (caps == signin->account->caps) return;
	signin->account->caps = caps;
	changed(core, signin->account);
}

static int64_t soon(struct core *core, int within_ms)
{
	return core_now(core) + within_ms / 8 +
	       (int64_t)random_below(&core->random, (uint64_t)within_ms);
}

void signin_wake(struct core *core, struct signin *signin)
{
	const struct account *account = signin->account;
	if (signin->woken || !signin->net) return;
	signin->woken = true;
	int64_t age = core_wall(core) - account->learned_ms;
	bool stale = account->learned_ms == 0 || age < 0 || age >= LEARN_EVERY_MS;
	if (signin->net->learn)
		signin->learn_ms =
		        stale ? soon(core, LEARN_SOON_MS) : core_now(core) + LEARN_EVERY_MS - age;
	if (account->caps & CAP_FILTERS) signin->filters_ms = soon(core, FILTERS_SOON_MS);
}

void filters_refetch(struct core *core, account_id id)
{
	struct signin *signin = signin_by_id(core, id);
	if (signin && signin->account->caps & CAP_FILTERS) signin->filters_ms = core_now(core);
}

int64_t signins_tick(struct core *core, int64_t now_ms)
{
	int64_t next = INT64_MAX;
	struct signin *signin;
	DL_FOREACH(core->signins, signin)
	{
		if (signin->learn_ms <= now_ms) {
			signin->learn_ms = now_ms + LEARN_AGAIN_MS; /* unless it is learned */
			ask_quietly(core, JOB_LEARN, signin);
		}
		if (signin->filters_ms <= now_ms) {
			signin->filters_ms = INT64_MAX;
			ask_quietly(core, JOB_FILTERS, signin);
		}
		if (signin->learn_ms < next) next = signin->learn_ms;
		if (signin->filters_ms < next) next = signin->filters_ms;
	}
	return next;
}
