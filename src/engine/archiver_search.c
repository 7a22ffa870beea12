#include "engine/archiver_search.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "engine/message.h"
#include "model/source.h"
#include "query/query.h"

/* Posts that a portion looks at: some milliseconds. */
enum { PORTION = 500 };

struct archiver_search {
	source_id source;
	struct query *query;
	char *names; /* what those in it mean: archiver.h; NULL: nothing */
	struct archive_place place;
	size_t wanted; /* rows still to be sent; 0: nobody waits */
	size_t sent;   /* of those that were asked for */
	job_id job;    /* who waits; 0: the watch */
	bool began;
	char *account, *network; /* the account looked up last, and its network */
};

static void search_free(struct archiver_search *search)
{
	query_free(search->query);
	free(search->names);
	free(search->account);
	free(search->network);
	free(search);
}

void archiver_searches_finish(struct archiver_searches *searches)
{
	for (size_t i = 0; i < searches->n; i++)
		search_free(searches->all[i]);
	free(searches->all);
	*searches = (struct archiver_searches){0};
}

static void answer(struct archiver_search *search, const struct archiver_options *opts)
{
	struct archiver_answer *answer = xcalloc(1, sizeof(*answer));
	answer->source = search->source;
	answer->job = search->job;
	answer->rows = search->sent;
	search->wanted = search->sent = 0;
	opts->on_answer(opts->ctx, answer);
}

static void send_page(
        struct archiver_search *search, struct page *page, const struct archiver_options *opts)
{
	if (page->nentries == 0) {
		page_free(page);
		return;
	}
	page_sort(page);
	page->source = search->source;
	page->stored = true;
	struct event *event = event_new(EVENT_PAGE);
	event->source = search->source;
	event->page = page;
	opts->on_event(opts->ctx, event);
}

/* --- what is asked --- */

/* What a name means; owned, NULL: nothing. `kind` has its blank behind it. */
static char *meaning(const char *names, const char *kind, const char *name)
{
	size_t kind_len = strlen(kind), len = strlen(name);
	for (const char *line = names; line && *line;) {
		size_t end = strcspn(line, "\n");
		const char *key = line + kind_len;
		if (end > kind_len + len && strncmp(line, kind, kind_len) == 0 &&
		        strncmp(key, name, len) == 0 && key[len] == '\t')
			return xstrndup(key + len + 1, end - kind_len - len - 1);
		line += end + (line[end] == '\n');
	}
	return NULL;
}

struct saved_texts {
	const char *names;
	char *last; /* that was asked for */
};

static const char *saved_text(void *ctx, const char *name)
{
	struct saved_texts *saved = ctx;
	free(saved->last);
	return saved->last = meaning(saved->names, "saved ", name);
}

/* What the archive cannot know. */
enum { UNKNOWN = QUERY_NEEDS_UNREAD | QUERY_NEEDS_ATTENTION | QUERY_NEEDS_MUTED };

/* NULL: the name is none of a search of the archive, or the query is none, or asks what cannot be
 * known (the engine says so). */
static struct query *query_of(
        const char *name, const char *names, const struct archiver_options *opts)
{
	struct source_ref ref = {0};
	struct query *query = NULL;
	struct saved_texts saved = {.names = names};
	struct query_env env = {
	        .saved = saved_text, .ctx = &saved, .now_ms = clock_wall(opts->clock)};
	int col;
	if (!source_parse(name, &ref, NULL)) return NULL;
	if (source_is_archive(&ref)) query_parse_in(&env, ref.arg, false, &query, &col, NULL);
	source_ref_finish(&ref);
	free(saved.last);
	if (!query || !(query_needs(query) & UNKNOWN)) return query;
	query_free(query);
	return NULL;
}

/* Of the account by which a row came. */
static void add_network(void *ctx, struct query_row *row)
{
	struct archiver_search *search = ctx;
	if (!row->account) return;
	if (search->account && strcmp(search->account, row->account) != 0) {
		free(search->account);
		free(search->network);
		search->account = search->network = NULL;
	}
	if (!search->account) {
		search->account = xstrdup(row->account);
		search->network = strcmp(row->account, "feeds") == 0
		                          ? xstrdup("feed")
		                          : meaning(search->names, "network ", row->account);
	}
	row->network = search->network;
}

static struct archiver_search **find(struct archiver_searches *searches, source_id source)
{
	for (size_t i = 0; i < searches->n; i++) {
		if (searches->all[i]->source == source) return &searches->all[i];
	}
	return NULL;
}

/* Whoever waits hears of it. */
static void drop(struct archiver_searches *searches, struct archiver_search **place,
        const struct archiver_options *opts)
{
	struct archiver_search *search = *place;
	*place = searches->all[--searches->n];
	if (search->wanted > 0) answer(search, opts);
	search_free(search);
}

static struct archiver_search *add(
        struct archiver_searches *searches, source_id source, struct query *query)
{
	struct archiver_search *search = xcalloc(1, sizeof(*search));
	*search = (struct archiver_search){
	        .source = source, .query = query, .place = {.below = INT64_MAX}};
	searches->all =
	        mem_grow(searches->all, &searches->cap, searches->n + 1, sizeof(*searches->all));
	searches->all[searches->n++] = search;
	return search;
}

