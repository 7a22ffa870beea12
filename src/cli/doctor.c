#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/paths.h"
#include "base/when.h"
#include "db/archive.h"
#include "db/queue_db.h"
#include "db/queue_outbox.h"
#include "engine/media.h"
#include "engine/secret.h"
#include "networks/network.h"
#include "args.h"
#include "commands.h"
#include "fetch.h"
#include "notices.h"
#include "out.h"
#include "places.h"
#include "service.h"

/* Clocks further apart than this hold back what is sent (quality.md 2.4). */
enum { CLOCK_LIMIT_MS = 5 * 60 * 1000, DISK_LIMIT_MB = 50 };

const struct cli_option doctor_options[] = {
        {"json", NULL, "one JSON object a line"},
        {0},
};

struct account_list {
	struct account **list;
	size_t n, cap;
};

struct doctor {
	struct paths paths;
	bool have_paths;
	struct places places;
	struct str says, advice;
	struct account_list accounts;
	bool json;
	bool keyring;   /* some account's token is in the system's keyring */
	size_t waiting; /* posts that this machine has to send */
	int bad;
};

static bool is_utf8(void)
{
	const char *codeset = nl_langinfo(CODESET);
	return strcmp(codeset, "UTF-8") == 0 || strcmp(codeset, "utf8") == 0;
}

/* Is there a terminfo entry NAME below `dir` (both layouts of ncurses)? */
static bool terminfo_in(const char *dir, const char *name)
{
	struct str path = {0};
	bool found = false;
	str_addf(&path, "%s/%c/%s", dir, name[0], name);
	found = access(path.p, R_OK) == 0;
	str_clear(&path);
	str_addf(&path, "%s/%x/%s", dir, (unsigned char)name[0], name);
	found = found || access(path.p, R_OK) == 0;
	str_finish(&path);
	return found;
}

static bool terminfo_known(const char *name)
{
	static const char *const dirs[] = {"/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo",
	        "/usr/lib/terminfo", "/usr/local/share/terminfo"};
	const char *own = getenv("TERMINFO"), *home = getenv("HOME");
	bool found = own && terminfo_in(own, name);
	if (home) {
		char *dir = paths_join(home, ".terminfo");
		found = found || terminfo_in(dir, name);
		free(dir);
	}
	for (size_t i = 0; i < sizeof(dirs) / sizeof(*dirs); i++)
		found = found || terminfo_in(dirs[i], name);
	return found;
}

static bool check_terminal(struct doctor *d)
{
	const char *term = getenv("TERM");
	if (!term || !*term) {
		str_adds(&d->says, "TERM is not set");
		str_adds(
		        &d->advice, "set it to what your terminal is, for instance xterm-256color");
		return false;
	}
	str_addf(&d->says, "TERM is %s", term);
	if (strcmp(term, "dumb") == 0) {
		str_adds(&d->advice,
		        "such a terminal cannot place a cursor: the deck is printed as text");
		return false;
	}
	if (strchr(term, '/') || !terminfo_known(term)) {
		str_adds(&d->says, ", which this machine does not know");
		str_adds(&d->advice, "install its terminfo entry (package ncurses-term), or set "
		                     "TERM=xterm-256color");
		return false;
	}
	return true;
}

static bool check_locale(struct doctor *d)
{
	str_addf(&d->says, "characters are %s", nl_langinfo(CODESET));
	if (is_utf8()) return true;
	str_adds(&d->advice, "set LC_ALL=C.UTF-8 (or your language's UTF-8 locale); until then the "
	                     "deck is drawn in ASCII");
	return false;
}

static bool check_places(struct doctor *d)
{
	struct err err = {0};
	if (!d->have_paths) {
		str_adds(&d->says, "neither HOME nor the XDG variables are set");
		str_adds(&d->advice, "set HOME");
		return false;
	}
	if (!paths_make(&d->paths, &err)) {
		str_adds(&d->says, err.text);
		str_adds(&d->advice, "stoa needs to write there");
		return false;
	}
	str_addf(&d->says, "state in %s, archive in %s", d->paths.state, d->paths.data);
	if (access(d->paths.state, W_OK) != 0 || access(d->paths.data, W_OK) != 0) {
		str_adds(&d->says, ", but not to be written");
		str_adds(&d->advice,
		        "make these folders writable, or set XDG_STATE_HOME and XDG_DATA_HOME");
		return false;
	}
	struct statvfs disk;
	if (statvfs(d->paths.state, &disk) == 0 &&
	        (unsigned long long)disk.f_bavail * disk.f_frsize >> 20 < DISK_LIMIT_MB) {
		str_addf(&d->says, "; only %llu MB are free there",
		        (unsigned long long)disk.f_bavail * disk.f_frsize >> 20);
		str_adds(&d->advice, "make room: drafts and posts are kept there");
		return false;
	}
	return true;
}

/* One can live without it. */
static bool check_pictures(struct doctor *d)
{
	char *program = media_program();
	str_adds(&d->says,
	        program ? "made fit for their servers, without where and when they were taken"
	                : "stoa-media is missing: they leave as they are, with all that they tell "
	                  "of where and when they were made");
	free(program);
	return true;
}

