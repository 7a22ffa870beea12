#pragma once
#include <stdbool.h>

#include "base/osc.h"

/* How a notice can leave this terminal, as far as the environment tells. Any thread. */

enum notice_way {
	WAY_NONE,     /* it stays on the status bar */
	WAY_DESKTOP,  /* the desktop's own service, by D-Bus */
	WAY_TERMINAL, /* a control sequence that the terminal has */
	WAY_MARK,     /* a bell, by which tmux or screen marks the window */
};

struct notice_ways {
	char *helper;       /* our program that speaks D-Bus; NULL: not installed */
	char *bus;          /* the session bus' address; NULL: there is none */
	enum osc_form form; /* that the terminal is known to have */
	enum osc_mux mux;
};
void notice_ways_find(struct notice_ways *ways);
void notice_ways_finish(struct notice_ways *ways);

/* The first to be tried with the option `notify-by`. seen: there is a terminal at all. */
enum notice_way notice_way_of(const struct notice_ways *ways, const char *by, bool seen);
/* The next one, should the desktop not take it. */
enum notice_way notice_way_after_desktop(const struct notice_ways *ways, const char *by, bool seen);
/* The form for a terminal by that option; OSC_NONE: it has none. */
enum osc_form notice_form_of(const struct notice_ways *ways, const char *by);
