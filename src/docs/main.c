/*
 * Prints stoa's documents from its tables: stoa-docs WHICH. Run by the build, not
 * installed.
 */
#include <stdio.h>
#include <string.h>

#include "docs.h"

static const struct {
	const char *name;
	void (*print)(void);
} documents[] = {
        {"bash", docs_bash},
        {"fish", docs_fish},
        {"man", docs_man},
        {"man-config", docs_man_config},
        {"man-query", docs_man_query},
        {"reference", docs_reference},
        {"zsh", docs_zsh},
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < sizeof(documents) / sizeof(*documents); i++) {
		if (strcmp(documents[i].name, argv[1]) != 0) continue;
		documents[i].print();
		return ferror(stdout) ? 1 : 0;
	}
	fputs("usage: stoa-docs", stderr);
	for (size_t i = 0; i < sizeof(documents) / sizeof(*documents); i++)
		fprintf(stderr, "%s%s", i ? "|" : " ", documents[i].name);
	fputs("\n", stderr);
	return 2;
}
