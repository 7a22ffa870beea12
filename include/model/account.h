#pragma once
#include <stddef.h>

#include "model/ids.h"

/* What a network or server can do; the UI greys out what it cannot. */
enum capability {
	CAP_LIKE = 1 << 0,
	CAP_REPOST = 1 << 1,
	CAP_BOOKMARK = 1 << 2,
	CAP_STREAM = 1 << 3,
	CAP_POST = 1 << 4,
	CAP_SEARCH = 1 << 5,
};

/* One sign-in, or the built-in account `feeds`. Secrets live in engine/secret, never here. */
struct account {
	account_id id;
	char *name;    /* what the user calls it: "work" */
	char *network; /* "mastodon", "feed" */
	char *host;    /* "mastodon.example", or "http://127.0.0.1:8080" on loopback; "" for feeds */
	char *handle;  /* "ada@mastodon.example"; "" when unknown */
	char *uri;     /* own profile's uri; "" when unknown */
	unsigned caps; /* enum capability */
};

struct account *account_copy(const struct account *account); /* owned, free with account_free */
void account_free(struct account *account);
