#include "app/prompt.h"

#include <string.h>

#include "tables.h"

/* The line where one types. */

static bool can_prompt(void *app, struct err *err)
{
	return ((struct app *)app)->prompt.open ||
	       err_set(err, ERR_NOT_FOUND, "nothing is being typed");
}

static bool prompt(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const char *command = call->argc > 1 ? call->argv[1] : "";
	const struct cmd *cmd = *command ? cmd_of(app->commands, command) : NULL;
	if (*command && !cmd) return err_set(err, ERR_SYNTAX, "there is no command '%s'", command);
	if (cmd && cmd->hooks && cmd->hooks->can && !cmd->hooks->can(app, err)) return false;
	prompt_open(app, command, NULL);
	return true;
}

static bool accept(const struct cmd_call *call, struct err *err)
{
	if (!can_prompt(call->app, err)) return false;
	prompt_accept(call_app(call));
	return true;
}

static bool cancel(const struct cmd_call *call, struct err *err)
{
	if (!can_prompt(call->app, err)) return false;
	prompt_cancel(call_app(call));
	return true;
}

static bool complete(const struct cmd_call *call, struct err *err)
{
	if (!can_prompt(call->app, err)) return false;
	prompt_complete(call_app(call), strcmp(call->argv[1], "next") == 0 ? 1 : -1);
	return true;
}

static bool history(const struct cmd_call *call, struct err *err)
{
	if (!can_prompt(call->app, err)) return false;
	prompt_history(call_app(call), strcmp(call->argv[1], "older") == 0 ? -1 : 1);
	return true;
}

static const struct cmd_hooks hooks = {.can = can_prompt};

const struct cmd prompt_commands[] = {
        {"prompt", "[COMMAND]", "type a command, or the arguments of one", ANYWHERE, prompt, NULL},
        {"prompt-accept", "", "do what was typed", ANYWHERE, accept, &hooks},
        {"prompt-cancel", "", "leave the prompt", ANYWHERE, cancel, &hooks},
        {"prompt-complete", "next|previous", "complete the word", ANYWHERE, complete, &hooks},
        {"prompt-history", "older|newer", "what was typed before", ANYWHERE, history, &hooks},
        {0},
};
