#pragma once
#include <stdbool.h>

#include "base/err.h"
#include "base/paths.h"
#include "base/str.h"

/* `stoa daemon` as a systemd user unit, and what keeps such a one from sending. */

/* Is the unit's file there? *out_path (may be NULL): where it is, or would be; owned. */
bool service_is_installed(char **out_path);
/* Does systemd run this machine? */
bool service_has_systemd(void);
/* Do the user's services go on after the last login ended? */
bool service_lingers(void);

/* Write the unit, enable and start it. Appends what was done, and what is left to do. */
bool service_install(struct str *said, struct err *err);
bool service_remove(struct str *said, struct err *err);

/*
 * What will keep posts from being sent when nobody is logged in, a sentence a line; appended,
 * nothing when all is well. keyring: an account's token is in the system's keyring.
 */
void service_warn(struct str *out, bool keyring);

/* One daemon a profile: holds a lock in the state directory for as long as it lives. */
struct daemon_lock {
	int fd; /* -1: not held */
};
bool daemon_lock_take(struct daemon_lock *lock, const struct paths *paths, struct err *err);
void daemon_lock_drop(struct daemon_lock *lock);
/* Does one run? *out_pid: its process, 0 when it did not say. */
bool daemon_is_running(const struct paths *paths, long *out_pid);
