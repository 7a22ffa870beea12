#include "engine/sign_in.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "engine/ask.h"
#include "engine/fetch.h"
#include "engine/pkce.h"
#include "engine/secret.h"
#include "engine/signin.h"
#include "net/redirect.h"
#include "net/url.h"

enum { REVOKE_MS = 5000 };

/* A sign-in by browser that is under way. */
struct signing {
	struct core *core;
	job_id job;
	const struct network *net;
	struct account *account; /* what it would make */
	char *root;
	struct sign_in sign; /* borrows what follows */
	char state[PKCE_LEN + 1], verifier[PKCE_LEN + 1], challenge[PKCE_LEN + 1];
	char *code;
	struct redirect *redirect; /* NULL: the code will be pasted */
	struct signing *prev, *next;
};

/* -- what was asked -- */

/* Cut `arg` at its line ends into exactly `n` lines, none of them empty. */
static bool cut_lines(char *arg, char **lines, int n)
{
	for (int i = 0; i < n; i++) {
		char *lf = arg ? strchr(arg, '\n') : NULL;
		if (!arg || !*arg || *arg == '\n' || (i < n - 1) != (lf != NULL)) return false;
		lines[i] = arg;
		if (lf) *lf++ = '\0';
		arg = lf;
	}
	return true;
}

/* What the user typed of a server; of HANDLE@HOST it is the host. Owned. */
static char *root_of(const struct network *net, const struct account *account)
{
	const char *at = net->by_handle ? strchr(account->host, '@') : NULL;
	return at ? xstrdup(at + 1) : account_root(account);
}

static bool name_is_free(const char *name, struct err *err)
{
	if (strpbrk(name, " \t/:#\"'"))
		return err_set(err, ERR_SYNTAX, "'%s' cannot be an account's name", name);
	return !source_account_is_ours(name) ||
	       err_set(err, ERR_SYNTAX, "the name '%s' is taken", name);
}

/* The account that lines NETWORK HOST NAME are about; NULL when there can be none. */
static struct account *account_of(
        char *const lines[3], const struct network **out_net, struct err *err)
{
	const char *name = lines[2];
	const struct network *net = network_find(lines[0]);
	char *host = NULL;
	if (!net || !net->login)
		err_set(err, ERR_UNSUPPORTED, "there is no signing in to '%s'", lines[0]);
	else if (name_is_free(name, err))
		host = net->by_handle ? xstrdup(lines[1]) : account_host(lines[1], err);
	if (!host) return NULL;
	*out_net = net;
	struct account *account = account_new(name, net->name, host);
	free(host);
	return account;
}

/* Somebody is signed in there already: the browser is to ask who it is this time. */
static bool host_is_known(const struct core *core, const struct account *account)
{
	const struct signin *signin;
	DL_FOREACH(core->signins, signin)
	{
		bool same = strcmp(signin->account->network, account->network) == 0 &&
		            strcmp(signin->account->host, account->host) == 0;
		if (same && strcmp(signin->account->name, account->name) != 0) return true;
	}
	return false;
}

/* -- the end of each sign-in -- */

/* Keep who the server says it is, under the name that the user gave; then learn. */
static void keep(struct core *core, job_id id, const struct account *asked, struct account *told,
        const char *secret)
{
	struct err err = {0};
	account_set(&told->name, asked->name);
	account_set(&told->network, asked->network);
	struct signin *known = signin_find(core, asked->name);
	/* Drafts, columns and posts on their way are one person's. */
	if (known && *known->account->handle && strcmp(known->account->handle, told->handle) != 0) {
		err_set(&err, ERR_AUTH,
		        "that is %s, and '%s' is %s: sign in as the same, or under another name",
		        told->handle, asked->name, known->account->handle);
		account_free(told);
		jobs_done(core, id, &err);
		return;
	}
	told->id = known ? known->account->id : 0;
	if (!signin_put(core, told, secret, &err)) {
		jobs_done(core, id, &err);
		return;
	}
	struct signin *signin = signin_find(core, asked->name);
	struct str said = {0};
	str_addf(&said, "signed in as %s", signin->account->handle);
	if (signin->place != SECRET_IN_NOWHERE)
		str_addf(&said, "; its token is kept in %s", secret_place_name(signin->place));
	ask_to_finish(core, signin, id, str_take(&said));
}

