#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/ids.h"
#include "model/profile.h"

/* How one of our accounts stands to a profile. */
enum relation_flag {
	RELATION_FOLLOWING = 1 << 0,
	RELATION_REPOSTS = 1 << 1,   /* while following: their reposts are shown */
	RELATION_NOTIFY = 1 << 2,    /* while following: each post is told */
	RELATION_REQUESTED = 1 << 3, /* we asked to follow */
	RELATION_FOLLOWS_US = 1 << 4,
	RELATION_ASKS_US = 1 << 5,
	RELATION_BLOCKING = 1 << 6,
	RELATION_BLOCKED_BY = 1 << 7,
	RELATION_MUTING = 1 << 8,
	RELATION_MUTING_NOTICES = 1 << 9,
	RELATION_BLOCKING_DOMAIN = 1 << 10,
	RELATION_SELF = 1 << 11,
};

struct relation {
	account_id account;
	uint32_t profile;      /* in a page: index in profiles + 1; in the store: profile_id */
	unsigned flags;        /* enum relation_flag */
	int64_t mute_until_ms; /* 0: for good or unknown */
};

struct person_field {
	char *name, *value;
	int64_t verified_ms; /* 0: not verified */
};

/* All that a profile's page shows. Strings are clean. Owned by whoever holds it. */
struct person {
	char *uri;       /* the profile itself stands in the page that comes along */
	char *remote_id; /* how the account's server knows it */
	char *bio;       /* the whole, with line breaks */
	struct person_field *fields;
	size_t nfields;
	int64_t posts, followers, following; /* -1: not told */
	int64_t joined_ms, last_ms;          /* 0: not told */
	bool locked, bot, limited;
	char *moved_to; /* handle of where they went, or NULL */
	char *note;     /* our own private note, or NULL */
	char **pinned;  /* URIs of pinned posts, which stand in the page */
	size_t npinned;
};

struct person *person_new(void);
void person_free(struct person *person);
void person_add_field(struct person *person, const char *name, const char *value,
        int64_t verified_ms);                                   /* copies */
void person_add_pinned(struct person *person, const char *uri); /* copies */
