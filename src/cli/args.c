#include "args.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t option_count(const struct cli_option *options)
{
	size_t n = 0;
	while (options && options[n].name)
		n++;
	return n;
}

bool args_read(struct args *args, const struct cli_command *command, int argc, char **argv)
{
	struct option rows[ARGS_MAX_OPTIONS + 1] = {0};
	size_t n = option_count(command->options);
	int account = -1; /* of all options it has a letter: -a */
	for (size_t i = 0; i < n && i < ARGS_MAX_OPTIONS; i++) {
		rows[i].name = command->options[i].name;
		rows[i].has_arg = command->options[i].value ? required_argument : no_argument;
		rows[i].val = (int)i + 256;
		if (strcmp(rows[i].name, "account") == 0) account = (int)i;
	}
	*args = (struct args){.options = command->options};
	optind = 0; /* both glibc and musl begin anew then */
	opterr = 0;
	for (;;) {
		int at = optind ? optind : 1;
		int c = getopt_long(argc, argv, account >= 0 ? ":a:" : ":", rows, NULL);
		if (c == -1) break;
		if (c == ':') {
			args_usage(command, "'%s' wants a value", argv[at]);
			return false;
		}
		if (c == 'a') c = account + 256;
		if (c < 256) {
			args_usage(command, "there is no option '%s'", argv[at]);
			return false;
		}
		args->values[c - 256] = optarg ? optarg : "";
		if (args->ngiven == ARGS_MAX_GIVEN) {
			args_usage(command, "more than %d options", (int)ARGS_MAX_GIVEN);
			return false;
		}
		args->given[args->ngiven].row = (size_t)c - 256;
		args->given[args->ngiven++].value = optarg ? optarg : "";
	}
	args->words = argv + optind;
	args->nwords = argc - optind;
	return true;
}

const char *args_value(const struct args *args, const char *name)
{
	for (size_t i = 0; args->options && args->options[i].name; i++) {
		if (strcmp(args->options[i].name, name) == 0) return args->values[i];
	}
	return NULL;
}

bool args_has(const struct args *args, const char *name)
{
	return args_value(args, name) != NULL;
}

bool args_number(
        const struct args *args, const char *name, long min, long max, long otherwise, long *out)
{
	const char *value = args_value(args, name);
	char *end = NULL;
	if (!value) {
		*out = otherwise;
		return true;
	}
	errno = 0;
	long number = strtol(value, &end, 10);
	if (errno || end == value || *end || number < min || number > max) {
		fprintf(stderr, "stoa: --%s wants a whole number from %ld to %ld, not '%s'\n", name,
		        min, max, value);
		return false;
	}
	*out = number;
	return true;
}

int args_usage(const struct cli_command *command, const char *fmt, ...)
{
	va_list list;
	fputs("stoa: ", stderr);
	va_start(list, fmt);
	vfprintf(stderr, fmt, list);
	va_end(list);
	fprintf(stderr, "\nusage: stoa %s %s\n", command->name, command->usage);
	return CLI_USAGE;
}