static void login_ended(struct fetch *fetch, enum call_next how)
{
	struct core *core = fetch->core;
	struct err err = fetch->call.err;
	struct account *told = fetch->call.signed_in;
	fetch->call.signed_in = NULL;
	if (how == CALL_DONE && told) {
		const char *secret = fetch->sign.secret ? fetch->sign.secret : fetch->token;
		keep(core, fetch->job, fetch->account, told, secret);
		return;
	}
	account_free(told);
	if (err.code == ERR_NONE)
		err_set(&err, ERR_SERVER, "%s does not say whose token that is",
		        fetch->account->host);
	jobs_done(core, fetch->job, &err);
}

/* -- with a token -- */

/* Lines NETWORK HOST NAME TOKEN, and a code where the server has sent one. */
static bool cut_login(char *arg, char *lines[5])
{
	enum { WITHOUT_CODE = 4 };
	int n = 1;
	for (const char *p = arg; p && (p = strchr(p, '\n')); p++)
		n++;
	lines[WITHOUT_CODE] = NULL;
	bool fits = n == WITHOUT_CODE || n == WITHOUT_CODE + 1;
	/* Passwords may have blanks in them, tokens may not. */
	return fits && cut_lines(arg, lines, n) && !strpbrk(lines[3], "\t\r");
}

enum outcome login_begin(struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	char *lines[5];
	const struct network *net = NULL;
	bool fine = cut_login(job->arg, lines);
	if (fine) net = network_find(lines[0]);
	if (!fine || (strchr(lines[3], ' ') && !(net && net->by_handle))) {
		err_set(err, ERR_SYNTAX, "a sign-in wants network, host, name and token");
		return OUTCOME_FAILED;
	}
	struct account *account = account_of(lines, &net, err);
	if (!account) return OUTCOME_FAILED;
	char *token = xstrdup(lines[3]), *root = root_of(net, account);
	struct fetch_plan plan = {
	        .net = net,
	        .step = net->login,
	        .account = account,
	        .token = token,
	        .typed = root,
	        .typed_local = url_is_local(root),
	        .job = open->id,
	        .priority = PACE_USER,
	        .on_end = login_ended,
	};
	struct fetch *fetch = fetch_new(core, &plan);
	free(root);
	fetch->account = account;
	fetch->token = token;
	fetch->client = xstrdup(lines[4]);
	fetch->sign.code = fetch->client;
	fetch->call.sign_in = &fetch->sign;
	open->fetch = fetch;
	fetch_begin(fetch);
	return OUTCOME_PENDING;
}

/* -- without signing in -- */

enum outcome guest_begin(struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	char *lines[3];
	const struct network *net = NULL;
	if (!cut_lines(job->arg, lines, 3)) {
		err_set(err, ERR_SYNTAX, "a guest wants network, host and name");
		return OUTCOME_FAILED;
	}
	net = network_find(lines[0]);
	if (!net || !net->has_guests) {
		err_set(err, ERR_UNSUPPORTED, "'%s' is not read without signing in", lines[0]);
		return OUTCOME_FAILED;
	}
	bool usual = strcmp(lines[1], "-") == 0;
	if (usual && !net->guest_host) {
		err_set(err, ERR_SYNTAX, "%s is many hosts: name the one to be read", lines[0]);
		return OUTCOME_FAILED;
	}
	char *host = usual ? xstrdup(net->guest_host) : account_host(lines[1], err);
	if (!host || !name_is_free(lines[2], err)) {
		free(host);
		return OUTCOME_FAILED;
	}
	struct account *account = account_new(lines[2], net->name, host);
	struct signin *known = signin_find(core, account->name);
	account->id = known ? known->account->id : 0;
	account->caps = net->guest_caps;
	bool ok = signin_put(core, account, NULL, err);
	if (ok) {
		struct str said = {0};
		str_addf(&said, "%s is read without signing in", host);
		jobs_done_said(core, open->id, str_take(&said));
	}
	free(host);
	return ok ? OUTCOME_PENDING : OUTCOME_FAILED;
}

