#include "session.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "cli/cli.h"

enum { START_MS = 10000 };

static void session_put_feed(struct session *session, struct feed *feed)
{
	session->feeds = mem_grow(
	        session->feeds, &session->feeds_cap, session->nfeeds + 1, sizeof(*session->feeds));
	session->feeds[session->nfeeds++] = feed;
}

/* Deal with one event. */
static void session_event(struct session *session, struct event *event)
{
	switch (event->kind) {
	case EVENT_ACCOUNT:
		if (event->account_info) {
			store_put_account(session->store, event->account_info);
			event->account_info = NULL;
		}
		break;
	case EVENT_FEED:
		if (event->feed && !event->number) {
			session_put_feed(session, event->feed);
			event->feed = NULL;
		}
		break;
	case EVENT_READ:
		store_put_read_keys(session->store, event->keys, event->nkeys);
		break;
	case EVENT_PAGE:
		event->page->source = event->source;
		if (session->on_page)
			session->on_page(session->page_ctx, event->source, event->page);
		store_add_page(session->store, event->page);
		event->page = NULL;
		break;
	default:
		break;
	}
	if (session->on_event) session->on_event(session->ctx, event);
}

bool session_turn(struct session *session, int timeout_ms)
{
	struct event *event = engine_next_event(session->engine);
	if (!event) {
		struct pollfd fd = {.fd = engine_fd(session->engine), .events = POLLIN};
		poll(&fd, 1, timeout_ms);
		event = engine_next_event(session->engine);
	}
	if (!event) return false;
	session_event(session, event);
	event_free(event);
	return true;
}

struct waiting {
	enum event_kind kind;
	job_id id;
	bool over;
	struct err err;
	char *said;
	int64_t number;
	void (*before)(void *ctx, struct event *event); /* who else wants to know */
	void *before_ctx;
};

static void on_waiting(void *ctx, struct event *event)
{
	struct waiting *waiting = ctx;
	if (waiting->before) waiting->before(waiting->before_ctx, event);
	if (event->kind != waiting->kind) return;
	if (event->kind == EVENT_DONE && event->reply_to != waiting->id) return;
	waiting->over = true;
	waiting->err = event->err;
	waiting->said = xstrdup(event->text);
	waiting->number = event->number;
}

static bool session_wait(
        struct session *session, struct waiting *waiting, int timeout_ms, struct err *err)
{
	int64_t until = clock_mono(&clock_system) + timeout_ms;
	waiting->before = session->on_event;
	waiting->before_ctx = session->ctx;
	session->on_event = on_waiting;
	session->ctx = waiting;
	while (!waiting->over) {
		int64_t left = until - clock_mono(&clock_system);
		if (left <= 0) break;
		session_turn(session, (int)left);
	}
	session->on_event = waiting->before;
	session->ctx = waiting->before_ctx;
	free(session->said);
	session->said = waiting->said;
	session->number = waiting->number;
	if (!waiting->over)
		return err_set(err, ERR_NETWORK, "no answer within %d s", timeout_ms / 1000);
	if (waiting->err.code != ERR_NONE) {
		if (err) *err = waiting->err;
		return false;
	}
	return true;
}

bool session_start(struct session *session, struct err *err)
{
	return session_open(session, NULL, NULL, NULL, err);
}

bool session_open(struct session *session, const char *sender,
        void (*on_event)(void *ctx, struct event *event), void *ctx, struct err *err)
{
	*session = (struct session){.on_event = on_event, .ctx = ctx};
	if (!paths_init(&session->paths, err)) return false;
	if (!paths_make(&session->paths, err)) return false;
	session->store = store_new(&clock_system);
	places_init(&session->places, &session->paths);
	const struct options *options = &session->places.settings.options;
	struct engine_options opts = {
	        .state_dir = session->paths.state,
	        .sender = sender,
	        .outbox_settle_ms = options->outbox_settle,
	        .outbox_spacing_ms = options->outbox_spacing ? options->outbox_spacing : -1,
	        .secret_command = session->places.command,
	        .keyring = session->places.keyring,
	        .clock = &clock_system,
	        .spacing_ms = -1,
	};
	if (!engine_start(&opts, &session->engine, err)) return false;
	struct waiting waiting = {.kind = EVENT_STARTED};
	return session_wait(session, &waiting, START_MS, err);
}

void session_finish(struct session *session)
{
	engine_stop(session->engine, 2000);
	store_free(session->store);
	for (size_t i = 0; i < session->nfeeds; i++)
		feed_free(session->feeds[i]);
	free(session->feeds);
	free(session->said);
	places_finish(&session->places);
	paths_finish(&session->paths);
	*session = (struct session){0};
}

bool session_do(struct session *session, struct job *job, int timeout_ms, struct err *err)
{
	struct waiting waiting = {.kind = EVENT_DONE};
	waiting.id = engine_post(session->engine, job);
	return session_wait(session, &waiting, timeout_ms, err);
}

/* Those that can, as far as is known. */
static bool can(const struct account *account, unsigned cap)
{
	if (account->id == ACCOUNT_FEEDS) return false;
	return !cap || account->learned_ms == 0 || account->caps & cap;
}

const struct account *session_account(
        const struct session *session, const char *name, unsigned cap, int *out_status)
{
	const struct account *const *list;
	const struct account *found = NULL;
	size_t n = store_accounts(session->store, &list), able = 0;
	struct str names = {0};
	for (size_t i = 0; i < n; i++) {
		if (name ? strcmp(list[i]->name, name) != 0 : !can(list[i], cap)) continue;
		if (name && list[i]->id == ACCOUNT_FEEDS) continue;
		found = list[i];
		str_addf(&names, "%s%s", able++ ? ", " : "", list[i]->name);
	}
	*out_status = CLI_DONE;
	if (able > 1) {
		fprintf(stderr, "stoa: as which account? Say -a with one of: %s\n", str_c(&names));
		*out_status = CLI_USAGE;
	} else if (!able && name) {
		fprintf(stderr, "stoa: there is no account '%s'; `stoa accounts` lists them\n",
		        name);
		*out_status = CLI_FAILED;
	} else if (!able) {
		fprintf(stderr,
		        "stoa: there is no account that can %s; `stoa login` signs one in\n",
		        cap ? capability_name(cap) : "do this");
		*out_status = CLI_FAILED;
	}
	str_finish(&names);
	return able == 1 ? found : NULL;
}

/* Is `group` one of the lines of `groups`? */
static bool in_group(const char *groups, const char *group)
{
	size_t len = strlen(group);
	for (const char *line = groups; line && *line;) {
		const char *end = strchr(line, '\n');
		size_t line_len = end ? (size_t)(end - line) : strlen(line);
		if (line_len == len && memcmp(line, group, len) == 0) return true;
		line = end ? end + 1 : NULL;
	}
	return false;
}

size_t session_group(const struct session *session, const char *group,
        void (*each)(void *ctx, const struct feed *feed), void *ctx)
{
	size_t n = 0;
	for (size_t i = 0; i < session->nfeeds; i++) {
		if (group && !in_group(session->feeds[i]->groups, group)) continue;
		each(ctx, session->feeds[i]);
		n++;
	}
	return n;
}
