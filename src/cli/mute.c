#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/mute_file.h"
#include "app/mute_line.h"
#include "args.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/paths.h"
#include "cmd/cmd.h"
#include "commands.h"
#include "ctl.h"
#include "db/queue_db.h"
#include "out.h"
#include "store/store.h"

/*
 * The deck's mutes without a deck: the same values of queue.db. A deck that is open is told by
 * its control socket, and keeps the same.
 */

const char mute_more[] =
        "The same rule as `:mute` in the deck; one that is open hears of it at once. What is to "
        "one\nof your accounts is only folded, unless `hide` is said. Quotes in the query need "
        "the shell's too:\n`stoa mute for 2w '\"exact phrase\"'`.";

const char mutes_more[] =
        "export writes them to a file, one command a line; `-` is standard output. import takes "
        "such\na file in: a wrong line is told as file:line: sentence, and the rest still applies.";

const struct cli_option mutes_options[] = {
        {"json", NULL, "one JSON object a line"},
        {0},
};

/* -- what is kept -- */

struct muting {
	struct paths paths;
	struct queue_db *db;
	struct store *store; /* as the deck would have it */
	size_t saved;        /* queries that are known by now */
	size_t told;         /* decks that heard of the last change */
};

static void on_saved(void *ctx, const char *key, const char *value)
{
	struct muting *muting = ctx;
	const char *query = strchr(value, ' ');
	if (strncmp(key, "saved/", 6) != 0 || !query) return;
	muting->saved += store_put_saved(muting->store, key + 6, query + 1, NULL);
}

static void on_mute(void *ctx, const char *key, const char *value)
{
	struct muting *muting = ctx;
	struct mute_line line;
	struct err err = {0};
	if (strncmp(key, "quota/", 6) == 0)
		store_put_quota(muting->store, key + 6, (unsigned)strtoul(value, NULL, 10));
	if (strncmp(key, "mute/", 5) != 0) return;
	bool ok = mute_value_read(&line, value, &err);
	line.mute.id = key + 5;
	bool over = ok && line.mute.until_ms && line.mute.until_ms <= clock_wall(&clock_system);
	if (!over && (!ok || !store_mute(muting->store, &line.mute, NULL, &err)))
		fprintf(stderr, "stoa: the mute '%s' could not be read: %s\n", key + 5, err.text);
	mute_line_finish(&line);
}

static bool muting_open(struct muting *muting, struct err *err)
{
	if (!paths_init(&muting->paths, err)) return false;
	char *path = paths_join(muting->paths.state, "queue.db");
	bool ok = paths_make(&muting->paths, err) && queue_db_open(path, &muting->db, err);
	free(path);
	if (!ok) return false;
	muting->store = store_new(&clock_system);
	/* Saved queries may be made of others that come later. */
	size_t before;
	do {
		before = muting->saved;
		muting->saved = 0;
		ok = queue_db_values(muting->db, on_saved, muting, err);
	} while (ok && muting->saved != before);
	return ok && queue_db_values(muting->db, on_mute, muting, err);
}

static void muting_close(struct muting *muting)
{
	store_free(muting->store);
	queue_db_close(muting->db);
	paths_finish(&muting->paths);
}

static bool keep(
        struct muting *muting, const char *kind, const char *id, const char *value, struct err *err)
{
	struct str key = {0};
	str_addf(&key, "%s/%s", kind, id);
	bool ok = queue_db_put(muting->db, key.p, value, err);
	str_finish(&key);
	return ok;
}

static bool take_mute(void *ctx, const struct mute *mute, struct err *err)
{
	struct muting *muting = ctx;
	struct str value = {0}, line = {0};
	mute_value_print(&value, mute);
	str_adds(&line, "mute ");
	mute_line_print(&line, mute);
	bool ok = store_mute(muting->store, mute, NULL, err) &&
	          keep(muting, "mute", mute->id, value.p, err);
	if (ok) muting->told = ctl_tell(muting->paths.runtime, line.p);
	str_finish(&value);
	str_finish(&line);
	return ok;
}

static bool take_quota(void *ctx, const char *handle, unsigned per_day, struct err *err)
{
	struct muting *muting = ctx;
	struct str value = {0}, line = {0};
	if (per_day) str_addf(&value, "%u", per_day);
	str_adds(&line, "quota ");
	cmd_quote(&line, handle);
	str_addf(&line, " %s", per_day ? value.p : "off");
	bool ok = keep(muting, "quota", handle, str_c(&value), err);
	if (ok) muting->told = ctl_tell(muting->paths.runtime, line.p);
	str_finish(&value);
	str_finish(&line);
	return ok;
}

