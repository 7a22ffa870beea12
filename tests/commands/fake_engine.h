#pragma once
#include "deck_fixture.h"

#include "engine/engine.h"
#include "model/post.h"

/*
 * An engine that does nothing but keep what it is asked, and says what the test wants: in
 * place of the real one, whose functions of the same names are then not linked.
 */
struct engine {
	struct job *jobs[200];
	size_t njobs;
	struct event *events[200];
	size_t nevents, taken;
	job_id last;
	size_t acts, drafts; /* of JOB_ACT and JOB_DRAFT, whatever became of them */
};

static struct engine fake;

bool engine_start(const struct engine_options *opts, struct engine **out, struct err *err)
{
	(void)opts;
	(void)err;
	memset(&fake, 0, sizeof(fake));
	*out = &fake;
	return true;
}

void engine_stop(struct engine *engine, int timeout_ms)
{
	(void)timeout_ms;
	for (size_t i = 0; i < engine->njobs; i++)
		job_free(engine->jobs[i]);
	for (size_t i = engine->taken; i < engine->nevents; i++)
		event_free(engine->events[i]);
	engine->njobs = engine->nevents = engine->taken = 0;
}

job_id engine_post(struct engine *engine, struct job *job)
{
	assert_true(engine->njobs < 200);
	job->id = ++engine->last;
	engine->acts += job->kind == JOB_ACT;
	engine->drafts += job->kind == JOB_DRAFT;
	engine->jobs[engine->njobs++] = job;
	return job->id;
}

void engine_cancel(struct engine *engine, job_id id)
{
	(void)engine;
	(void)id;
}

int engine_fd(const struct engine *engine)
{
	(void)engine;
	return -1;
}

struct event *engine_next_event(struct engine *engine)
{
	return engine->taken < engine->nevents ? engine->events[engine->taken++] : NULL;
}

struct engine_stats engine_stats(struct engine *engine)
{
	(void)engine;
	return (struct engine_stats){0};
}

static inline void fake_tell(struct deck *deck, struct event *event)
{
	assert_true(fake.nevents < 200);
	fake.events[fake.nevents++] = event;
	app_turn(deck->app, 0);
	app_turn(deck->app, 0);
}

/* The newest job of a kind; fails the test when there is none. */
static inline struct job *fake_job(enum job_kind kind)
{
	for (size_t i = fake.njobs; i-- > 0;) {
		if (fake.jobs[i]->kind == kind) return fake.jobs[i];
	}
	fail_msg("no such job was posted");
	return NULL;
}

static inline size_t fake_count(enum job_kind kind)
{
	size_t n = 0;
	for (size_t i = 0; i < fake.njobs; i++)
		n += fake.jobs[i]->kind == kind;
	return n;
}

/* End a job: well (why NULL), or because of `why`. */
static inline void fake_done(struct deck *deck, const struct job *job, const char *why)
{
	struct event *event = event_new(EVENT_DONE);
	event->reply_to = job->id;
	if (why) err_set(&event->err, ERR_SERVER, "%s", why);
	fake_tell(deck, event);
}

/* -- a world: two accounts and a home timeline -- */

enum {
	WORK = 2,
	HOBBY = 3,
	CAN_ALL = CAP_LIKE | CAP_REPOST | CAP_BOOKMARK | CAP_POST | CAP_PIN | CAP_MUTE_THREAD |
	          CAP_POLL | CAP_EDIT | CAP_FOLLOW | CAP_MUTE | CAP_BLOCK | CAP_REPORT | CAP_LIST |
	          CAP_BLOCK_DOMAIN | CAP_FOLLOW_TAG | CAP_NOTIFICATIONS | CAP_FILTERS,
};

static inline void fake_account(struct deck *deck, account_id id, const char *name, unsigned caps)
{
	struct event *event = event_new(EVENT_ACCOUNT);
	struct account *account = account_new(name, "mastodon", "home.example");
	struct str handle = {0}, uri = {0};
	str_addf(&handle, "me-%s@home.example", name);
	str_addf(&uri, "https://home.example/users/me-%s", name);
	account->id = id;
	account->caps = caps;
	account_set(&account->handle, handle.p);
	account_set(&account->uri, uri.p);
	account_set(&account->software, "harbour 1.2");
	str_finish(&handle);
	str_finish(&uri);
	event->account = id;
	event->account_info = account;
	fake_tell(deck, event);
}

