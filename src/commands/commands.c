#include "commands/commands.h"

#include <string.h>

#include "tables.h"

static const struct cmd *const tables[] = {
        post_act_commands,
        agenda_commands,
        article_commands,
        attention_commands,
        bind_commands,
        brief_commands,
        catchup_commands,
        collection_commands,
        collection_menu_commands,
        column_commands,
        compose_commands,
        compose_menu_commands,
        compose_set_commands,
        cursor_commands,
        draft_commands,
        edit_commands,
        file_commands,
        find_commands,
        go_commands,
        help_commands,
        keep_commands,
        list_commands,
        log_commands,
        mute_commands,
        mutes_commands,
        noise_commands,
        open_with_commands,
        people_commands,
        person_commands,
        picture_commands,
        post_commands,
        program_commands,
        prompt_commands,
        rule_commands,
        saved_commands,
        server_filter_commands,
        show_commands,
        sign_in_commands,
        silence_commands,
        slots_commands,
        theme_commands,
        thread_commands,
        tutorial_commands,
        vote_commands,
        welcome_commands,
        workspace_commands,
        NULL,
};

const struct cmd_set deck_commands = {tables};

struct app *call_app(const struct cmd_call *call)
{
	return call->app;
}

bool can_column(void *app, struct err *err)
{
	return app_column(app) || err_set(err, ERR_NOT_FOUND, "there is no column; `a` adds one");
}

struct column *call_column(const struct cmd_call *call, struct err *err)
{
	return can_column(call->app, err) ? app_column(call->app) : NULL;
}

bool can_post(void *app, struct err *err)
{
	return app_selected(app, err) != NULL;
}

void complete_account(void *app, char **words, int arg,
        void (*add)(void *ctx, const char *word, const char *help), void *ctx)
{
	const struct account *const *all;
	size_t n = store_accounts(((const struct app *)app)->store, &all);
	(void)words;
	for (size_t i = 0; arg == 1 && i < n; i++) {
		if (all[i]->id != ACCOUNT_FEEDS) add(ctx, all[i]->name, all[i]->handle);
	}
}

bool on_off(const struct cmd_call *call, int arg, bool now)
{
	if (call->argc <= arg) return !now;
	return strcmp(call->argv[arg], "on") == 0;
}
