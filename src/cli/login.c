#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/json.h"
#include "base/mem.h"
#include "engine/secret.h"
#include "networks/network.h"
#include "args.h"
#include "commands.h"
#include "out.h"
#include "session.h"
#include "sign_in.h"

enum { LOGIN_TIMEOUT_MS = 60000, TOKEN_MAX = 4096 };

const char login_more[] =
        "stoa opens the server's page in a browser, where there is a display, and waits for\n"
        "its answer for five minutes. Elsewhere (--paste: everywhere) it prints the address\n"
        "to be opened on any machine, and takes the code that the page shows.\n"
        "A token made in the server's settings (Development, New application) can be piped\n"
        "in, so that it never stands in a process list:\n"
        "  pass mastodon/token | stoa login mastodon mastodon.example --token-stdin\n"
        "Bluesky asks for an app password (made in its settings), on the terminal or piped in\n"
        "with --password-stdin; HANDLE@HOST names the server of a handle that nobody knows.\n"
        "Where the server sends a code by e-mail it is asked for next, or is its second line.\n"
        "With --guest nobody signs in, and what is public can be read: `stoa login bluesky\n"
        "--guest` makes the sources bluesky/profile:HANDLE, bluesky/search:QUERY and so on.\n"
        "stoa says where the token is kept. Several accounts on one host have several names.";

const struct cli_option login_options[] = {
        {"code", "CODE", "the code that the server has sent by e-mail"},
        {"guest", NULL, "do not sign in: read only what is public there"},
        {"name", "NAME", "what to call the account (the host's first word)"},
        {"password-stdin", NULL, "read an app password from standard input"},
        {"paste", NULL, "open no browser; take a pasted code"},
        {"token-stdin", NULL, "read the token from standard input"},
        {0},
};

const struct cli_option accounts_options[] = {
        {"json", NULL, "one JSON object a line"},
        {0},
};

/* The next line of standard input, of a terminal without showing it; NULL when there is none. */
static char *read_secret(const char *prompt)
{
	char line[TOKEN_MAX];
	struct termios was, blind;
	bool asks = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &was) == 0;
	if (asks) {
		fputs(prompt, stderr);
		blind = was;
		blind.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &blind);
	}
	bool came = fgets(line, sizeof(line), stdin) != NULL;
	if (asks) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &was);
		fputc('\n', stderr);
	}
	if (!came) return NULL;
	line[strcspn(line, "\r\n")] = '\0';
	char *token = *line ? xstrdup(line) : NULL;
	memset(line, 0, sizeof(line));
	return token;
}

static bool is_by_handle(const char *network)
{
	const struct network *net = network_find(network);
	return net && net->by_handle;
}

/* "mastodon" of "https://mastodon.example", "ada" of the handle "ada.example@host". Owned. */
static char *default_name(const char *network, const char *host)
{
	const char *scheme = is_by_handle(network) ? NULL : strstr(host, "://");
	const char *start = scheme ? scheme + 3 : host + (*host == '@');
	size_t len = strcspn(start, ".:/@");
	return xstrndup(start, len);
}

/* The host of "ada@mastodon.example", which is how people know where they are. Where the
 * handle itself says who signs in, it stays. */
static const char *host_of(const char *network, const char *word)
{
	const char *at = strrchr(word, '@');
	bool whole = !at || strstr(word, "://") || is_by_handle(network);
	return whole ? word : at + 1;
}

/* Nobody has the name, or who has it is about to sign in again. */
static bool is_free(const struct session *session, const char *name, const char *network,
        const char *where, struct err *err)
{
	const struct account *account = store_account_named(session->store, name);
	if (!account || (where && account_is_at(account, network, where))) return true;
	return err_set(err, ERR_SYNTAX,
	        "there is an account '%s' already, elsewhere; choose another --name, or `stoa "
	        "logout %s` first",
	        name, name);
}

/* What is signed in with, besides the network, the host and the name. */
struct proof {
	char *token;      /* or password */
	const char *code; /* NULL: none was asked for */
};

static bool login_with(struct session *session, const char *network, const char *host,
        const char *name, const struct proof *proof, struct err *err)
{
	struct str arg = {0};
	struct job *job = job_new(JOB_LOGIN);
	str_addf(&arg, "%s\n%s\n%s\n%s", network, host, name, proof->token);
	if (proof->code) str_addf(&arg, "\n%s", proof->code);
	job->arg = str_take(&arg);
	return session_do(session, job, LOGIN_TIMEOUT_MS, err);
}

/* The same, and once more when the server sends a code first. */
static bool login_twice(struct session *session, const char *network, const char *host,
        const char *name, struct proof *proof, struct err *err)
{
	if (login_with(session, network, host, name, proof, err)) return true;
	if (err->code != ERR_CODE || proof->code) return false;
	fprintf(stderr, "stoa: %s\n", err->text);
	char *code = read_secret("code: ");
	if (!code)
		return err_set(
		        err, ERR_CODE, "nobody gave the code; sign in again with --code CODE");
	*err = (struct err){0};
	proof->code = code;
	bool ok = login_with(session, network, host, name, proof, err);
	proof->code = NULL;
	secret_free(code);
	return ok;
}

static bool login_guest(struct session *session, const char *network, const char *host,
        const char *name, struct err *err)
{
	struct str arg = {0};
	struct job *job = job_new(JOB_GUEST);
	str_addf(&arg, "%s\n%s\n%s", network, host ? host : "-", name);
	job->arg = str_take(&arg);
	return session_do(session, job, LOGIN_TIMEOUT_MS, err);
}

