#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

enum { CHILD_MAX_OUTPUT = 65536 };

/*
 * Run a program without a shell, give it `input` and take what it prints; its stderr is
 * ours. False when it cannot be started, prints too much, or is not over after timeout_ms:
 * then it is killed. *out_status is its exit status, or -1 when a signal ended it.
 */
bool child_run(char *const *argv, const char *input, int timeout_ms, struct str *out,
        int *out_status, struct err *err);

/* The same with limits of one's own, and a flag that another thread sets to have it killed. */
struct child_limits {
	int timeout_ms;
	size_t max_output;
	const atomic_bool *stop; /* NULL: nobody will */
};
bool child_run_within(char *const *argv, const char *input, const struct child_limits *limits,
        struct str *out, int *out_status, struct err *err);
