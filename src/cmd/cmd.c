#include "cmd/cmd.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "lex.h"
#include "usage.h"

static const struct {
	unsigned flag;
	const char *place;
} places[] = {
        {CMD_THEME, "a theme file"},
        {CMD_CONFIG, "the config file"},
        {CMD_DECK, "a deck's file"},
        {CMD_CTL, "`stoa ctl`"},
};

const struct cmd *cmd_find(const struct cmd_set *set, const char *name)
{
	for (const struct cmd *const *table = set->tables; *table; table++) {
		for (const struct cmd *row = *table; row->name; row++) {
			if (strcmp(row->name, name) == 0) return row;
		}
	}
	return NULL;
}

void cmd_each(const struct cmd_set *set, void (*each)(void *ctx, const struct cmd *cmd), void *ctx)
{
	/* Few rows, seldom asked for: take the smallest name above the last one. */
	for (const char *last = "";;) {
		const struct cmd *next = NULL;
		for (const struct cmd *const *table = set->tables; *table; table++) {
			for (const struct cmd *row = *table; row->name; row++) {
				if (strcmp(row->name, last) <= 0) continue;
				if (!next || strcmp(row->name, next->name) < 0) next = row;
			}
		}
		if (!next) return;
		each(ctx, next);
		last = next->name;
	}
}

/* The i-th name of all tables, for suggestions. */
static const char *name_candidate(void *ctx, size_t i)
{
	const struct cmd_set *set = ctx;
	for (const struct cmd *const *table = set->tables; *table; table++) {
		for (const struct cmd *row = *table; row->name; row++) {
			if (i-- == 0) return row->name;
		}
	}
	return NULL;
}

/* Second words of the commands that begin with `first`, as a sentence's end; false: none. */
static bool second_words(const struct cmd_set *set, const char *first, struct str *out)
{
	size_t len = strlen(first);
	const char *name;
	for (size_t i = 0; (name = name_candidate((void *)set, i)) != NULL; i++) {
		if (strncmp(name, first, len) != 0 || name[len] != ' ') continue;
		str_addf(out, "%s%s", out->len ? ", " : "", name + len + 1);
	}
	return out->len > 0;
}

static bool unknown(const struct cmd_set *set, const char *one, const char *two, struct err *err)
{
	struct str words = {0};
	const char *near = *two ? cmd_nearest(two, name_candidate, (void *)set) : NULL;
	const char *name = near ? two : one;
	bool starts = second_words(set, one, &words);
	if (!near && !starts) near = cmd_nearest(one, name_candidate, (void *)set);
	if (near)
		err_set(err, ERR_SYNTAX, "there is no command '%s'; did you mean '%s'?", name,
		        near);
	else if (starts)
		err_set(err, ERR_SYNTAX, "'%s' wants one more word: %s", one, str_c(&words));
	else
		err_set(err, ERR_SYNTAX, "there is no command '%s'; `help` lists them", one);
	str_finish(&words);
	return false;
}

/* Take the name, of two words or one. NULL with err set when there is no such command. */
static const struct cmd *take_name(
        const struct cmd_set *set, struct lexer *lexer, const struct str *first, struct err *err)
{
	struct str two = {0}, second = {0};
	struct lexer after = *lexer;
	str_add(&two, first->p, first->len);
	const struct cmd *cmd = NULL;
	bool has_second = lex_next(&after, &second, NULL).kind == LEX_WORD;
	if (has_second) {
		str_addf(&two, " %s", str_c(&second));
		cmd = cmd_find(set, two.p);
		if (cmd) *lexer = after;
	}
	if (!cmd) cmd = cmd_find(set, str_c(first));
	if (!cmd) unknown(set, str_c(first), has_second ? two.p : "", err);
	str_finish(&two);
	str_finish(&second);
	return cmd;
}

