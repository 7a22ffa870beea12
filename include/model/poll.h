#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/*
 * The string POST_POLL of a post: an option a line, `votes TAB title`. votes are -1 while
 * hidden; a + before them says that it is our own choice (-2: hidden, and ours). A line
 * `vN TAB` says how many people voted, where several options may be chosen.
 */
struct poll_option {
	const char *title; /* borrowed, not ended by a NUL */
	size_t len;
	int64_t votes; /* -1: hidden */
	bool ours;     /* one of our accounts chose it */
};

/* The next option; *at is at first the whole string. False: there are no more. */
bool poll_next(const char **at, struct poll_option *out);

struct poll_sum {
	size_t options;
	int64_t votes;  /* all that are known */
	int64_t voters; /* what percentages are of; 0: nobody, or not known */
	bool ours;      /* one of the options is our choice */
};
struct poll_sum poll_sum(const char *poll);
/* 0 to 100; -1: hidden. */
int poll_percent(const struct poll_sum *sum, const struct poll_option *option);

/* Building one. */
void poll_add(struct str *poll, int64_t votes, bool ours, const char *title);
void poll_add_voters(struct str *poll, int64_t voters);
/*
 * What a server tells without our choice, as streams do, with the choice of before: appended
 * to `out`. False when there is none to keep, or it tells one itself: `out` stays.
 */
bool poll_keep_choice(struct str *out, const char *told, const char *before);
