#pragma once
#include <stdbool.h>

/*
 * Questions to the terminfo database. Apart from term.c because the system's
 * <term.h> has a `struct term` of its own.
 */

enum entry {
	ENTRY_NONE,  /* no such entry */
	ENTRY_PLAIN, /* it cannot place a cursor */
	ENTRY_GOOD,
};

enum entry terminfo_look_up(const char *name);

/* "xterm-256color" to "xterm-direct": the entry whose colours are RGB. False when it is not
 * installed. */
bool terminfo_direct(char out[64], const char *name);
