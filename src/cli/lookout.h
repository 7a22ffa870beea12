#pragma once
#include <stdbool.h>
#include <sys/select.h>

#include "base/err.h"
#include "base/paths.h"

/*
 * The daemon's watches: while no deck is open, the sources of columns that some notice is about
 * are kept fresh, and what comes is told on the desktop. Sleeps otherwise.
 */
struct lookout;

/* say: each sentence for the journal; borrowed. Paths are borrowed for its life. */
bool lookout_open(const struct paths *paths, void (*say)(const char *sentence),
        struct lookout **out, struct err *err);
void lookout_close(struct lookout *lookout);

/* Is no deck open just now? */
bool lookout_is_alone(const struct lookout *lookout);

/* Do what is due. */
void lookout_turn(struct lookout *lookout);
/* What to wait for; returns the highest descriptor put into `fds`. */
int lookout_fds(const struct lookout *lookout, fd_set *fds);
int lookout_wait_ms(const struct lookout *lookout); /* -1: nothing is due by itself */
