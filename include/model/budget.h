#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

/* How much time somebody wants to give to this: "2h/week", "20m/day". Zeroed: no budget. */
struct budget {
	int64_t ms; /* 0: none */
	bool daily; /* of a day, else of a week */
};

/* `off` is none. */
bool budget_parse(const char *text, struct budget *out, struct err *err);
void budget_print(struct str *out, const struct budget *budget); /* as parse reads it */
/* When the day or week (from Monday on) began, by the machine's clocks. */
int64_t budget_start(const struct budget *budget, int64_t now_ms);
/* "1 h 20 min", "40 s". Appended. */
void budget_print_time(struct str *out, int64_t seconds);
/* "1 h 20 min of 2 h this week"; without a budget "1 h 20 min this week". Appended. */
void budget_print_used(struct str *out, const struct budget *budget, int64_t used_s);
