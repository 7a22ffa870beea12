#include "lookout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "app/presence.h"
#include "app/unseen.h"
#include "base/clock.h"
#include "base/mem.h"
#include "commands/commands.h"
#include "db/queue_db.h"
#include "model/account.h"

/*
 * Whether a deck is open is asked when its lock's file was touched, and a few times more: the
 * kernel tells of a closed descriptor a moment before its lock is free. What rules and mutes
 * there are is asked when queue.db was written, at most once a minute.
 */
enum { LOOKS_AGAIN = 6, LOOK_AGAIN_MS = 50, RULES_AGAIN_MS = 60000, RETRY_MS = 60000 };

struct lookout {
	const struct paths *paths;
	void (*say)(const char *sentence);
	struct presence_watch decks;
	int writes;       /* inotify on the state directory; -1 */
	struct app *app;  /* NULL: a deck is open, or there is nothing to watch */
	int sources;      /* that it said it watches; -1: not said yet */
	size_t said;      /* of the app's messages */
	int looks;        /* still to come */
	int64_t look_ms;  /* monotonic; 0: none */
	bool asleep;      /* no notice is about anything */
	uint64_t rules;   /* a hash of them */
	int64_t rules_ms; /* when to ask again; 0: no need */
	int64_t asked_ms;
};

static int64_t now_ms(void)
{
	return clock_mono(&clock_system);
}

/* -- rules -- */

static void add_text(uint64_t *hash, const char *text)
{
	for (; *text; text++)
		*hash = (*hash ^ (unsigned char)*text) * 1099511628211u;
}

static void add_account(void *ctx, struct account *account)
{
	add_text(ctx, account->name);
	account_free(account);
}

static void add_value(void *ctx, const char *key, const char *value)
{
	static const char *const kinds[] = {"mute/", "quota/", "rule/", "saved/"};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strncmp(key, kinds[i], strlen(kinds[i])) != 0) continue;
		add_text(ctx, key);
		/* How often a mute was hit is part of its value, and no other rule. */
		if (i > 0) add_text(ctx, value);
	}
}

/* FNV-1a of all rules and accounts; what was before when they cannot be read now. */
static uint64_t hash_rules(const struct lookout *lookout)
{
	struct queue_db *db = NULL;
	uint64_t hash = 14695981039346656037u;
	char *path = paths_join(lookout->paths->state, "queue.db");
	bool ok = queue_db_open(path, &db, NULL) && queue_db_values(db, add_value, &hash, NULL) &&
	          queue_db_accounts(db, add_account, &hash, NULL);
	queue_db_close(db);
	free(path);
	return ok ? hash : lookout->rules;
}

static bool was_written(struct lookout *lookout)
{
	_Alignas(struct inotify_event) char bytes[4096];
	bool any = false;
	ssize_t n;
	while ((n = read(lookout->writes, bytes, sizeof(bytes))) > 0) {
		for (char *p = bytes; p < bytes + n;) {
			const struct inotify_event *event = (const void *)p;
			any |= event->len && strcmp(event->name, "queue.db-wal") == 0;
			p += sizeof(*event) + event->len;
		}
	}
	return any;
}

/* -- begin and end -- */

static void stop(struct lookout *lookout)
{
	app_free(lookout->app);
	lookout->app = NULL;
}

static void start(struct lookout *lookout)
{
	struct err err = {0};
	lookout->sources = -1;
	lookout->said = 0;
	lookout->asleep = false;
	lookout->rules = hash_rules(lookout);
	if (unseen_new(lookout->paths, &deck_commands, &lookout->app, &err)) return;
	lookout->app = NULL;
	lookout->say(err.text);
	lookout->look_ms = now_ms() + RETRY_MS;
}

static void say_sources(struct lookout *lookout, int sources)
{
	char text[80];
	if (sources == lookout->sources) return;
	snprintf(text, sizeof(text), "watches %d source%s for notices", sources,
	        sources == 1 ? "" : "s");
	if (sources > 0) lookout->say(text);
	lookout->sources = sources;
}

