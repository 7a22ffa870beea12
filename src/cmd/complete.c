#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/cmd.h"
#include "lex.h"
#include "usage.h"

/* The words of the last command of a line up to the cursor; the last one is being typed. */
struct typed {
	struct words words;
	size_t at; /* where the last one begins */
};

static void typed_read(struct typed *typed, const char *line)
{
	struct lexer lexer = {.p = line, .start = line};
	struct str word = {0};
	*typed = (struct typed){0};
	bool in_word = false;
	for (;;) {
		struct lex_word got = lex_next(&lexer, &word, NULL);
		if (got.kind == LEX_SEP) {
			cmd_words_free(typed->words.p);
			typed->words = (struct words){0};
			in_word = false;
			continue;
		}
		if (got.kind == LEX_END) break;
		words_add(&typed->words, str_c(&word));
		typed->at = got.at;
		/* A word that the line ends in is still being typed. */
		in_word = *lexer.p == '\0';
		if (got.kind == LEX_ERROR) break;
	}
	str_finish(&word);
	if (!in_word) {
		words_add(&typed->words, "");
		typed->at = strlen(line);
	}
}

struct completing {
	const char *prefix;
	void (*add)(void *ctx, const char *word, const char *help);
	void *ctx;
	const char *first; /* second words of commands whose first word this is; or NULL */
};

static void add_matching(void *ctx, const char *word, const char *help)
{
	const struct completing *completing = ctx;
	if (strncmp(word, completing->prefix, strlen(completing->prefix)) != 0) return;
	completing->add(completing->ctx, word, help);
}

static void add_name(void *ctx, const struct cmd *cmd)
{
	const struct completing *completing = ctx;
	if (!completing->first) {
		add_matching(ctx, cmd->name, cmd->help);
		return;
	}
	size_t len = strlen(completing->first);
	if (strncmp(cmd->name, completing->first, len) == 0 && cmd->name[len] == ' ')
		add_matching(ctx, cmd->name + len + 1, cmd->help);
}

/* Literal words of a usage. Which of them may stand here is told on Enter. */
static void add_literals(const struct cmd *cmd, struct completing *completing)
{
	struct usage usage;
	if (!usage_parse(cmd->usage, &usage)) return;
	for (size_t i = 0; i < usage.nitems; i++) {
		for (size_t j = 0; j < usage.items[i].nalts; j++) {
			const struct usage_word *word = &usage.items[i].alts[j].words[0];
			if (!word->literal) continue;
			char *copy = xstrndup(word->p, word->len);
			add_matching(completing, copy, "");
			free(copy);
		}
	}
}

size_t cmd_complete(const struct cmd_set *set, void *app, const char *line, size_t cursor,
        void (*add)(void *ctx, const char *word, const char *help), void *ctx)
{
	char *before = xstrndup(line, cursor);
	struct typed typed;
	typed_read(&typed, before);
	size_t n = typed.words.n;
	char **words = typed.words.p;
	struct completing completing = {.prefix = words[n - 1], .add = add, .ctx = ctx};
	if (n == 1) {
		cmd_each(set, add_name, &completing);
	} else {
		struct str name = {0};
		str_addf(&name, "%s %s", words[0], words[1]);
		const struct cmd *cmd = n > 2 ? cmd_find(set, name.p) : NULL;
		/* words[0] stands for the whole name, as in a call. */
		char **from = cmd ? words + 1 : words;
		if (!cmd) cmd = cmd_find(set, words[0]);
		if (cmd) {
			add_literals(cmd, &completing);
			if (cmd->hooks && cmd->hooks->complete)
				cmd->hooks->complete(app, from, (int)(n - 1) - (int)(from - words),
				        add_matching, &completing);
		}
		if (n == 2) {
			completing.first = words[0];
			cmd_each(set, add_name, &completing);
		}
		str_finish(&name);
	}
	cmd_words_free(words);
	free(before);
	return typed.at;
}
