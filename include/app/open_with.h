#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * Which program opens which addresses: rules of the config, `open-with PATTERN PROGRAM`. In a
 * pattern `*` stands for anything, `?` for one character (fnmatch(3)); the last rule that
 * matches counts, and where none does the option `browser`. UI thread.
 */
struct open_rule {
	char *pattern, *program; /* owned */
};

struct open_rules {
	struct open_rule *rows;
	size_t n, cap;
};

enum { OPEN_RULES_MAX = 256 };

/* Add a rule, or give the pattern another program; "off" takes it away. */
bool open_rules_put(
        struct open_rules *rules, const char *pattern, const char *program, struct err *err);
/* The program for an address, borrowed; NULL: no rule matches. */
const char *open_rules_find(const struct open_rules *rules, const char *url);
void open_rules_finish(struct open_rules *rules);
