#pragma once
#include <stdbool.h>

#include "base/json.h"
#include "networks/bluesky_read.h"
#include "networks/network.h"

/* One page of a source, or of what is newer than known: a call_step (networks/network.h). */
call_step bluesky_fetch;
bool bluesky_has_source(enum source_kind kind);

/* A notification whose post is still to be asked for. */
struct bluesky_notice {
	char *uri; /* owned; NULL: it is about no post */
	uint32_t actor;
	enum reason reason;
	int64_t at_ms;
};

/* call->data of a fetch. */
struct bluesky_progress {
	int pages;
	int64_t newest_ms; /* of the first row of the first page */
	char *newest;      /* its key, owned */
	char *cursor;      /* of the page below, owned */
	bool met;          /* what was known is in what came */
	struct bluesky_notice *notices;
	size_t nnotices, cap, asked;
};
void bluesky_progress_finish(struct bluesky_progress *progress);

/* bluesky_notice.c: note a notification; false when it is unreadable. */
bool bluesky_notice(
        struct bluesky_reader *reader, struct bluesky_progress *progress, const cJSON *item);
/* Ask for the next posts that notices wait for; false when all have been asked for. */
bool bluesky_ask_posts(struct call *call, struct bluesky_progress *progress, struct request *req);
/* The answer to that: the posts into the page. */
bool bluesky_take_posts(struct call *call, const struct response *answer);
/* Every notice a row. */
void bluesky_put_notices(struct call *call, struct bluesky_progress *progress);

/* bluesky_feeds.c: a trend as a post whose URI is its custom feed. False: unreadable. */
bool bluesky_trend(struct bluesky_reader *reader, const cJSON *trend);

/* bluesky_thread.c: a whole conversation as rows. */
call_step bluesky_thread;
