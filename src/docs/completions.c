#include "docs.h"

#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

/* Print with ' as '\'' (for what stands between single quotes in a shell). */
static void quoted(const char *text)
{
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\''", stdout);
		else
			putchar(*text);
	}
}

static void each_option(const struct cli_command *command, const char *before)
{
	for (const struct cli_option *row = command->options; row && row->name; row++)
		printf("%s--%s", before, row->name);
	printf("%s--help", before);
}

void docs_bash(void)
{
	puts("# bash completion for stoa, made from its table of commands");
	puts("_stoa() {");
	puts("\tlocal word=${COMP_WORDS[COMP_CWORD]}");
	puts("\tif [ \"$COMP_CWORD\" = 1 ]; then");
	fputs("\t\tCOMPREPLY=($(compgen -W '", stdout);
	for (const struct cli_option *row = deck_options; row->name; row++)
		printf("%s--%s", row == deck_options ? "" : " ", row->name);
	for (const struct cli_command *row = cli_next(NULL); row; row = cli_next(row))
		printf(" %s", row->name);
	puts("' -- \"$word\"))");
	puts("\t\treturn");
	puts("\tfi");
	puts("\tcase \"${COMP_WORDS[1]}\" in");
	for (const struct cli_command *row = cli_next(NULL); row; row = cli_next(row)) {
		printf("\t%s) COMPREPLY=($(compgen -W '", row->name);
		each_option(row, " ");
		puts("' -f -- \"$word\")) ;;");
	}
	puts("\tesac");
	puts("}");
	puts("complete -F _stoa stoa");
}

void docs_zsh(void)
{
	puts("#compdef stoa");
	puts("# zsh completion for stoa, made from its table of commands");
	puts("local -a commands");
	puts("commands=(");
	for (const struct cli_command *row = cli_next(NULL); row; row = cli_next(row)) {
		printf("\t'%s:", row->name);
		quoted(row->help);
		puts("'");
	}
	puts(")");
	puts("if (( CURRENT == 2 )); then");
	puts("\t_describe command commands");
	puts("\treturn");
	puts("fi");
	puts("case ${words[2]} in");
	for (const struct cli_command *row = cli_next(NULL); row; row = cli_next(row)) {
		printf("%s) _arguments", row->name);
		for (const struct cli_option *option = row->options; option && option->name;
		        option++) {
			printf(" '--%s[", option->name);
			quoted(option->help);
			printf("]%s%s'", option->value ? ":" : "",
			        option->value ? option->value : "");
		}
		puts(" '*:file:_files' ;;");
	}
	puts("esac");
}

void docs_fish(void)
{
	puts("# fish completion for stoa, made from its table of commands");
	for (const struct cli_option *row = deck_options; row->name; row++) {
		printf("complete -c stoa -n __fish_use_subcommand -l %s%s -d '", row->name,
		        row->value ? " -r" : "");
		quoted(row->help);
		puts("'");
	}
	for (const struct cli_command *row = cli_next(NULL); row; row = cli_next(row)) {
		printf("complete -c stoa -n __fish_use_subcommand -a %s -d '", row->name);
		quoted(row->help);
		puts("'");
		for (const struct cli_option *option = row->options; option && option->name;
		        option++) {
			printf("complete -c stoa -n '__fish_seen_subcommand_from %s' -l %s%s -d '",
			        row->name, option->name, option->value ? " -r" : "");
			quoted(option->help);
			puts("'");
		}
	}
}
