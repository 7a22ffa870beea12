#include "docs.h"

#include <stdio.h>

#include "cmd/option.h"
#include "roff.h"
#include "ui/post_template.h"
#include "ui/theme.h"

/* stoa-config(5): the command language, and what it can set. */

static void man_command(void *ctx, const struct cmd *cmd)
{
	(void)ctx;
	roff_item(cmd->name, cmd->usage, cmd->help);
}

static void man_options(void)
{
	roff_section("OPTIONS");
	roff_paragraph("Set by lines `set` NAME VALUE.");
	for (const struct option_row *row = option_rows; row->name; row++) {
		char value[256];
		snprintf(value, sizeof(value), "(%s) %s", row->otherwise, row->range);
		roff_item(row->name, value, row->help);
	}
}

static void man_roles(void)
{
	roff_section("ROLES OF A THEME");
	roff_paragraph("A theme is a file of lines `palette` NAME COLOUR and `style` ROLE "
	               "FOREGROUND BACKGROUND [ATTRIBUTES]. A role that is not set looks like the "
	               "one it belongs to.");
	for (int role = 0; role < ROLE_COUNT; role++)
		roff_item(role_name((enum role)role), "", role_help((enum role)role));
}

static void man_layouts(void)
{
	roff_section("LAYOUTS OF A POST");
	roff_paragraph(
	        "The option layout names one of these, or is a template of its own: lines "
	        "parted by `|`, each of fields parted by blanks. What follows `>` stands at "
	        "the right end of its line. `text=2` is at most two lines of it, `name=12` at "
	        "most twelve cells. `close` leaves no line between posts, `indent=4` moves all "
	        "lines but the first to the right. A post that was opened shows everything.");
	for (const struct post_layout *row = post_layouts; row->name; row++)
		roff_item(row->name, row->text, row->help);
	roff_paragraph("The fields:");
	for (int field = 0; field < FIELD_COUNT; field++)
		roff_item(post_field_rows[field].name, "", post_field_rows[field].help);
}

void docs_man_config(void)
{
	roff_title("stoa-config", "5", "File Formats",
	        "the command language of stoa, its options and themes");
	roff_section("DESCRIPTION");
	roff_paragraph("Configuration, themes, key bindings, the prompt, the files of decks and "
	               "`stoa ctl` are lines of one command language. The file config in "
	               "$XDG_CONFIG_HOME/stoa is read at the start and by `reload`; a line that "
	               "is wrong is told with its place, and the rest still applies.");
	roff_paragraph(
	        "One line is one command. Words are parted by blanks, quoted by \"...\" or '...'; "
	        "a semicolon parts commands; # begins a comment as the first character of a line "
	        "or after a blank. A command whose usage ends in QUERY, COMMAND or TEXT takes the "
	        "rest of its line as it is.");
	roff_section("COMMANDS");
	cmd_each(docs_commands, man_command, NULL);
	man_options();
	man_layouts();
	man_roles();
	roff_section("SEE ALSO");
	roff_paragraph("`stoa`(1), `stoa-query`(7)");
}
