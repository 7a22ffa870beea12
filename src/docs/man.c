#include "docs.h"

#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cmd/option.h"
#include "model/source.h"
#include "query/query.h"
#include "ui/theme.h"

/* Text of a man page: nothing of it may look like a request or an escape. */
static void roff(const char *text)
{
	for (const char *p = text; *p; p++) {
		if (*p == '\\')
			fputs("\\e", stdout);
		else if (*p == '-')
			fputs("\\-", stdout);
		else if ((*p == '.' || *p == '\'') && (p == text || p[-1] == '\n'))
			printf("\\&%c", *p);
		else
			putchar(*p);
	}
}

static void item(const char *term, const char *arguments, const char *help)
{
	fputs(".TP\n\\fB", stdout);
	roff(term);
	fputs("\\fR ", stdout);
	roff(arguments);
	putchar('\n');
	roff(help);
	fputs(".\n", stdout);
}

static void section(const char *title)
{
	printf(".SH %s\n", title);
}

static void man_commands(void)
{
	section("COMMANDS WITHOUT A SCREEN");
	for (const struct cli_command *row = cli_next(NULL); row; row = cli_next(row)) {
		item(row->name, row->usage, row->help);
		if (row->more) {
			fputs(".IP\n", stdout);
			roff(row->more);
			putchar('\n');
		}
		for (const struct cli_option *option = row->options; option && option->name;
		        option++) {
			fputs(".RS\n", stdout);
			char name[64];
			snprintf(name, sizeof(name), "--%s", option->name);
			item(name, option->value ? option->value : "", option->help);
			fputs(".RE\n", stdout);
		}
	}
}

static void man_command(void *ctx, const struct cmd *cmd)
{
	(void)ctx;
	item(cmd->name, cmd->usage, cmd->help);
}

static void man_binding(void *ctx, const struct docs_binding *binding)
{
	(void)ctx;
	char what[512];
	snprintf(what, sizeof(what), "%s%s%s", binding->line, *binding->help ? ": " : "",
	        binding->help);
	item(binding->keys, binding->context, what);
}

static void man_options(void)
{
	section("OPTIONS OF THE CONFIGURATION");
	puts("Set by lines \\fBset\\fR \\fINAME VALUE\\fR.");
	for (const struct option_row *row = option_rows; row->name; row++) {
		char value[256];
		snprintf(value, sizeof(value), "(%s) %s", row->otherwise, row->range);
		item(row->name, value, row->help);
	}
}

static void man_sources(void)
{
	section("SOURCES");
	puts("Written ACCOUNT/KIND or ACCOUNT/KIND:ARGUMENT; a URL or a path is a feed.");
	for (size_t i = 0; i < SOURCE_NKINDS; i++)
		item(source_kinds[i].name, source_kinds[i].arg ? "ARGUMENT" : "",
		        source_kinds[i].help);
}

static void man_query(void)
{
	section("QUERIES");
	puts("Words are matched without case and accents; several mean all of them. \"A phrase\", "
	     "\\-not,");
	puts("OR in capitals, parentheses, #tag, @author, and fields:");
	const struct query_word *field;
	for (size_t i = 0; (field = query_field(i)); i++)
		item(field->name, "", field->help);
}

static void man_roles(void)
{
	section("ROLES OF A THEME");
	puts("A theme is a file of lines \\fBpalette\\fR \\fINAME COLOUR\\fR and");
	puts("\\fBstyle\\fR \\fIROLE FOREGROUND BACKGROUND\\fR [\\fIattributes\\fR].");
	for (int role = 0; role < ROLE_COUNT; role++)
		item(role_name((enum role)role), "", role_help((enum role)role));
}

void docs_man(void)
{
	puts(".TH STOA 1 \"\" \"stoa " STOA_VERSION "\" \"User Commands\"");
	section("NAME");
	puts("stoa \\- Mastodon and the web's feeds as columns in a terminal");
	section("SYNOPSIS");
	puts(".B stoa\n[\\-\\-config FILE] [\\-\\-deck NAME] [\\-\\-snapshot COLSxROWS]\n.br\n.B "
	     "stoa\nCOMMAND [ARGUMENT...]");
	section("DESCRIPTION");
	puts("Without a command, stoa opens the deck: any number of columns side by side, each a "
	     "merge");
	puts("of sources, driven by keys. Everything that the user can say is a line of one "
	     "command");
	puts("language: the configuration, themes, key bindings, the prompt and stoa ctl.");
	man_commands();
	section("THE COMMAND LANGUAGE");
	puts("One line is one command. Words are parted by blanks, quoted by \"...\" or '...'; a "
	     "semicolon");
	puts("parts commands; # begins a comment. A command whose usage ends in QUERY, COMMAND or "
	     "TEXT");
	puts("takes the rest of its line as it is.");
	cmd_each(docs_commands, man_command, NULL);
	section("KEYS");
	puts("As bound by default; each is a \\fBbind\\fR line and can be bound anew.");
	docs_each_binding(man_binding, NULL);
	man_options();
	man_sources();
	man_query();
	man_roles();
	section("FILES");
	item("$XDG_CONFIG_HOME/stoa/config", "",
	        "the configuration; themes stand in themes/ beside it");
	item("$XDG_STATE_HOME/stoa", "",
	        "queue.db (accounts, feeds, what was read), secrets, decks, the log");
	item("$XDG_DATA_HOME/stoa/archive.db", "",
	        "every post that was fetched, and its full\\-text index");
	section("EXIT STATUS");
	puts("0 done, 1 failed with a reason on stderr, 2 wrong usage.");
}
