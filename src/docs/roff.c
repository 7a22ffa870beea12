#include "roff.h"

#include <stdbool.h>
#include <stdio.h>

static void put(char c, bool first)
{
	if (c == '\\')
		fputs("\\e", stdout);
	else if (c == '-')
		fputs("\\-", stdout);
	else if (first && (c == '.' || c == '\''))
		printf("\\&%c", c);
	else
		putchar(c);
}

void roff_title(const char *name, const char *section, const char *kind, const char *about)
{
	printf(".TH %s %s \"\" \"stoa " STOA_VERSION "\" \"%s\"\n", name, section, kind);
	roff_section("NAME");
	roff_text(name);
	fputs(" \\- ", stdout);
	roff_text(about);
	putchar('\n');
}

void roff_section(const char *title)
{
	printf(".SH %s\n", title);
}

void roff_text(const char *text)
{
	for (const char *p = text; *p; p++)
		put(*p, p == text || p[-1] == '\n');
}

void roff_paragraph(const char *text)
{
	bool bold = false;
	puts(".PP");
	for (const char *p = text; *p; p++) {
		if (*p == '`') {
			bold = !bold;
			fputs(bold ? "\\fB" : "\\fR", stdout);
		} else {
			put(*p, p == text || p[-1] == '\n');
		}
	}
	putchar('\n');
}

void roff_item(const char *term, const char *arguments, const char *help)
{
	fputs(".TP\n\\fB", stdout);
	roff_text(term);
	fputs("\\fR ", stdout);
	roff_text(arguments);
	putchar('\n');
	roff_text(help);
	fputs(".\n", stdout);
}

void roff_deeper(void)
{
	puts(".RS");
}

void roff_back(void)
{
	puts(".RE");
}
