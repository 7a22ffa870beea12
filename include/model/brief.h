#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "model/budget.h"
#include "model/ids.h"

/*
 * Five minutes a day: what was said, who waits, what goes out today, what came of what was
 * posted, all from what was recorded here. Plain data, owned strings. The engine gives the
 * numbers, whoever shows it the words: posts as they are known here.
 */

enum {
	BRIEF_MAX_SAID = 3,      /* posts of a saved query */
	BRIEF_WEEKS = 8,         /* that tell what is usual */
	BRIEF_LABEL_DAYS = 30,   /* posts of so many days are counted under their labels */
	BRIEF_FOLLOWER_DAYS = 7, /* followers now and so many days ago */
	BRIEF_TEXT = 200,        /* bytes of a post */
};

/* A post in one line. */
struct brief_post {
	char *uri, *url, *who, *words; /* url, who, words NULL: it is not known here any more */
	int64_t at_ms;
};

struct brief_saved {
	char *name, *query;
	int64_t posts;     /* counted from since_ms on */
	int64_t found;     /* of what is here: the number where counting began only after that */
	unsigned weeks;    /* that tell what is usual; 0: nobody knows yet */
	int64_t low, high; /* what is usual at this time: the mean, give or take the spread */
	int64_t first_ms;  /* counted since then; 0: never */
	struct brief_post said[BRIEF_MAX_SAID]; /* newest first */
	size_t nsaid;
};

struct brief_owed {
	struct brief_post post; /* at_ms: when it was written, or where unknown noticed */
	account_id account;
	char *account_name; /* NULL: not known */
	bool later;         /* put off */
};

struct brief_due {
	int64_t id, at_ms;
	char *wall;    /* "14:30" by the zone it was planned in */
	char *account; /* its name */
	char *words;
	char *state; /* as in OUTGOING_STATES */
	bool needs;  /* somebody has to do something about it */
};

struct brief_label {
	char *label;
	int64_t posts, looked;           /* so many, and of those so many have numbers */
	int64_t replies, reposts, likes; /* of those, as they were seen last */
};

struct brief_account {
	account_id account;
	char *name;
	int64_t followers, before; /* as they were seen last, and a while ago; -1: not known */
};

struct brief {
	int64_t since_ms, now_ms; /* since a full hour, for that is how it is counted */
	struct brief_saved *saved;
	size_t nsaved, saved_cap;
	struct brief_owed *owed; /* longest first */
	size_t nowed, owed_cap;
	struct brief_due *due; /* by time */
	size_t ndue, due_cap;
	struct brief_label *labels; /* by name */
	size_t nlabels, labels_cap;
	struct brief_account *accounts;
	size_t naccounts, accounts_cap;
	struct budget budget;
	int64_t used_s; /* of the budget's time, or of this week */
};

void brief_free(struct brief *brief);

/* The full hour in which a brief of the last day begins. */
int64_t brief_since(int64_t now_ms);

/* Growing it; each gives back the new one, zeroed. Borrowed until the next. */
struct brief_saved *brief_add_saved(struct brief *brief);
struct brief_owed *brief_add_owed(struct brief *brief);
struct brief_due *brief_add_due(struct brief *brief);
struct brief_label *brief_label(struct brief *brief, const char *label); /* or the one there is */
struct brief_account *brief_add_account(struct brief *brief);
/* A post as it is known here; author NULL: not known. url, who and words are replaced. */
struct post;
struct profile;
void brief_post_finish(struct brief_post *post);
void brief_post_put(struct brief_post *out, const struct post *post, const struct profile *author);
/* A post on its way, if it is due before until_ms or has trouble; `account`: its name. */
struct outgoing;
void brief_put_due(struct brief *brief, const struct outgoing *item, const char *account,
        bool trouble, int64_t until_ms);
/* When the day of now_ms ends, by the machine's clocks. */
int64_t brief_day_end(int64_t now_ms);
/* What is complete, in the order in which it is read; what is there twice stands once. */
void brief_sort(struct brief *brief);

/*
 * What is usual by what there was at this time in weeks before: the mean and the spread
 * around it, in whole posts. counts may be NULL with n 0.
 */
void brief_usual(const double *counts, size_t n, int64_t *out_low, int64_t *out_high);
/* "41, usually 6 to 12: more than usual". Appended. */
void brief_print_count(struct str *out, const struct brief_saved *saved);

/* Line by line for people, at most `cols` cells wide. `uri` of a line about a post, or NULL. */
struct brief_line {
	const char *text, *uri;
	bool heading;
};
void brief_print(const struct brief *brief, int cols,
        void (*line)(void *ctx, const struct brief_line *line), void *ctx);
/* One JSON object, without a line's end. */
void brief_print_json(struct str *out, const struct brief *brief);