/* Without a place there is nothing to look at. */
static bool no_place(struct doctor *d)
{
	str_adds(&d->says, "not looked at: there is no place for it");
	str_adds(&d->advice, "set HOME first");
	return false;
}

/* The config's lines are tried by the program that reads them: the deck. */
static bool check_config(struct doctor *d)
{
	if (!d->have_paths) return no_place(d);
	char *path = paths_join(d->paths.config, "config");
	char *bytes = NULL;
	unsigned long len = 0;
	struct err err = {0};
	bool ok = true;
	if (access(path, F_OK) != 0) {
		str_addf(&d->says, "no %s yet: the defaults are used", path);
	} else if (!paths_read(path, 1 << 20, &bytes, &len, &err)) {
		str_adds(&d->says, err.text);
		str_adds(
		        &d->advice, "the deck starts with its defaults until the file can be read");
		ok = false;
	} else if (strlen(bytes) != len) {
		str_addf(&d->says, "%s holds a NUL byte", path);
		str_adds(&d->advice, "it is not a text file; move it away");
		ok = false;
	} else {
		str_addf(&d->says, "%s can be read", path);
	}
	free(bytes);
	free(path);
	return ok;
}

static void on_account(void *ctx, struct account *account)
{
	struct account_list *accounts = ctx;
	accounts->list =
	        mem_grow(accounts->list, &accounts->cap, accounts->n + 1, sizeof(*accounts->list));
	accounts->list[accounts->n++] = account;
}

static size_t count_waiting(struct queue_db *db)
{
	struct outgoing **items = NULL;
	size_t n = 0, waiting = 0;
	if (!queue_db_in_state(db, OUTGOING_SCHEDULED, 0, &items, &n, NULL)) return 0;
	for (size_t i = 0; i < n; i++)
		waiting += !items[i]->keep;
	outgoing_list_free(items, n);
	return waiting;
}

static bool check_queue(struct doctor *d)
{
	struct queue_db *db = NULL;
	struct err err = {0};
	if (!d->have_paths) return no_place(d);
	char *path = paths_join(d->paths.state, "queue.db");
	bool ok = queue_db_open(path, &db, &err) &&
	          queue_db_accounts(db, on_account, &d->accounts, &err);
	if (ok)
		str_addf(&d->says, "%s is sound", path);
	else
		str_adds(&d->says, err.text);
	if (!ok)
		str_adds(&d->advice,
		        "nothing is sent until it is; `stoa queue recover` makes a new one of the "
		        "newest backup and what can still be read");
	if (ok) d->waiting = count_waiting(db);
	queue_db_close(db);
	free(path);
	return ok;
}

static bool check_archive(struct doctor *d)
{
	struct archive *archive = NULL;
	struct err err = {0};
	char *notice = NULL;
	int64_t posts = 0, bytes = 0;
	int indexed = 100;
	if (!d->have_paths) return no_place(d);
	char *path = paths_join(d->paths.data, "archive.db");
	bool ok = archive_open(path, &archive, &notice, &err) &&
	          archive_size(archive, &posts, &bytes, &err) &&
	          archive_indexed(archive, &indexed, &err);
	if (!ok) {
		str_adds(&d->says, err.text);
		str_adds(&d->advice, "posts are kept in memory only until it can be opened");
	} else if (notice) {
		str_adds(&d->says, notice);
		str_adds(&d->advice,
		        "what could be read was carried over; nothing needs to be done");
		ok = false;
	} else {
		str_addf(&d->says, "%lld posts in %.1f MB", (long long)posts,
		        (double)bytes / 1048576.0);
		if (indexed < 100) {
			str_addf(&d->says, ", index %d %%", indexed);
			str_adds(&d->advice,
			        "it is made anew while a deck or daemon runs; until then older "
			        "posts are searched one by one, which takes longer");
		}
	}
	archive_close(archive);
	free(notice);
	free(path);
	return ok;
}

static bool check_accounts(struct doctor *d)
{
	struct err err = {0};
	size_t signed_in = 0;
	for (size_t i = 0; i < d->accounts.n; i++) {
		const struct account *account = d->accounts.list[i];
		if (account->id == ACCOUNT_FEEDS) continue;
		enum secret_place place;
		char *token = secrets_get(&d->places.secrets, account->name, &place, &err);
		if (!token) {
			str_addf(&d->says, "%s: %s", account->name, err.text);
			const struct network *net = network_find(account->network);
			str_addf(&d->advice, "sign in again: stoa login %s %s --name %s",
			        account->network,
			        net && net->by_handle ? account->handle : account->host,
			        account->name);
			return false;
		}
		secret_free(token);
		if (place == SECRET_IN_KEYRING) d->keyring = true;
		str_addf(&d->says, "%s%s: its token is in %s", signed_in++ ? "; " : "",
		        account->name, secret_place_name(place));
	}
	if (signed_in) return true;
	str_adds(&d->says, "none yet: `stoa login` signs one in; feeds need none");
	return true;
}

