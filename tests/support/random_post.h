#pragma once
#include <stddef.h>
#include <stdint.h>

#include "base/random.h"
#include "base/str.h"
#include "model/page.h"

/*
 * Posts and people that nobody wrote, out of few words, hands and places, so that random
 * queries (random_query.h) about them hold as often as not. All comes out of `random`.
 */

enum { RANDOM_PEOPLE = 8, RANDOM_WORDS = 28, RANDOM_TAGS = 4, RANDOM_HOSTS = 4 };
/* Accents, both cases, invisible characters, scripts without blanks, words within words. */
extern const char *const random_words[RANDOM_WORDS];
extern const struct profile random_people[RANDOM_PEOPLE];
extern const char *const random_tags[RANDOM_TAGS], *const random_hosts[RANDOM_HOSTS];

/* Posts were written in the ten days before this; "now" of tests may be a little later. */
#define RANDOM_POST_MS 1795000000000 /* 18 November 2026 */
enum { RANDOM_POST_DAYS = 10, RANDOM_ACCOUNTS = 2 };

/* Number n of each has this identity. */
void random_post_uri(char out[64], unsigned n);

struct random_post {
	struct post_parts parts; /* borrows from the rest; author is left to the caller */
	size_t author;           /* of random_people */
	struct str body, poll;
	char uri[64], reply_to[64], quote_of[64], thread[64];
	struct facet facets[8];
	struct media media[3];
	struct viewer viewers[RANDOM_ACCOUNTS]; /* accounts 1 and 2 */
	char remote_ids[RANDOM_ACCOUNTS][32];
	char targets[8][64];
};

/* Fill *out (zeroed, or made before) with another text for post n: an edit is a second call. */
void random_post_make(struct random_post *out, struct random *random, unsigned n);
void random_post_finish(struct random_post *post);
