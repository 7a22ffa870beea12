#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/paths.h"
#include "db/queue_db.h"
#include "model/source.h"
#include "networks/feed.h"
#include "args.h"
#include "commands.h"
#include "fetch.h"
#include "out.h"

enum { IMPORT_MAX = 32 << 20 };

const char feeds_more[] =
        "import reads OPML, or newsboat's `urls` file with its tags as groups; `-` reads standard\n"
        "input. Lines that would run a program are left out and named. export writes OPML to\n"
        "standard output. find says which feeds a web page offers. add follows a feed; drop ends\n"
        "that. A running deck sees changes at its next start, or at once when made there.";

const struct cli_option feeds_options[] = {
        {"json", NULL, "list and find: one JSON object a line"},
        {0},
};

/* The followed feeds, read into memory. */
struct followed {
	struct queue_db *db;
	struct feed **list;
	size_t n, cap;
};

static void on_feed(void *ctx, struct feed *feed)
{
	struct followed *followed = ctx;
	followed->list =
	        mem_grow(followed->list, &followed->cap, followed->n + 1, sizeof(*followed->list));
	followed->list[followed->n++] = feed;
}

static bool followed_open(struct followed *followed, struct err *err)
{
	struct paths paths;
	if (!paths_init(&paths, err)) return false;
	char *path = paths_join(paths.state, "queue.db");
	bool ok = paths_make(&paths, err) && queue_db_open(path, &followed->db, err) &&
	          queue_db_feeds(followed->db, on_feed, followed, err);
	free(path);
	paths_finish(&paths);
	return ok;
}

static void followed_close(struct followed *followed)
{
	for (size_t i = 0; i < followed->n; i++)
		feed_free(followed->list[i]);
	free(followed->list);
	queue_db_close(followed->db);
}

static bool name_taken(void *ctx, const char *name)
{
	return queue_db_has_feed(ctx, name);
}

static const struct feed *followed_by_url(const struct followed *followed, const char *url)
{
	for (size_t i = 0; i < followed->n; i++) {
		if (strcmp(followed->list[i]->url, url) == 0) return followed->list[i];
	}
	return NULL;
}

static bool read_input(const char *path, char **out, unsigned long *out_len, struct err *err)
{
	if (strcmp(path, "-") != 0) return paths_read(path, IMPORT_MAX, out, out_len, err);
	struct str bytes = {0};
	char part[8192];
	for (size_t n; (n = fread(part, 1, sizeof(part), stdin)) > 0;) {
		str_add(&bytes, part, n);
		if (bytes.len > IMPORT_MAX) {
			str_finish(&bytes);
			return err_set(err, ERR_TOO_LARGE, "more than %d MB on standard input",
			        IMPORT_MAX >> 20);
		}
	}
	*out_len = bytes.len;
	*out = str_take(&bytes);
	return true;
}

static bool import_list(struct followed *followed, struct feed_list *list, struct err *err)
{
	size_t added = 0, known = 0;
	for (size_t i = 0; i < list->n; i++) {
		struct feed *feed = list->feeds[i];
		if (followed_by_url(followed, feed->url)) {
			known++;
			continue;
		}
		char *name = feed_name(*feed->name ? feed->name : feed->title, feed->url,
		        name_taken, followed->db);
		free(feed->name);
		feed->name = name;
		if (!queue_db_put_feed(followed->db, feed, err)) return false;
		on_feed(followed, feed_copy(feed));
		added++;
	}
	for (size_t i = 0; i < list->nrejected; i++) {
		fputs("stoa: left out: ", stderr);
		out_text(stderr, list->rejected[i]);
		fputc('\n', stderr);
	}
	printf("%zu added, %zu already followed, %zu left out\n", added, known, list->nrejected);
	return true;
}

static bool feeds_import(struct followed *followed, const struct args *args, struct err *err)
{
	struct feed_list list = {0};
	char *bytes = NULL;
	unsigned long len = 0;
	bool ok = read_input(args->words[1], &bytes, &len, err) &&
	          feed_list_read(&list, bytes, len, err) && import_list(followed, &list, err);
	free(bytes);
	feed_list_finish(&list);
	return ok;
}

