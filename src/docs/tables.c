#include "docs.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "commands/commands.h"

extern const char default_conf[];

const struct cmd_set *const docs_commands = &deck_commands;

/* Words 0 to 2 of a `bind` line; the rest is its command line. */
static void docs_binding_of(
        char *line, void (*each)(void *ctx, const struct docs_binding *binding), void *ctx)
{
	char *context = strtok_r(line + strlen("bind "), " ", &line);
	char *keys = context ? strtok_r(NULL, " ", &line) : NULL;
	if (!keys) return;
	size_t len = strlen(line);
	char *command = line;
	if (len > 1 && *line == '"' && line[len - 1] == '"') {
		line[len - 1] = '\0';
		command++;
	}
	while (*command == ' ')
		command++;
	/* A semicolon is quoted, because it would end the line. */
	size_t keys_len = strlen(keys);
	if (keys_len > 2 && *keys == '"' && keys[keys_len - 1] == '"') {
		keys[keys_len - 1] = '\0';
		keys++;
	}
	const struct cmd *cmd = cmd_of(docs_commands, command);
	each(ctx, &(struct docs_binding){context, keys, command, cmd ? cmd->help : ""});
}

void docs_each_binding(void (*each)(void *ctx, const struct docs_binding *binding), void *ctx)
{
	char *text = xstrdup(default_conf), *rest = text;
	for (char *line; (line = strtok_r(rest, "\n", &rest));) {
		if (strncmp(line, "bind ", 5) == 0) docs_binding_of(line, each, ctx);
	}
	free(text);
}