bool archiver_searches_take(struct archiver_searches *searches, const struct message *message,
        const struct archiver_options *opts)
{
	struct archiver_search **known = find(searches, message->source);
	struct archiver_search *search = known ? *known : NULL;
	if (message->kind == MESSAGE_UNWATCH || (message->kind == MESSAGE_WATCH && known)) {
		if (known) drop(searches, known, opts);
		search = NULL;
	}
	if (message->kind == MESSAGE_UNWATCH) return known != NULL;
	if (message->kind == MESSAGE_WATCH) {
		struct query *query = query_of(message->name, message->state, opts);
		if (!query) return false;
		search = add(searches, message->source, query);
		search->names = xstrdup(message->state);
	}
	if (!search) return false;
	if (search->wanted > 0) answer(search, opts);
	search->job = message->job;
	search->wanted = message->limit > 0 ? (size_t)message->limit : 1;
	return true;
}

/* --- what is found --- */

/* A post is one block without pointers. */
static void add_row(struct page *page, const struct post *post, const struct profile *author)
{
	struct post *copy = xmalloc(post->size);
	memcpy(copy, post, post->size);
	copy->author = author ? page_add_profile(page, author) : 0;
	struct entry entry = {.post = page_take_post(page, copy),
	        .reason = REASON_POSTED,
	        .sort_ms = post->created_ms};
	page_add_entry(page, &entry);
}

struct portion {
	struct page *page;
	size_t left;
};

static bool on_hit(void *ctx, const struct archive_hit *hit)
{
	struct portion *portion = ctx;
	add_row(portion->page, hit->post, hit->author);
	return --portion->left > 0;
}

static void say(const struct archiver_options *opts, char *text, enum err_code code)
{
	struct event *event = event_new(EVENT_NOTICE);
	event->text = text;
	event->err.code = code;
	log_put(LOG_WARN, "archive", "%s", text);
	opts->on_event(opts->ctx, event);
}

/* Why it takes longer than it should. */
static void say_index(struct archive *archive, const struct archiver_options *opts)
{
	struct str text = {0};
	int percent = 100;
	if (!archive_indexed(archive, &percent, NULL) || percent == 100) return;
	str_addf(&text,
	        "the archive's index is at %d %%: older posts are looked at one by one for now",
	        percent);
	say(opts, str_take(&text), ERR_NONE);
}

static void step(struct archiver_search *search, struct archive *archive,
        const struct archiver_options *opts)
{
	struct archive_asked asked = {.query = search->query,
	        .now_ms = clock_wall(opts->clock),
	        .complete = add_network,
	        .ctx = search};
	struct portion portion = {.page = page_new(), .left = search->wanted};
	struct err err = {0};
	if (!search->began) say_index(archive, opts);
	search->began = true;
	if (!archive_search(archive, &asked, &search->place, PORTION, on_hit, &portion, &err)) {
		say(opts, xstrdup(err.text), err.code);
		search->place.over = true;
	}
	search->sent += search->wanted - portion.left;
	search->wanted = portion.left;
	send_page(search, portion.page, opts);
	if (search->wanted == 0 || search->place.over) answer(search, opts);
}

bool archiver_searches_step(struct archiver_searches *searches, struct archive *archive,
        const struct archiver_options *opts)
{
	for (size_t i = 0; i < searches->n; i++) {
		size_t at = (searches->turn + i) % searches->n;
		struct archiver_search *search = searches->all[at];
		if (search->wanted == 0) continue;
		searches->turn = at + 1;
		if (archive && !search->place.over)
			step(search, archive, opts);
		else
			answer(search, opts);
		return true;
	}
	return false;
}

/* --- what comes in --- */

static const struct profile *profile_at(const struct page *page, uint32_t place)
{
	return place > 0 && place <= page->nprofiles ? page->profiles[place - 1] : NULL;
}

void archiver_searches_offer(struct archiver_searches *searches, const char *name,
        const struct page *page, const struct archiver_options *opts)
{
	struct source_ref ref = {0};
	if (searches->n == 0 || page->nentries == 0) return;
	source_parse(name, &ref, NULL);
	for (size_t i = 0; i < searches->n; i++) {
		struct page *found = page_new();
		for (size_t k = 0; k < page->nentries; k++) {
			const struct entry *entry = &page->entries[k];
			if (entry->post == 0 || entry->post > page->nposts) continue;
			const struct post *post = page->posts[entry->post - 1];
			struct query_row row = {.post = post,
			        .author = profile_at(page, post->author),
			        .actor = profile_at(page, entry->actor),
			        .reason = entry->reason,
			        .account = ref.account,
			        .source = name,
			        .attention = ATTENTION_NONE};
			add_network(searches->all[i], &row);
			if (query_match(searches->all[i]->query, &row, clock_wall(opts->clock)))
				add_row(found, post, row.author);
		}
		send_page(searches->all[i], found, opts);
	}
	source_ref_finish(&ref);
}
