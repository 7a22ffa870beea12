#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "demo/content.h"
#include "demo/entity.h"
#include "demo/handlers.h"
#include "demo/kept.h"
#include "demo/page.h"
#include "demo/put.h"
#include "demo/roster.h"

/* Tags, and what is said most at the moment: counted from what there is (fact sheet 7). */

enum { MAX_TALLIES = 256, DAYS = 7 };
static const int64_t day_ms = INT64_C(24) * 3600 * 1000;

/* Uses of something in the last days; day 0 is today. */
struct tally {
	char *name; /* of a tag */
	const struct card *card;
	unsigned uses[DAYS];
	uint64_t people[DAYS];
	unsigned all;
};

static struct tally *tally_of(
        struct tally *tallies, size_t *n, const char *name, const struct card *card)
{
	for (size_t i = 0; i < *n; i++) {
		if (card ? tallies[i].card == card
		         : tallies[i].name && strcmp(tallies[i].name, name) == 0)
			return &tallies[i];
	}
	if (*n == MAX_TALLIES) return NULL;
	tallies[*n] = (struct tally){.name = card ? NULL : xstrdup(name), .card = card};
	return &tallies[(*n)++];
}

static void tally_add(struct tally *tally, const struct status *status, int64_t now)
{
	int64_t day = now / day_ms - status->created_ms / day_ms;
	if (!tally || day < 0 || day >= DAYS) return;
	tally->uses[day]++;
	tally->people[day] |= BIT(status->author);
	tally->all++;
}

static char *tag_name(const char *p, size_t len)
{
	char *name = xstrndup(p, len);
	for (char *c = name; *c; c++) {
		if (*c >= 'A' && *c <= 'Z') *c = (char)(*c + 32);
	}
	return name;
}

static void count_tags(const struct exchange *x, struct tally *tallies, size_t *n)
{
	int64_t now = world_now(x->world);
	for (size_t i = 0; i < x->world->nstatuses; i++) {
		const struct status *status = x->world->statuses[i];
		struct piece piece;
		if (status->deleted || status->reblog || status->visibility != SEEN_BY_ALL)
			continue;
		for (const char *at = status->text; content_next(&at, &piece);) {
			if (piece.kind != PIECE_TAG) continue;
			char *name = tag_name(piece.p + 1, piece.len - 1);
			tally_add(tally_of(tallies, n, name, NULL), status, now);
			free(name);
		}
	}
}

static void count_links(const struct exchange *x, struct tally *tallies, size_t *n)
{
	for (size_t i = 0; i < x->world->nstatuses; i++) {
		const struct status *status = x->world->statuses[i];
		if (status->deleted || !status->card || status->visibility != SEEN_BY_ALL) continue;
		tally_add(tally_of(tallies, n, NULL, status->card), status, world_now(x->world));
	}
}

static int by_use(const void *a, const void *b)
{
	const struct tally *left = a, *right = b;
	if (left->all != right->all) return left->all < right->all ? 1 : -1;
	return left->name && right->name ? strcmp(left->name, right->name) : 0;
}

static void tallies_finish(struct tally *tallies, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(tallies[i].name);
	free(tallies);
}

/* Numbers of days and uses are strings there. */
static void put_history(struct exchange *x, const struct tally *tally)
{
	int64_t today = world_now(x->world) / day_ms;
	put_open(&x->body, "history", '[');
	for (int day = 0; day < DAYS; day++) {
		put_open(&x->body, NULL, '{');
		put_strf(&x->body, "day", "%lld", (long long)((today - day) * day_ms / 1000));
		put_strf(&x->body, "accounts", "%u", people_count(tally->people[day]));
		put_strf(&x->body, "uses", "%u", tally->uses[day]);
		put_close(&x->body, '}');
	}
	put_close(&x->body, ']');
}

/* Tags have no table of their own: an id that follows from the name. */
static uint64_t tag_id(const char *name)
{
	uint64_t id = 5381;
	for (; *name; name++)
		id = (id * 33 + (unsigned char)*name) % UINT64_C(1000000007);
	return id + 1;
}

static void put_tag(struct exchange *x, const struct tally *tally)
{
	struct str url = {0};
	content_tag_url(&url, tally->name, strlen(tally->name));
	put_open(&x->body, NULL, '{');
	entity_id(&x->body, "id", x->world, tag_id(tally->name));
	put_str(&x->body, "name", tally->name);
	put_str(&x->body, "url", str_c(&url));
	put_history(x, tally);
	if (x->user >= 0) {
		put_bool(&x->body, "following",
		        kept_find_name(x->world->kept, (size_t)x->user, NAME_TAG, tally->name) !=
		                NULL);
		put_bool(&x->body, "featuring", false);
	}
	put_close(&x->body, '}');
	str_finish(&url);
}

