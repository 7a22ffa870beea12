#pragma once
#include "app/state.h"

/*
 * Catching up: what the columns of the deck got since somebody was here last, gathered by who
 * wrote it or by what it links to, as a list over the deck. What comes while it is read waits
 * for the next one. UI thread.
 */

/* X(ID, "word", "how the title says it") */
#define CATCHUP_GROUPS(X)                                                                          \
	X(AUTHOR, "author", "by author")                                                           \
	X(LINK, "link", "by link")                                                                 \
	X(NOTHING, "nothing", "one by one")

#define X(id, word, said) CATCHUP_BY_##id,
enum catchup_group { CATCHUP_GROUPS(X) CATCHUP_NGROUPS };
#undef X

#define CATCHUP_SORTS(X)                                                                           \
	X(REPLIES, "replies", "most replies first")                                                \
	X(LIKES, "likes", "most likes first")                                                      \
	X(DENSITY, "density", "most to read first")                                                \
	X(TIME, "time", "newest first")

#define X(id, word, said) CATCHUP_SORT_##id,
enum catchup_sort { CATCHUP_SORTS(X) CATCHUP_NSORTS };
#undef X

struct catchup_word {
	const char *word, *said;
};
extern const struct catchup_word catchup_groups[CATCHUP_NGROUPS];
extern const struct catchup_word catchup_sorts[CATCHUP_NSORTS];

/* What came since, up to now; 0: since the last visit ended, or where it was left. Shows it. */
void catchup_begin(struct app *app, int64_t since_ms);
/* Show it as it is now, where the reader was. */
void catchup_show(struct app *app);
/* So much further back as it reaches already. */
void catchup_earlier(struct app *app);
void catchup_set(struct app *app, enum catchup_group group, enum catchup_sort sort);
enum catchup_group catchup_group(const struct app *app);
enum catchup_sort catchup_sort(const struct app *app);
/* Show all of a group, by its key, or only its first posts again. */
void catchup_unfold(struct app *app, const char *key);
/* Go to a group, by its key, and show all of it. */
void catchup_at_group(struct app *app, const char *key);
/* Where the first link of a post points to that is neither a person nor a tag; "" none. */
const char *catchup_link_of(const struct post *post);
/* Open a post or its conversation; the list comes back when that is closed. */
bool catchup_open(struct app *app, const char *uri, struct err *err);
/* All that it holds was read; U takes that back. */
void catchup_read(struct app *app);

/* What was remembered of how it is shown. */
void catchup_value(struct app *app, const char *value);
/* loop.c: a list that was left for a post comes back; what came for it is shown. */
void catchup_mind(struct app *app);
int64_t catchup_next_ms(const struct app *app); /* when it is to be shown anew, monotonic; 0: not */
void catchup_finish(struct app *app);
