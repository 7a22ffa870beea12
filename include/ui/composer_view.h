#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/text.h"
#include "ui/text_edit.h"
#include "ui/view.h"

/*
 * A post being written, over the deck: what it answers, the text with its cursor, what goes
 * with it, and how much of it each account takes. All strings are borrowed from the app.
 */

/* One who shall post it. */
struct composer_target {
	const char *name;
	size_t place; /* among those signed in, from 1: its colour; 0: none */
	const char *unit;
	uint32_t count, limit; /* limit 0: none */
	bool over;
	bool own_text; /* it has a text of its own */
};

/* A line about an attachment, a poll, a mistake. */
struct composer_note {
	enum mark mark;
	enum role role;
	const char *text;
};

struct composer_view {
	const char *title;
	const char *state;              /* "draft kept", or "" */
	const char *about_by, *about;   /* the post that is answered; NULL: none */
	const char *quote_by, *quote;   /* the post that is quoted; NULL: none */
	const char *warning;            /* NULL: none */
	const char *const *part_starts; /* the beginnings of all parts of the thread */
	size_t nparts, part;            /* part: the one that is written in */
	struct text_edit *edit;         /* its text; the view asks it for rows */
	size_t top;                     /* first row of it on the screen; the view's own */
	const char *placeholder;        /* stands where nothing is written yet */
	size_t fits;                    /* bytes that all take; what is behind stands out */
	const struct facet *facets;     /* what will be links, mentions and tags */
	size_t nfacets;
	const struct composer_target *targets;
	size_t ntargets;
	const struct composer_note *notes;
	size_t nnotes;
	const char *settings; /* "public · en · now" */
	const char *hints;    /* keys, " · " between them; those that fit are shown */
	const char *const *completions;
	size_t ncompletions;
	int focus; /* of the completions, -1: none */
};

/* Where the cursor belongs comes out; row -1: nowhere. */
void composer_view_draw(struct composer_view *view, struct ui *ui, struct grid *grid,
        struct rect area, int *out_row, int *out_col);
/* The cells that a row of text has in this area, for the keys of a text_edit. */
int composer_view_cols(struct rect area);
/* Rows of text that a page of it has at least. */
int composer_view_page(struct rect area);
