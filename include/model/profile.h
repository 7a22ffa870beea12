#pragma once
#include <stdbool.h>
#include <stdint.h>

/*
 * Somebody's public identity, or a feed as an author. Strings are clean (CLEAN_NAME, bio
 * CLEAN_LINE).
 */
struct profile {
	const char *uri;    /* stable identity: actor URL, DID or feed URL; never NULL */
	const char *handle; /* "name@host", "name.example", a feed's host; never NULL */
	const char *name;   /* display name; never NULL, may be "" */
	const char *url;    /* for a browser, or NULL */
	const char *bio;    /* or NULL when unknown */
	int64_t followers;  /* -1: unknown */
	bool bot;
};

/* One allocation; strings point into it. Free with free(). */
struct profile *profile_copy(const struct profile *profile);
