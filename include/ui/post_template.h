#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * How a post is laid out: lines parted by `|`, each of fields parted by blanks. What follows
 * `>` in a line stands at its right end. `text=2` is at most two lines of it, `name=12` at most
 * twelve cells. `close` leaves no line between posts, `indent=4` moves all lines but the first.
 *
 *	name handle > time | reason | text | media | counts
 *
 * A post that was opened shows everything, whatever its template leaves out.
 */

/* X(ID, "name", where, "help"). IN_LINE: among others; OWN_LINES: alone; EITHER: both. */
#define POST_FIELDS(X)                                                                             \
	X(CARD, "card", OWN_LINES, "the page that a link leads to")                                \
	X(COUNTS, "counts", EITHER, "replies, reposts and likes, and what you did")                \
	X(HANDLE, "handle", IN_LINE, "the author's handle")                                        \
	X(MARK, "mark", IN_LINE, "a coloured mark of the author: initials")                        \
	X(MEDIA, "media", EITHER, "pictures by their alt text; in a line with others, how many")   \
	X(NAME, "name", IN_LINE, "the author's name")                                              \
	X(POLL, "poll", OWN_LINES, "a poll")                                                       \
	X(QUOTE, "quote", OWN_LINES, "the post that it quotes")                                    \
	X(REASON, "reason", EITHER, "why it stands here, and whom it answers")                     \
	X(TEXT, "text", EITHER, "title and text; in a line with others, its beginning")            \
	X(TIME, "time", IN_LINE, "when it was written")

#define X(id, name, where, help) FIELD_##id,
enum post_field { POST_FIELDS(X) FIELD_COUNT };
#undef X

/* X("name", "template", "help"): layouts that have names. The first is taken when none is said. */
#define POST_LAYOUTS(X)                                                                            \
	X("cosy", "name handle > time | reason | text | media | poll | quote | card | counts",     \
	        "a line for each thing that there is to say")                                      \
	X("compact", "mark name=16 reason text > media time | close", "a post in one line")        \
	X("wide",                                                                                  \
	        "mark name handle > counts time | reason | text | media | poll | quote | card | "  \
	        "indent=3",                                                                        \
	        "who, what came of it and when in one line, the text under the name")

struct post_layout {
	const char *name, *text, *help;
};
extern const struct post_layout post_layouts[]; /* ended by a row without a name */

struct post_field_row {
	const char *name, *help;
};
extern const struct post_field_row post_field_rows[]; /* by enum post_field */

enum { TEMPLATE_MAX_LINES = 12, TEMPLATE_MAX_FIELDS = 8, TEMPLATE_MAX_LIMIT = 200 };

struct template_field {
	uint8_t field; /* enum post_field */
	uint8_t limit; /* cells or lines; 0: none */
	bool right;    /* behind a `>` */
};
struct template_line {
	struct template_field fields[TEMPLATE_MAX_FIELDS];
	uint8_t n;
};
/* Zeroed: not read yet. */
struct post_template {
	struct template_line lines[TEMPLATE_MAX_LINES];
	uint8_t nlines, indent;
	bool close;
};

/* Read a layout's name or a template. `out` may be NULL; on failure nothing is changed. */
bool post_template_read(const char *text, struct post_template *out, struct err *err);
/* Does a field stand alone in its line? Then it takes as many lines as it needs. */
bool template_line_is_own(const struct template_line *line);
