#include "docs.h"

#include <stdio.h>

#include "cli/cli.h"
#include "model/source.h"
#include "roff.h"

/* stoa(1): what is said on the command line, and the keys of the deck. */

static void man_commands(void)
{
	roff_section("COMMANDS WITHOUT A SCREEN");
	for (const struct cli_command *row = cli_next(NULL); row; row = cli_next(row)) {
		roff_item(row->name, row->usage, row->help);
		roff_deeper();
		if (row->more) roff_paragraph(row->more);
		for (const struct cli_option *option = row->options; option && option->name;
		        option++) {
			char name[64];
			snprintf(name, sizeof(name), "--%s", option->name);
			roff_item(name, option->value ? option->value : "", option->help);
		}
		roff_back();
	}
}

static void man_binding(void *ctx, const struct docs_binding *binding)
{
	(void)ctx;
	char what[512];
	snprintf(what, sizeof(what), "%s%s%s", binding->line, *binding->help ? ": " : "",
	        binding->help);
	roff_item(binding->keys, binding->context, what);
}

static void man_sources(void)
{
	roff_section("SOURCES");
	roff_paragraph("Written ACCOUNT/KIND or ACCOUNT/KIND:ARGUMENT; a URL or a path is a feed.");
	for (size_t i = 0; i < SOURCE_NKINDS; i++)
		roff_item(source_kinds[i].name, source_kinds[i].arg ? "ARGUMENT" : "",
		        source_kinds[i].help);
}

void docs_man(void)
{
	roff_title("stoa", "1", "User Commands",
	        "Mastodon, Bluesky and the web's feeds as columns in a terminal");
	roff_section("SYNOPSIS");
	puts(".B stoa\n[\\-\\-config FILE] [\\-\\-deck NAME] [\\-\\-linear] [\\-\\-snapshot "
	     "COLSxROWS]\n.br\n.B stoa\nCOMMAND [ARGUMENT...]");
	roff_section("DESCRIPTION");
	roff_paragraph(
	        "Without a command, stoa opens the deck: any number of columns side by side, "
	        "each a merge of sources, driven by keys. Everything that the user can say "
	        "is a line of one command language, which `stoa-config`(5) describes; what "
	        "a column shows, hides and finds is asked in the language of "
	        "`stoa-query`(7).");
	roff_section("OPTIONS");
	for (const struct cli_option *row = deck_options; row->name; row++) {
		char name[64];
		snprintf(name, sizeof(name), "--%s", row->name);
		roff_item(name, row->value ? row->value : "", row->help);
	}
	man_commands();
	roff_section("KEYS");
	roff_paragraph("As bound by default; each is a `bind` line and can be bound anew.");
	docs_each_binding(man_binding, NULL);
	man_sources();
	roff_section("FILES");
	roff_item("$XDG_CONFIG_HOME/stoa/config", "",
	        "the configuration; themes stand in themes/ beside it");
	roff_item("$XDG_STATE_HOME/stoa", "",
	        "queue.db (accounts, drafts, posts on their way, what was read, mutes), secrets, "
	        "decks, the log");
	roff_item("$XDG_DATA_HOME/stoa/archive.db", "",
	        "every post that was fetched, and its full-text index");
	roff_section("ENVIRONMENT");
	for (const struct cli_option *row = environment_rows; row->name; row++)
		roff_item(row->name, "", row->help);
	roff_section("EXIT STATUS");
	roff_paragraph("0 done, 1 failed with a reason on stderr, 2 wrong usage.");
	roff_section("SEE ALSO");
	roff_paragraph("`stoa-config`(5), `stoa-query`(7)");
}
