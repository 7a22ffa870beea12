#pragma once
#include <stdbool.h>
#include <stdint.h>

#include <sqlite3.h>

#include "base/err.h"

/* Daily copies of a database beside it: `PATH.backup-YYYY-MM-DD`, in UTC. */

enum { BACKUPS_KEPT = 7 };

/* Make today's copy unless it is there; drop the oldest beyond BACKUPS_KEPT. */
bool backup_make(sqlite3 *db, const char *path, int64_t now_ms, struct err *err);

/* Path of the newest copy in which no damage is found, owned; NULL: there is none. */
char *backup_newest_good(const char *path);
