#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/*
 * A time that a query names (base/when.h). What has no direction of its own looks back:
 * "fri" is the last one, "9:00" the last nine o'clock; "next fri" and "tomorrow" do not. A
 * date with its year stands still; "yesterday" moves on with the clock, by whole minutes.
 */
struct moment;

/* Owned; zone and now_ms as in struct query_env. */
struct moment *moment_new(const char *text, const char *zone, int64_t now_ms, struct err *err);
void moment_free(struct moment *moment);

/* What it is at this time, UTC. Never earlier when asked later. */
int64_t moment_at(struct moment *moment, int64_t now_ms);
bool moment_moves(const struct moment *moment);
/* Never earlier than the other one, whenever both are asked. */
bool moment_after(const struct moment *moment, const struct moment *other);
