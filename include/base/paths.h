#pragma once
#include <stdbool.h>

#include "base/err.h"

/*
 * Where stoa keeps its things (XDG Base Directory Specification 0.8). Each is an
 * absolute directory; paths_make creates those that are ours, mode 0700.
 */
struct paths {
	char *config;  /* $XDG_CONFIG_HOME/stoa */
	char *state;   /* $XDG_STATE_HOME/stoa: queue.db, secrets, decks, log */
	char *data;    /* $XDG_DATA_HOME/stoa: archive.db */
	char *cache;   /* $XDG_CACHE_HOME/stoa */
	char *runtime; /* $XDG_RUNTIME_DIR/stoa, else $XDG_STATE_HOME/stoa/run */
};

/* From the environment; fails only when neither HOME nor the XDG variables are set. */
bool paths_init(struct paths *paths, struct err *err);
void paths_finish(struct paths *paths);

/* Create state, data and runtime (0700); whoever writes config or cache first makes those. */
bool paths_make(const struct paths *paths, struct err *err);

/* Create one directory and its parents, 0700. */
bool paths_mkdir(const char *path, struct err *err);

/* `dir/name`, owned. */
char *paths_join(const char *dir, const char *name);

/* A path as typed: `~` alone or before a slash is the home directory. Owned. */
char *paths_expand(const char *path);

/*
 * Replace the file at `path` by `bytes`: written beside it with `mode`, synced,
 * renamed, directory synced. Old or new content, never half.
 */
bool paths_write(
        const char *path, const char *bytes, unsigned long len, unsigned mode, struct err *err);

/* Whole file, at most `max` bytes, owned and NUL-terminated. */
bool paths_read(
        const char *path, unsigned long max, char **out, unsigned long *out_len, struct err *err);
