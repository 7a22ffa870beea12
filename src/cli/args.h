#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "cli/cli.h"

enum { ARGS_MAX_OPTIONS = 32, ARGS_MAX_GIVEN = 200 };

/* A command's arguments, read by its rows of options; borrows argv. */
struct args {
	const struct cli_option *options;
	const char
	        *values[ARGS_MAX_OPTIONS]; /* by row; "" for one without a value; NULL: not given */
	/* All that were given, in their order: which row, and its value. */
	struct {
		size_t row;
		const char *value;
	} given[ARGS_MAX_GIVEN];
	size_t ngiven;
	char **words; /* what is not an option */
	int nwords;
};

/*
 * Read argv (argv[0] is the command's name) by the rows of `command`. Options may stand
 * anywhere; `--` ends them. False after a sentence on stderr: exit with CLI_USAGE.
 */
bool args_read(struct args *args, const struct cli_command *command, int argc, char **argv);

bool args_has(const struct args *args, const char *name);
const char *args_value(const struct args *args, const char *name); /* NULL: not given */

/* A whole number of an option between min and max; `otherwise` when not given; false after a
 * sentence on stderr. */
bool args_number(
        const struct args *args, const char *name, long min, long max, long otherwise, long *out);

/* Say what is wrong with the words and how the command is used. Returns CLI_USAGE. */
int args_usage(const struct cli_command *command, const char *fmt, ...)
        __attribute__((format(printf, 2, 3)));
