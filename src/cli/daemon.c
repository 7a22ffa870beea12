#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

#include "args.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/json.h"
#include "base/mem.h"
#include "commands.h"
#include "engine/secret.h"
#include "engine/secrets.h"
#include "lookout.h"
#include "out.h"
#include "sending.h"
#include "service.h"
#include "teller.h"

/*
 * The engine without a screen. What is due is sent by the engine's own thread; this one
 * sleeps until it has something to tell, or until it shall end.
 */

enum { STOP_MS = 1500 };

const char daemon_more[] =
        "Sends what is due while no deck is open; what servers keep needs no daemon. It runs in\n"
        "the foreground and says on stderr what it does. A deck on the same files and the\n"
        "daemon never send at once: who was there first sends, the other takes over. While no\n"
        "deck is open it tells the desktop what the columns bring that notices are about, and\n"
        "of posts that could not be sent. On TERM it ends within two seconds; what was on its\n"
        "way is looked after at the next start.";

const struct cli_option daemon_options[] = {
        {"install", NULL, "write a systemd user unit for it, enable and start it"},
        {"json", NULL, "--status as one JSON object"},
        {"remove", NULL, "take that unit away again"},
        {"status", NULL, "say whether it runs, who sends, and what is next; 1: it does not run"},
        {0},
};

static volatile sig_atomic_t told_to_stop;

static void on_signal(int number)
{
	/* A child that ended only wakes us. */
	if (number != SIGCHLD) told_to_stop = number;
}

struct daemon {
	struct session session;
	struct queued queued;
	struct daemon_lock lock;
	struct lookout *lookout;
	struct teller *teller;
	bool started;
	char *sender; /* as it was said last */
};

/* -- what it says -- */

__attribute__((format(printf, 1, 2))) static void say(const char *fmt, ...)
{
	struct str line = {0};
	char text[512];
	va_list list;
	va_start(list, fmt);
	vsnprintf(text, sizeof(text), fmt, list);
	va_end(list);
	str_addf(&line, "stoa: %s\n", text);
	out_text(stderr, str_c(&line));
	str_finish(&line);
}

static void say_sentence(const char *sentence)
{
	say("%s", sentence);
}

static void say_item(struct daemon *daemon, const struct outgoing *item)
{
	char buf[32];
	const char *name = sending_name(&daemon->session, item->account, buf);
	const char *address = item->url ? item->url : item->uri;
	bool sent = item->state == OUTGOING_SENT;
	const char *more = sent ? address : item->cause;
	say("%" PRId64 " as %s: %s%s%s", item->id, name, outgoing_states[item->state].name,
	        more ? ": " : "", more ? more : "");
}

/* What only the user can mend; a deck that is open shows it. */
static void tell_trouble(struct daemon *daemon, const struct outgoing *item)
{
	char buf[32];
	struct str title = {0};
	if (item->state == OUTGOING_UNKNOWN || !queued_is_trouble(item)) return;
	if (!daemon->teller || !lookout_is_alone(daemon->lookout)) return;
	str_addf(&title, "A post as %s: %s", sending_name(&daemon->session, item->account, buf),
	        outgoing_states[item->state].name);
	teller_tell(daemon->teller, title.p,
	        item->cause ? item->cause : outgoing_states[item->state].help);
	str_finish(&title);
}

static void say_sender(struct daemon *daemon)
{
	const char *now = daemon->queued.sends ? "" : daemon->queued.sender;
	if (!now) now = "";
	if (daemon->sender && strcmp(daemon->sender, now) == 0) return;
	if (daemon->queued.sends)
		say("sends what is due");
	else
		say("%s sends what is due; waiting until it ends", *now ? now : "another stoa");
	free(daemon->sender);
	daemon->sender = xstrdup(now);
}

