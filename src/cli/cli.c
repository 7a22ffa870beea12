#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

#include "commands.h"

/* Alphabetical. What acts in the name of an account stands in act.c. */
static const struct cli_command commands[] = {
        {"accounts", "[--json]", "list the accounts that stoa is signed in to", NULL,
                accounts_options, accounts_run},
        {"archive", "[--count] [--json] [--limit N] [--since TIME] QUERY",
                "print the posts of the archive that match", archive_more, archive_options,
                archive_run},
        {"brief", "[--json] [--since TIME]",
                "what was said, who waits, what is due, and the time used", brief_more,
                brief_options, brief_run},
        {"ctl", "COMMAND…", "send a command line to the running deck", ctl_more, NULL, ctl_run},
        {"daemon", "[--status|--install|--remove]", "send what is due while no deck is open",
                daemon_more, daemon_options, daemon_run},
        {"demo", "[--snapshot COLSxROWS] [--pace MS]",
                "open the deck on a demo server that stoa starts itself", demo_more, demo_options,
                demo_run},
        {"doctor", "[--json]", "say what works here, what does not, and what to do", NULL,
                doctor_options, doctor_run},
        {"feeds", "import FILE | export | find URL | list | add URL [GROUP…] | drop NAME",
                "import, export, find and list feeds", feeds_more, feeds_options, feeds_run},
        {"filter", "[--count] [--explain [--json]] QUERY",
                "read posts as JSON lines and print those that match", filter_more, filter_options,
                filter_run},
        {"login",
                "NETWORK HOST-OR-HANDLE [--name NAME] "
                "[--paste|--token-stdin|--password-stdin|--guest]",
                "sign an account in", login_more, login_options, login_run},
        {"logout", "NAME", "forget an account, and revoke its token", NULL, NULL, logout_run},
        {"post", "[-a ACCOUNT]… [--at TIME] [--dry-run] [--json] TEXT…|-", "publish, or schedule",
                post_more, post_options, post_run},
        {"queue", "[list|show|edit|move|cancel|retry|sent|run|hold|resume|import|export|recover] …",
                "drafts, scheduled posts and the outbox", queue_more, queue_options, queue_run},
        {"mute", "[for D|until T] [fold|hide] [in COLUMNS] QUERY", "have less of what matches",
                mute_more, NULL, mute_run},
        {"mutes", "[export FILE|import FILE] [--json]", "list what is muted", mutes_more,
                mutes_options, mutes_run},
        {"read", "SOURCE… [--filter QUERY] [--limit N] [--follow] [--json]",
                "fetch sources and print posts", read_more, read_options, read_run},
        {"show", "[-a ACCOUNT] THINGS [OF] [--json] [--limit N]",
                "list what an account keeps at its server", show_more, show_options, show_run},
        {"unmute", "QUERY", "let it be heard again", NULL, NULL, unmute_run},
};

/* The row with the least name that is greater than `than`, if it comes before `best`. */
static const struct cli_command *nearer(
        const struct cli_command *best, const char *than, const struct cli_command *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *name = rows[i].name;
		if (!name || (than && strcmp(name, than) <= 0)) continue;
		if (!best || strcmp(name, best->name) < 0) best = &rows[i];
	}
	return best;
}

const struct cli_command *cli_next(const struct cli_command *row)
{
	const char *than = row ? row->name : NULL;
	const struct cli_command *best =
	        nearer(NULL, than, commands, sizeof(commands) / sizeof(*commands));
	return nearer(best, than, act_commands, ACT_COMMANDS);
}

const struct cli_command *cli_find(const char *name)
{
	for (const struct cli_command *row = cli_next(NULL); row; row = cli_next(row)) {
		if (strcmp(row->name, name) == 0) return row;
	}
	return NULL;
}

static void command_help(const struct cli_command *command)
{
	printf("usage: stoa %s %s\n\n%s.\n", command->name, command->usage, command->help);
	for (const struct cli_option *row = command->options; row && row->name; row++) {
		char left[64];
		snprintf(left, sizeof(left), "--%s%s%s", row->name, row->value ? " " : "",
		        row->value ? row->value : "");
		printf("%s  %-20s %s\n", row == command->options ? "\n" : "", left, row->help);
	}
	if (command->more) printf("\n%s\n", command->more);
	puts("\nExit status: 0 done, 1 failed with a reason on stderr, 2 wrong usage.");
}

int cli_main(int argc, char **argv)
{
	const struct cli_command *command = cli_find(argv[0]);
	if (!command) {
		fprintf(stderr, "stoa: there is no command '%s'; `stoa --help` lists them\n",
		        argv[0]);
		return CLI_USAGE;
	}
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			command_help(command);
			return CLI_DONE;
		}
	}
	return command->run(argc, argv);
}

void cli_help(void)
{
	puts("Commands that need no screen (each has --help):");
	for (const struct cli_command *row = cli_next(NULL); row; row = cli_next(row))
		printf("  stoa %-14s %s\n", row->name, row->help);
}
