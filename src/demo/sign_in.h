#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct world;

/*
 * OAuth as a client sees it (fact sheet 1): apps, codes that are good once and for ten
 * minutes, tokens with scopes. Beside what is asked for there are always the app
 * demo-client (demo-secret) and a token demo-NAME for each person who can sign in.
 */
struct doors;

struct doors *doors_new(uint64_t seed);
void doors_free(struct doors *doors); /* NULL is fine */

enum scope {
	SCOPE_READ = 1,
	SCOPE_WRITE = 2,
	SCOPE_FOLLOW = 4,
	SCOPE_PUSH = 8,
	SCOPE_PROFILE = 16
};

/*
 * Whose token is it, and what may it not (enum scope)? False: nobody's, revoked or expired.
 * *out_person is -1 for an app's own token. `token` NULL: nobody's.
 */
bool doors_open(
        const struct world *world, const char *token, int *out_person, unsigned *out_barred);
