#pragma once
#include <stdbool.h>

#include "base/str.h"

/*
 * Notices that a terminal shows on its desktop, by the control sequences that some have
 * (rendering.md, "Notifications"). What is not known to have one gets none: it might print it.
 */

/* X(ID, "name") */
#define OSC_FORMS(X)                                                                               \
	X(NONE, "none")                                                                            \
	X(9, "osc9")                                                                               \
	X(99, "osc99")                                                                             \
	X(777, "osc777")

#define X(id, name) OSC_##id,
enum osc_form { OSC_FORMS(X) OSC_COUNT };
#undef X

/* A terminal multiplexer between us and the terminal. */
enum osc_mux { OSC_MUX_NONE, OSC_MUX_TMUX, OSC_MUX_SCREEN };

const char *osc_form_name(enum osc_form form);
/* The form of this name; OSC_NONE when there is none. */
enum osc_form osc_form_named(const char *name);

/* What the environment (TERM, TERM_PROGRAM …) says of the terminal. */
enum osc_form osc_form_here(void);
enum osc_mux osc_mux_here(void);

/*
 * Append the sequence for a notice, cleaned here and cut to what terminals take; nothing with
 * OSC_NONE. `number` tells one notice from the next. Only while nobody looks at the terminal,
 * where it knows (always: even then). mux: wrapped so that it is passed on.
 */
struct osc_notice {
	const char *title, *body;
	unsigned number;
	bool always;
};
void osc_notice_print(
        struct str *out, enum osc_form form, enum osc_mux mux, const struct osc_notice *notice);
