#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/account.h"
#include "model/feed.h"
#include "model/health.h"
#include "model/ids.h"
#include "model/page.h"

/* UI -> engine. X(KIND, what it asks, which fields it uses). Every one is ended by exactly one
 * DONE. */
#define JOBS(X)                                                                                    \
	X(WATCH, "keep a source fresh; stored rows come first. source, arg: canonical name")       \
	X(UNWATCH, "stop fetching a source. source")                                               \
	X(REFRESH, "fetch a source now (a floor of 60 s a feed, server's limits kept). source")    \
	X(OLDER, "the page before the oldest row, from the archive or the network. source, "       \
	         "at_ms, cursor in arg")                                                           \
	X(GAP, "load rows missing in a gap. source, arg: the gap's cursor")                        \
	X(ARTICLE, "the whole text of a post. arg: its URI")                                       \
	X(READ, "remember what was read or made unread. keys, on")                                 \
	X(VISIT,                                                                                   \
	        "minutes of attention. arg: column's title, at_ms: start, number: active seconds") \
	X(PUT, "remember a small value. arg: key LF value; an empty value forgets")                \
	X(LOGIN, "sign in with a token. arg: network LF host LF name LF token")                    \
	X(LOGOUT, "forget an account and its token. account")                                      \
	X(SUBSCRIBE, "follow a feed, or change its row. feed")                                     \
	X(UNSUBSCRIBE, "stop following. arg: feed name")                                           \
	X(OPTION,                                                                                  \
	        "an option that the engine obeys: refresh or feed-refresh. arg: name, number: ms") \
	X(RESUMED, "the machine slept, or the network came back: look at everything again")

/* engine -> UI. X(KIND, what it tells) */
#define EVENTS(X)                                                                                  \
	X(PAGE, "posts and rows of a source. source, page")                                        \
	X(GONE, "a post was deleted. account, text: remote id")                                    \
	X(SOURCE, "a source's health changed. source, health")                                     \
	X(ACCOUNT,                                                                                 \
	        "an account is there or changed. account, account_info (NULL: it was signed out)") \
	X(FEED, "a followed feed is there or changed; number 1 when it was dropped. feed")         \
	X(ARTICLE, "the whole text. text: URI, article (NULL when there is none)")                 \
	X(READ, "keys of posts that were read, all at start. keys")                                \
	X(VALUE, "a remembered value. text: key LF value")                                         \
	X(STARTED, "all ACCOUNT, FEED, READ and VALUE events of the start have been sent")         \
	X(NOTICE, "a sentence for the user. text, err.code")                                       \
	X(DONE, "a job ended; exactly one per job. reply_to, err")

#define X(kind, help) JOB_##kind,
enum job_kind { JOBS(X) JOB_COUNT };
#undef X
#define X(kind, help) EVENT_##kind,
enum event_kind { EVENTS(X) EVENT_COUNT };
#undef X

struct job {
	enum job_kind kind;
	job_id id; /* set by engine_post */
	source_id source;
	account_id account;
	char *arg;         /* owned */
	struct feed *feed; /* owned */
	uint64_t *keys;    /* owned */
	size_t nkeys;
	bool on;
	int64_t at_ms, number;
};

struct event {
	enum event_kind kind;
	job_id reply_to; /* 0: nobody asked */
	source_id source;
	account_id account;
	struct page *page;            /* owned */
	struct account *account_info; /* owned */
	struct feed *feed;            /* owned */
	struct text *article;         /* owned */
	char *text;                   /* owned */
	uint64_t *keys;               /* owned */
	size_t nkeys;
	struct health health;
	int64_t number;
	struct err err; /* code ERR_NONE when all went well */
};

struct job *job_new(enum job_kind kind);
void job_free(struct job *job);
struct event *event_new(enum event_kind kind);
void event_free(struct event *event);
