/*
 * A page of 40 posts from the bytes of the answer to cells on the screen, stage by stage, in
 * CPU time: page_bench (quality.md P8). The archive's share is in archive_bench.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "base/mem.h"
#include "networks/network.h"
#include "store/store.h"
#include "store/timeline.h"
#include "synth.h"
#include "ui/column_view.h"
#include "ui/theme.h"

enum { PAGE = 40, ROUNDS = 60, COLUMNS = 200, ROWS = 60, OLD = 20000 };

extern const struct network network_mastodon;

struct share {
	const char *name;
	double us[ROUNDS];
};

static double cpu_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void status(struct str *out, uint64_t n)
{
	struct str html = {0};
	str_adds(&html, "<p>");
	synth_text(&html, n);
	str_addf(&html,
	        " <a href=\"https://stoa.example/tags/t%u\" class=\"mention hashtag\" rel=\"tag\">"
	        "#<span>t%u</span></a></p>",
	        (unsigned)n, (unsigned)n);
	str_addf(out,
	        "{\"id\":\"%llu\",\"uri\":\"https://stoa.example/users/p%u/statuses/%llu\",\"url\":"
	        "\"https://stoa.example/@p%u/"
	        "%llu\",\"created_at\":\"2026-11-%02uT%02u:%02u:00.000Z\","
	        "\"account\":{\"id\":\"%u\",\"username\":\"p%u\",\"acct\":\"p%u\",\"display_name\":"
	        "\"Person "
	        "%u\",\"url\":\"https://stoa.example/@p%u\",\"uri\":\"https://stoa.example/users/"
	        "p%u\","
	        "\"note\":\"<p>Somebody</"
	        "p>\",\"bot\":false,\"followers_count\":12,\"emojis\":[],\"fields\":[]},"
	        "\"visibility\":\"public\",\"sensitive\":false,\"spoiler_text\":\"\",\"language\":"
	        "\"en\","
	        "\"replies_count\":1,\"reblogs_count\":2,\"favourites_count\":3,\"favourited\":"
	        "false,"
	        "\"reblogged\":false,\"bookmarked\":false,\"muted\":false,\"media_attachments\":[{"
	        "\"id\":\"1\","
	        "\"type\":\"image\",\"url\":\"https://files.example/%u.png\",\"description\":\"A "
	        "picture\"}],"
	        "\"mentions\":[],\"tags\":[{\"name\":\"t%u\",\"url\":\"https://stoa.example/tags/"
	        "t%u\"}],"
	        "\"emojis\":[],\"reblog\":null,\"poll\":null,\"card\":null,\"content\":",
	        (unsigned long long)n + 1000000, (unsigned)(n % 97), (unsigned long long)n,
	        (unsigned)(n % 97), (unsigned long long)n, 1 + (unsigned)(n / 1440 % 20),
	        (unsigned)(n / 60 % 24), (unsigned)(n % 60), (unsigned)(n % 97), (unsigned)(n % 97),
	        (unsigned)(n % 97), (unsigned)(n % 97), (unsigned)(n % 97), (unsigned)(n % 97),
	        (unsigned)n, (unsigned)n, (unsigned)n);
	json_quote(out, html.p);
	str_adds(out, "}");
	str_finish(&html);
}

/* What the engine does with an answer: parse, clean, fold, build. */
static struct page *fetch(const struct str *json)
{
	struct account account = {.id = 2,
	        .name = (char *)"b",
	        .network = (char *)"mastodon",
	        .host = (char *)"stoa.example",
	        .handle = (char *)"me@stoa.example",
	        .uri = (char *)""};
	struct source_ref ref = {.account = (char *)"b", .kind = SOURCE_HOME};
	struct fetch_state state = {0};
	struct call call = {.account = &account,
	        .token = "x",
	        .source = &ref,
	        .state = &state,
	        .now_ms = 1795000000000,
	        .out = page_new()};
	struct request req = {0};
	call.data = xcalloc(1, network_mastodon.call_size + 1);
	enum call_next next = network_mastodon.fetch(&call, NULL, &req);
	char *type = xstrdup("Content-Type: application/json");
	struct response answer = {.status = 200,
	        .headers = &type,
	        .nheaders = 1,
	        .body = json->p,
	        .body_len = json->len,
	        .url = req.url};
	if (next == CALL_SEND) next = network_mastodon.fetch(&call, &answer, &req);
	if (next == CALL_FAIL || call.out->nposts < PAGE) {
		fprintf(stderr, "page_bench: %s (%zu posts)\n", call.err.text, call.out->nposts);
		exit(1);
	}
	request_finish(&req);
	if (network_mastodon.call_finish) network_mastodon.call_finish(&call);
	free(call.data);
	free(type);
	fetch_state_finish(&state);
	return call.out;
}

static void report(struct share *share, const char *goal)
{
	qsort(share->us, ROUNDS, sizeof(double), by_value);
	printf("page %s p50 %.2f ms%s\n", share->name, share->us[ROUNDS / 2] / 1000, goal);
	printf("page %s p99 %.2f ms\n", share->name, share->us[ROUNDS - 1] / 1000);
}

int main(void)
{
	struct share engine = {.name = "engine-parse-clean-fold"},
	             store_share = {.name = "ui-store"}, draw = {.name = "ui-draw"};
	struct store *store = store_new(&clock_system);
	source_id source = store_source(store, "b/home");
	struct timeline *timeline = timeline_new(store);
	timeline_set_sources(timeline, &source, 1);
	for (uint64_t n = 0; n < OLD; n += 500) {
		struct page *page = synth_page(n, 500);
		page->source = source;
		store_add_page(store, page);
	}
	struct options options;
	options_init(&options);
	struct ui ui = {
	        .store = store, .theme = theme_new(), .options = &options, .clock = &clock_system};
	struct column_view view;
	column_view_init(&view, timeline);
	view.title = "Home";
	view.account = "b";
	struct grid grid;
	grid_init(&grid, ROWS, COLUMNS);
	for (int round = 0; round < ROUNDS; round++) {
		struct str json = {0};
		str_adds(&json, "[");
		for (int i = 0; i < PAGE; i++) {
			if (i) str_adds(&json, ",");
			status(&json, (uint64_t)(100000 + round * PAGE + PAGE - i));
		}
		str_adds(&json, "]");
		double t0 = cpu_us();
		struct page *page = fetch(&json);
		double t1 = cpu_us();
		page->source = source;
		store_add_page(store, page);
		while (!timeline_settle(timeline, clock_mono(&clock_system) + 1000)) {
		}
		double t2 = cpu_us();
		column_view_draw(&view, &ui, &grid, (struct rect){0, 0, ROWS, COLUMNS / 4});
		double t3 = cpu_us();
		engine.us[round] = t1 - t0;
		store_share.us[round] = t2 - t1;
		draw.us[round] = t3 - t2;
		str_finish(&json);
	}
	report(&engine, "");
	report(&store_share, "");
	report(&draw, " goal (store and draw together) 2, all stages 5");
	column_view_finish(&view);
	timeline_free(timeline);
	store_free(store);
	grid_finish(&grid);
	theme_free(ui.theme);
	arena_finish(&ui.scratch);
	options_finish(&options);
	return 0;
}
