#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/account.h"
#include "model/action.h"
#include "model/attention.h"
#include "model/brief.h"
#include "model/feed.h"
#include "model/health.h"
#include "model/ids.h"
#include "model/image.h"
#include "model/items.h"
#include "model/outgoing.h"
#include "model/page.h"
#include "model/person.h"
#include "model/server_filter.h"

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
	X(VISITS, "so much attention as was noted; DONE's number: seconds of visits since at_ms, " \
	          "text: when the last of all ended, in ms")                                       \
	X(BRIEF, "what was recorded, put together; a BRIEF replies. at_ms: since then, 0: a day")  \
	X(PUT, "remember a small value. arg: key LF value; an empty value forgets")                \
	X(LOGIN, "sign in with a token. arg: network LF host LF name LF token [LF code]")          \
	X(GUEST, "read a network without signing in. arg: network LF host LF name; the host may "  \
	         "be "                                                                             \
	         "`-` where the network has one for that")                                         \
	X(SIGN_IN, "sign in by browser. arg: network LF host LF name; on: listen on loopback for " \
	           "the answer, else a code will be pasted")                                       \
	X(CODE, "the pasted code of a sign-in. arg, number: id of its SIGN_IN job")                \
	X(LOGOUT, "forget an account, its token here and at the server. account")                  \
	X(LEARN, "look again what an account's server can do. account")                            \
	X(ACT, "do something as an account. account, action; its DONE says in text what came of "  \
	       "it")                                                                               \
	X(LOOKUP, "what is at an address. account, arg: URL, URI or handle; a PAGE of source 0 "   \
	          "replies")                                                                       \
	X(ITEMS, "a page of a collection. account, number: enum collection, arg, cursor")          \
	X(PERSON, "all about a profile. account, arg: handle or uri")                              \
	X(FILTERS, "the account's filters at its server. account")                                 \
	X(MARK, "this far was read; moves the server's marker forward, never back. source, arg: "  \
	        "a row's cursor, at_ms: its time")                                                 \
	X(SUBSCRIBE, "follow a feed, or change its row. feed")                                     \
	X(UNSUBSCRIBE, "stop following. arg: feed name")                                           \
	X(DRAFT, "keep a draft; DONE's number is its id. draft; number: the DRAFT job that kept "  \
	         "it first, when its id is not known yet")                                         \
	X(DRAFT_DROP, "throw a draft away. number: its id")                                        \
	X(SEND, "a draft is written: make what goes out of it, at its time or now. draft; "        \
	        "at_ms: not before, so that it can be taken back; DONE says in text what will "    \
	        "be, "                                                                             \
	        "its number is the draft of the OUTGOING events that came before it")              \
	X(IMPORT, "as SEND, of many drafts at once: all of them or, when one cannot be, none. "    \
	          "drafts; DONE's number is how many posts were made")                             \
	X(OUTGOING_CHANGE, "another text or other things, where it is not on its way. number: "    \
	                   "id; draft: with one part and one account")                             \
	X(OUTGOING_MOVE, "another time. number: id, arg: wall LF zone LF fold")                    \
	X(OUTGOING_CANCEL, "do not post it; what a server keeps is withdrawn. number: id")         \
	X(OUTGOING_RETRY, "send what failed, was missed or needs you. number: id")                 \
	X(OUTGOING_SENT, "it needs you, and you say that it was posted. number: id")               \
	X(HOLD, "nothing goes out; what servers keep is withdrawn. account (0: all), on")          \
	X(ATTENTION, "what we owe a post. account, arg: URI, number: enum attention")              \
	X(SAVED, "a named query, tallied from now on. arg: name LF query; an empty one forgets")   \
	X(OPTION,                                                                                  \
	        "an option that the engine obeys: refresh or feed-refresh. arg: name, number: ms") \
	X(PICTURE, "a picture, to be shown. account: who was told of it, arg: its URL, wish, "     \
	           "at_ms 1: somebody waits for it; a PICTURE event replies")                      \
	X(RESUMED, "the machine slept, or the network came back: look at everything again")

/* engine -> UI. X(KIND, what it tells) */
#define EVENTS(X)                                                                                  \
	X(PAGE, "posts and rows of a source; source 0: posts, profiles and relations that "        \
	        "changed. "                                                                        \
	        "source, page")                                                                    \
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
	X(SIGN_IN,                                                                                 \
	        "somebody has to open an address to go on. reply_to, text: it, number 1: a code "  \
	        "is to be pasted")                                                                 \
	X(ITEMS, "a page of a collection. reply_to, account, items")                               \
	X(PERSON, "all about a profile. reply_to, account, person, page of source 0: profile, "    \
	          "relation, pinned posts")                                                        \
	X(FILTERS, "an account's filters at its server are these now. account, filters")           \
	X(MARKER,                                                                                  \
	        "up to where the server thinks a source was read. source, text: a row's cursor, "  \
	        "number: its time or 0")                                                           \
	X(DRAFT, "a draft is there or changed; number 1: it is gone. draft")                       \
	X(OUTGOING, "a post on its way out is there or changed. outgoing")                         \
	X(HELD, "whether posts go out. account (0: all), number: 1 held")                          \
	X(SENDER, "who sends what is due. number: 1 this process, 0 another, text: its name; "     \
	          "err: why nothing is sent all the same")                                         \
	X(ATTENTION, "what we owe a post. account, text: URI, number: enum attention")             \
	X(BRIEF, "what was recorded. reply_to, brief")                                             \
	X(PICTURE, "a picture as it was wished. reply_to, image")                                  \
	X(DONE, "a job ended; exactly one per job. reply_to, err, text: what came of it, or "      \
	        "NULL, "                                                                           \
	        "number: as the job says")

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
	char *arg;             /* owned */
	char *cursor;          /* owned */
	struct feed *feed;     /* owned */
	struct action *action; /* owned */
	struct draft *draft;   /* owned */
	struct draft **drafts; /* owned */
	size_t ndrafts;
	uint64_t *keys; /* owned */
	size_t nkeys;
	bool on;
	int64_t at_ms, number;
	struct image_wish wish;
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
	struct items *items;           /* owned */
	struct person *person;         /* owned */
	struct server_filter *filters; /* owned */
	size_t nfilters;
	struct draft *draft;       /* owned */
	struct outgoing *outgoing; /* owned */
	struct brief *brief;       /* owned */
	struct image *image;       /* owned */
	struct health health;
	int64_t number;
	struct err err; /* code ERR_NONE when all went well */
};

struct job *job_new(enum job_kind kind);
void job_free(struct job *job);
struct event *event_new(enum event_kind kind);
void event_free(struct event *event);
