#include <string.h>

#include "cmd/option.h"
#include "inside.h"

/* `stoa --dump-config`: what the program does anyway, as the lines that would say so. */

static void dump_option(struct str *out, const struct option_row *row)
{
	str_addf(out, "# %s", row->help);
	if (*row->range)
		str_addf(out, " (%s%s)", row->type == OPTION_CHOICE ? "one of: " : "", row->range);
	else if (row->type == OPTION_BOOL)
		str_adds(out, " (on or off)");
	str_addf(out, "\n# set %s ", row->name);
	cmd_quote(out, row->otherwise);
	str_adds(out, "\n\n");
}

/* Every line of a file as a comment; those that are comments stay. */
static void dump_commented(struct str *out, const char *text)
{
	for (const char *line = text; *line;) {
		size_t len = strcspn(line, "\n");
		if (len && *line != '#') str_adds(out, "# ");
		str_add(out, line, len);
		str_addc(out, '\n');
		line += len + (line[len] == '\n');
	}
}

void config_dump(struct str *out)
{
	str_adds(out,
	        "# stoa's configuration, as it is without a config file. Copy this to\n"
	        "# $XDG_CONFIG_HOME/stoa/config and take the # away from what you change.\n"
	        "# One line is one command; `;` parts several; \"…\" and '…' quote.\n"
	        "\n"
	        "# Columns of the first deck, one line each:\n"
	        "# column add Home work/home\n"
	        "# column add \"C lang\" work/tag:c feeds/feed:lwn as work query lang:en "
	        "-is:repost\n"
	        "\n"
	        "# A theme, and roles of your own on top of it:\n"
	        "# theme default\n"
	        "# style post.author #1f6f8b default bold\n"
	        "\n"
	        "# Keys as in another program, before those of your own: stoa, tut, tweetdeck\n"
	        "# preset stoa\n"
	        "\n");
	for (const struct option_row *row = option_rows; row->name; row++)
		dump_option(out, row);
	dump_commented(out, default_conf);
}