/* -- by browser -- */

static struct signing *signing_find(struct core *core, job_id id)
{
	struct signing *signing;
	DL_FOREACH(core->signings, signing)
	{
		if (signing->job == id) return signing;
	}
	return NULL;
}

static void signing_free(struct signing *signing)
{
	DL_DELETE(signing->core->signings, signing);
	redirect_close(signing->redirect);
	account_free(signing->account);
	free(signing->root);
	free(signing->sign.url);
	secret_free(signing->sign.client);
	secret_free(signing->sign.secret);
	secret_free(signing->code);
	free(signing);
}

void sign_in_forget(struct core *core, job_id id)
{
	struct signing *signing = signing_find(core, id);
	if (signing) signing_free(signing);
}

void signings_free(struct core *core)
{
	while (core->signings)
		signing_free(core->signings);
}

static void fail(struct signing *signing, const struct err *why)
{
	struct core *core = signing->core;
	struct err err = *why;
	job_id id = signing->job;
	if (err.code == ERR_NONE)
		err_set(&err, ERR_SERVER, "%s: no usable answer", signing->account->host);
	signing_free(signing);
	jobs_done(core, id, &err);
}

static void ask(
        struct signing *signing, call_step *step, void (*on_end)(struct fetch *, enum call_next))
{
	struct fetch_plan plan = {
	        .net = signing->net,
	        .step = step,
	        .account = signing->account,
	        .typed = signing->root,
	        .typed_local = url_is_local(signing->root),
	        .job = signing->job,
	        .priority = PACE_USER,
	        .on_end = on_end,
	};
	struct open_job *open = jobs_find(signing->core, signing->job);
	struct fetch *fetch = open->fetch = fetch_new(signing->core, &plan);
	fetch->call.sign_in = &signing->sign;
	fetch->call.client = signing->sign.client;
	fetch_begin(fetch);
}

static void begin_ended(struct fetch *fetch, enum call_next how)
{
	struct core *core = fetch->core;
	struct signing *signing = signing_find(core, fetch->job);
	if (!signing) return; /* cancelled */
	jobs_find(core, fetch->job)->fetch = NULL;
	if (how != CALL_DONE || !signing->sign.url) {
		fail(signing, &fetch->call.err);
		return;
	}
	struct event *event = event_new(EVENT_SIGN_IN);
	event->reply_to = signing->job;
	event->text = xstrdup(signing->sign.url);
	event->number = signing->redirect == NULL;
	core->emit(core->emit_ctx, event);
}

static void finish_ended(struct fetch *fetch, enum call_next how)
{
	struct signing *signing = signing_find(fetch->core, fetch->job);
	struct account *told = fetch->call.signed_in;
	fetch->call.signed_in = NULL;
	if (signing && how == CALL_DONE && told && signing->sign.secret) {
		keep(fetch->core, signing->job, signing->account, told, signing->sign.secret);
		signing_free(signing);
		return;
	}
	account_free(told);
	if (signing) fail(signing, &fetch->call.err);
}

/* On the listener's thread: only what never changes may be touched. */
static void on_redirect(void *ctx, char *code, const struct err *err)
{
	const struct signing *signing = ctx;
	struct letter *letter = letter_new(LETTER_CODE);
	letter->id = signing->job;
	letter->code = code;
	letter->err = *err;
	queue_push(signing->core->inbox, letter);
}