/* What has changed, as far as somebody who reads the journal wants to know. */
static void on_event(void *ctx, struct event *event)
{
	struct daemon *daemon = ctx;
	if (event->kind == EVENT_OUTGOING && daemon->started) {
		const struct outgoing *item = event->outgoing;
		const struct outgoing *old = queued_item(&daemon->queued, item->id);
		bool changed = !old || old->state != item->state;
		bool worth = item->state != OUTGOING_CLAIMED && item->state != OUTGOING_SENDING &&
		             item->state != OUTGOING_SCHEDULED;
		if (changed && worth) say_item(daemon, item);
		if (changed) tell_trouble(daemon, item);
	}
	bool sender = event->kind == EVENT_SENDER;
	if (event->kind == EVENT_NOTICE && event->text) {
		say("%s", event->text);
		return;
	}
	queued_take(&daemon->queued, event);
	if (sender && daemon->started) say_sender(daemon);
}

/* -- running -- */

static void catch_signals(sigset_t *out_before)
{
	static const int numbers[] = {SIGTERM, SIGINT, SIGHUP, SIGCHLD};
	struct sigaction action = {.sa_handler = on_signal};
	sigset_t ours;
	sigemptyset(&action.sa_mask);
	sigemptyset(&ours);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		sigaddset(&ours, numbers[i]);
		sigaction(numbers[i], &action, NULL);
	}
	signal(SIGPIPE, SIG_IGN);
	/* They come while we wait, and at no other time: none is missed. */
	sigprocmask(SIG_BLOCK, &ours, out_before);
}

