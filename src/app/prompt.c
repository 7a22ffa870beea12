#include "app/prompt.h"

#include <stdlib.h>
#include <string.h>

#include "app/tutorial.h"
#include "base/mem.h"
#include "inside.h"

static void completions_clear(struct prompt *prompt)
{
	for (size_t i = 0; i < prompt->ncompletions; i++)
		free(prompt->completions[i]);
	prompt->ncompletions = 0;
	prompt->chosen = -1;
	free(prompt->typed);
	prompt->typed = NULL;
}

static void set_hint(struct prompt *prompt, const char *text)
{
	char *copy = text && *text ? xstrdup(text) : NULL;
	free(prompt->hint);
	prompt->hint = copy;
}

static void prompt_close(struct app *app)
{
	struct prompt *prompt = &app->prompt;
	if (!prompt->open) return;
	completions_clear(prompt);
	free(prompt->completions);
	free(prompt->command);
	free(prompt->label);
	free(prompt->hint);
	free(prompt->draft);
	free(prompt->yes);
	edit_finish(&prompt->edit);
	*prompt = (struct prompt){.err_at = -1, .chosen = -1};
	app->dirty = true;
}

/* The command line that the prompt stands for. Owned. */
static char *whole_line(const struct prompt *prompt)
{
	struct str line = {0};
	str_adds(&line, prompt->command);
	if (*prompt->command) str_addc(&line, ' ');
	str_adds(&line, str_c(&prompt->edit.text));
	return str_take(&line);
}

/* Run what stands there as a preview: a live command shows what it would do. */
static void run_live(struct app *app)
{
	struct prompt *prompt = &app->prompt;
	struct err err = {0};
	struct str out = {0};
	char *line = whole_line(prompt);
	const struct cmd *cmd = cmd_of(app->commands, line);
	prompt->live = cmd && (cmd->flags & CMD_LIVE);
	prompt->err_at = -1;
	if (prompt->live && !cmd_run(app->commands, app, line, 0, true, &out, &err))
		set_hint(prompt, err.text);
	else if (out.len)
		set_hint(prompt, out.p);
	else if (cmd && !*prompt->command && *cmd->usage) {
		struct str hint = {0};
		str_addf(&hint, "%s %s: %s", cmd->name, cmd->usage, cmd->help);
		set_hint(prompt, str_c(&hint));
		str_finish(&hint);
	} else
		set_hint(prompt, cmd && !*prompt->command ? cmd->help : NULL);
	str_finish(&out);
	free(line);
}

static void changed(struct app *app)
{
	app->dirty = true;
	run_live(app);
}

void prompt_mistake(struct app *app, const char *tail, int at)
{
	const char *text = str_c(&app->prompt.edit.text);
	size_t len = app->prompt.edit.text.len, ends = strlen(tail);
	while (len && text[len - 1] == ' ')
		len--;
	if (!app->prompt.open || at < 0 || len < ends) return;
	if (memcmp(text + len - ends, tail, ends) == 0) app->prompt.err_at = (int)(len - ends) + at;
}

/* Bytes of the command's name at the start of a line. */
static size_t label_len(const struct app *app, const char *line)
{
	const struct cmd *cmd = cmd_of(app->commands, line);
	return strlen(cmd ? cmd->name : line);
}

static char *label_of(const struct app *app, const char *command)
{
	struct str label = {0};
	if (!*command)
		str_addc(&label, ':');
	else if (strcmp(command, "filter") == 0)
		str_addc(&label, '/');
	else
		/* What the command was given already is not for people: ids, addresses. */
		str_addf(&label, "%.*s: ", (int)label_len(app, command), command);
	return str_take(&label);
}

void prompt_open(struct app *app, const char *command, const char *text)
{
	prompt_close(app);
	struct prompt *prompt = &app->prompt;
	struct str initial = {0};
	const struct cmd *cmd = *command ? cmd_of(app->commands, command) : NULL;
	if (text)
		str_adds(&initial, text);
	else if (cmd && cmd->hooks && cmd->hooks->initial)
		cmd->hooks->initial(app, &initial);
	prompt->open = true;
	prompt->command = xstrdup(command);
	prompt->label = label_of(app, command);
	prompt->history = app->nhistory;
	edit_set(&prompt->edit, str_c(&initial));
	/* An edit is one line without blanks at its ends, and a blank parts the words. */
	if (initial.len && initial.p[initial.len - 1] == ' ') edit_insert(&prompt->edit, " ", 1);
	str_finish(&initial);
	app_say_no_more(app);
	changed(app);
}

