#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

/*
 * The command language: one line = one command, or several parted by `;`. Words
 * split on blanks; "…" and '…' quote (backslash escapes \" \\ \n \t inside "…");
 * `#` starts a comment as the first character or between blanks. A command whose
 * usage ends in QUERY, COMMAND or TEXT takes the rest of its line raw; a COMMAND
 * that is one quoted word loses its quotes.
 *
 * A usage is read by the program too:
 *	NAME           one word             NAME…        one or more
 *	left|right     one of these words   [ … ]        may be left out
 *	[as ACCOUNT]   the word `as`, then one more; several such groups in any order
 */

enum { CMD_MAX_LINE = 65536, CMD_MAX_WORDS = 256 };

enum cmd_flag {
	CMD_THEME = 1 << 0,  /* allowed in a theme file */
	CMD_CONFIG = 1 << 1, /* allowed in the config file */
	CMD_DECK = 1 << 2,   /* allowed in a deck's file */
	CMD_LIVE = 1 << 3, /* also runs after every key at the prompt (call->live), undone on Esc */
	CMD_CTL = 1 << 4,  /* allowed from `stoa ctl` */
	CMD_ACTION = 1 << 5, /* acts on the selected post: listed in the `.` menu */
};

struct cmd_call {
	void *app; /* struct app; this folder does not know it */
	int argc;
	char **argv; /* argv[0] is the command's name */
	bool live;   /* a preview while it is being typed */
	struct str
	        *out; /* what the command has to say: `stoa ctl` prints it, the prompt shows it */
};

/* What few commands need; each may be NULL. */
struct cmd_hooks {
	/* Words that could stand at words[arg] (arg from 1), which holds what is typed so far. */
	void (*complete)(void *app, char **words, int arg,
	        void (*add)(void *ctx, const char *word, const char *help), void *ctx);
	/* Can it be done now? False with the reason, for menus; NULL: always. */
	bool (*can)(void *app, struct err *err);
	/* What a prompt for this command's arguments starts with. */
	void (*initial)(void *app, struct str *out);
};

/* One row of a command table; help, completion, checks and the man page come from it. */
struct cmd {
	const char *name;  /* may be two words: "column add" */
	const char *usage; /* arguments: "TITLE SOURCE… [query QUERY]"; arity in one */
	const char *help;  /* one line, no dot */
	unsigned flags;    /* enum cmd_flag */
	bool (*run)(const struct cmd_call *call, struct err *err);
	const struct cmd_hooks *hooks; /* or NULL */
};

/* Tables of all folders that have commands; NULL-terminated, each ended by a row without a name,
 * sorted by name. */
struct cmd_set {
	const struct cmd *const *tables;
};

const struct cmd *cmd_find(const struct cmd_set *set, const char *name);
/* The command that a line begins with, or NULL. */
const struct cmd *cmd_of(const struct cmd_set *set, const char *line);
/* Call back for every row of every table, in the order of names. */
void cmd_each(const struct cmd_set *set, void (*each)(void *ctx, const struct cmd *cmd), void *ctx);

/*
 * Run one line; the first command that fails ends it. `allow`: each command must carry
 * one of these flags; 0: any. `live`: commands without CMD_LIVE are passed over. An
 * unknown name suggests the nearest one. `out` may be NULL.
 */
bool cmd_run(const struct cmd_set *set, void *app, const char *line, unsigned allow, bool live,
        struct str *out, struct err *err);

/*
 * Run every line of a text. A wrong line is told as `name:line: sentence` to
 * on_error and never stops the rest. Returns how many were wrong.
 */
int cmd_source(const struct cmd_set *set, void *app, const char *name, const char *text, size_t len,
        unsigned allow, void (*on_error)(void *ctx, const char *sentence), void *ctx);

/* The words of a line as the lexer sees them; owned array ended by NULL. */
char **cmd_split(const char *line, int *out_argc, struct err *err);
void cmd_words_free(char **words);
/* The first word of a line replaces *out; what follows it comes back, NULL when there is none.
 * out_quoted may be NULL: any part of it was in quotes. */
const char *cmd_word(const char *line, struct str *out, bool *out_quoted);
/* Append `word`, quoted when it needs to be. */
void cmd_quote(struct str *out, const char *word);

/* The candidate nearest to `name` by edits, or NULL when none is near. */
const char *cmd_nearest(const char *name, const char *(*candidate)(void *ctx, size_t i), void *ctx);

/*
 * Completions of the word under `cursor` (bytes) of a line: names of commands, the
 * literal words of its usage, then what cmd->complete says. Only those that begin with what
 * is typed. Returns where that word begins; what stands there is to be replaced.
 */
size_t cmd_complete(const struct cmd_set *set, void *app, const char *line, size_t cursor,
        void (*add)(void *ctx, const char *word, const char *help), void *ctx);
