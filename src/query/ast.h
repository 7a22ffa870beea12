#pragma once
#include "query/query.h"

/* What the files of this folder share: the tree of a query and the table of its fields. */

struct term;

/* One word of a closed list: `media` of has:, `direct` of visibility:. */
struct word_row {
	struct query_word word;
	unsigned needs;
	bool (*match)(const struct query_row *row, unsigned arg);
	unsigned arg;
};

enum value_kind {
	VALUE_TEXT,   /* any text; compared folded */
	VALUE_HANDLE, /* a handle, with or without @; in lower case */
	VALUE_PLAIN,  /* a name or code; compared without ASCII case */
	VALUE_WORD,   /* one of the field's words */
	VALUE_COUNT,  /* a number, with > >= < <= = before it */
};

struct field {
	struct query_word word; /* the name "" is plain text */
	enum value_kind kind;
	char sigil;     /* may stand before the value; alone it means the first such field */
	unsigned needs; /* of VALUE_WORD: see its rows */
	bool (*match)(const struct term *term, const struct query_row *row);
	uint32_t (*count)(const struct post *post); /* VALUE_COUNT: POST_UNKNOWN matches nothing */
	const struct word_row *words;               /* VALUE_WORD: ends with a NULL name */
};

extern const struct field query_fields[]; /* ends with a NULL name; the first is plain text */

enum compare { COMPARE_EQ, COMPARE_GT, COMPARE_GE, COMPARE_LT, COMPARE_LE };

struct term {
	const struct field *field;
	char *text;   /* the value as it is printed, without quotes */
	char *folded; /* VALUE_TEXT */
	const struct word_row *word;
	enum compare compare;
	uint32_t number;
};

enum node_kind { NODE_TERM, NODE_NOT, NODE_AND, NODE_OR };

/* AND never holds AND, OR never holds OR; both hold two or more. NOT holds one. */
struct node {
	enum node_kind kind;
	struct node **kids;
	size_t nkids, cap;
	struct term term;
};

struct query {
	struct node *root; /* NULL: matches all */
	unsigned needs;
	const char **needles; /* borrowed from the terms */
	size_t nneedles, needles_cap;
};

void node_free(struct node *node);
bool node_match(const struct node *node, const struct query_row *row);

/* True when printing `text` bare would not be read back as the same one word. */
bool lex_needs_quotes(const char *text, bool is_value);
