#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "commands.h"
#include "model/post_json.h"
#include "out.h"
#include "query/query.h"
#include "typed_query.h"

/* Posts as JSON lines (model/post_json.h) through a query. */

enum { MAX_LINE = 8 << 20, CHUNK = 1 << 16, MAX_UNKNOWN = 64 };

const char filter_more[] =
        "Reads posts as `stoa read --json` prints them, one JSON object a line, and prints the\n"
        "lines that match as they are. `stoa read work/home --json | stoa filter 'rust "
        "-is:repost'`\n"
        "shows what a column with that query would. What is null is not known: a query that needs\n"
        "it there matches nothing, and that is said once. A line that is no post is named on\n"
        "stderr, and the exit status is 1 then. Options stand before the query.";

const struct cli_option filter_options[] = {
        {"count", NULL, "print only how many match"},
        {"explain", NULL, "say of each post which term decided, instead of printing it"},
        {"json", NULL, "explain as one JSON object a line"},
        {0},
};

struct filtering {
	struct query *query;
	int64_t now_ms;
	bool explain, json, count;
	size_t line, hits;
	const char
	        *unknown[MAX_UNKNOWN]; /* fields that somebody was told about; the table's names */
	size_t nunknown;
	bool tripped, failed;
};

/* --- lines --- */

struct lines {
	char chunk[CHUNK];
	size_t at, n;
};

/* The next line without its LF; false at the end. A line that is too long comes empty. */
static bool lines_next(struct lines *lines, struct str *out, bool *out_long)
{
	str_clear(out);
	*out_long = false;
	for (bool some = false;; some = true) {
		if (lines->at == lines->n) {
			fflush(stdout); /* who reads us sees what there is while we wait */
			ssize_t n;
			while ((n = read(STDIN_FILENO, lines->chunk, CHUNK)) < 0 &&
			        errno == EINTR) {
			}
			lines->at = 0;
			lines->n = n > 0 ? (size_t)n : 0;
			if (n <= 0) return some && (out->len > 0 || *out_long);
		}
		char *from = lines->chunk + lines->at;
		char *end = memchr(from, '\n', lines->n - lines->at);
		size_t len = end ? (size_t)(end - from) : lines->n - lines->at;
		lines->at += len + (end != NULL);
		if (out->len + len > MAX_LINE) *out_long = true;
		if (*out_long)
			str_clear(out);
		else
			str_add(out, from, len);
		if (end) return true;
	}
}

static void filtering_fail(struct filtering *filtering, const char *why)
{
	fprintf(stderr, "stoa: line %zu: ", filtering->line);
	out_text(stderr, why);
	fputs("\n", stderr);
	filtering->failed = true;
}

static void say_unknown(struct filtering *filtering, const char *field)
{
	for (size_t i = 0; i < filtering->nunknown; i++) {
		if (filtering->unknown[i] == field) return;
	}
	if (filtering->nunknown == MAX_UNKNOWN) return;
	filtering->unknown[filtering->nunknown++] = field;
	fprintf(stderr,
	        "stoa: line %zu: '%s' is not known of this post, so it does not match; nor does "
	        "any "
	        "other of which it is not\n",
	        filtering->line, field);
}

/* Instead of the post. */
static void print_why(const struct filtering *filtering, const struct query_row *row, bool match,
        const char *unknown)
{
	struct str why = {0}, line = {0};
	if (unknown)
		str_addf(&why, "not known: %s", unknown);
	else
		query_explain(filtering->query, row, filtering->now_ms, &why);
	if (filtering->json) {
		str_addf(&line, "{\"line\":%zu,\"uri\":", filtering->line);
		json_quote(&line, post_str(row->post, POST_URI));
		str_addf(&line, ",\"match\":%s,\"why\":", match ? "true" : "false");
		json_quote(&line, str_c(&why));
		str_adds(&line, "}");
	} else {
		str_addf(&line, "line %zu: %s", filtering->line, str_c(&why));
	}
	out_text(stdout, str_c(&line));
	fputs("\n", stdout);
	str_finish(&why);
	str_finish(&line);
}

static void look_at(
        struct filtering *filtering, const struct post_json_read *read, const struct str *line)
{
	struct query_row row = {.post = read->post,
	        .author = read->author,
	        .actor = read->actor,
	        .reason = read->reason,
	        .network = read->network,
	        .sources = read->sources,
	        .attention = ATTENTION_NONE,
	        .unread = read->unread,
	        .untold = read->untold};
	const char *unknown = query_unknown(filtering->query, &row, filtering->now_ms);
	bool match = !unknown && query_match(filtering->query, &row, filtering->now_ms);
	filtering->hits += match;
	if (unknown) say_unknown(filtering, unknown);
	if (filtering->explain) {
		print_why(filtering, &row, match, unknown);
	} else if (match && !filtering->count) {
		fwrite(line->p, 1, line->len, stdout);
		fputs("\n", stdout);
	}
	if (filtering->tripped || query_trips(filtering->query) < QUERY_MAX_TRIPS) return;
	filtering->tripped = true;
	filtering_fail(filtering, "a regular expression takes too long on such posts; it is "
	                          "switched off and finds nothing from here on");
}

static void filtering_run(struct filtering *filtering)
{
	struct lines *lines = xcalloc(1, sizeof(*lines));
	struct str line = {0};
	bool too_long;
	while (!ferror(stdout) && lines_next(lines, &line, &too_long)) {
		struct post_json_read read;
		struct err err = {0};
		filtering->line++;
		if (too_long) {
			filtering_fail(filtering, "longer than 8 MiB");
		} else if (strspn(str_c(&line), " \t\r") == line.len) {
			continue;
		} else if (!post_json_read(&read, line.p, line.len, &err)) {
			filtering_fail(filtering, err.text);
		} else {
			look_at(filtering, &read, &line);
			post_json_read_finish(&read);
		}
	}
	str_finish(&line);
	free(lines);
}

int filter_run(int argc, char **argv)
{
	const struct cli_command *self = cli_find("filter");
	struct args args;
	struct filtering filtering = {.now_ms = clock_wall(&clock_system)};
	struct str text = {0};
	if (!typed_query_args(&args, self, argc, argv, &text)) return CLI_USAGE;
	filtering.explain = args_has(&args, "explain");
	filtering.json = args_has(&args, "json");
	filtering.count = args_has(&args, "count");
	int status = CLI_USAGE;
	filtering.query = typed_query_parse(str_c(&text), filtering.now_ms);
	if (filtering.query) {
		filtering_run(&filtering);
		if (filtering.count) printf("%zu\n", filtering.hits);
		status = filtering.failed ? CLI_FAILED : CLI_DONE;
	}
	query_free(filtering.query);
	str_finish(&text);
	return status;
}