void prompt_confirm(struct app *app, const char *question, const char *line)
{
	prompt_close(app);
	struct prompt *prompt = &app->prompt;
	prompt->open = true;
	prompt->command = xstrdup("");
	prompt->label = xstrdup("(y/n) ");
	edit_set(&prompt->edit, question);
	prompt->edit.cursor = 0; /* its beginning is what has to be seen */
	prompt->yes = xstrdup(line);
	prompt->history = app->nhistory;
	app_say_no_more(app);
	app->dirty = true;
}

static void answer(struct app *app, bool yes)
{
	char *line = app->prompt.yes;
	app->prompt.yes = NULL;
	prompt_close(app);
	if (yes)
		keys_run(app, line);
	else
		app_say(app, TONE_SAYS, "nothing was done");
	free(line);
}

static void history_add(struct app *app, const char *line)
{
	if (app->nhistory && strcmp(app->history[app->nhistory - 1], line) == 0) return;
	if (app->nhistory >= APP_MAX_HISTORY) {
		free(app->history[0]);
		memmove(app->history, app->history + 1, --app->nhistory * sizeof(*app->history));
	}
	app->history =
	        mem_grow(app->history, &app->history_cap, app->nhistory + 1, sizeof(*app->history));
	app->history[app->nhistory++] = xstrdup(line);
}

static void history_keep(struct app *app)
{
	struct str all = {0};
	for (size_t i = 0; i < app->nhistory; i++)
		str_addf(&all, "%s%s", i ? "\n" : "", app->history[i]);
	app_remember(app, "history", str_c(&all));
	str_finish(&all);
}

void prompt_load_history(struct app *app, const char *lines)
{
	while (*lines) {
		size_t len = strcspn(lines, "\n");
		char *line = xstrndup(lines, len);
		if (len) history_add(app, line);
		free(line);
		lines += len + (lines[len] == '\n');
	}
}

void prompt_accept(struct app *app)
{
	struct prompt *prompt = &app->prompt;
	struct err err = {0};
	struct str out = {0};
	if (prompt->yes) {
		answer(app, false);
		return;
	}
	char *line = whole_line(prompt);
	prompt->err_at = -1;
	bool whole = !*prompt->command;
	if (whole && *line) {
		history_add(app, line);
		history_keep(app);
	}
	bool live = prompt->live;
	if (live) {
		/* A mistake leaves the prompt open, with its place marked. */
		if (!cmd_run(app->commands, app, line, 0, false, &out, &err)) {
			set_hint(prompt, err.text);
			app->dirty = true;
		} else {
			prompt_close(app);
			tutorial_note(app, line);
		}
	} else {
		prompt_close(app);
		keys_run(app, line);
	}
	if (live && out.len) app_say(app, TONE_SAYS, "%s", str_c(&out));
	str_finish(&out);
	free(line);
}

void prompt_cancel(struct app *app)
{
	struct prompt *prompt = &app->prompt;
	if (!prompt->open) return;
	if (prompt->yes) {
		answer(app, false);
		return;
	}
	if (prompt->live) {
		/* The bare command takes back what it showed. */
		char *line = whole_line(prompt);
		const struct cmd *cmd = cmd_of(app->commands, line);
		if (cmd) cmd_run(app->commands, app, cmd->name, 0, true, NULL, NULL);
		free(line);
	}
	prompt_close(app);
}

void prompt_paste(struct app *app, const char *text)
{
	/* No paste answers a question. */
	if (app->prompt.yes) return;
	edit_insert(&app->prompt.edit, text, strlen(text));
	completions_clear(&app->prompt);
	changed(app);
}

