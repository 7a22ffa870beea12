/* Command lines: whatever the bytes, they are run, refused or completed, and quoting holds. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "cmd/cmd.h"
#include "cmd/keymap.h"
#include "cmd/option.h"

struct world {
	struct options options;
	struct keymap *keymap;
};

static bool bind(const struct cmd_call *call, struct err *err)
{
	struct world *world = call->app;
	const char *line, *keys = call->argv[2], *bound = call->argv[3];
	enum key_context context;
	if (!key_context_find(call->argv[1], &context)) return err_set(err, ERR_SYNTAX, "nowhere");
	if (!keymap_bind(world->keymap, context, keys, bound, NULL, err)) return false;
	enum key_match match = keymap_find(world->keymap, context, keys, &line);
	/* What was bound is found under the same keys, and the keys by it. */
	if (match != KEY_COMMAND || !keymap_keys(world->keymap, context, bound)) abort();
	return true;
}

static bool unbind(const struct cmd_call *call, struct err *err)
{
	struct world *world = call->app;
	enum key_context context;
	if (!key_context_find(call->argv[1], &context)) return err_set(err, ERR_SYNTAX, "nowhere");
	return keymap_bind(world->keymap, context, call->argv[2], NULL, NULL, err);
}

static bool set(const struct cmd_call *call, struct err *err)
{
	struct world *world = call->app;
	struct str printed = {0};
	bool ok = option_set(&world->options, call->argv[1], call->argv[2], err);
	if (ok && !option_print(&world->options, call->argv[1], &printed)) abort();
	str_finish(&printed);
	return ok;
}

static bool take(const struct cmd_call *call, struct err *err)
{
	(void)err;
	for (int i = 0; i < call->argc; i++) {
		if (!call->argv[i]) abort();
	}
	return call->argv[call->argc] == NULL;
}

static const struct cmd rows[] = {
        {"bind", "CONTEXT KEYS COMMAND", "bind", CMD_CONFIG, bind, NULL},
        {"column add", "TITLE SOURCE… [as ACCOUNT] [width N] [query QUERY]", "add", CMD_CONFIG,
                take, NULL},
        {"column focus", "N|last", "focus", CMD_CONFIG, take, NULL},
        {"filter", "[QUERY]", "filter", CMD_CONFIG | CMD_LIVE, take, NULL},
        {"mute", "[for D|until T] QUERY", "mute", CMD_CONFIG, take, NULL},
        {"set", "NAME VALUE", "set", CMD_CONFIG, set, NULL},
        {"unbind", "CONTEXT KEYS", "unbind", CMD_CONFIG, unbind, NULL},
        {0},
};
static const struct cmd *const tables[] = {rows, NULL};
static const struct cmd_set commands = {tables};

static void on_error(void *ctx, const char *sentence)
{
	(void)ctx;
	if (!*sentence) abort();
}

static void on_word(void *ctx, const char *word, const char *help)
{
	(void)ctx;
	if (!word || !help) abort();
}

/* The words of a line, quoted again, are the same words. */
static void check_quoting(const char *line)
{
	int n = 0, again_n = 0;
	char **words = cmd_split(line, &n, NULL);
	if (!words) return;
	struct str quoted = {0};
	for (int i = 0; i < n; i++) {
		if (i) str_addc(&quoted, ' ');
		cmd_quote(&quoted, words[i]);
	}
	char **again = cmd_split(str_c(&quoted), &again_n, NULL);
	if (!again || again_n != n) abort();
	for (int i = 0; i < n; i++) {
		if (strcmp(words[i], again[i]) != 0) abort();
	}
	cmd_words_free(words);
	cmd_words_free(again);
	str_finish(&quoted);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { MOST = 4096 };
	struct world world = {.keymap = keymap_new()};
	if (size > MOST) size = MOST;
	char *text = xstrndup((const char *)data, size);
	options_init(&world.options);
	cmd_source(&commands, &world, "fuzz", (const char *)data, size, CMD_CONFIG, on_error, NULL);
	size_t len = strlen(text);
	if (utf8_valid(text, len)) {
		cmd_run(&commands, &world, text, 0, true, NULL, NULL);
		size_t at = cmd_complete(&commands, &world, text, len, on_word, NULL);
		if (at > len) abort();
		check_quoting(text);
		int64_t ms;
		if (duration_parse(text, &ms) && ms < 0) abort();
	}
	free(text);
	options_finish(&world.options);
	keymap_free(world.keymap);
	return 0;
}
