#pragma once
#include <stdbool.h>

#include "cmd/cmd.h"

/*
 * What every document is made from: the tables of commands, options, keys, roles, sources
 * and query fields. Nothing about them is written down twice.
 */

extern const struct cmd_set *const docs_commands;

/* One line `bind CONTEXT KEYS COMMAND` of the default configuration. */
struct docs_binding {
	const char *context, *keys, *line;
	const char *help; /* of the command that the line begins with, or "" */
};
void docs_each_binding(void (*each)(void *ctx, const struct docs_binding *binding), void *ctx);

/* Print a whole document to stdout. */
void docs_man(void);        /* stoa(1) */
void docs_man_config(void); /* stoa-config(5) */
void docs_man_query(void);  /* stoa-query(7) */
void docs_reference(void);  /* the reference section of README.md */
void docs_bash(void);
void docs_zsh(void);
void docs_fish(void);
