#include "docs.h"

#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cmd/option.h"
#include "model/source.h"
#include "query/query.h"
#include "ui/post_template.h"
#include "ui/theme.h"

/* A cell of a Markdown table: `|` would end it. */
static void cell(const char *text)
{
	for (; *text; text++) {
		if (*text == '|')
			fputs("\\|", stdout);
		else
			putchar(*text);
	}
}

static void row3(const char *name, const char *middle, const char *help)
{
	fputs("| `", stdout);
	cell(name);
	fputs("` | ", stdout);
	if (*middle) putchar('`');
	cell(middle);
	if (*middle) putchar('`');
	fputs(" | ", stdout);
	cell(help);
	puts(" |");
}

static void table(const char *title, const char *a, const char *b, const char *c)
{
	printf("\n### %s\n\n| %s | %s | %s |\n|---|---|---|\n", title, a, b, c);
}

static void reference_command(void *ctx, const struct cmd *cmd)
{
	(void)ctx;
	row3(cmd->name, cmd->usage, cmd->help);
}

static void reference_binding(void *ctx, const struct docs_binding *binding)
{
	(void)ctx;
	char keys[128];
	snprintf(keys, sizeof(keys), "%s %s", binding->context, binding->keys);
	row3(keys, binding->line, binding->help);
}

void docs_reference(void)
{
	table("Commands without a screen", "command", "arguments", "what it does");
	for (const struct cli_command *row = cli_next(NULL); row; row = cli_next(row))
		row3(row->name, row->usage, row->help);
	table("Commands of the deck", "command", "arguments", "what it does");
	cmd_each(docs_commands, reference_command, NULL);
	table("Keys", "where and which", "bound to", "what it does");
	docs_each_binding(reference_binding, NULL);
	table("Options", "option", "default", "what it does");
	for (const struct option_row *row = option_rows; row->name; row++)
		row3(row->name, row->otherwise, row->help);
	table("Layouts of a post", "layout", "template", "what it is");
	for (const struct post_layout *row = post_layouts; row->name; row++)
		row3(row->name, row->text, row->help);
	table("Fields of a layout", "field", "", "what it shows");
	for (int field = 0; field < FIELD_COUNT; field++)
		row3(post_field_rows[field].name, "", post_field_rows[field].help);
	table("Sources", "kind", "argument", "what it brings");
	for (size_t i = 0; i < SOURCE_NKINDS; i++)
		row3(source_kinds[i].name, source_kinds[i].arg ? "ARGUMENT" : "",
		        source_kinds[i].help);
	table("Fields of a query", "field", "for example", "what it matches");
	const struct query_word *field;
	for (size_t i = 0; (field = query_field(i)); i++)
		row3(field->name, field->example ? field->example : "", field->help);
	table("Roles of a theme", "role", "", "where it shows");
	for (int role = 0; role < ROLE_COUNT; role++)
		row3(role_name((enum role)role), "", role_help((enum role)role));
}
