#pragma once
#include <stdbool.h>

#include "base/err.h"
#include "base/paths.h"

/*
 * Whether a deck is open on a profile: each holds a share of the lock on `deck.lock` in the
 * state directory, from before it reads anything until all that it knows is on the disk. The
 * daemon keeps watches only while there is none.
 */

/* A descriptor that holds the share; -1 with a reason. Closing it gives it back. */
int presence_take(const struct paths *paths, struct err *err);

struct presence_watch {
	int lock, inotify; /* -1: none. Wait for `inotify` to be readable, then look */
};
bool presence_watch_open(struct presence_watch *watch, const struct paths *paths, struct err *err);
void presence_watch_close(struct presence_watch *watch);
/* Forget what made it readable. True when it may have been a deck. */
bool presence_watch_heard(struct presence_watch *watch);
bool presence_is_there(const struct presence_watch *watch);