/* -- mute and unmute -- */

/* The words as one line, where a minus sign is the query's; what follows `in` or `until` is one. */
static void join(struct str *out, int argc, char **argv)
{
	int first = argc > 1 && strcmp(argv[1], "--") == 0 ? 2 : 1;
	for (int i = first; i < argc; i++) {
		const char *before = i > first ? argv[i - 1] : "";
		bool value = strcmp(before, "in") == 0 || strcmp(before, "until") == 0;
		if (i > first) str_addc(out, ' ');
		if (value && strchr(argv[i], ' '))
			cmd_quote(out, argv[i]);
		else
			str_adds(out, argv[i]);
	}
}

static int finish(struct muting *muting, bool ok, const struct err *err)
{
	muting_close(muting);
	return ok ? CLI_DONE : out_fail(err);
}

static void say_told(const struct muting *muting)
{
	puts(muting->told ? "; the open deck has heard" : "");
}

int mute_run(int argc, char **argv)
{
	struct muting muting = {0};
	struct mute_line line = {0};
	struct str text = {0}, said = {0};
	struct err err = {0};
	int64_t now = clock_wall(&clock_system);
	const struct cli_command *self = cli_find("mute");
	join(&text, argc, argv);
	if (!mute_line_read(&line, str_c(&text), MUTE_AT_PROMPT, now, &err)) {
		mute_line_finish(&line);
		str_finish(&text);
		return args_usage(self, "%s", err.text);
	}
	bool ok = muting_open(&muting, &err);
	if (ok && line.mute.until_ms && line.mute.until_ms <= now)
		ok = err_set(&err, ERR_SYNTAX, "that time has passed");
	ok = ok && take_mute(&muting, &line.mute, &err);
	if (ok) {
		mute_print_left(&said, line.mute.until_ms, now);
		out_text(stdout, line.query);
		printf(" is muted %s", said.p);
		say_told(&muting);
	}
	mute_line_finish(&line);
	str_finish(&text);
	str_finish(&said);
	return finish(&muting, ok, &err);
}

/* Forget the mute of this id, else all of this query. How many. */
static size_t forget(struct muting *muting, const char *what, struct err *err)
{
	const struct mute *mutes;
	size_t n = store_mutes(muting->store, &mutes), found = 0;
	bool by_id = false;
	for (size_t i = 0; i < n; i++)
		by_id |= strcmp(mutes[i].id, what) == 0;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(by_id ? mutes[i].id : mutes[i].query, what) != 0) continue;
		if (!keep(muting, "mute", mutes[i].id, NULL, err)) return 0;
		found++;
	}
	if (!found)
		err_set(err, ERR_NOT_FOUND, "'%s' is not muted; `stoa mutes` lists what is", what);
	return found;
}

int unmute_run(int argc, char **argv)
{
	static const char quota[] = "quota:";
	struct muting muting = {0};
	struct str text = {0}, line = {0};
	struct err err = {0};
	const struct cli_command *self = cli_find("unmute");
	join(&text, argc, argv);
	if (!text.len) return args_usage(self, "hear what again?");
	bool ok = muting_open(&muting, &err);
	bool is_quota = strncmp(text.p, quota, sizeof(quota) - 1) == 0;
	if (ok && is_quota)
		ok = take_quota(&muting, text.p + sizeof(quota) - 1, 0, &err);
	else if (ok)
		ok = forget(&muting, text.p, &err) > 0;
	if (ok && !is_quota) {
		str_addf(&line, "unmute %s", text.p);
		muting.told = ctl_tell(muting.paths.runtime, line.p);
	}
	if (ok) {
		out_text(stdout, text.p);
		fputs(" is heard again", stdout);
		say_told(&muting);
	}
	str_finish(&text);
	str_finish(&line);
	return finish(&muting, ok, &err);
}

/* -- the list -- */