static void say_success(const struct session *session, const char *name)
{
	out_text(stdout, session->said ? session->said : "signed in");
	printf(", called %s\n", name);
}

static int login(const struct args *args, const char *name)
{
	struct session session;
	struct err err = {0};
	bool guest = args_has(args, "guest");
	const char *network = args->words[0];
	const char *host = args->nwords > 1 ? host_of(network, args->words[1]) : NULL;
	struct proof proof = {.code = args_value(args, "code")};
	bool piped = args_has(args, "token-stdin") || args_has(args, "password-stdin");
	bool wanted = !guest && (piped || is_by_handle(network));
	if (wanted && !(proof.token = read_secret("password or token: "))) {
		fputs("stoa: nothing came on standard input\n", stderr);
		return CLI_FAILED;
	}
	bool ok = session_start(&session, &err) &&
	          is_free(&session, name, network, guest ? NULL : host, &err);
	if (ok && guest)
		ok = login_guest(&session, network, host, name, &err);
	else if (ok && proof.token)
		ok = login_twice(&session, network, host, name, &proof, &err);
	else if (ok)
		ok = sign_in(&session, network, host, name, args_has(args, "paste"), &err);
	if (ok) say_success(&session, name);
	secret_free(proof.token);
	session_finish(&session);
	return ok ? CLI_DONE : out_fail(&err);
}

int login_run(int argc, char **argv)
{
	const struct cli_command *self = cli_find("login");
	struct args args;
	if (!args_read(&args, self, argc, argv)) return CLI_USAGE;
	bool guest = args_has(&args, "guest");
	if (args.nwords > 2 || args.nwords < (guest ? 1 : 2))
		return args_usage(self, "which network, and which host?");
	int ways = args_has(&args, "paste") + args_has(&args, "token-stdin") +
	           args_has(&args, "password-stdin") + guest;
	if (ways > 1)
		return args_usage(self, "a code, a token, a password or --guest, not several");
	const char *given = args_value(&args, "name");
	char *name = given ? xstrdup(given)
	             : args.nwords == 1
	                     ? xstrdup(args.words[0])
	                     : default_name(args.words[0], host_of(args.words[0], args.words[1]));
	int status = CLI_USAGE;
	if (!*name || strpbrk(name, "/ \t\n\"'"))
		fprintf(stderr, "stoa: a name is one word without / or quotes, not '%s'\n", name);
	else
		status = login(&args, name);
	free(name);
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
		ok = err_set(&err, ERR_NOT_FOUND,
		        "there is no account '%s'; `stoa accounts` lists them", argv[1]);
	if (ok) {
		struct job *job = job_new(JOB_LOGOUT);
		job->account = account->id;
		ok = session_do(&session, job, LOGIN_TIMEOUT_MS, &err);
	}
	if (ok && session.said) {
		out_text(stdout, session.said);
		putchar('\n');
	}
	session_finish(&session);
	return ok ? CLI_DONE : out_fail(&err);
}

static void field(struct str *line, const char *name, const char *value)
{
	str_addf(line, "%s\"%s\":", line->len > 1 ? "," : "", name);
	json_quote(line, value && *value ? value : NULL);
}

/* What it can do, as in the table of abilities; null while its server was never asked. */
static void abilities(struct str *line, const struct account *account)
{
	str_adds(line, ",\"can\":");
	if (account->id == ACCOUNT_FEEDS || account->learned_ms == 0) {
		str_adds(line, "null");
		return;
	}
	const char *parted = "[";
	for (unsigned bit = 0; bit < CAP_COUNT; bit++) {
		if (!(account->caps & 1U << bit)) continue;
		str_adds(line, parted);
		json_quote(line, capability_name(1U << bit));
		parted = ",";
	}
	str_adds(line, *parted == '[' ? "[]" : "]");
}

/* A line: name, network, handle, what its server is, where its token is. */
static void account_print(const struct account *account, const char *place, bool json)
{
	const char *handle = *account->handle ? account->handle : account->host;
	const char *const cells[] = {
	        account->name, account->network, handle, account->software, place};
	struct str line = {0};
	if (json) {
		str_addc(&line, '{');
		field(&line, "name", account->name);
		field(&line, "network", account->network);
		field(&line, "host", account->host);
		field(&line, "handle", account->handle);
		field(&line, "uri", account->uri);
		field(&line, "software", account->software);
		field(&line, "token", place);
		abilities(&line, account);
		str_addc(&line, '}');
	}
	for (size_t i = 0; !json && i < sizeof(cells) / sizeof(*cells); i++) {
		if (i) putchar('\t');
		out_text(stdout, cells[i]);
	}
	fputs(str_c(&line), stdout);
	putchar('\n');
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
	for (size_t i = 0; i < n; i++) {
		enum secret_place place = SECRET_IN_NOWHERE;
		bool signed_in = list[i]->id != ACCOUNT_FEEDS && !account_is_guest(list[i]);
		if (signed_in)
			secret_free(
			        secrets_get(&session.places.secrets, list[i]->name, &place, NULL));
		account_print(list[i], signed_in ? secret_place_name(place) : "",
		        args_has(&args, "json"));
	}
	session_finish(&session);
	return ok ? CLI_DONE : out_fail(&err);
}