void prompt_key(struct app *app, const char *key)
{
	struct prompt *prompt = &app->prompt;
	if (prompt->yes) {
		answer(app, strcmp(key, "y") == 0 || strcmp(key, "Y") == 0);
		return;
	}
	bool took = edit_key(&prompt->edit, key);
	if (!took && strcmp(key, "<BS>") == 0 && !prompt->edit.text.len) {
		prompt_cancel(app);
		return;
	}
	if (!took) {
		const char *text = strcmp(key, "<Space>") == 0 ? " "
		                   : strcmp(key, "<lt>") == 0  ? "<"
		                                               : key;
		if (*text == '<' && text[1]) return;
		edit_insert(&prompt->edit, text, strlen(text));
	}
	completions_clear(prompt);
	changed(app);
}

/* -- completion -- */

static void add_completion(void *ctx, const char *word, const char *help)
{
	enum { MOST = 500 };
	struct prompt *prompt = ctx;
	(void)help;
	if (prompt->ncompletions >= MOST) return;
	for (size_t i = 0; i < prompt->ncompletions; i++) {
		if (strcmp(prompt->completions[i], word) == 0) return;
	}
	prompt->completions = mem_grow(prompt->completions, &prompt->completions_cap,
	        prompt->ncompletions + 1, sizeof(*prompt->completions));
	prompt->completions[prompt->ncompletions++] = xstrdup(word);
}

/* Put `word` where the completed one stands. */
static void put_word(struct prompt *prompt, const char *word, bool quote)
{
	struct str text = {0};
	const char *old = str_c(&prompt->edit.text);
	size_t end = prompt->edit.cursor;
	char *tail = xstrdup(old + end);
	str_add(&text, old, prompt->word_at);
	/* Names of commands are two words at times and need no quotes. */
	if (quote && strchr(word, ' ') && prompt->word_at)
		cmd_quote(&text, word);
	else
		str_adds(&text, word);
	size_t cursor = text.len;
	str_adds(&text, tail);
	str_finish(&prompt->edit.text);
	prompt->edit.text = text;
	prompt->edit.cursor = cursor;
	free(tail);
}

static void find_completions(struct app *app)
{
	struct prompt *prompt = &app->prompt;
	char *line = whole_line(prompt);
	size_t prefix = strlen(line) - prompt->edit.text.len;
	completions_clear(prompt);
	size_t at = cmd_complete(
	        app->commands, app, line, prefix + prompt->edit.cursor, add_completion, prompt);
	prompt->word_at = at > prefix ? at - prefix : 0;
	if (prompt->word_at > prompt->edit.cursor) prompt->word_at = prompt->edit.cursor;
	prompt->typed = xstrndup(
	        str_c(&prompt->edit.text) + prompt->word_at, prompt->edit.cursor - prompt->word_at);
	free(line);
}

void prompt_complete(struct app *app, int dir)
{
	struct prompt *prompt = &app->prompt;
	if (prompt->yes) return;
	if (!prompt->ncompletions) find_completions(app);
	int n = (int)prompt->ncompletions;
	if (n == 0) {
		set_hint(prompt, "nothing completes this");
		app->dirty = true;
		return;
	}
	if (n == 1) {
		put_word(prompt, prompt->completions[0], true);
		edit_insert(&prompt->edit, " ", 1);
		completions_clear(prompt);
	} else {
		/* Round and round, with what was typed in between. */
		prompt->chosen += dir;
		if (prompt->chosen >= n) prompt->chosen = -1;
		if (prompt->chosen < -1) prompt->chosen = n - 1;
		bool typed = prompt->chosen < 0;
		put_word(prompt, typed ? prompt->typed : prompt->completions[prompt->chosen],
		        !typed);
	}
	changed(app);
}

void prompt_history(struct app *app, int dir)
{
	struct prompt *prompt = &app->prompt;
	if (*prompt->command || prompt->yes) return;
	if (dir < 0 ? prompt->history == 0 : prompt->history >= app->nhistory) return;
	if (prompt->history == app->nhistory) {
		free(prompt->draft);
		prompt->draft = xstrdup(str_c(&prompt->edit.text));
	}
	prompt->history = dir < 0 ? prompt->history - 1 : prompt->history + 1;
	bool draft = prompt->history == app->nhistory;
	edit_set(&prompt->edit,
	        draft ? (prompt->draft ? prompt->draft : "") : app->history[prompt->history]);
	completions_clear(prompt);
	changed(app);
}