static void print_text(const struct mute *mute)
{
	struct str said = {0};
	mute_print_left(&said, mute->until_ms, clock_wall(&clock_system));
	if (mute->action != MUTE_USUAL)
		str_addf(&said, ", %s", mute->action == MUTE_FOLD ? "folded" : "hidden for sure");
	if (mute->columns) str_addf(&said, ", in %s", mute->columns);
	str_addf(&said, ", %" PRIu64 " rows so far", mute->hits);
	out_text(stdout, mute->query);
	fputs("  ", stdout);
	out_text(stdout, said.p);
	fputc('\n', stdout);
	str_finish(&said);
}

static void add_time(struct str *out, const char *name, int64_t ms)
{
	char text[32];
	date_format_rfc3339(text, ms);
	str_addf(out, ",\"%s\":", name);
	str_addf(out, ms ? "\"%s\"" : "null", text);
}

static void print_json(const struct mute *mute)
{
	static const char *const actions[] = {"usual", "fold", "hide"};
	struct str out = {0};
	str_adds(&out, "{\"id\":");
	json_quote(&out, mute->id);
	str_adds(&out, ",\"query\":");
	json_quote(&out, mute->query);
	str_addf(&out, ",\"action\":\"%s\",\"columns\":", actions[mute->action]);
	json_quote(&out, mute->columns);
	add_time(&out, "until", mute->until_ms);
	add_time(&out, "made", mute->made_ms);
	str_addf(&out, ",\"rows\":%" PRIu64 "}", mute->hits);
	puts(out.p);
	str_finish(&out);
}

static void list(const struct muting *muting, bool json)
{
	const struct mute *mutes;
	const char *const *handles;
	const unsigned *per_day;
	size_t n = store_mutes(muting->store, &mutes);
	size_t nquotas = store_quotas(muting->store, &handles, &per_day);
	for (size_t i = 0; i < n; i++)
		(json ? print_json : print_text)(&mutes[i]);
	for (size_t i = 0; i < nquotas; i++) {
		struct str line = {0};
		json_quote(&line, handles[i]);
		if (json)
			printf("{\"quota\":%s,\"per_day\":%u}\n", line.p, per_day[i]);
		else
			printf("@%s  %u a day, the rest folded\n", handles[i], per_day[i]);
		str_finish(&line);
	}
	if (!json && n + nquotas == 0) puts("nothing is muted");
}

/* -- files -- */

static bool export(const struct muting *muting, const char *path, struct err *err)
{
	struct str text = {0};
	bool ok = true;
	mute_file_print(&text, muting->store);
	if (strcmp(path, "-") == 0)
		fputs(str_c(&text), stdout);
	else
		ok = paths_write(path, str_c(&text), text.len, 0600, err);
	str_finish(&text);
	return ok;
}

static void on_mistake(void *ctx, const char *sentence)
{
	(void)ctx;
	fputs("stoa: ", stderr);
	out_text(stderr, sentence);
	fputc('\n', stderr);
}

static bool import(struct muting *muting, const char *path, struct err *err)
{
	const struct mute_sink sink = {.mute = take_mute,
	        .quota = take_quota,
	        .mistake = on_mistake,
	        .now_ms = clock_wall(&clock_system),
	        .ctx = muting};
	size_t taken = 0, wrong = 0;
	if (!mute_file_read(path, &sink, &taken, &wrong, err)) return false;
	printf("%zu taken in", taken);
	say_told(muting);
	return wrong == 0 ||
	       err_set(err, ERR_SYNTAX, "%zu line%s wrong", wrong, wrong == 1 ? " was" : "s were");
}

int mutes_run(int argc, char **argv)
{
	struct args args;
	struct muting muting = {0};
	struct err err = {0};
	const struct cli_command *self = cli_find("mutes");
	if (!args_read(&args, self, argc, argv)) return CLI_USAGE;
	const char *what = args.nwords ? args.words[0] : "list";
	bool out = strcmp(what, "export") == 0, in = strcmp(what, "import") == 0;
	if (!in && !out && strcmp(what, "list") != 0)
		return args_usage(self, "'%s' is not list, export or import", what);
	if (args.nwords != (in || out ? 2 : args.nwords ? 1 : 0))
		return args_usage(self, in || out ? "which file?" : "too many words");
	bool ok = muting_open(&muting, &err);
	if (ok && out)
		ok = export(&muting, args.words[1], &err);
	else if (ok && in)
		ok = import(&muting, args.words[1], &err);
	else if (ok)
		list(&muting, args_has(&args, "json"));
	return finish(&muting, ok, &err);
}