static bool feeds_export(struct followed *followed, const struct args *args, struct err *err)
{
	(void)args;
	(void)err;
	struct str out = {0};
	feed_list_print_opml(&out, followed->list, followed->n, clock_wall(&clock_system));
	fwrite(str_c(&out), 1, out.len, stdout);
	str_finish(&out);
	return true;
}

static void json_field(struct str *line, const char *name, const char *value)
{
	str_addf(line, "%s\"%s\":", line->len ? "," : "{", name);
	json_quote(line, value && *value ? value : NULL);
}

static void feed_print(const struct feed *feed, bool json)
{
	struct str line = {0};
	if (json) {
		json_field(&line, "name", feed->name);
		json_field(&line, "url", feed->url);
		json_field(&line, "title", feed->title);
		json_field(&line, "groups", feed->groups);
		str_adds(&line, "}");
	} else {
		str_addf(&line, "%s\t%s\t%s\t", feed->name, feed->url, feed->title);
		for (const char *p = feed->groups; *p; p++)
			str_addc(&line, *p == '\n' ? ',' : *p);
	}
	out_text(stdout, str_c(&line));
	putchar('\n');
	str_finish(&line);
}

static bool feeds_list(struct followed *followed, const struct args *args, struct err *err)
{
	(void)err;
	for (size_t i = 0; i < followed->n; i++)
		feed_print(followed->list[i], args_has(args, "json"));
	return true;
}

static char *join_groups(const struct args *args)
{
	struct str groups = {0};
	for (int i = 2; i < args->nwords; i++)
		str_addf(&groups, "%s%s", i > 2 ? "\n" : "", args->words[i]);
	return str_take(&groups);
}

static bool feeds_add(struct followed *followed, const struct args *args, struct err *err)
{
	struct source_ref ref = {0};
	if (!source_parse(args->words[1], &ref, err)) return false;
	bool is_url = ref.kind == SOURCE_FEED && ref.arg && strstr(ref.arg, "://");
	const struct feed *known = is_url ? followed_by_url(followed, ref.arg) : NULL;
	bool ok = is_url;
	if (!is_url) {
		err_set(err, ERR_SYNTAX, "'%s' is not a feed's URL or path", args->words[1]);
	} else if (known) {
		printf("already followed as %s\n", known->name);
	} else {
		char *title = xstrdup(""), *site = xstrdup("");
		struct feed feed = {
		        .name = feed_name(NULL, ref.arg, name_taken, followed->db),
		        .url = ref.arg,
		        .title = title,
		        .site = site,
		        .groups = join_groups(args),
		};
		ok = queue_db_put_feed(followed->db, &feed, err);
		if (ok) printf("followed as feeds/feed:%s\n", feed.name);
		free(feed.name);
		free(feed.groups);
		free(title);
		free(site);
	}
	source_ref_finish(&ref);
	return ok;
}

static bool feeds_drop(struct followed *followed, const struct args *args, struct err *err)
{
	bool was_there = false;
	if (!queue_db_drop_feed(followed->db, args->words[1], &was_there, err)) return false;
	if (!was_there)
		return err_set(err, ERR_NOT_FOUND,
		        "no feed is called '%s'; `stoa feeds list` lists them", args->words[1]);
	return true;
}

static void link_print(const struct feed_link *link, bool json)
{
	struct str line = {0};
	if (json) {
		json_field(&line, "url", link->url);
		json_field(&line, "title", link->title);
		json_field(&line, "type", link->type);
		str_adds(&line, "}");
	} else {
		str_addf(&line, "%s\t%s", link->url, link->title ? link->title : "");
	}
	out_text(stdout, str_c(&line));
	putchar('\n');
	str_finish(&line);
}

