#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/when.h"
#include "commands.h"
#include "db/archive.h"
#include "model/brief.h"
#include "model/profile.h"
#include "out.h"
#include "queued.h"
#include "session.h"
#include "typed_query.h"

/* Five minutes a day, from what was recorded and kept on this machine. */

enum {
	BRIEF_COLS = 80,
	BRIEF_JOB_MS = 10000,
	BRIEF_KNOWN = 500 /* posts whose words are looked up */
};

const char brief_more[] =
        "One screen from what was recorded here; no server is asked. It says what saved queries\n"
        "found against what is usual (the mean of the same hours of this weekday, give or take\n"
        "the spread, over up to eight weeks), who waits for an answer and how long, what is due\n"
        "today, what the posts of each label brought (`stoa post --label`), how many follow,\n"
        "and the time used of `budget 2h/week`. Counting is by the hour, so it begins at a full\n"
        "hour; without --since a day back.\n"
        "\n"
        "--json prints one object: now, since, saved[{name, query, posts, weeks, usual_low,\n"
        "usual_high, counted_since, said[{uri, url, who, text, at}]}], waiting[{uri, url, who,\n"
        "text, at, account, later}], due[{id, at, account, text, state, needs_you}],\n"
        "labels[{label, posts, looked_at, replies, reposts, likes}], accounts[{account,\n"
        "followers, followers_before}], time{used_seconds, budget_seconds, of}. What is not\n"
        "known is null.";

const struct cli_option brief_options[] = {
        {"json", NULL, "one JSON object"},
        {"since", "TIME", "since then: 8h, yesterday, mon 9:00 (a day ago)"},
        {0},
};

struct briefing {
	struct session session;
	struct queued queued;
	struct archive *archive;
	struct brief *brief;
	struct brief_saved *saved; /* whose posts are searched */
};

static void on_event(void *ctx, struct event *event)
{
	struct briefing *briefing = ctx;
	if (event->kind == EVENT_BRIEF) {
		brief_free(briefing->brief);
		briefing->brief = event->brief;
		event->brief = NULL;
	} else if (event->kind == EVENT_NOTICE && event->text) {
		fputs("stoa: ", stderr);
		out_text(stderr, event->text);
		fputc('\n', stderr);
	}
	queued_take(&briefing->queued, event);
}

/* -- words for the numbers -- */

static bool open_archive(struct briefing *briefing, struct err *err)
{
	char *path = paths_join(briefing->session.paths.data, "archive.db"), *notice = NULL;
	bool ok = access(path, F_OK) != 0 || archive_open(path, &briefing->archive, &notice, err);
	if (notice) fprintf(stderr, "stoa: %s\n", notice);
	free(notice);
	free(path);
	return ok;
}

static bool on_hit(void *ctx, const struct archive_hit *hit)
{
	struct brief_saved *saved = ((struct briefing *)ctx)->saved;
	saved->found++;
	if (saved->nsaid < BRIEF_MAX_SAID)
		brief_post_put(&saved->said[saved->nsaid++], hit->post, hit->author);
	return true;
}

static bool fill_saved(struct briefing *briefing, struct brief_saved *saved, struct err *err)
{
	struct str text = {0};
	str_addf(&text, "saved:%s", saved->name);
	struct archive_asked asked = {.now_ms = briefing->brief->now_ms,
	        .since_ms = briefing->brief->since_ms,
	        .query = typed_query_parse(text.p, briefing->brief->now_ms)};
	struct archive_place place = {.below = INT64_MAX};
	briefing->saved = saved;
	/* One that makes no sense has been told, and keeps nobody from the rest. */
	bool ok = !asked.query || archive_search(briefing->archive, &asked, &place, INT64_MAX,
	                                  on_hit, briefing, err);
	query_free(asked.query);
	str_finish(&text);
	return ok;
}

static bool fill_owed(struct briefing *briefing, struct brief_owed *owed, struct err *err)
{
	struct page *page = NULL;
	if (!archive_get(briefing->archive, owed->post.uri, &page, err)) return false;
	if (page->nposts > 0) {
		const struct post *post = page->posts[0];
		bool named = post->author > 0 && post->author <= page->nprofiles;
		brief_post_put(&owed->post, post, named ? page->profiles[post->author - 1] : NULL);
	}
	page_free(page);
	return true;
}

static bool fill(struct briefing *briefing, struct err *err)
{
	struct brief *brief = briefing->brief;
	int64_t end = brief_day_end(brief->now_ms);
	if (!open_archive(briefing, err)) return false;
	for (size_t i = 0; briefing->archive && i < brief->nsaved; i++) {
		if (!fill_saved(briefing, &brief->saved[i], err)) return false;
	}
	for (size_t i = 0; briefing->archive && i < brief->nowed && i < BRIEF_KNOWN; i++) {
		if (!fill_owed(briefing, &brief->owed[i], err)) return false;
	}
	for (size_t i = 0; i < briefing->queued.nitems; i++) {
		const struct outgoing *item = briefing->queued.items[i];
		const struct account *account =
		        store_account(briefing->session.store, item->account);
		brief_put_due(brief, item, account ? account->name : "signed out",
		        queued_is_trouble(item), end);
	}
	brief_sort(brief);
	return true;
}

/* -- the command -- */

static bool ask(struct briefing *briefing, int64_t since_ms, struct err *err)
{
	struct session *session = &briefing->session;
	if (!session_open(session, NULL, on_event, briefing, err)) return false;
	const struct budget *budget = &session->places.settings.budget;
	struct job *job = job_new(JOB_VISITS);
	job->at_ms = budget_start(budget, clock_wall(&clock_system));
	if (!session_do(session, job, BRIEF_JOB_MS, err)) return false;
	int64_t used_s = session->number;
	job = job_new(JOB_BRIEF);
	job->at_ms = since_ms;
	if (!session_do(session, job, BRIEF_JOB_MS, err)) return false;
	briefing->brief->budget = *budget;
	briefing->brief->used_s = used_s;
	return fill(briefing, err);
}

static void print_line(void *ctx, const struct brief_line *line)
{
	(void)ctx;
	out_text(stdout, line->text);
	putchar('\n');
}

int brief_run(int argc, char **argv)
{
	const struct cli_command *self = cli_find("brief");
	struct args args;
	struct briefing briefing = {0};
	struct err err = {0};
	int64_t since = 0;
	if (!args_read(&args, self, argc, argv)) return CLI_USAGE;
	if (args.nwords) return args_usage(self, "'%s' is too much", args.words[0]);
	const char *text = args_value(&args, "since");
	if (text && !when_parse_past(text, clock_wall(&clock_system), NULL, &since, &err)) {
		fprintf(stderr, "stoa: --since: %s\n", err.text);
		return CLI_USAGE;
	}
	int status = ask(&briefing, since, &err) ? CLI_DONE : out_fail(&err);
	if (status == CLI_DONE && args_has(&args, "json")) {
		struct str json = {0};
		brief_print_json(&json, briefing.brief);
		puts(json.p);
		str_finish(&json);
	} else if (status == CLI_DONE) {
		brief_print(briefing.brief, BRIEF_COLS, print_line, NULL);
	}
	archive_close(briefing.archive);
	session_finish(&briefing.session);
	queued_finish(&briefing.queued);
	brief_free(briefing.brief);
	return status;
}
