#include "app/welcome.h"

#include <stdlib.h>
#include <string.h>

#include "app/overlay.h"
#include "app/spawn.h"
#include "base/mem.h"
#include "base/paths.h"
#include "tables.h"

/* The first steps, and stoa's own command line from within the deck. */

static bool welcome(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct list_view list = {.title = xstrdup("Where to begin")};
	(void)err;
	welcome_list(app, &list);
	overlay_list(app, &list);
	return true;
}

static bool restart(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	(void)err;
	app->again = true;
	app_quit(app, 0);
	return true;
}

/* Does it change what a deck reads only when it starts? */
static bool changes_start(const char *command)
{
	static const char *const commands[] = {"feeds", "login", "logout"};
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		if (strcmp(commands[i], command) == 0) return true;
	}
	return false;
}

bool run_own(struct app *app, char *const *words, size_t n, struct err *err)
{
	char **argv = xcalloc(n + 2, sizeof(*argv));
	argv[0] = (char *)"stoa";
	memcpy(argv + 1, words, n * sizeof(*argv));
	bool ok = spawn_own(app, argv, strcmp(argv[1], "demo") != 0, err);
	if (ok && changes_start(argv[1])) {
		app->again = true;
		app_quit(app, 0);
	}
	free(argv);
	return ok;
}

static bool stoa(const struct cmd_call *call, struct err *err)
{
	return run_own(call_app(call), call->argv + 1, (size_t)call->argc - 1, err);
}

static bool feeds_import(const struct cmd_call *call, struct err *err)
{
	char *file = paths_expand(call->argv[1]);
	char *words[] = {(char *)"feeds", (char *)"import", file};
	bool ok = run_own(call_app(call), words, 3, err);
	free(file);
	return ok;
}

const struct cmd welcome_commands[] = {
        {"feeds import", "FILE", "follow the feeds of an OPML file, or of newsboat's urls", 0,
                feeds_import, NULL},
        {"restart", "", "begin anew: read config, accounts and feeds again", ANYWHERE, restart,
                NULL},
        {"stoa", "COMMAND…", "run a command of the command line in this terminal", 0, stoa, NULL},
        {"welcome", "", "what one may begin with", ANYWHERE, welcome, NULL},
        {0},
};
