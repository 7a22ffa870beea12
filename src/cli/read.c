#include <stdlib.h>
#include <string.h>

#include "base/bitset.h"
#include "base/mem.h"
#include "args.h"
#include "commands.h"
#include "out.h"
#include "session.h"

enum { READ_TIMEOUT_MS = 60000, READ_LIMIT = 40 };

const char read_more[] =
        "A SOURCE is ACCOUNT/KIND[:ARGUMENT] (work/home, work/tag:c, work/search:\"wanted\"),\n"
        "feeds/feed:NAME, feeds/group:NAME, feeds/all, a feed's URL or a feed file's path.\n"
        "Posts are printed newest first; --follow then adds new ones as they come. Of\n"
        "ACCOUNT/profiles:\"name\" the people that the server finds are printed. When one\n"
        "source fails the rest is printed and the exit status is 1.";

const struct cli_option read_options[] = {
        {"filter", "QUERY", "print only posts that match"},
        {"follow", NULL, "keep going, and print new posts as they come"},
        {"json", NULL, "one JSON object a line"},
        {"limit", "N", "at most N posts a source (40)"},
        {0},
};

/* One source that is being read. */
struct reading {
	source_id id;
	char *name;
	bool answered, failed;
	long printed, came; /* rows */
	int64_t oldest_ms;
	char *older; /* cursor of the page below what came; NULL: there is none */
};

struct reader {
	struct session session;
	struct timeline *timeline;
	struct reading *list;
	size_t n, cap;
	struct bitset printed;
	bool json;
	long limit;
	bool failed;
};

static void reader_add(struct reader *reader, const char *name)
{
	source_id id = store_source(reader->session.store, name);
	for (size_t i = 0; i < reader->n; i++) {
		if (reader->list[i].id == id) return;
	}
	reader->list = mem_grow(reader->list, &reader->cap, reader->n + 1, sizeof(*reader->list));
	reader->list[reader->n++] =
	        (struct reading){.id = id, .name = xstrdup(name), .oldest_ms = INT64_MAX};
}

static void reader_add_feed(void *ctx, const struct feed *feed)
{
	struct str name = {0};
	str_addf(&name, "feeds/feed:%s", feed->name);
	reader_add(ctx, str_c(&name));
	str_finish(&name);
}

static bool reader_add_word(struct reader *reader, const char *word, struct err *err)
{
	struct source_ref ref = {0};
	if (!source_parse(word, &ref, err)) return false;
	bool ok = true;
	if (ref.kind == SOURCE_GROUP || ref.kind == SOURCE_ALL) {
		const char *group = ref.kind == SOURCE_GROUP ? ref.arg : NULL;
		if (!session_group(&reader->session, group, reader_add_feed, reader))
			ok = err_set(err, ERR_NOT_FOUND,
			        group ? "no feed is in the group '%s'"
			              : "no feeds are followed yet; `stoa feeds add URL` adds "
			                "one%s",
			        group ? group : "");
	} else {
		struct str name = {0};
		source_print(&name, &ref);
		reader_add(reader, str_c(&name));
		str_finish(&name);
	}
	source_ref_finish(&ref);
	return ok;
}

static void reader_fail(struct reader *reader, const struct reading *one, const char *why)
{
	fputs("stoa: ", stderr);
	out_text(stderr, one->name);
	fputs(": ", stderr);
	out_text(stderr, why);
	fputs("\n", stderr);
	reader->failed = true;
}

static void reader_health(struct reader *reader, const struct event *event)
{
	enum health_kind kind = event->health.kind;
	if (kind == HEALTH_WAITING || kind == HEALTH_FETCHING) return;
	for (size_t i = 0; i < reader->n; i++) {
		struct reading *one = &reader->list[i];
		if (one->id != event->source) continue;
		bool bad = event->err.code != ERR_NONE;
		if (bad && !one->failed) reader_fail(reader, one, event->err.text);
		one->failed = bad;
		one->answered = true;
	}
}

/* How far down a source has come, and where it goes on. */
static void on_page(void *ctx, source_id source, const struct page *page)
{
	struct reader *reader = ctx;
	for (size_t i = 0; i < reader->n && page->nentries; i++) {
		struct reading *one = &reader->list[i];
		int64_t oldest = page->entries[page->nentries - 1].sort_ms;
		if (one->id != source) continue;
		one->came += (long)page->nentries;
		if (oldest > one->oldest_ms) continue;
		one->oldest_ms = oldest;
		free(one->older);
		one->older = xstrdup(page->older);
	}
}

static void on_event(void *ctx, struct event *event)
{
	if (event->kind == EVENT_SOURCE) reader_health(ctx, event);
}

static bool reader_waits(const struct reader *reader)
{
	for (size_t i = 0; i < reader->n; i++) {
		if (!reader->list[i].answered) return true;
	}
	return false;
}

/* May this row be printed, by the limit of its source? Counts it when it may. */
static bool reader_allows(struct reader *reader, const struct row *row)
{
	for (size_t i = 0; i < reader->n; i++) {
		if (reader->list[i].id == row->source)
			return reader->list[i].printed++ < reader->limit;
	}
	return true;
}

static void reader_print(struct reader *reader, const struct row *row)
{
	bitset_put(&reader->printed, row->post, true);
	out_row(stdout, reader->session.store, row, reader->json);
}

