#pragma once
#include <stdbool.h>

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
