#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/*
 * What the demo says it is. A server program is one row: how it names itself, what its ids
 * look like, how it streams and what it lacks (fact sheet 14). The rest of the demo asks
 * the row, so that a client meets these differences and not only their description.
 */

enum id_form { ID_DECIMAL, ID_ULID, ID_FLAKE, ID_HEX };

enum software_streams { STREAMS_SSE = 1, STREAMS_WEBSOCKET = 2 };

struct software {
	const char *name;    /* for --software, and in nodeinfo */
	const char *version; /* as /api/v1/instance tells it */
	int api;             /* api_versions.mastodon; 0: not told */
	enum id_form ids;
	unsigned streams; /* enum software_streams; 0: none, though one is advertised */
	bool discovers;   /* OAuth metadata are served */
	bool keeps_keys;  /* Idempotency-Key means something */
	bool expires;     /* tokens do, and can be refreshed */
	bool schedules;   /* scheduled_at is kept; else the post goes out at once */
	size_t max_chars;
	const char *const *lacks; /* beginnings of paths that are 404; NULL-terminated */
};

extern const struct software softwares[]; /* the first is Mastodon */
extern const size_t nsoftwares;

const struct software *software_find(const char *name); /* NULL: there is none */
/* Is the path one that this program does not have? */
bool software_lacks(const struct software *software, const char *path);

enum { ID_SIZE = 48 };
/* An id as this program writes it: forms of ids that are longer sort as the numbers do. */
void software_print_id(const struct software *software, char out[ID_SIZE], uint64_t id);
/* 0: not an id of this program. */
uint64_t software_read_id(const struct software *software, const char *text);
