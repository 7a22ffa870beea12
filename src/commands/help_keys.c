#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "help.h"
#include "tables.h"

/* The keys of a context, by what they do. */

enum { WIDE = 100 }; /* cells from which on the command line is shown as well */

const char *help_of_line(const struct app *app, const char *line)
{
	static const char prompt[] = "prompt ";
	bool asks = strncmp(line, prompt, sizeof(prompt) - 1) == 0;
	const struct cmd *cmd = cmd_of(app->commands, asks ? line + sizeof(prompt) - 1 : line);
	return cmd ? cmd->help : line;
}

/* Bindings as they are met; those of one context that run one line become one row. */
struct key_row {
	enum key_context context;
	const char *line, *help;
	struct str keys;
};

struct key_rows {
	const struct app *app;
	struct key_row *rows;
	size_t n, cap;
};

static void add_binding(void *ctx, const struct key_binding *binding)
{
	struct key_rows *rows = ctx;
	struct key_row *row = NULL;
	for (size_t i = 0; i < rows->n && !row; i++) {
		if (rows->rows[i].context == binding->context &&
		        strcmp(rows->rows[i].line, binding->line) == 0)
			row = &rows->rows[i];
	}
	if (!row) {
		rows->rows = mem_grow(rows->rows, &rows->cap, rows->n + 1, sizeof(*rows->rows));
		row = &rows->rows[rows->n++];
		*row = (struct key_row){.context = binding->context,
		        .line = binding->line,
		        .help = binding->help ? binding->help
		                              : help_of_line(rows->app, binding->line)};
	}
	str_addf(&row->keys, "%s%s", row->keys.len ? " " : "", binding->keys);
}

void help_keys(struct app *app, struct list_view *list, enum key_context context)
{
	static const char *const headings[KEYS_COUNT] = {
#define X(id, name, falls, help) help,
	        KEY_CONTEXTS(X)
#undef X
	};
	struct key_rows rows = {.app = app};
	keymap_each(app->keymap, context, add_binding, &rows);
	for (size_t i = 0; i < rows.n; i++) {
		struct key_row *row = &rows.rows[i];
		if (i == 0 || row->context != rows.rows[i - 1].context)
			help_heading(list, headings[row->context]);
		help_row(list, row->keys.p, row->help, app->screen.cols >= WIDE ? row->line : NULL,
		        NULL);
		str_finish(&row->keys);
	}
	free(rows.rows);
}