/* Of two waits in ms; -1: not by itself. */
static int sooner(int a, int b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

static void run(struct daemon *daemon, const sigset_t *while_waiting)
{
	int fd = engine_fd(daemon->session.engine);
	while (!told_to_stop) {
		fd_set ready;
		while (session_turn(&daemon->session, 0)) {
		}
		lookout_turn(daemon->lookout);
		teller_turn(daemon->teller);
		FD_ZERO(&ready);
		FD_SET(fd, &ready);
		int highest = lookout_fds(daemon->lookout, &ready);
		int ms = sooner(lookout_wait_ms(daemon->lookout), teller_wait_ms(daemon->teller));
		struct timespec wait = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
		if (pselect((highest > fd ? highest : fd) + 1, &ready, NULL, NULL,
		            ms < 0 ? NULL : &wait, while_waiting) < 0 &&
		        errno != EINTR) {
			say("pselect: %s", strerror(errno));
			return;
		}
	}
}

static void say_start(struct daemon *daemon)
{
	size_t coming = 0, trouble = 0;
	for (size_t i = 0; i < daemon->queued.nitems; i++) {
		coming += queued_is_coming(daemon->queued.items[i]);
		trouble += queued_is_trouble(daemon->queued.items[i]) &&
		           daemon->queued.items[i]->state != OUTGOING_FAILED;
	}
	say("daemon, process %ld: %zu to come, %zu want somebody", (long)getpid(), coming, trouble);
	if (daemon->queued.nheld) say("held: `stoa queue resume` ends that");
	say_sender(daemon);
}

static int daemon_main(struct daemon *daemon, struct err *err)
{
	struct paths paths = {0};
	sigset_t before;
	if (!paths_init(&paths, err) || !paths_make(&paths, err) ||
	        !daemon_lock_take(&daemon->lock, &paths, err)) {
		paths_finish(&paths);
		return out_fail(err);
	}
	paths_finish(&paths);
	catch_signals(&before);
	if (!session_open(&daemon->session, "daemon", on_event, daemon, err)) return out_fail(err);
	daemon->started = true;
	say_start(daemon);
	if (!lookout_open(&daemon->session.paths, say_sentence, &daemon->lookout, err))
		return out_fail(err);
	daemon->teller = teller_new(&daemon->session.places.settings.options);
	run(daemon, &before);
	lookout_close(daemon->lookout);
	teller_free(daemon->teller);
	daemon->teller = NULL;
	engine_stop(daemon->session.engine, STOP_MS);
	daemon->session.engine = NULL;
	say("ended");
	return CLI_DONE;
}

/* -- looking at it from outside -- */

static const struct outgoing *next_due(const struct queued *queued)
{
	const struct outgoing *next = NULL;
	for (size_t i = 0; i < queued->nitems; i++) {
		const struct outgoing *item = queued->items[i];
		if (item->state != OUTGOING_SCHEDULED || item->after) continue;
		if (!next || item->at.utc_ms < next->at.utc_ms) next = item;
	}
	return next;
}

static void print_status(struct daemon *daemon, bool runs, long pid)
{
	struct str line = {0};
	const struct outgoing *next = next_due(&daemon->queued);
	const char *sender = daemon->queued.sender;
	if (runs)
		str_addf(&line, "it runs, process %ld\n", pid);
	else
		str_adds(&line, "it does not run\n");
	str_addf(&line, "what is due is sent by: %s\n", sender && *sender ? sender : "nobody");
	if (next) {
		str_adds(&line, "next: ");
		when_print(&line, &next->at, clock_wall(&clock_system));
		str_addc(&line, '\n');
	} else {
		str_adds(&line, "nothing waits here\n");
	}
	if (!runs && next && (!sender || !*sender))
		str_adds(&line, "nothing will be sent: start `stoa daemon`, or open the deck\n");
	out_text(stdout, str_c(&line));
	str_finish(&line);
}

static void json_status(struct daemon *daemon, bool runs, long pid)
{
	const struct outgoing *next = next_due(&daemon->queued);
	printf("{\"running\":%s,\"pid\":%ld,\"sender\":", runs ? "true" : "false", pid);
	struct str line = {0};
	char at[32] = "";
	json_quote(&line, daemon->queued.sender ? daemon->queued.sender : "");
	if (next) date_format_rfc3339(at, next->at.utc_ms);
	str_adds(&line, ",\"next\":");
	json_quote(&line, next ? at : NULL);
	str_adds(&line, "}\n");
	out_text(stdout, str_c(&line));
	str_finish(&line);
}

static int status(struct daemon *daemon, bool json, struct err *err)
{
	long pid = 0;
	if (!session_open(&daemon->session, NULL, on_event, daemon, err)) return out_fail(err);
	bool runs = daemon_is_running(&daemon->session.paths, &pid);
	if (json)
		json_status(daemon, runs, pid);
	else
		print_status(daemon, runs, pid);
	return runs ? CLI_DONE : CLI_FAILED;
}

/* -- the unit -- */

static bool has_keyring_token(struct daemon *daemon)
{
	const struct account *const *list;
	size_t n = store_accounts(daemon->session.store, &list);
	for (size_t i = 0; i < n; i++) {
		enum secret_place place = SECRET_IN_NOWHERE;
		if (list[i]->id == ACCOUNT_FEEDS) continue;
		secret_free(
		        secrets_get(&daemon->session.places.secrets, list[i]->name, &place, NULL));
		if (place == SECRET_IN_KEYRING) return true;
	}
	return false;
}

static int install(struct daemon *daemon, bool on, struct err *err)
{
	struct str said = {0};
	bool ok = on ? service_install(&said, err) : service_remove(&said, err);
	if (ok && on && session_start(&daemon->session, err))
		service_warn(&said, has_keyring_token(daemon));
	out_text(stdout, str_c(&said));
	str_finish(&said);
	return ok ? CLI_DONE : out_fail(err);
}

int daemon_run(int argc, char **argv)
{
	struct args args;
	struct daemon daemon = {.lock = {-1}};
	struct err err = {0};
	int result;
	if (!args_read(&args, cli_find("daemon"), argc, argv)) return CLI_USAGE;
	if (args.nwords) return args_usage(cli_find("daemon"), "it takes no words");
	if (args_has(&args, "install") || args_has(&args, "remove"))
		result = install(&daemon, args_has(&args, "install"), &err);
	else if (args_has(&args, "status"))
		result = status(&daemon, args_has(&args, "json"), &err);
	else
		result = daemon_main(&daemon, &err);
	session_finish(&daemon.session);
	queued_finish(&daemon.queued);
	daemon_lock_drop(&daemon.lock);
	free(daemon.sender);
	return result;
}
