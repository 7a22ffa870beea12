#pragma once
#include <stddef.h>

/*
 * What stoa does without a screen. Exit codes, everywhere: 0 done, 1 failed with a
 * reason on stderr, 2 wrong usage.
 */
enum cli_exit { CLI_DONE = 0, CLI_FAILED = 1, CLI_USAGE = 2 };

/* One row a command; --help, the man page and the shells' completions are made from the rows. */
struct cli_option {
	const char *name;  /* "limit", without the dashes */
	const char *value; /* name of its value, NULL when it takes none */
	const char *help;
};

struct cli_command {
	const char *name;
	const char *usage;                 /* arguments, without the name */
	const char *help;                  /* one line, no dot */
	const char *more;                  /* further lines for --help and the man page, or NULL */
	const struct cli_option *options;  /* ended by a row without a name; may be NULL */
	int (*run)(int argc, char **argv); /* argv[0] is the command's name */
};

/* What may stand before a command, or instead of one; ended by a row without a name. */
extern const struct cli_option deck_options[];
/* What is read from the environment, likewise. */
extern const struct cli_option environment_rows[];

/* The row after `row` by name, NULL: the first; NULL at the end. */
const struct cli_command *cli_next(const struct cli_command *row);
const struct cli_command *cli_find(const char *name);

/* Run `argv[0]` as a command; says so when there is none of that name. Handles --help. */
int cli_main(int argc, char **argv);

/* The text of --help for the whole program, made from the rows. To stdout. */
void cli_help(void);