static void reader_print_first(struct reader *reader)
{
	size_t len = timeline_len(reader->timeline);
	for (size_t i = 0; i < len; i++) {
		struct row row = timeline_at(reader->timeline, i);
		bool person = row.kind == ROW_NOTICE && row.reason == REASON_FOUND;
		if (person && reader_allows(reader, &row))
			out_person(stdout, reader->session.store, &row, reader->json);
		if (row.kind != ROW_POST) continue;
		if (reader_allows(reader, &row)) reader_print(reader, &row);
		bitset_put(&reader->printed, row.post, true);
	}
	fflush(stdout);
}

/* Rows that came since, oldest first. */
static void reader_print_more(struct reader *reader)
{
	for (size_t i = timeline_len(reader->timeline); i-- > 0;) {
		struct row row = timeline_at(reader->timeline, i);
		if (row.kind != ROW_POST || bitset_has(&reader->printed, row.post)) continue;
		reader_print(reader, &row);
	}
	fflush(stdout);
}

static void reader_settle(struct reader *reader)
{
	while (!timeline_settle(reader->timeline, clock_mono(&clock_system) + 1000)) {
	}
}

static void reader_wait(struct reader *reader)
{
	int64_t until = clock_mono(&clock_system) + READ_TIMEOUT_MS;
	while (reader_waits(reader)) {
		int64_t left = until - clock_mono(&clock_system);
		if (left <= 0) break;
		session_turn(&reader->session, (int)left);
	}
	for (size_t i = 0; i < reader->n; i++) {
		if (reader->list[i].answered) continue;
		fprintf(stderr, "stoa: %s: no answer within %d s\n", reader->list[i].name,
		        READ_TIMEOUT_MS / 1000);
		reader->failed = true;
	}
	/* What answered has put its page in the queue before its health. */
	while (session_turn(&reader->session, 0)) {
	}
}

/* Page by page down to the limit, or to the source's end. */
static void reader_go_down(struct reader *reader, struct reading *one)
{
	while (!one->failed && one->older && one->came < reader->limit) {
		struct err err = {0};
		long before = one->came;
		struct job *job = job_new(JOB_OLDER);
		job->source = one->id;
		job->at_ms = one->oldest_ms;
		job->arg = xstrdup(one->older);
		if (!session_do(&reader->session, job, READ_TIMEOUT_MS, &err)) {
			reader_fail(reader, one, err.text);
			return;
		}
		if (one->came == before) return;
	}
}

static void reader_follow(struct reader *reader)
{
	uint64_t version = timeline_version(reader->timeline);
	while (!ferror(stdout)) {
		session_turn(&reader->session, 60000);
		while (session_turn(&reader->session, 0)) {
		}
		reader_settle(reader);
		if (timeline_version(reader->timeline) == version) continue;
		version = timeline_version(reader->timeline);
		reader_print_more(reader);
	}
}

static void reader_watch(struct reader *reader)
{
	source_id *ids = xcalloc(reader->n, sizeof(*ids));
	for (size_t i = 0; i < reader->n; i++) {
		struct job *job = job_new(JOB_WATCH);
		job->source = ids[i] = reader->list[i].id;
		job->arg = xstrdup(reader->list[i].name);
		engine_post(reader->session.engine, job);
	}
	timeline_set_sources(reader->timeline, ids, reader->n);
	free(ids);
}

static bool reader_run(struct reader *reader, const struct args *args, struct err *err)
{
	for (int i = 0; i < args->nwords; i++) {
		if (!reader_add_word(reader, args->words[i], err)) return false;
	}
	reader->timeline = timeline_new(reader->session.store);
	reader->session.on_event = on_event;
	reader->session.on_page = on_page;
	reader->session.ctx = reader->session.page_ctx = reader;
	int column = 0;
	if (!timeline_set_query(reader->timeline, args_value(args, "filter"), &column, err))
		return false;
	reader_watch(reader);
	reader_wait(reader);
	for (size_t i = 0; i < reader->n; i++)
		reader_go_down(reader, &reader->list[i]);
	reader_settle(reader);
	reader_print_first(reader);
	if (args_has(args, "follow")) reader_follow(reader);
	return true;
}

int read_run(int argc, char **argv)
{
	struct args args;
	struct reader reader = {0};
	struct err err = {0};
	if (!args_read(&args, cli_find("read"), argc, argv)) return CLI_USAGE;
	if (!args.nwords) return args_usage(cli_find("read"), "which source?");
	if (!args_number(&args, "limit", 1, 1000000, READ_LIMIT, &reader.limit)) return CLI_USAGE;
	reader.json = args_has(&args, "json");
	bool ok = session_start(&reader.session, &err) && reader_run(&reader, &args, &err);
	timeline_free(reader.timeline);
	session_finish(&reader.session);
	for (size_t i = 0; i < reader.n; i++) {
		free(reader.list[i].name);
		free(reader.list[i].older);
	}
	free(reader.list);
	bitset_finish(&reader.printed);
	if (!ok) {
		out_fail(&err);
		return err.code == ERR_SYNTAX ? CLI_USAGE : CLI_FAILED;
	}
	return reader.failed ? CLI_FAILED : CLI_DONE;
}