/* Is the answer a feed itself? Prints it then. */
static bool print_if_feed(const struct feed_input *in, bool json)
{
	struct page *page = page_new();
	struct feed_wishes wishes = {0};
	bool is_feed = feed_read(in, page, &wishes, NULL);
	if (is_feed) {
		char *url = xstrdup(in->url), *title = xstrdup(page->title),
		     *type = xstrdup(wishes.version);
		link_print(&(struct feed_link){.url = url, .title = title, .type = type}, json);
		free(url);
		free(title);
		free(type);
	}
	page_free(page);
	return is_feed;
}

static struct feed_input input_of(const struct response *answer)
{
	return (struct feed_input){
	        .bytes = answer->body,
	        .len = answer->body_len,
	        .url = answer->url,
	        .content_type = response_header(answer, "Content-Type"),
	        .content_location = response_header(answer, "Content-Location"),
	        .now_ms = clock_wall(&clock_system),
	};
}

/* Try the addresses where sites usually have their feed. */
static bool find_by_guess(const char *url, bool json)
{
	bool found = false;
	for (size_t i = 0; !found; i++) {
		char *guess = feed_guess(url, i);
		if (!guess) break;
		struct response answer = {0};
		if (fetch_url(guess, &answer, NULL)) {
			struct feed_input in = input_of(&answer);
			found = print_if_feed(&in, json);
		}
		response_finish(&answer);
		free(guess);
	}
	return found;
}

static bool find_in(const struct response *answer, bool json)
{
	struct feed_input in = input_of(answer);
	if (print_if_feed(&in, json)) return true;
	const char *headers[16];
	size_t n = 0;
	for (size_t i = 0; i < answer->nheaders && n < 16; i++) {
		if (strncmp(answer->headers[i], "Link:", 5) == 0 ||
		        strncmp(answer->headers[i], "link:", 5) == 0)
			headers[n++] = answer->headers[i] + 5;
	}
	struct feed_links links = {0};
	feed_find(&links, &in, headers, n);
	for (size_t i = 0; i < links.n; i++)
		link_print(&links.list[i], json);
	bool found = links.n > 0;
	feed_links_finish(&links);
	return found || find_by_guess(answer->url, json);
}

static bool feeds_find(struct followed *followed, const struct args *args, struct err *err)
{
	(void)followed;
	struct response answer = {0};
	struct str url = {0};
	if (!strstr(args->words[1], "://")) str_adds(&url, "https://");
	str_adds(&url, args->words[1]);
	bool ok = fetch_url(str_c(&url), &answer, err);
	if (ok && !find_in(&answer, args_has(args, "json")))
		ok = err_set(err, ERR_NOT_FOUND, "%s offers no feed", str_c(&url));
	response_finish(&answer);
	str_finish(&url);
	return ok;
}

/* One row a subcommand. */
static const struct {
	const char *name;
	int min, max; /* words after it */
	bool needs_db;
	bool (*run)(struct followed *followed, const struct args *args, struct err *err);
} subcommands[] = {
        {"add", 1, 16, true, feeds_add},
        {"drop", 1, 1, true, feeds_drop},
        {"export", 0, 0, true, feeds_export},
        {"find", 1, 1, false, feeds_find},
        {"import", 1, 1, true, feeds_import},
        {"list", 0, 0, true, feeds_list},
};

int feeds_run(int argc, char **argv)
{
	const struct cli_command *self = cli_find("feeds");
	struct args args;
	struct err err = {0};
	if (!args_read(&args, self, argc, argv)) return CLI_USAGE;
	if (!args.nwords) return args_usage(self, "import, export, find, list, add or drop?");
	for (size_t i = 0; i < sizeof(subcommands) / sizeof(*subcommands); i++) {
		if (strcmp(subcommands[i].name, args.words[0]) != 0) continue;
		int words = args.nwords - 1;
		if (words < subcommands[i].min) return args_usage(self, "of what?");
		if (words > subcommands[i].max) return args_usage(self, "too many words");
		struct followed followed = {0};
		bool ok = (!subcommands[i].needs_db || followed_open(&followed, &err)) &&
		          subcommands[i].run(&followed, &args, &err);
		followed_close(&followed);
		return ok ? CLI_DONE : out_fail(&err);
	}
	return args_usage(self, "there is no `stoa feeds %s`", args.words[0]);
}
