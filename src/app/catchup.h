#pragma once
#include "app/catchup.h"
#include "model/post.h"

/* What the files of the catch-up have between them. */

enum {
	CATCHUP_MAX_POSTS = 20000,
	CATCHUP_MAX_WAITING = 50,
	CATCHUP_MAX_GROUPS = 200,
	CATCHUP_FEW = 3, /* posts of a group, until it is opened */
	CATCHUP_FEW_WAITING = 5,
	CATCHUP_LINKS = 5,
};

/* The key of what waits, as if it were a group. */
#define CATCHUP_WAITING "waiting"

struct catchup {
	int64_t since_ms, until_ms; /* wall; 0: none was begun */
	int64_t left_ms;            /* the visit's end from which it began; -1: a time was said */
	enum catchup_group group;
	enum catchup_sort sort;
	char *unfolded;   /* key of the group of which all is shown, or NULL */
	char *at;         /* the line of the list where the reader is, or NULL */
	unsigned shown;   /* overlay_count when it was drawn; 0: never */
	bool away;        /* a post was opened from it: it comes back ... */
	size_t focus;     /* ... if this column still has the focus */
	uint64_t version; /* of the columns, as it was drawn */
	bool stale;       /* they are others by now */
	int64_t look_ms;  /* monotonic: not looked at anew before */
	unsigned asked;   /* so many pages were asked for, to have it whole */
	job_id job;       /* that fills a hole; 0: none */
	bool whole;       /* nothing is missing, or it cannot be had */
};

/* One post in it. */
struct catchup_post {
	post_id post;
	int64_t at_ms;
	size_t group;    /* index; SIZE_MAX: of none */
	uint64_t weight; /* by what it is sorted */
};

struct catchup_group_row {
	char *key; /* an author's URI, or an address; owned */
	profile_id author;
	size_t n; /* posts */
	uint64_t replies, likes;
	uint64_t weight; /* the greatest of its posts */
	int64_t at_ms;   /* the newest */
};

/* A link and who passed it on. */
struct catchup_link {
	char *url;         /* owned */
	const char *title; /* of its card; borrowed from the post, or "" */
	size_t people, posts;
	uint64_t likes;
};

/* All of it, worked out for one showing. */
struct catchup_sight {
	post_id *waiting; /* what waits for an answer, newest first; of the last month */
	size_t nwaiting, waiting_cap, more_waiting;
	struct catchup_post *posts; /* as they are to be shown: by group, then by weight */
	size_t nposts, posts_cap;
	struct catchup_group_row *groups; /* sorted */
	size_t ngroups, groups_cap;
	struct catchup_link *links; /* those passed on most, first */
	size_t nlinks, links_cap;
	size_t people, hidden, gaps; /* authors; rows that mutes hide; holes in the time */
};

/* catchup_gather.c */
void catchup_gather(
        const struct app *app, const struct catchup *catchup, struct catchup_sight *out);
void catchup_sight_finish(struct catchup_sight *sight);
/* catchup_fetch.c: ask for the next page that is missing, if any is. */
void catchup_fetch(struct app *app, struct catchup *catchup);
/* catchup_list.c */
void catchup_print(struct app *app, const struct catchup *catchup,
        const struct catchup_sight *sight, struct list_view *list);
