#pragma once
#include "app/state.h"
#include "cmd/cmd.h"

extern const struct cmd post_act_commands[], agenda_commands[], article_commands[], bind_commands[],
        brief_commands[], catchup_commands[], collection_commands[], collection_menu_commands[],
        column_commands[], compose_commands[], compose_menu_commands[], compose_set_commands[],
        cursor_commands[], draft_commands[], edit_commands[], file_commands[], find_commands[],
        go_commands[], keep_commands[], help_commands[], list_commands[], log_commands[],
        mute_commands[], mutes_commands[], noise_commands[], attention_commands[], rule_commands[],
        saved_commands[], silence_commands[], people_commands[], person_commands[],
        open_with_commands[], picture_commands[], post_commands[], program_commands[],
        prompt_commands[], server_filter_commands[], show_commands[], sign_in_commands[],
        slots_commands[], theme_commands[], thread_commands[], tutorial_commands[], vote_commands[],
        welcome_commands[], workspace_commands[];

/* Where keys go, below the list that is open or about to be. */
enum key_context help_context(const struct app *app);
/* Where most commands may come from besides the prompt and keys. */
enum { ANYWHERE = CMD_CTL, SETTING = CMD_CONFIG | CMD_CTL };

/* The app behind a call, and whether one is on with a column that is in view. */
struct app *call_app(const struct cmd_call *call);
struct column *call_column(const struct cmd_call *call, struct err *err);
/* Put an address on the clipboard, where the options allow it. */
bool copy_address(struct app *app, const char *url, struct err *err);
/* The selected post, for hooks->can as well. */
bool can_post(void *app, struct err *err);
bool can_column(void *app, struct err *err);
/* For hooks->complete: the names of accounts, as the first word. */
void complete_account(void *app, char **words, int arg,
        void (*add)(void *ctx, const char *word, const char *help), void *ctx);
/* on, off or (no word) the other way round. */
bool on_off(const struct cmd_call *call, int arg, bool now);
/* Run a command line of stoa itself in the terminal; the deck begins anew where that matters. */
bool run_own(struct app *app, char *const *words, size_t n, struct err *err);
