#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "cmd/cmd.h"
#include "lex.h"

enum { USAGE_MAX_ITEMS = 16, USAGE_MAX_WORDS = 10 };

/* One word of a usage. */
struct usage_word {
	const char *p; /* borrowed from the usage, without "…" */
	size_t len;
	bool literal, repeat, raw;
};

/* One part of a usage: alternatives, each of some words, all of them optional or not. */
struct usage_item {
	bool optional;
	size_t nalts;
	struct {
		struct usage_word words[USAGE_MAX_WORDS];
		size_t nwords;
	} alts[USAGE_MAX_WORDS];
};

struct usage {
	struct usage_item items[USAGE_MAX_ITEMS];
	size_t nitems;
};

/* Read a command's usage; those of the tables are right, a test sees to it. */
bool usage_parse(const char *text, struct usage *out);

/* A growing list of owned words, ended by NULL. */
struct words {
	char **p;
	size_t n, cap;
};
void words_add(struct words *words, const char *word);

/*
 * Take the arguments of `cmd` from the lexer as its usage says, up to `;` or the end.
 * On failure the sentence names what is missing or too much, and the usage.
 */
bool usage_take(const struct cmd *cmd, struct lexer *lexer, struct words *words, struct err *err);