/* One tag by its name, used or not. */
static void put_tag_named(struct exchange *x, const char *name)
{
	struct tally *tallies = xcalloc(MAX_TALLIES, sizeof *tallies);
	size_t n = 0;
	struct tally unused = {.name = tag_name(name, strlen(name))}, *tally = &unused;
	count_tags(x, tallies, &n);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(tallies[i].name, unused.name) == 0) tally = &tallies[i];
	}
	put_tag(x, tally);
	free(unused.name);
	tallies_finish(tallies, n);
}

void tags_show(struct exchange *x)
{
	put_tag_named(x, x->args[0]);
}

void tags_follow(struct exchange *x)
{
	char *name = tag_name(x->args[0], strlen(x->args[0]));
	bool fits = kept_add_name(x->world->kept, (size_t)x->user, NAME_TAG, name);
	exchange_accept(x, "follow tag", 0);
	if (fits)
		put_tag_named(x, name);
	else
		exchange_error(x, 422, "Validation failed: Too many tags");
	free(name);
}

void tags_unfollow(struct exchange *x)
{
	char *name = tag_name(x->args[0], strlen(x->args[0]));
	struct kept_name *followed =
	        kept_find_name(x->world->kept, (size_t)x->user, NAME_TAG, name);
	if (followed) kept_drop_name(x->world->kept, followed);
	exchange_accept(x, "unfollow tag", 0);
	put_tag_named(x, name);
	free(name);
}

static bool is_followed(const struct exchange *x, size_t i)
{
	const struct kept_name *name = &x->world->kept->names[i];
	return name->owner == (size_t)x->user && name->kind == NAME_TAG;
}

static void put_followed(struct exchange *x, size_t i)
{
	put_tag_named(x, x->world->kept->names[i].name);
}

void tags_followed(struct exchange *x)
{
	struct listing listing = {
	        x->world->kept->nnames, roster_cursor, is_followed, put_followed, "since_id"};
	page_serve(x, &listing, 100, 200);
}

/* --- search and trends --- */

void tags_put_found(struct exchange *x, const char *words, size_t limit)
{
	struct tally *tallies = xcalloc(MAX_TALLIES, sizeof *tallies);
	size_t n = 0;
	if (*words == '#') words++;
	count_tags(x, tallies, &n);
	qsort(tallies, n, sizeof *tallies, by_use);
	for (size_t i = 0, shown = 0; *words && i < n && shown < limit; i++) {
		if (strncmp(tallies[i].name, words, strlen(words)) != 0) continue;
		put_tag(x, &tallies[i]);
		shown++;
	}
	tallies_finish(tallies, n);
}

static void put_link(struct exchange *x, const struct tally *tally)
{
	entity_card(&x->body, NULL, tally->card);
	str_cut(&x->body, x->body.len - 1);
	put_history(x, tally);
	put_close(&x->body, '}');
}

static void serve_trends(struct exchange *x,
        void (*count)(const struct exchange *, struct tally *, size_t *),
        void (*put)(struct exchange *, const struct tally *))
{
	struct tally *tallies = xcalloc(MAX_TALLIES, sizeof *tallies);
	size_t n = 0, limit = page_limit(x, 10, 20), skip = (size_t)params_id(&x->params, "offset");
	count(x, tallies, &n);
	if (n) qsort(tallies, n, sizeof *tallies, by_use);
	put_open(&x->body, NULL, '[');
	for (size_t i = skip; i < n && i - skip < limit; i++)
		put(x, &tallies[i]);
	put_close(&x->body, ']');
	tallies_finish(tallies, n);
}

void trends_tags(struct exchange *x)
{
	serve_trends(x, count_tags, put_tag);
}

void trends_links(struct exchange *x)
{
	serve_trends(x, count_links, put_link);
}

static unsigned weight(const struct status *status)
{
	return status->far_likes + status->far_reposts + people_count(status->liked) +
	       people_count(status->reposted);
}

static int by_weight(const void *a, const void *b)
{
	const struct status *left = *(const struct status *const *)a;
	const struct status *right = *(const struct status *const *)b;
	unsigned l = weight(left), r = weight(right);
	if (l != r) return l < r ? 1 : -1;
	return left->id < right->id ? 1 : -1;
}

void trends_statuses(struct exchange *x)
{
	const struct world *world = x->world;
	const struct status **rows = xcalloc(world->nstatuses + 1, sizeof *rows);
	size_t n = 0, limit = page_limit(x, 20, 40), skip = (size_t)params_id(&x->params, "offset");
	for (size_t i = 0; i < world->nstatuses; i++) {
		const struct status *status = world->statuses[i];
		if (!status->deleted && !status->reblog && status->visibility == SEEN_BY_ALL)
			rows[n++] = status;
	}
	qsort(rows, n, sizeof *rows, by_weight);
	put_open(&x->body, NULL, '[');
	for (size_t i = skip; i < n && i - skip < limit; i++)
		entity_status(&x->body, NULL, world, rows[i], x->user);
	put_close(&x->body, ']');
	free(rows);
}