enum outcome sign_in_begin(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	char *lines[3];
	const struct network *net;
	if (!cut_lines(job->arg, lines, 3)) {
		err_set(err, ERR_SYNTAX, "a sign-in wants network, host and name");
		return OUTCOME_FAILED;
	}
	struct account *account = account_of(lines, &net, err);
	if (!account) return OUTCOME_FAILED;
	if (!net->sign_in_begin || !net->sign_in_finish) {
		err_set(err, ERR_UNSUPPORTED,
		        "%s knows no signing in by browser: `stoa login %s %s` in a shell asks for "
		        "the password, and the deck hears of it",
		        net->name, net->name, lines[1]);
		account_free(account);
		return OUTCOME_FAILED;
	}
	struct signing *signing = xcalloc(1, sizeof(*signing));
	signing->core = core;
	signing->job = open->id;
	signing->net = net;
	signing->account = account;
	signing->root = account_root(account);
	pkce_verifier(signing->state);
	pkce_verifier(signing->verifier);
	pkce_challenge(signing->verifier, signing->challenge);
	/* Where no listener can be had, a code can still be pasted. */
	if (job->on)
		signing->redirect = redirect_listen(signing->state, 0, on_redirect, signing, NULL);
	signing->sign = (struct sign_in){
	        .redirect = signing->redirect ? redirect_url(signing->redirect) : NULL,
	        .state = signing->state,
	        .verifier = signing->verifier,
	        .challenge = signing->challenge,
	        .again = host_is_known(core, account),
	};
	DL_APPEND(core->signings, signing);
	ask(signing, net->sign_in_begin, begin_ended);
	return OUTCOME_PENDING;
}

static void finish(struct signing *signing, const char *code)
{
	signing->code = xstrdup(code);
	signing->sign.code = signing->code;
	ask(signing, signing->net->sign_in_finish, finish_ended);
}

void sign_in_code(struct core *core, job_id id, const char *code, const struct err *err)
{
	struct signing *signing = signing_find(core, id);
	if (!signing || signing->code) return; /* it was pasted meanwhile, or given up */
	if (code)
		finish(signing, code);
	else
		fail(signing, err);
}

enum outcome sign_in_pasted(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	(void)open;
	struct signing *signing = signing_find(core, (job_id)job->number);
	const char *code = job->arg ? job->arg : "";
	if (!signing || !signing->sign.url || signing->code)
		err_set(err, ERR_NOT_FOUND, "no sign-in waits for a code");
	else if (!*code)
		err_set(err, ERR_SYNTAX, "the code is empty");
	else
		return finish(signing, code), OUTCOME_OVER;
	return OUTCOME_FAILED;
}

/* -- out -- */

static void revoke_ended(struct fetch *fetch, enum call_next how)
{
	struct str said = {0};
	if (how == CALL_DONE)
		str_addf(&said, "signed out, and %s has revoked the token", fetch->account->host);
	else
		str_addf(&said,
		        "signed out here; %s did not revoke the token (%s), its settings can",
		        fetch->account->host, fetch->call.err.text);
	jobs_done_said(fetch->core, fetch->job, str_take(&said));
}

/* What is still asked when the account is gone, with copies of all that it needs. */
static struct fetch *revocation(struct core *core, const struct signin *signin)
{
	struct account *account = account_copy(signin->account);
	char *token = xstrdup(signin->token), *client = xstrdup(signin->client);
	char *root = account_root(account);
	account->id = 0; /* what ends with the account does not end this */
	struct fetch_plan plan = ask_plan(signin, signin->net->sign_out);
	plan.account = account;
	plan.token = token;
	plan.client = client;
	plan.typed = root;
	plan.typed_local = url_is_local(root);
	plan.on_end = revoke_ended;
	struct fetch *fetch = fetch_new(core, &plan);
	free(root);
	fetch->account = account;
	fetch->token = token;
	fetch->client = client;
	fetch->writes = fetch->again = true;
	fetch->until_ms = core_now(core) + REVOKE_MS;
	return fetch;
}

/* Whatever the server says, here it is over: the account goes first. */
enum outcome logout_begin(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	const struct signin *signin = signin_by_id(core, job->account);
	bool revokes =
	        signin && signin->net && signin->net->sign_out && signin->token && signin->client;
	struct fetch *fetch = revokes ? revocation(core, signin) : NULL;
	if (!signin_drop(core, job->account, err)) {
		fetch_cancel(fetch, "still signed in");
		return OUTCOME_FAILED;
	}
	if (!fetch) return OUTCOME_OVER;
	fetch->job = open->id;
	open->fetch = fetch;
	fetch_begin(fetch);
	return OUTCOME_PENDING;
}
