#pragma once
#include <sqlite3.h>

#include "db/queue_db.h"

/* What the files of queue.db share. */

struct queue_db {
	sqlite3 *db;
	char *path;           /* NULL: in memory */
	int64_t data_version; /* at the last look whether others wrote */
	bool broken;          /* a sync failed */
	char *only_read;      /* why nothing can be kept; NULL: it can */
};

/* Step through a query that has no parameters. */
bool queue_each_row(struct queue_db *db, const char *sql, void (*row)(sqlite3_stmt *, void *ctx),
        void *ctx, struct err *err);