const struct cmd *cmd_of(const struct cmd_set *set, const char *line)
{
	struct lexer lexer = {.p = line, .start = line};
	struct str first = {0};
	const struct cmd *cmd = NULL;
	if (lex_next(&lexer, &first, NULL).kind == LEX_WORD)
		cmd = take_name(set, &lexer, &first, NULL);
	str_finish(&first);
	return cmd;
}

static bool allowed(const struct cmd *cmd, unsigned allow, struct err *err)
{
	if (!allow || (cmd->flags & allow)) return true;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		if (allow == places[i].flag)
			return err_set(err, ERR_SYNTAX, "'%s' has no place in %s", cmd->name,
			        places[i].place);
	}
	return err_set(err, ERR_SYNTAX, "'%s' has no place here", cmd->name);
}

static bool run_one(const struct cmd_set *set, struct cmd_call *call, struct lexer *lexer,
        const struct str *first, unsigned allow, struct err *err)
{
	const struct cmd *cmd = take_name(set, lexer, first, err);
	if (!cmd || !allowed(cmd, allow, err)) return false;
	struct words words = {0};
	words_add(&words, cmd->name);
	bool ok = usage_take(cmd, lexer, &words, err);
	if (ok && (!call->live || (cmd->flags & CMD_LIVE))) {
		call->argc = (int)words.n;
		call->argv = words.p;
		ok = cmd->run(call, err);
	}
	cmd_words_free(words.p);
	return ok;
}

bool cmd_run(const struct cmd_set *set, void *app, const char *line, unsigned allow, bool live,
        struct str *out, struct err *err)
{
	if (strlen(line) > CMD_MAX_LINE)
		return err_set(
		        err, ERR_TOO_LARGE, "the line is longer than %d bytes", CMD_MAX_LINE);
	struct lexer lexer = {.p = line, .start = line};
	struct str first = {0}, unheard = {0};
	struct cmd_call call = {.app = app, .live = live, .out = out ? out : &unheard};
	bool ok = true;
	while (ok) {
		struct lex_word got = lex_next(&lexer, &first, err);
		if (got.kind == LEX_END) break;
		if (got.kind == LEX_ERROR) ok = false;
		if (got.kind == LEX_WORD) ok = run_one(set, &call, &lexer, &first, allow, err);
	}
	str_finish(&first);
	str_finish(&unheard);
	return ok;
}

struct sourcing {
	const char *name;
	void (*on_error)(void *ctx, const char *sentence);
	void *ctx;
};

static void tell(const struct sourcing *sourcing, size_t number, const char *sentence)
{
	struct str whole = {0};
	str_addf(&whole, "%s:%zu: %s", sourcing->name, number, sentence);
	sourcing->on_error(sourcing->ctx, whole.p);
	str_finish(&whole);
}

int cmd_source(const struct cmd_set *set, void *app, const char *name, const char *text, size_t len,
        unsigned allow, void (*on_error)(void *ctx, const char *sentence), void *ctx)
{
	struct sourcing sourcing = {.name = name, .on_error = on_error, .ctx = ctx};
	struct str line = {0};
	int errors = 0;
	size_t number = 0, at = len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	while (at < len) {
		const char *end = memchr(text + at, '\n', len - at);
		size_t line_len = end ? (size_t)(end - text) - at : len - at;
		struct err err = {0};
		number++;
		str_clear(&line);
		str_add(&line, text + at, line_len);
		at += line_len + 1;
		bool ok = true;
		if (line_len && memchr(line.p, '\0', line_len))
			ok = err_set(&err, ERR_SYNTAX, "the line holds a NUL byte");
		else if (line_len && !utf8_valid(line.p, line_len))
			ok = err_set(&err, ERR_SYNTAX, "the line is not UTF-8");
		else
			ok = cmd_run(set, app, str_c(&line), allow, false, NULL, &err);
		if (ok) continue;
		errors++;
		tell(&sourcing, number, err.text);
	}
	str_finish(&line);
	return errors;
}
