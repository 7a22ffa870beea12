#include <string.h>

#include "acting.h"
#include "app/deck.h"
#include "tables.h"

/* To the column of a place, wherever it stands; where there is none it is made. */

static bool go(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const struct account *account =
	        act_account(app, call->argc > 3 ? call->argv[3] : NULL, err);
	if (!account) return false;
	struct str source = {0}, line = {0};
	str_addf(&source, "%s/%s", account->name, call->argv[1]);
	bool found = false, ok = true;
	for (size_t i = 0; i < app->ncolumns && !found; i++) {
		const struct column *column = app->columns[i];
		found = column->nsources == 1 && strcmp(column->sources[0], source.p) == 0;
		if (found) deck_focus(app, i);
	}
	if (!found) {
		str_adds(&line, "column add ");
		str_addf(&line, "%c%s ", call->argv[1][0] - 'a' + 'A', call->argv[1] + 1);
		cmd_quote(&line, source.p);
		ok = app_command(app, line.p, NULL, err);
		if (ok) app_say(app, TONE_SAYS, "a new column; C-w q closes it");
	}
	str_finish(&source);
	str_finish(&line);
	return ok;
}

const struct cmd go_commands[] = {
        {"go", "bookmarks|direct|home|likes|mentions|notifications|scheduled [as ACCOUNT]",
                "go to the account's column of that, or make one", ANYWHERE, go, NULL},
        {0},
};
