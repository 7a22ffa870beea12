#pragma once
#include "base/json.h"
#include "networks/mastodon_fetch.h"
#include "networks/network.h"

/* What a call holds from one request to the next, apart from fetches. */

/* Answers that are still needed. */
enum mastodon_kept {
	KEPT_STATUS,  /* the post as it was */
	KEPT_SOURCE,  /* what was typed for it */
	KEPT_ACCOUNT, /* the profile that is meant */
	KEPT_RELATION,
	KEPT_FILTER,
	KEPT_SERVER, /* how it lets people sign in */
	KEPT_COUNT,
};

enum { MASTODON_MAX_ALIKE = 20 };

struct mastodon_work {
	struct mastodon_progress fetch; /* first: it is what a fetch takes call->data for */
	int step;                       /* row or round that is being asked for */
	bool searching;                 /* mastodon_find: the last request was a search */
	bool spoilt;                    /* a post published anew lacks what the old one has */
	bool told, streams;             /* learning: the instance told of itself, and of a stream */
	char *version;                  /* learning: what it calls its version; owned */
	char *post, *profile;           /* ids of what the call is about; owned */
	char *other;                    /* another id that was found on the way; owned */
	char *token;                    /* a new one; owned */
	char *parent, *quote;           /* ids of what a new post answers and quotes; owned */
	size_t media;                   /* attachment that is being asked about */
	int tries;                      /* so often the same was asked */
	struct mastodon_alike {
		char *id; /* owned */
		bool same_content;
	} alike[MASTODON_MAX_ALIKE]; /* posts that may be the one, newest first */
	size_t nalike;
	struct {
		struct json *json;
		const cJSON *at; /* what is meant within it */
	} kept[KEPT_COUNT];
};

struct mastodon_work *mastodon_work(struct call *call);

/* Keep an answer; takes json; what matters of it is `at`. */
void mastodon_keep(struct call *call, enum mastodon_kept which, struct json *json, const cJSON *at);
/* What matters of it, or NULL. */
const cJSON *mastodon_kept(struct call *call, enum mastodon_kept which);

/* The page that the call's posts and profiles go into. */
struct page *mastodon_out(struct call *call);

/* Free what call->data holds (struct network's call_finish). */
void mastodon_call_finish(struct call *call);
