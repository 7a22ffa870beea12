#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "store/store.h"

/*
 * A mute as the command language says it: [for D|until T] [fold|hide] [in COLUMN,…] QUERY, the
 * query raw to the end. The same words are its line in files and its value in queue.db.
 */
struct mute_line {
	struct mute mute; /* its strings stand below */
	char *id, *query, *columns;
	size_t query_at; /* byte of the text at which the query begins */
};

enum mute_place {
	MUTE_AT_PROMPT,
	MUTE_IN_FILE, /* run at each start: only a time that is the same each time */
};

/*
 * Read it; mute.made_ms is now. The query itself is not looked at, except that there is one. A
 * time that has passed is no mistake. Free with mute_line_finish, whatever it returned.
 */
bool mute_line_read(struct mute_line *out, const char *text, enum mute_place place, int64_t now_ms,
        struct err *err);
void mute_line_finish(struct mute_line *line);

/* `until 2026-12-01T00:00:00Z fold in Home QUERY`: what mute_line_read reads. Appended. */
void mute_line_print(struct str *out, const struct mute *mute);

/* "for 3d", "for good": how much longer it holds. Appended. */
void mute_print_left(struct str *out, int64_t until_ms, int64_t now_ms);

/* The value under `mute/ID` of queue.db (MADE_MS, hits and its line), and back; the first release's
 * `UNTIL_MS QUERY` too. */
void mute_value_print(struct str *out, const struct mute *mute);
bool mute_value_read(struct mute_line *out, const char *value, struct err *err);

/* What a mute is known by: there is one for each query in the same columns. Owned.
 */
char *mute_id(const char *columns, const char *query);