/* Who sends what this machine keeps, when no deck is open? */
static bool check_daemon(struct doctor *d)
{
	long pid = 0;
	struct str warning = {0};
	if (!d->have_paths) return no_place(d);
	bool runs = daemon_is_running(&d->paths, &pid), installed = service_is_installed(NULL);
	if (runs)
		str_addf(&d->says, "it runs, process %ld", pid);
	else
		str_addf(&d->says, "it does not run%s",
		        installed ? ", though its unit is installed" : "");
	str_addf(&d->says, "; posts that wait for this machine: %zu", d->waiting);
	if (installed) service_warn(&warning, d->keyring);
	for (char *p = warning.p; p && *p; p++)
		if (*p == '\n') *p = p[1] ? ';' : '\0';
	str_adds(&d->advice, warning.p);
	str_finish(&warning);
	if (!runs && installed && !d->advice.len)
		str_adds(&d->advice, "start it: systemctl --user start stoa");
	if (!runs && !installed && d->waiting)
		str_adds(&d->advice, "have a deck open at their time, or `stoa daemon --install`");
	return d->advice.len == 0;
}

static char *account_base(const struct account *account)
{
	struct str url = {0};
	str_addf(&url, "%s%s", strstr(account->host, "://") ? "" : "https://", account->host);
	return str_take(&url);
}

static bool check_clock(struct doctor *d)
{
	int64_t now = clock_wall(&clock_system);
	char text[32];
	date_format_rfc3339(text, now);
	str_addf(&d->says, "%s, zone %s", text, when_zone());
	for (size_t i = 0; i < d->accounts.n; i++) {
		if (d->accounts.list[i]->id == ACCOUNT_FEEDS) continue;
		char *base = account_base(d->accounts.list[i]);
		struct response answer = {0};
		struct err err = {0};
		int64_t theirs = 0;
		bool answered = fetch_url(base, &answer, &err);
		const char *date = response_header(&answer, "Date");
		bool told = date && date_parse_http(date, &theirs);
		response_finish(&answer);
		if (!told && !answered) {
			str_addf(&d->says, "; %s: %s", base, err.text);
			str_adds(&d->advice, "look at the network, or at whether the server is up");
			free(base);
			return false;
		}
		free(base);
		if (told && (theirs - now > CLOCK_LIMIT_MS || now - theirs > CLOCK_LIMIT_MS)) {
			str_addf(&d->says, ", %lld s away from %s",
			        (long long)((now - theirs) / 1000), d->accounts.list[i]->host);
			str_adds(&d->advice, "set the machine's clock: scheduled posts go by it");
			return false;
		}
	}
	return true;
}

/* One row a check, in the order they are done: a later one may use what an earlier one learnt. */
static bool check_notices(struct doctor *d)
{
	if (!d->have_paths) return no_place(d);
	return notices_say(&d->places.settings.options, &d->says, &d->advice);
}

static const struct {
	const char *name;
	bool (*run)(struct doctor *d);
} checks[] = {
        {"terminal", check_terminal},
        {"locale", check_locale},
        {"places", check_places},
        {"config", check_config},
        {"queue.db", check_queue},
        {"archive.db", check_archive},
        {"accounts", check_accounts},
        {"pictures", check_pictures},
        {"daemon", check_daemon},
        {"notices", check_notices},
        {"clock", check_clock},
};

static void doctor_print(const struct doctor *d, const char *name, bool ok)
{
	struct str line = {0};
	if (d->json) {
		str_addf(&line, "{\"check\":\"%s\",\"ok\":%s,\"says\":", name,
		        ok ? "true" : "false");
		json_quote(&line, str_c(&d->says));
		str_adds(&line, ",\"advice\":");
		json_quote(&line, d->advice.len ? d->advice.p : NULL);
		str_adds(&line, "}");
	} else {
		str_addf(&line, "%-4s %-11s %s", ok ? "ok" : "bad", name, str_c(&d->says));
		if (d->advice.len) str_addf(&line, "\n                 %s", d->advice.p);
	}
	out_text(stdout, line.p);
	putchar('\n');
	str_finish(&line);
}

int doctor_run(int argc, char **argv)
{
	struct args args;
	struct doctor d = {0};
	if (!args_read(&args, cli_find("doctor"), argc, argv)) return CLI_USAGE;
	if (args.nwords) return args_usage(cli_find("doctor"), "it takes no words");
	setlocale(LC_ALL, "");
	d.json = args_has(&args, "json");
	d.have_paths = paths_init(&d.paths, NULL);
	if (d.have_paths) places_init(&d.places, &d.paths);
	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++) {
		str_clear(&d.says);
		str_clear(&d.advice);
		bool ok = checks[i].run(&d);
		d.bad += !ok;
		doctor_print(&d, checks[i].name, ok);
	}
	for (size_t i = 0; i < d.accounts.n; i++)
		account_free(d.accounts.list[i]);
	free(d.accounts.list);
	str_finish(&d.says);
	str_finish(&d.advice);
	places_finish(&d.places);
	paths_finish(&d.paths);
	return d.bad ? CLI_FAILED : CLI_DONE;
}
