#include "sign_in.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/spawn.h"
#include "base/mem.h"
#include "base/program.h"
#include "cli/cli.h"
#include "out.h"

enum { CODE_MAX = 4096 };

/* Set by ^C: the sign-in is given up in turn. */
static volatile sig_atomic_t given_up;

static void on_signal(int number)
{
	(void)number;
	given_up = 1;
}

struct signing {
	struct session *session;
	job_id job;
	bool asked;    /* the address is told */
	bool wants;    /* a code, for nobody listens */
	bool pasted;   /* there was one */
	bool no_input; /* no more can come */
	bool over;
	struct err err;
	char line[CODE_MAX];
	size_t len;
};

/* The browser says what it has to say to nobody: our screen is not for it. */
static void open_browser(const char *url)
{
	const char *own = getenv("BROWSER");
	const char *argv[] = {own && *own ? own : "xdg-open", url, NULL};
	struct program_files files = {
	        PROGRAM_NOTHING, PROGRAM_NOTHING, PROGRAM_NOTHING, NULL, true};
	struct err err = {0};
	pid_t pid;
	if (!program_start((char **)argv, &files, &pid, &err))
		fprintf(stderr, "stoa: %s\n", err.text);
}

static void tell_address(struct signing *signing, const struct event *event)
{
	signing->asked = true;
	signing->wants = event->number == 1;
	fputs(signing->wants
	                ? "Open this address in a browser, on any machine, and sign in there:\n\n  "
	                : "Sign in in the browser. If none opens, open this address:\n\n  ",
	        stderr);
	out_text(stderr, event->text);
	fputs(signing->wants ? "\n\nThen paste the code that it shows, and press Enter: "
	                     : "\n\nWaiting for five minutes. A code can be pasted here, too.\n",
	        stderr);
	if (!signing->wants) open_browser(event->text);
}

static void on_event(void *ctx, struct event *event)
{
	struct signing *signing = ctx;
	if (event->reply_to != signing->job) return;
	if (event->kind == EVENT_SIGN_IN) tell_address(signing, event);
	if (event->kind != EVENT_DONE) return;
	signing->over = true;
	signing->err = event->err;
	signing->session->said = xstrdup(event->text);
}

static void paste(struct signing *signing)
{
	struct job *job = job_new(JOB_CODE);
	char *code = signing->line + strspn(signing->line, " \t");
	code[strcspn(code, "\r\n")] = '\0';
	job->number = signing->job;
	job->arg = xstrdup(code);
	engine_post(signing->session->engine, job);
	memset(signing->line, 0, sizeof(signing->line));
	signing->len = 0;
}

/* Read on; a whole line, or what comes before the end, is a code. */
static void read_input(struct signing *signing)
{
	size_t room = sizeof(signing->line) - 1 - signing->len;
	ssize_t n = read(STDIN_FILENO, signing->line + signing->len, room);
	if (n < 0 && errno == EINTR) return;
	if (n > 0) signing->len += (size_t)n;
	signing->line[signing->len] = '\0';
	signing->no_input = n <= 0;
	bool whole = strchr(signing->line, '\n') || n <= 0 || (size_t)n == room;
	if (!whole || signing->line[strspn(signing->line, " \t\r\n")] == '\0') return;
	paste(signing);
	signing->pasted = true;
}

/* False when it cannot come to an end any more. */
static bool may_go_on(const struct signing *signing, struct err *err)
{
	if (given_up) return err_set(err, ERR_CANCELLED, "given up; nothing was signed in");
	if (signing->wants && signing->no_input && !signing->pasted)
		return err_set(err, ERR_CANCELLED, "no code came on standard input");
	return true;
}

static bool wait_for_it(struct signing *signing, struct err *err)
{
	while (!signing->over) {
		bool reads = signing->asked && !signing->no_input;
		struct pollfd fds[] = {
		        {.fd = engine_fd(signing->session->engine), .events = POLLIN},
		        {.fd = reads ? STDIN_FILENO : -1, .events = POLLIN},
		};
		if (!may_go_on(signing, err)) {
			engine_cancel(signing->session->engine, signing->job);
			return false;
		}
		if (poll(fds, 2, -1) > 0 && fds[1].revents) read_input(signing);
		while (session_turn(signing->session, 0)) {
		}
	}
	if (signing->err.code == ERR_NONE) return true;
	*err = signing->err;
	return false;
}

bool sign_in(struct session *session, const char *network, const char *host, const char *name,
        bool paste_only, struct err *err)
{
	struct signing signing = {.session = session};
	struct sigaction action = {.sa_handler = on_signal}, before;
	struct str arg = {0};
	struct job *job = job_new(JOB_SIGN_IN);
	str_addf(&arg, "%s\n%s\n%s", network, host, name);
	job->arg = str_take(&arg);
	job->on = !paste_only && spawn_has_display();
	sigaction(SIGINT, &action, &before);
	session->on_event = on_event;
	session->ctx = &signing;
	signing.job = engine_post(session->engine, job);
	bool ok = wait_for_it(&signing, err);
	session->on_event = NULL;
	sigaction(SIGINT, &before, NULL);
	return ok;
}
