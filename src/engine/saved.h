#pragma once
#include "engine/core.h"
#include "query/query.h"

/*
 * Saved queries (`save NAME QUERY`): kept as values `saved/NAME` of queue.db, so that they are
 * tallied whether or not a deck is open. The value is who said it, `own` or `config`, a blank and
 * the query.
 */
struct saved {
	char *name, *text;
	bool own;            /* kept until it is forgotten; else a config said it */
	struct query *query; /* NULL: it makes no sense now */
	int64_t key;         /* tells its tallies from those of sources */
	struct saved *prev, *next;
};

/* A value of queue.db, at start; when all were given, saved_ready. */
void saved_value(struct core *core, const char *key, const char *value);
void saved_ready(struct core *core);
/* JOB_SAVED. */
enum outcome saved_put(struct core *core, struct job *job, struct open_job *open, struct err *err);
/* Where queries may name them. */
struct query_env saved_env(struct core *core);
void saved_free(struct core *core);

/* Was this post counted for saved queries not long ago? Notes it. */
bool saved_seen(struct core *core, const char *uri);
