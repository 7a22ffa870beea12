#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "demo/world.h"

/*
 * What people keep at the server besides their statuses: lists, filters, tags and hosts,
 * conversations, reports. Rows of all owners stand together, oldest first.
 */

enum { KEPT_MAX_ROWS = 4096, FILTER_MAX_WORDS = 32, FILTER_MAX_STATUSES = 32 };

struct kept_list {
	uint64_t id;
	size_t owner;
	char *title;
	const char *replies; /* policy: "followed", "list" or "none" */
	bool exclusive;
	uint64_t members; /* people */
};

/* Where a filter works: a bit each, in the order of filter_contexts. */
extern const char *const filter_contexts[];
enum { FILTER_CONTEXTS = 5 };

struct kept_filter {
	uint64_t id;
	size_t owner;
	char *title;
	const char *action; /* "warn", "hide" or "blur" */
	unsigned contexts;
	int64_t ends_ms; /* 0: never */
	struct filter_word {
		uint64_t id;
		char *text;
		bool whole;
	} words[FILTER_MAX_WORDS];
	size_t nwords;
	struct filter_status {
		uint64_t id, status;
	} statuses[FILTER_MAX_STATUSES];
	size_t nstatuses;
};

enum name_kind { NAME_TAG, NAME_HOST };

/* A tag that is followed, or a host that is hidden. */
struct kept_name {
	uint64_t id;
	size_t owner;
	enum name_kind kind;
	char *name;
};

/* Direct statuses of one thread, as one of its people has them. */
struct kept_talk {
	uint64_t id;
	size_t owner;
	const struct status *root, *last;
	bool unread;
};

struct kept {
	uint64_t last_id;
	struct kept_list *lists;
	size_t nlists, lists_cap;
	struct kept_filter *filters;
	size_t nfilters, filters_cap;
	struct kept_name *names;
	size_t nnames, names_cap;
	struct kept_talk *talks;
	size_t ntalks, talks_cap;
	uint64_t hiding[WORLD_MAX_PEOPLE]; /* people whose host is hidden, by viewer */
	uint64_t nreports;
};

struct kept *kept_new(void);
void kept_free(struct kept *kept); /* NULL is fine */

/* A new row, zeroed but for id and owner; NULL when there are too many. Borrowed until the
 * next of its kind. */
struct kept_list *kept_add_list(struct kept *kept, size_t owner, const char *title);
struct kept_filter *kept_add_filter(struct kept *kept, size_t owner, const char *title);
bool kept_add_name(struct kept *kept, size_t owner, enum name_kind kind, const char *name);

/* Theirs, or NULL. */
struct kept_list *kept_find_list(struct kept *kept, size_t owner, uint64_t id);
struct kept_filter *kept_find_filter(struct kept *kept, size_t owner, uint64_t id);
struct kept_name *kept_find_name(
        struct kept *kept, size_t owner, enum name_kind kind, const char *name);

void kept_drop_list(struct kept *kept, struct kept_list *list);
void kept_drop_filter(struct kept *kept, struct kept_filter *filter);
void kept_drop_name(struct kept *kept, struct kept_name *name);
void kept_drop_talk(struct kept *kept, struct kept_talk *talk);

/* Add a word to a filter; false when it is full. */
bool filter_add_word(struct kept *kept, struct kept_filter *filter, const char *text, bool whole);
void filter_drop_word(struct kept_filter *filter, size_t i);

/* A direct status came: it is the last of its conversation for each of its people. */
void kept_talk(struct world *world, const struct status *status);
