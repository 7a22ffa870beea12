#pragma once
#include <stdint.h>

#include "base/json.h"
#include "demo/exchange.h"

/* The demo's world and its API, without a socket. */

enum { ADA = 0, BRECHT = 1, MINA = 2, WOUTER = 3, TICKER = 4, JONAS = 7, NOBODY = -1 };
extern const int64_t noon_ms; /* 2026-11-21 12:00, where the clock stands */

struct reply {
	int status;
	char *body, *headers;
	struct json *json;
};

struct world *make_world(uint64_t seed);
/* For cmocka: a world of seed 1 in *state. */
int world_setup(void **state);
int world_teardown(void **state);
#define in_a_world(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

/* Ask as that person; `query` is `a=b&c=d`, unescaped, and stands for the body too. */
struct reply ask_as(struct world *world, int user, const char *key, const char *method,
        const char *path, const char *query);
/* As ada. */
struct reply ask(struct world *world, const char *method, const char *path, const char *query);
/* The same for a path with one place for an id (`%s`). */
struct reply ask_at(struct world *world, int user, const char *method, const char *pattern,
        const char *id, const char *query);
void done(struct reply *reply);

const cJSON *row_at(const struct reply *reply, int i);
const char *id_at(const struct reply *reply, int i);
int size(const struct reply *reply);
/* A member of the answer; its id when `name` is NULL. Borrowed. */
const char *text_of(const struct reply *reply, const char *name);
