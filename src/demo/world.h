#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/random.h"
#include "base/str.h"
#include "demo/software.h"

struct kept;
struct stance;
struct doors;
struct upload;

/*
 * The demo's world: people, what they wrote and how they stand to each other. One
 * thread. Everything in it follows from the seed, the clock and the requests, so that
 * a run with a fixed clock repeats byte for byte. People are numbered by their row in
 * the table `people`, sets of them are bits of a uint64_t.
 */

enum { WORLD_MAX_PEOPLE = 64, WORLD_MAX_FEED_ITEMS = 256, STATUS_MAX_MEDIA = 4 };
#define WORLD_HOST "stoa.example" /* where those live who have no other host */

enum person_flag { PERSON_BOT = 1, PERSON_LOCKED = 2, PERSON_NOISY = 4 };

struct person {
	const char *username;
	const char *host; /* NULL: WORLD_HOST */
	const char *name;
	const char *note;
	const char *lang;
	const char *token; /* NULL: nobody of WORLD_HOST can sign in as them */
	unsigned flags;
};
extern const struct person people[];
extern const size_t npeople;

struct picture {
	uint64_t id;
	const char *kind, *name, *alt; /* alt NULL: not described */
	int width, height;
};
extern const struct picture pictures[];
extern const size_t npictures;

struct card {
	const char *url, *title, *description, *provider;
};
extern const struct card cards[];
extern const size_t ncards;

extern const char *const emoji[]; /* shortcodes; NULL-terminated */

enum visibility { SEEN_BY_ALL, SEEN_UNLISTED, SEEN_BY_FOLLOWERS, SEEN_BY_MENTIONED, SEEN_COUNT };
extern const char *const visibility_names[SEEN_COUNT];

struct poll {
	const char *options[4]; /* borrowed from tables, or owned by `text` of its status */
	unsigned votes[4];
	size_t noptions;
	int64_t ends_ms;
	bool multiple;
	uint64_t voters;
	uint8_t chosen[WORLD_MAX_PEOPLE]; /* by voter: bit i: option i */
	char *owned;                      /* what the options point into, or NULL */
};

struct status {
	uint64_t id;
	int64_t created_ms, edited_ms; /* edited 0: never */
	size_t author;
	struct status *reblog, *parent,
	        *quote;       /* NULL: none. Statuses are never freed while the world lives */
	char *text, *warning; /* plain text; warning may be "" */
	const char *app;      /* NULL: unknown */
	char lang[12];
	enum visibility visibility;
	bool sensitive, deleted, pinned;
	const struct picture *media[STATUS_MAX_MEDIA];
	size_t nmedia;
	const struct card *card;
	struct poll *poll;
	uint64_t mentioned;                          /* people */
	uint64_t liked, reposted, bookmarked, muted; /* by people */
	unsigned far_likes, far_reposts, replies;    /* likes from elsewhere */
	struct version *versions;                    /* what it was before, oldest first */
	size_t nversions;
};

/* A status as it stood until it was edited. */
struct version {
	int64_t at_ms;
	char *text, *warning;
};

struct notice {
	uint64_t id;
	int64_t created_ms;
	const char *type;
	size_t to, from;
	struct status *status; /* NULL: none */
	bool gone;
};

struct scheduled {
	uint64_t id;
	size_t owner;
	int64_t made_ms, due_ms;
	struct status *draft; /* as it will be, with no id yet; owned */
	char *key;            /* kept when it is published; owned, or NULL */
	bool late;            /* nobody has been told of it */
};

/* A key that was used, and what came of it; forgotten after an hour. */
struct used_key {
	char *key;
	size_t owner;
	int64_t at_ms;
	uint64_t id; /* of a status, or of a scheduled one, which no status has */
};

struct marker {
	char *last_read;
	int version;
	int64_t updated_ms;
};

struct world {
	const struct clock *clock;
	const struct software *software; /* what the server says it is */
	const char *host;                /* and what it calls itself: WORLD_HOST if not told */
	char root[32];                   /* "http://127.0.0.1:8080": where its files are */
	uint64_t id_offset;              /* between its ids and those in addresses */
	unsigned limit, window_s;        /* requests a person may make, in so many seconds */
	bool refuses;                    /* and is refused more */
	bool fixed;                      /* the clock stands at fixed_ms until it is moved */
	int64_t fixed_ms;
	struct random random;
	uint64_t last_id;
	struct status **statuses; /* oldest first */
	size_t nstatuses, statuses_cap;
	struct notice *notices; /* oldest first */
	size_t nnotices, notices_cap;
	struct scheduled *scheduled;
	size_t nscheduled, scheduled_cap;
	struct upload **uploads; /* media.h */
	size_t nuploads, uploads_cap;
	uint64_t max_image_bytes, max_image_pixels;
	struct used_key *keys;
	size_t nkeys, keys_cap;
	uint64_t following[WORLD_MAX_PEOPLE], muting[WORLD_MAX_PEOPLE], blocking[WORLD_MAX_PEOPLE];
	struct marker markers[WORLD_MAX_PEOPLE][2]; /* home, notifications */
	unsigned live;                         /* how many things have happened by themselves */
	int64_t start_ms;                      /* when the demo began */
	int64_t feed_ms[WORLD_MAX_FEED_ITEMS]; /* when feed items came since then */
	size_t nfeed_ms;
	struct stance *stances; /* relation.h: npeople × npeople */
	struct kept *kept;      /* kept.h */
	struct doors *doors;    /* sign_in.h: who may come in */
	struct hub *hub;        /* who listens; NULL: nobody can */
};

/* Borrows clock. The world is empty; world_seed (seed.h) fills it. */
struct world *world_new(uint64_t seed, const struct clock *clock);
void world_free(struct world *world);
int64_t world_now(const struct world *world);

/* A number for something that happens at that time: like Mastodon's, ms << 16 and ascending. */
uint64_t world_id(struct world *world, int64_t at_ms);
uint64_t person_id(const struct world *world, size_t person);
bool person_by_id(const struct world *world, uint64_t id, size_t *out);
/* By "name" (of `here`) or "name@host"; the length makes parts of a text usable. */
bool person_by_acct(const char *acct, size_t len, const char *here, size_t *out);
const char *person_host(size_t person);
bool person_is_local(const struct world *world, size_t person);
bool person_can_sign_in(const struct world *world, size_t person);

/* Keep a status; takes it. Its id must be newer than all. */
void world_add_status(struct world *world, struct status *status);
void status_free(struct status *status);
void scheduled_finish(struct scheduled *scheduled);
/* What was made with the key, and for whom. */
void world_keep_key(struct world *world, size_t owner, const char *key, uint64_t id);
/* NULL when there is none, or it was deleted. */
struct status *world_status(const struct world *world, const char *id);
struct status *world_status_by_id(const struct world *world, uint64_t id);
/* Index of the first status whose id is above `id`. */
size_t world_above(const struct world *world, uint64_t id);
void world_notify(
        struct world *world, const char *type, size_t to, size_t from, struct status *status);

#define BIT(person) (UINT64_C(1) << (person))

/* May `viewer` (-1: nobody in particular) see it at all? */
bool status_visible(const struct world *world, const struct status *status, int viewer);
/* Does it stand in the viewer's home timeline? */
bool status_at_home(const struct world *world, const struct status *status, size_t viewer);
