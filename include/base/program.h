#pragma once
#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

/* What a program gets for its standard files, besides a descriptor of ours. */
enum {
	PROGRAM_OURS = -1,    /* the same as we have */
	PROGRAM_NOTHING = -2, /* reads nothing, what it writes is thrown away */
};

struct program_files {
	int in, out, err; /* a descriptor, or one of the above */
	const char *path; /* of the program, when its argv[0] is another; NULL */
	bool own_group;   /* a ^C at our terminal is not meant for it */
};

/*
 * Start a program, found by PATH and without a shell, with all signals as a program expects
 * them: ours may be blocked or ignored. Any thread; who starts it waits for it.
 */
bool program_start(
        char *const *argv, const struct program_files *files, pid_t *out, struct err *err);

/* A program of ours: beside stoa when it is not installed, else where it was to go. Owned; NULL:
 * it is in neither place. */
char *program_find(const char *name, const char *installed);

/* The address of the user's session bus (D-Bus), owned; NULL: there is none. */
char *program_session_bus(void);
