#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "base/date.h"
#include "base/json.h"
#include "base/mem.h"
#include "commands.h"
#include "out.h"
#include "session.h"

/* What an account keeps at its server and is no post: collections (model/items.h), filters. */

enum { SHOW_TIMEOUT_MS = 60000, SHOW_LIMIT = 200, MAX_PAGES = 500 };

const char show_more[] =
        "THINGS: lists, members ID, on-lists PROFILE, mutes, blocks, domains, tags, requests,\n"
        "followers PROFILE, following PROFILE, liked-by URL, reposted-by URL, history URL,\n"
        "source URL, filters. A line is: what other commands call it, its title, more of it\n"
        "and until when (a mute, a filter) or when (a text), parted by tabs.";

const struct cli_option show_options[] = {
        {"account", "NAME", "ask as this account (-a)"},
        {"json", NULL, "one JSON object a line"},
        {"limit", "N", "at most N of them (200)"},
        {0},
};

struct showing {
	struct session session;
	bool json;
	long left;
	char *older; /* cursor of the next page */
};

/* -- printing -- */

static void text_cell(const char *text)
{
	if (!text) return;
	struct str line = {0};
	for (; *text; text++)
		str_addc(&line, *text == '\n' || *text == '\t' ? ' ' : *text);
	out_text(stdout, str_c(&line));
	str_finish(&line);
}

static void print_row(const struct showing *showing, const struct item *item)
{
	char when[32] = "";
	if (item->at_ms) date_format_rfc3339(when, item->at_ms);
	if (!showing->json) {
		const char *const cells[] = {item->id, item->title, item->detail};
		for (size_t i = 0; i < sizeof(cells) / sizeof(*cells); i++) {
			text_cell(cells[i]);
			putchar('\t');
		}
		puts(when);
		return;
	}
	struct str line = {0};
	str_adds(&line, "{\"id\":");
	json_quote(&line, item->id);
	str_adds(&line, ",\"title\":");
	json_quote(&line, item->title);
	str_adds(&line, ",\"detail\":");
	json_quote(&line, item->detail);
	str_adds(&line, ",\"at\":");
	json_quote(&line, *when ? when : NULL);
	printf("%s}\n", str_c(&line));
	str_finish(&line);
}

/* "hide in home, public: goal, "world cup"" */
static char *filter_detail(const struct server_filter *filter)
{
	struct str out = {0};
	str_adds(&out, filter->action == FILTER_HIDE ? "hide in" : "warn in");
	const char *parted = " ";
	for (int bit = 0; bit < FILTER_CONTEXT_COUNT; bit++) {
		if (!(filter->contexts & 1U << bit)) continue;
		str_addf(&out, "%s%s", parted, filter_context_names[bit]);
		parted = ", ";
	}
	for (size_t i = 0; i < filter->nkeywords; i++)
		str_addf(&out, "%s\"%s\"%s", i ? ", " : ": ", filter->keywords[i].text,
		        filter->keywords[i].whole ? " (whole)" : "");
	return str_take(&out);
}

static void show_filters(struct showing *showing, const struct event *event)
{
	for (size_t i = 0; i < event->nfilters && showing->left > 0; i++, showing->left--) {
		const struct server_filter *filter = &event->filters[i];
		struct item row = {.id = filter->id,
		        .title = filter->title,
		        .detail = filter_detail(filter),
		        .at_ms = filter->expires_ms};
		print_row(showing, &row);
		free(row.detail);
	}
}

static void show_items(struct showing *showing, const struct items *items)
{
	for (size_t i = 0; i < items->nitems && showing->left > 0; i++, showing->left--)
		print_row(showing, &items->items[i]);
	free(showing->older);
	showing->older = xstrdup(items->older);
}

static void on_event(void *ctx, struct event *event)
{
	if (event->kind == EVENT_ITEMS) show_items(ctx, event->items);
	if (event->kind == EVENT_FILTERS && event->reply_to) show_filters(ctx, event);
}

/* -- asking -- */

/* The collection of that name; COLLECTION_COUNT: filters; -1: there is none. */
static int things_named(const char *name)
{
	if (strcmp(name, "filters") == 0) return COLLECTION_COUNT;
	for (int i = 0; i < COLLECTION_COUNT; i++) {
		if (strcmp(collections[i].name, name) == 0) return i;
	}
	return -1;
}

static bool show(struct showing *showing, const struct account *account, int things, const char *of,
        struct err *err)
{
	for (int page = 0; page < MAX_PAGES && showing->left > 0; page++) {
		struct job *job = job_new(things == COLLECTION_COUNT ? JOB_FILTERS : JOB_ITEMS);
		job->account = account->id;
		job->number = things;
		job->arg = xstrdup(of);
		job->cursor = showing->older;
		showing->older = NULL;
		if (!session_do(&showing->session, job, SHOW_TIMEOUT_MS, err)) return false;
		if (!showing->older) return true;
	}
	return true;
}

int show_run(int argc, char **argv)
{
	const struct cli_command *self = cli_find("show");
	struct args args;
	struct showing showing = {0};
	struct err err = {0};
	int status = CLI_FAILED;
	if (!args_read(&args, self, argc, argv)) return CLI_USAGE;
	int things = args.nwords > 0 ? things_named(args.words[0]) : -1;
	if (things < 0)
		return args_usage(self,
		        args.nwords ? "'%s' is nothing that can be shown" : "show what?",
		        args.nwords ? args.words[0] : "");
	int wanted = 1 + (things < COLLECTION_COUNT && collections[things].arg);
	if (args.nwords != wanted)
		return args_usage(self,
		        args.nwords < wanted ? "'%s' of whom or of what?"
		                             : "'%s' takes less than that",
		        args.words[0]);
	if (!args_number(&args, "limit", 1, 1000000, SHOW_LIMIT, &showing.left)) return CLI_USAGE;
	showing.json = args_has(&args, "json");
	const char *of = wanted > 1 ? args.words[1] + (args.words[1][0] == '@') : NULL;
	if (session_start(&showing.session, &err)) {
		showing.session.on_event = on_event;
		showing.session.ctx = &showing;
		const struct account *account =
		        session_account(&showing.session, args_value(&args, "account"), 0, &status);
		if (account && !show(&showing, account, things, of, &err)) status = out_fail(&err);
	} else {
		out_fail(&err);
	}
	session_finish(&showing.session);
	free(showing.older);
	return status;
}
