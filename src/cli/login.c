#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/mem.h"
#include "engine/secret.h"
#include "args.h"
#include "commands.h"
#include "out.h"
#include "session.h"

enum { LOGIN_TIMEOUT_MS = 60000, TOKEN_MAX = 4096 };

const char login_more[] =
		"The token is made in the server's web settings (Development, New application, scopes\n"
		"read and write) and piped in, so that it never stands in a process list:\n"
		"  pass mastodon/token | stoa login mastodon mastodon.example --name work --token-stdin\n"
		"It is kept in the file `secrets` in the state directory, mode 0600.";

const struct cli_option login_options[] = {
		{"name", "NAME", "what to call the account (the host's first word)"},
		{"token-stdin", NULL, "read the token from standard input"},
		{0},
};

const struct cli_option accounts_options[] = {
		{"json", NULL, "one JSON object a line"},
		{0},
};

/* The first line of standard input; NULL when there is none. */
static char *read_token(void)
{
	char line[TOKEN_MAX];
	if (!fgets(line, sizeof(line), stdin)) return NULL;
	line[strcspn(line, "\r\n")] = '\0';
	char *token = *line ? xstrdup(line) : NULL;
	memset(line, 0, sizeof(line));
	return token;
}

/* "mastodon" of "https://mastodon.example". Owned. */
static char *default_name(const char *host)
{
	const char *start = strstr(host, "://");
	start = start ? start + 3 : host;
	size_t len = strcspn(start, ".:/");
	return xstrndup(start, len);
}

static int login_with(const char *network, const char *host, const char *name, const char *token)
{
	struct session session;
	struct err err = {0};
	struct str arg = {0};
	bool ok = session_start(&session, &err);
	if (ok && store_account_named(session.store, name))
		ok = err_set(&err, ERR_SYNTAX,
				"there is an account '%s' already; choose another --name, or `stoa logout %s` first",
				name, name);
	if (ok) {
		struct job *job = job_new(JOB_LOGIN);
		str_addf(&arg, "%s\n%s\n%s\n%s", network, host, name, token);
		job->arg = str_take(&arg);
		ok = session_do(&session, job, LOGIN_TIMEOUT_MS, &err);
	}
	const struct account *account = ok ? store_account_named(session.store, name) : NULL;
	if (account) {
		printf("signed in as ");
		out_text(stdout, account->handle);
		printf(", called %s\n", name);
	}
	session_finish(&session);
	return ok ? CLI_DONE : out_fail(&err);
}

int login_run(int argc, char **argv)
{
	const struct cli_command *self = cli_find("login");
	struct args args;
	if (!args_read(&args, self, argc, argv)) return CLI_USAGE;
	if (args.nwords != 2) return args_usage(self, "which network, and which host?");
	if (!args_has(&args, "token-stdin"))
		return args_usage(self, "a token is wanted on standard input (--token-stdin)");
	if (isatty(STDIN_FILENO)) fputs("token (it will show as you type): ", stderr);
	char *token = read_token();
	if (!token) {
		fputs("stoa: no token came on standard input\n", stderr);
		return CLI_FAILED;
	}
	const char *given = args_value(&args, "name");
	char *name = given ? xstrdup(given) : default_name(args.words[1]);
	int status = CLI_USAGE;
	if (!*name || strpbrk(name, "/ \t\n\"'"))
		fprintf(stderr, "stoa: a name is one word without / or quotes, not '%s'\n", name);
	else
		status = login_with(args.words[0], args.words[1], name, token);
	free(name);
	secret_free(token);
	return status;
}

int logout_run(int argc, char **argv)
{
	struct session session;
	struct err err = {0};
	if (argc != 2) return args_usage(cli_find("logout"), "which account?");
	bool ok = session_start(&session, &err);
	const struct account *account = ok ? store_account_named(session.store, argv[1]) : NULL;
	if (ok && (!account || account->id == ACCOUNT_FEEDS))
		ok = err_set(&err, ERR_NOT_FOUND, "there is no account '%s'; `stoa accounts` lists them",
				argv[1]);
	if (ok) {
		struct job *job = job_new(JOB_LOGOUT);
		job->account = account->id;
		ok = session_do(&session, job, LOGIN_TIMEOUT_MS, &err);
	}
	session_finish(&session);
	return ok ? CLI_DONE : out_fail(&err);
}

static void account_print(const struct account *account, bool json)
{
	if (!json) {
		printf("%s\t%s\t", account->name, account->network);
		out_text(stdout, *account->handle ? account->handle : account->host);
		putchar('\n');
		return;
	}
	const char *const fields[][2] = {
			{"name", account->name},
			{"network", account->network},
			{"host", account->host},
			{"handle", account->handle},
			{"uri", account->uri},
	};
	struct str line = {0};
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		str_addf(&line, "%s\"%s\":", i ? "," : "{", fields[i][0]);
		json_quote(&line, *fields[i][1] ? fields[i][1] : NULL);
	}
	printf("%s}\n", str_c(&line));
	str_finish(&line);
}

int accounts_run(int argc, char **argv)
{
	struct session session;
	struct args args;
	struct err err = {0};
	if (!args_read(&args, cli_find("accounts"), argc, argv)) return CLI_USAGE;
	bool ok = session_start(&session, &err);
	const struct account *const *list = NULL;
	size_t n = ok ? store_accounts(session.store, &list) : 0;
	for (size_t i = 0; i < n; i++) account_print(list[i], args_has(&args, "json"));
	session_finish(&session);
	return ok ? CLI_DONE : out_fail(&err);
}
