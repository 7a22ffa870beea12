#include "typed_query.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/paths.h"
#include "base/utf8.h"
#include "db/queue_db.h"
#include "out.h"

/* --- saved queries: values `saved/NAME` of queue.db, "own QUERY" or "config QUERY" --- */

struct saved_values {
	char **names, **texts;
	size_t n, names_cap, texts_cap;
	bool read;
};

static void on_value(void *ctx, const char *key, const char *value)
{
	static const char prefix[] = "saved/";
	struct saved_values *saved = ctx;
	const char *text = strchr(value, ' ');
	if (strncmp(key, prefix, strlen(prefix)) != 0 || !text) return;
	saved->names =
	        mem_grow(saved->names, &saved->names_cap, saved->n + 1, sizeof(*saved->names));
	saved->texts =
	        mem_grow(saved->texts, &saved->texts_cap, saved->n + 1, sizeof(*saved->texts));
	saved->names[saved->n] = xstrdup(key + strlen(prefix));
	saved->texts[saved->n++] = xstrdup(text + 1);
}

/* Only a query that names one opens the file; where there is none, nothing was saved. */
static void saved_read(struct saved_values *saved)
{
	struct paths paths;
	struct queue_db *db = NULL;
	struct err err = {0};
	saved->read = true;
	if (!paths_init(&paths, &err)) {
		out_fail(&err);
		return;
	}
	char *path = paths_join(paths.state, "queue.db");
	if (access(path, F_OK) == 0 &&
	        (!queue_db_open(path, &db, &err) || !queue_db_values(db, on_value, saved, &err)))
		out_fail(&err);
	queue_db_close(db);
	free(path);
	paths_finish(&paths);
}

static const char *saved_text(void *ctx, const char *name)
{
	struct saved_values *saved = ctx;
	if (!saved->read) saved_read(saved);
	for (size_t i = 0; i < saved->n; i++) {
		if (strcmp(saved->names[i], name) == 0) return saved->texts[i];
	}
	return NULL;
}

static void saved_finish(struct saved_values *saved)
{
	for (size_t i = 0; i < saved->n; i++) {
		free(saved->names[i]);
		free(saved->texts[i]);
	}
	free(saved->names);
	free(saved->texts);
}

/* --- the query --- */

/* The sentence, and below it the query with a mark at the mistake. */
static void show_mistake(const char *text, int col, const struct err *err)
{
	out_fail(err);
	if (strpbrk(text, "\n\t\r")) return;
	fputs("  ", stderr);
	out_text(stderr, text);
	fprintf(stderr, "\n  %*s\n", (int)utf8_width(text, (size_t)col) + 1, "^");
}

struct query *typed_query_parse(const char *text, int64_t now_ms)
{
	struct saved_values saved = {0};
	struct query_env env = {.saved = saved_text, .ctx = &saved, .now_ms = now_ms};
	struct err err = {0};
	struct query *query = NULL;
	int col = 0;
	if (!query_parse_in(&env, text, false, &query, &col, &err)) show_mistake(text, col, &err);
	saved_finish(&saved);
	return query;
}

/* --- arguments --- */

static bool wants_value(const struct cli_option *options, const char *name)
{
	for (; options && options->name; options++) {
		if (strcmp(options->name, name) == 0) return options->value != NULL;
	}
	return false;
}

/* A query may begin with a minus sign: a copy of argv that ends the options there. Free it. */
static char **with_query_apart(const struct cli_option *options, int *argc, char **argv)
{
	char **copy = xcalloc((size_t)*argc + 2, sizeof(*copy));
	int at = 1;
	while (at < *argc && strncmp(argv[at], "--", 2) == 0 && isalpha((unsigned char)argv[at][2]))
		at += wants_value(options, argv[at] + 2) ? 2 : 1;
	if (at > *argc) at = *argc;
	bool apart = at < *argc && argv[at][0] == '-' && strcmp(argv[at], "--") != 0;
	memcpy(copy, argv, (size_t)at * sizeof(*copy));
	if (apart) copy[at] = (char *)"--";
	memcpy(copy + at + apart, argv + at, (size_t)(*argc - at) * sizeof(*copy));
	*argc += apart;
	return copy;
}

bool typed_query_args(struct args *args, const struct cli_command *command, int argc, char **argv,
        struct str *out)
{
	char **words = with_query_apart(command->options, &argc, argv);
	bool ok = args_read(args, command, argc, words);
	for (int i = 0; ok && i < args->nwords; i++)
		str_addf(out, "%s%s", i > 0 ? " " : "", args->words[i]);
	free(words);
	args->words = NULL;
	if (ok && out->len == 0) {
		args_usage(command, "which posts? A query is missing");
		return false;
	}
	return ok;
}