/* A post by `handle` (its uri is https://sea.example/NAME) as WORK's home brings it. */
struct fake_post {
	const char *name, *handle, *body, *poll;
	unsigned viewer; /* enum viewer_flag of WORK */
	unsigned flags;  /* enum post_flag */
	uint32_t likes, reposts;
	enum reason reason; /* of its row */
	const char *actor;  /* handle, or NULL */
};

static inline uint32_t fake_profile(struct page *page, const char *handle)
{
	struct str uri = {0};
	str_addf(&uri,
	        strncmp(handle, "me-", 3) == 0 ? "https://home.example/users/%.*s"
	                                       : "https://sea.example/users/%.*s",
	        (int)strcspn(handle, "@"), handle);
	struct profile profile = {.uri = uri.p, .handle = handle, .name = handle, .followers = -1};
	uint32_t at = page_add_profile(page, &profile);
	str_finish(&uri);
	return at;
}

static inline void fake_page(
        struct deck *deck, const char *source, const struct fake_post *posts, size_t n)
{
	struct event *event = event_new(EVENT_PAGE);
	struct page *page = event->page = page_new();
	event->source = store_source(deck->app->store, source);
	for (size_t i = 0; i < n; i++) {
		const struct fake_post *it = &posts[i];
		struct entry entry = {.sort_ms = deck_now_ms - 60000 * (int64_t)(i + 1),
		        .reason = it->reason,
		        .cursor = it->name};
		if (it->body) {
			struct str uri = {0};
			struct viewer viewer = {
			        .account = WORK, .flags = it->viewer, .remote_id = it->name};
			str_addf(&uri, "https://sea.example/%s", it->name);
			struct post_parts parts = {.str = {[POST_URI] = uri.p,
			                                   [POST_BODY] = it->body,
			                                   [POST_POLL] = it->poll},
			        .viewers = &viewer,
			        .nviewers = 1,
			        .author = fake_profile(page, it->handle),
			        .created_ms = entry.sort_ms,
			        .likes = it->likes,
			        .reposts = it->reposts,
			        .flags = it->flags};
			entry.post = page_add_post(page, &parts);
			str_finish(&uri);
		}
		if (it->actor) entry.actor = fake_profile(page, it->actor);
		page_add_entry(page, &entry);
	}
	fake_tell(deck, event);
}

static inline void fake_home(struct deck *deck, const struct fake_post *posts, size_t n)
{
	fake_page(deck, "work/home", posts, n);
}

static const struct fake_post fake_posts[] = {
        {.name = "1", .handle = "ada@sea.example", .body = "Tide tables for November", .likes = 4},
        {.name = "2",
                .handle = "bob@sea.example",
                .body = "Which pier?\nTell us",
                .poll = "3\tNorth\n5\tSouth\n-1\tNeither"},
        {.name = "3",
                .handle = "me-work@home.example",
                .body = "Our own words",
                .viewer = VIEWER_OWN},
        {.name = "4",
                .handle = "cat@sea.example",
                .body = "Pick any",
                .poll = "1\tRope\n2\tTar",
                .flags = POST_IS_POLL_MULTIPLE},
};

/* A deck with the column Home of `work`, which has the posts above. */
static inline void fake_deck(struct deck *deck, int cols, int rows)
{
	deck_start(deck, cols, rows, "", NULL);
	fake_account(deck, WORK, "work", CAN_ALL);
	fake_account(deck, HOBBY, "hobby", CAN_ALL & ~(unsigned)CAP_REPOST);
	fake_tell(deck, event_new(EVENT_STARTED));
	deck_run(deck, "column add Home work/home");
	fake_home(deck, fake_posts, sizeof(fake_posts) / sizeof(*fake_posts));
	deck_keys(deck, "gg");
}

static inline const struct post *fake_post(const struct deck *deck, const char *name)
{
	struct str uri = {0};
	str_addf(&uri, "https://sea.example/%s", name);
	const struct post *post = store_post(deck->app->store, store_find(deck->app->store, uri.p));
	str_finish(&uri);
	return post;
}

static inline unsigned fake_flags(const struct deck *deck, const char *name, account_id account)
{
	struct viewer viewer;
	const struct post *post = fake_post(deck, name);
	return post && post_viewer_of(post, account, &viewer) ? viewer.flags : 0;
}
