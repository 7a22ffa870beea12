#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "store/store.h"

/* Mutes as a file of command lines, `mute …` and `quota WHO N`, for the deck and the command line.
 */

/* What a file's lines are given to; false with the reason: that line is wrong. */
struct mute_sink {
	bool (*mute)(void *ctx, const struct mute *mute, struct err *err);
	bool (*quota)(void *ctx, const char *handle, unsigned per_day, struct err *err);
	void (*mistake)(void *ctx, const char *sentence); /* `file:line: sentence` */
	int64_t now_ms;
	void *ctx;
};

/* Take in a file. A wrong line is told, and the rest still applies. False: it cannot be read. */
bool mute_file_read(const char *path, const struct mute_sink *sink, size_t *out_taken,
        size_t *out_wrong, struct err *err);

/* All mutes and quotas there are, as such a file. Appended; returns how many. */
size_t mute_file_print(struct str *out, const struct store *store);

/* `N` or `off` of a quota. */
bool quota_read(const char *word, unsigned *out, struct err *err);
