#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/when.h"
#include "commands.h"
#include "db/archive.h"
#include "out.h"
#include "query/query.h"
#include "session.h"
#include "typed_query.h"

/* The archive through a query: what live search does to a column, done to all that ever came. */

enum { ARCHIVE_LIMIT = 40 };

const char archive_more[] =
        "Prints the posts of the archive that match, newest first, without asking any server:\n"
        "`stoa archive rust -is:repost`, `stoa archive --count from:ada`. The words are those of\n"
        "`stoa filter` and of every column (man 7 stoa-query), and mean the same here. Which "
        "posts\n"
        "wait for an answer and which are muted is only known to a running deck: is:waiting,\n"
        "is:later, is:answered, is:done and is:muted match nothing here, and that is said.\n"
        "Options stand before the query.";

const struct cli_option archive_options[] = {
        {"count", NULL, "print only how many match"},
        {"json", NULL, "one JSON object a line"},
        {"limit", "N", "at most N posts (40; with --count all)"},
        {"since", "TIME", "only posts written since then: yesterday, 2026-11-20, mon 9:00"},
        {0},
};

struct searching {
	struct session session;
	struct archive *archive;
	uint64_t *read; /* keys of posts that were read (store_key), rising */
	size_t nread, read_cap;
	bool json, count;
	long limit, hits;
};

/* --- what the archive does not know --- */

static int by_key(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

static void on_event(void *ctx, struct event *event)
{
	struct searching *searching = ctx;
	if (event->kind != EVENT_READ || event->nkeys == 0) return;
	searching->read = mem_grow(searching->read, &searching->read_cap,
	        searching->nread + event->nkeys, sizeof(*searching->read));
	memcpy(searching->read + searching->nread, event->keys,
	        event->nkeys * sizeof(*searching->read));
	searching->nread += event->nkeys;
	qsort(searching->read, searching->nread, sizeof(*searching->read), by_key);
}

static bool is_unread(const struct searching *searching, const struct post *post)
{
	uint64_t key = store_key(post_str(post, POST_URI));
	return !searching->nread ||
	       !bsearch(&key, searching->read, searching->nread, sizeof(*searching->read), by_key);
}

static const char *network_of(const struct searching *searching, const char *account)
{
	const struct account *known =
	        account ? store_account_named(searching->session.store, account) : NULL;
	if (known) return known->network;
	return account && strcmp(account, "feeds") == 0 ? "feed" : NULL;
}

static void complete(void *ctx, struct query_row *row)
{
	const struct searching *searching = ctx;
	row->network = network_of(searching, row->account);
	row->unread = is_unread(searching, row->post);
}

/* --- hits --- */

/* Whose the post is, by the first of its sources. */
static void print_hit(struct searching *searching, const struct archive_hit *hit)
{
	struct source_ref ref = {0};
	const struct account *account = NULL;
	const char *network = NULL;
	if (hit->nsources > 0 && source_parse(hit->sources[0], &ref, NULL)) {
		account = store_account_named(searching->session.store, ref.account);
		network = network_of(searching, ref.account);
		source_ref_finish(&ref);
	}
	out_post(stdout,
	        &(struct post_json){
	                .post = hit->post,
	                .author = hit->author,
	                .actor = hit->actor,
	                .reason = hit->reason,
	                .network = network,
	                .sources = hit->sources,
	                .nsources = hit->nsources,
	                .me = account && *account->handle ? account->handle : NULL,
	                .account = account ? account->id : 0,
	                .unread = is_unread(searching, hit->post),
	        },
	        searching->json);
}

static bool on_hit(void *ctx, const struct archive_hit *hit)
{
	struct searching *searching = ctx;
	searching->hits++;
	if (!searching->count) print_hit(searching, hit);
	return searching->hits < searching->limit && !ferror(stdout);
}

/* --- the search --- */

/* Where there is no file nothing was ever fetched: that is no mistake. */
static bool open_archive(struct searching *searching, struct err *err)
{
	char *path = paths_join(searching->session.paths.data, "archive.db"), *notice = NULL;
	bool ok = access(path, F_OK) != 0 || archive_open(path, &searching->archive, &notice, err);
	if (notice) {
		fputs("stoa: ", stderr);
		out_text(stderr, notice);
		fputs("\n", stderr);
	}
	free(notice);
	free(path);
	return ok;
}

static void say_unknown(const struct query *query)
{
	if (query_needs(query) & (QUERY_NEEDS_ATTENTION | QUERY_NEEDS_MUTED))
		fputs("stoa: what waits for an answer and what is muted is not known here; a term "
		      "about that matches nothing\n",
		        stderr);
}

static bool say_index(struct searching *searching, struct err *err)
{
	int percent = 100;
	if (searching->archive && !archive_indexed(searching->archive, &percent, err)) return false;
	if (percent < 100)
		fprintf(stderr,
		        "stoa: the archive's index is at %d %%; older posts are looked at one by "
		        "one, until a deck or daemon has made the rest of it\n",
		        percent);
	return true;
}

static bool search(struct searching *searching, const struct archive_asked *asked, struct err *err)
{
	struct archive_place place = {.below = INT64_MAX};
	if (!session_open(&searching->session, NULL, on_event, searching, err) ||
	        !open_archive(searching, err) || !say_index(searching, err))
		return false;
	if (searching->archive && !archive_search(searching->archive, asked, &place, INT64_MAX,
	                                  on_hit, searching, err))
		return false;
	if (searching->count) printf("%ld\n", searching->hits);
	if (query_trips(asked->query) < QUERY_MAX_TRIPS) return true;
	return err_set(err, ERR_UNSUPPORTED,
	        "a regular expression takes too long on such posts; it was switched off and found "
	        "nothing from there on");
}

int archive_run(int argc, char **argv)
{
	const struct cli_command *self = cli_find("archive");
	struct args args;
	struct searching searching = {0};
	struct archive_asked asked = {
	        .now_ms = clock_wall(&clock_system), .complete = complete, .ctx = &searching};
	struct str text = {0};
	struct err err = {0};
	if (!typed_query_args(&args, self, argc, argv, &text)) return CLI_USAGE;
	searching.json = args_has(&args, "json");
	searching.count = args_has(&args, "count");
	const char *since = args_value(&args, "since");
	int status = CLI_USAGE;
	if (since && !when_parse_past(since, asked.now_ms, NULL, &asked.since_ms, &err))
		fprintf(stderr, "stoa: --since: %s\n", err.text);
	else if (args_number(&args, "limit", 1, LONG_MAX,
	                 searching.count ? LONG_MAX : ARCHIVE_LIMIT, &searching.limit) &&
	         (asked.query = typed_query_parse(str_c(&text), asked.now_ms))) {
		say_unknown(asked.query);
		status = search(&searching, &asked, &err) ? CLI_DONE : out_fail(&err);
	}
	archive_close(searching.archive);
	session_finish(&searching.session);
	query_free(asked.query);
	free(searching.read);
	str_finish(&text);
	return status;
}