/* What the deck would say of mistakes and troubles. */
static void pass_on(struct lookout *lookout)
{
	for (const char *text; (text = app_message(lookout->app, lookout->said)); lookout->said++)
		lookout->say(text);
}

static void run(struct lookout *lookout)
{
	unseen_turn(lookout->app);
	pass_on(lookout);
	int sources = unseen_sources(lookout->app);
	if (sources < 0) return;
	say_sources(lookout, sources);
	if (sources > 0) return;
	stop(lookout);
	lookout->asleep = true;
}

static void look(struct lookout *lookout)
{
	bool open = presence_is_there(&lookout->decks);
	/* A deck changes what there is to watch. */
	if (open) lookout->asleep = false;
	if (open && lookout->app) stop(lookout);
	if (!open && !lookout->app && !lookout->asleep) start(lookout);
}

static void look_at_rules(struct lookout *lookout)
{
	lookout->rules_ms = 0;
	lookout->asked_ms = now_ms();
	if (hash_rules(lookout) == lookout->rules || presence_is_there(&lookout->decks)) return;
	stop(lookout);
	start(lookout);
}

bool lookout_is_alone(const struct lookout *lookout)
{
	return !presence_is_there(&lookout->decks);
}

void lookout_turn(struct lookout *lookout)
{
	int64_t now = now_ms();
	if (presence_watch_heard(&lookout->decks)) {
		lookout->looks = LOOKS_AGAIN;
		lookout->look_ms = now;
	}
	if (lookout->look_ms && now >= lookout->look_ms) {
		int done = LOOKS_AGAIN - lookout->looks;
		lookout->look_ms = lookout->looks-- > 0 ? now + (LOOK_AGAIN_MS << done) : 0;
		look(lookout);
	}
	if (was_written(lookout) && !lookout->rules_ms)
		lookout->rules_ms = lookout->asked_ms + RULES_AGAIN_MS;
	if (lookout->rules_ms && now >= lookout->rules_ms) look_at_rules(lookout);
	if (lookout->app) run(lookout);
}

/* -- waiting -- */

int lookout_fds(const struct lookout *lookout, fd_set *fds)
{
	const int all[] = {lookout->decks.inotify, lookout->writes,
	        lookout->app ? unseen_fd(lookout->app) : -1};
	int highest = -1;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		if (all[i] < 0 || all[i] >= FD_SETSIZE) continue;
		FD_SET(all[i], fds);
		if (all[i] > highest) highest = all[i];
	}
	return highest;
}

int lookout_wait_ms(const struct lookout *lookout)
{
	int64_t now = now_ms(), next = INT64_MAX;
	int wait = lookout->app ? unseen_wait_ms(lookout->app) : -1;
	if (wait >= 0) next = now + wait;
	if (lookout->look_ms && lookout->look_ms < next) next = lookout->look_ms;
	if (lookout->rules_ms && lookout->rules_ms < next) next = lookout->rules_ms;
	if (next == INT64_MAX) return -1;
	return next > now ? (int)(next - now) : 0;
}

bool lookout_open(const struct paths *paths, void (*say)(const char *sentence),
        struct lookout **out, struct err *err)
{
	struct lookout *lookout = xcalloc(1, sizeof(*lookout));
	*lookout = (struct lookout){.paths = paths, .say = say, .writes = -1, .looks = 1};
	if (!presence_watch_open(&lookout->decks, paths, err)) {
		free(lookout);
		return false;
	}
	/* Where this cannot be had, rules are read when a deck was closed. */
	lookout->writes = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (lookout->writes >= 0) inotify_add_watch(lookout->writes, paths->state, IN_MODIFY);
	lookout->look_ms = now_ms();
	*out = lookout;
	return true;
}

void lookout_close(struct lookout *lookout)
{
	if (!lookout) return;
	stop(lookout);
	presence_watch_close(&lookout->decks);
	if (lookout->writes >= 0) close(lookout->writes);
	free(lookout);
}
