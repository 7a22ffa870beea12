#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/err.h"
#include "fields.h"

/* What would be sent: shown, and looked at before anything is. */

/* Can that target take that part of the draft? The sentence says what it cannot. */
bool post_fits(const struct fields *fields, size_t target, size_t part, struct err *err);

/* Print, for each target and part, what would be sent. CLI_FAILED when one cannot be. */
int post_trial(const struct fields *fields, bool json);

/* All of a stream, at most a little more than a draft's text may have. Owned. */
char *post_read_input(FILE *file, size_t *out_len);
