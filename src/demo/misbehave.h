#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

/*
 * Faults that the server has been told to show. A spec is a list of rules parted by
 * commas, each `kind[:value][@path-prefix][*count]`; a rule with a count goes away when
 * it has been used so often.
 */
#define FAULTS(X)                                                                                  \
	X(SLOW, "slow", "wait so many ms before the answer")                                       \
	X(LIMITED, "429",                                                                          \
	        "too many requests; value: Retry-After in seconds, or `date` for a date")          \
	X(BROKEN, "500", "an error of the server's own")                                           \
	X(STATUS, "status", "that answer, with an error: status:409@/api/v1/markers*1")            \
	X(REBUILDING, "206", "an empty page, because the home timeline is being made")             \
	X(CUT, "cut",                                                                              \
	        "streams end after so many events (`b` behind: bytes; `~` before: at random)")     \
	X(TRUNCATE, "truncate", "JSON stops half way")                                             \
	X(HTML, "html", "200 with a web page")                                                     \
	X(SPENT_KEY, "repeat-key-500",                                                             \
	        "a key that was used before is an error of the server's own")                      \
	X(NO_KEY, "ignore-key", "keys mean nothing: each request posts")                           \
	X(LATE, "late-commit", "504 at once; the post is there so many ms later (2000)")           \
	X(UNTOLD, "cut-after-accept", "what writes is done, but the connection ends unanswered")   \
	X(NO_WAIT, "keep-now", "what is to be kept for later is published at once")                \
	X(LIMIT, "limit", "really refuse after so many requests in 5 minutes")

#define X(id, name, help) FAULT_##id,
enum fault { FAULTS(X) FAULT_COUNT };
#undef X

struct misbehaviour {
	struct fault_rule {
		enum fault fault;
		char value[16];
		char prefix[120];
		int left; /* uses; -1: without end */
	} rules[32];
	size_t n;
};

/* Replace all rules; an empty spec means to behave. On failure nothing changes. */
bool misbehave_set(struct misbehaviour *all, const char *spec, struct err *err);

/*
 * The value ("" when none was given) of the first rule for this fault and path, and
 * use it up once; NULL when the path is served well. Borrowed until the next call.
 */
const char *misbehave_now(struct misbehaviour *all, enum fault fault, const char *path);

void misbehave_help(struct str *out);
