#pragma once
#include "query/query.h"

/* What the files of this folder share: the tree of a query and the table of its fields. */

struct moment;
struct regex;
struct step;
struct term;

/* One word of a closed list: `media` of has:, `direct` of visibility:. */
struct word_row {
	struct query_word word;
	unsigned needs, changes, untold; /* query_needs, query_volatile, untold */
	bool (*match)(const struct query_row *row, unsigned arg);
	unsigned arg;
};

enum value_kind {
	VALUE_TEXT,   /* any text; compared folded */
	VALUE_HANDLE, /* a handle, with or without @; in lower case */
	VALUE_PLAIN,  /* a name or code; compared without ASCII case */
	VALUE_HOST,   /* a host; in lower case */
	VALUE_EXACT,  /* an identity; compared as it is */
	VALUE_WORD,   /* one of the field's words */
	VALUE_COUNT,  /* a number, with > >= < <= = before it */
	VALUE_AGE,    /* a length of time, with > >= < <= before it */
	VALUE_SINCE,  /* a time (moment.h): at it or later */
	VALUE_UNTIL,  /* before it */
	VALUE_REGEX,
	VALUE_SAVED, /* the name of another query */
};

/* No count; what is not known matches nothing. */
#define COUNT_UNKNOWN INT64_MAX

struct field {
	struct query_word word; /* the name "" is a term without a field */
	enum value_kind kind;
	char sigil; /* may stand before the value; alone it means the first such field */
	bool holds; /* VALUE_TEXT: found anywhere, so a longer value finds less */
	unsigned needs, changes; /* query_needs, query_volatile; of VALUE_WORD: see its rows */
	unsigned atom;           /* enum query_atom_kind + 1; 0: none */
	bool atom_decides;       /* it is all that is asked; else it is the least */
	bool (*match)(const struct term *term, const struct query_row *row);
	int64_t (*count)(const struct query_row *row); /* VALUE_COUNT */
	int64_t (*most)(
	        const struct query_row *row); /* what it never exceeds, told quickly; or NULL */
	/* Whether the row does not tell; NULL: it always does. */
	bool (*unknown)(const struct term *term, const struct query_row *row);
	const struct word_row *words; /* VALUE_WORD: ends with a NULL name */
};

extern const struct field query_fields[]; /* ends with a NULL name; the first is plain text */

enum compare { COMPARE_EQ, COMPARE_GT, COMPARE_GE, COMPARE_LT, COMPARE_LE };

struct term {
	const struct field *field;
	char *text;   /* the value as it is printed, without quotes */
	char *folded; /* VALUE_TEXT */
	char *least;  /* VALUE_REGEX: its atom's value; NULL: it has none */
	const struct word_row *word;
	enum compare compare;
	int64_t number; /* VALUE_COUNT; VALUE_AGE: ms */
	struct regex *regex;
	struct moment *moment;
	uint32_t slot; /* 0: not bound */
};

enum node_kind { NODE_TERM, NODE_NOT, NODE_AND, NODE_OR, NODE_SAVED };

/*
 * AND never holds AND, OR never holds OR; both hold two or more. NOT holds one. SAVED has the
 * term that names it and holds what it stands for: one, or none when that is empty.
 */
struct node {
	enum node_kind kind;
	struct node **kids;
	size_t nkids, cap;
	struct term term;
};

/* See flat.h. */
struct flat {
	struct step *steps;
	size_t n, cap;
	uint16_t begin;
};

struct query {
	struct node *root; /* NULL: matches all */
	struct flat flat;
	unsigned needs, changes;
	const struct term **shown; /* what a match is marked with: of the tree, none negated */
	size_t nshown, shown_cap;
};

void term_finish(struct term *term);
void node_free(struct node *node);

/* A row as it is asked at a time. */
bool term_match(const struct term *term, const struct query_row *row, int64_t now_ms);
bool node_match(const struct node *node, const struct query_row *row, int64_t now_ms);

/* Fill in what the whole query depends on, and its needles. */
void query_learn(struct query *query);

/* Append a term as it is written. */
void term_print(struct str *out, const struct term *term);

/* True when printing `text` bare would not be read back as the same one word. */
bool lex_needs_quotes(const char *text, bool is_value);
