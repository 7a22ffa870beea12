#include "demo/seed.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "demo/deeds.h"
#include "demo/kept.h"
#include "demo/relation.h"
#include "demo/texts.h"

enum { SEED_POSTS = 520, MAX_LINES = 128, TICKER = 4 };
static const int64_t minute_ms = 60000, seed_span_ms = (int64_t)4 * 24 * 3600 * 1000;

static size_t below(struct world *world, size_t n)
{
	return (size_t)random_below(&world->random, n);
}

/* --- who knows whom --- */

static void seed_follows(struct world *world)
{
	for (size_t i = 0; i < npeople; i++) {
		for (size_t j = 0; j < npeople; j++) {
			/* Ada and brecht follow everybody; the others some. */
			if (i != j && (i < 2 || below(world, 3) == 0))
				world->following[i] |= BIT(j);
		}
	}
}

/* Everybody who can sign in has a list of those who build, and follows their tag. */
static void seed_kept(struct world *world)
{
	enum { BRECHT = 1, WOUTER = 3, WIJKRAAD = 16 };
	for (size_t i = 0; i < npeople; i++) {
		if (!person_can_sign_in(world, i)) continue;
		struct kept_list *list = kept_add_list(world->kept, i, "Bouw");
		list->members = (BIT(BRECHT) | BIT(WOUTER) | BIT(WIJKRAAD)) & ~BIT(i);
		kept_add_name(world->kept, i, NAME_TAG, "bouw");
	}
}

/* Two knock at a closed door. */
static void seed_requests(struct world *world)
{
	enum { MINA = 2, JONAS = 7, PRIYA = 18 };
	relation_unfollow(world, JONAS, MINA);
	relation_unfollow(world, PRIYA, MINA);
	relation_follow(world, JONAS, MINA, true, false);
	relation_follow(world, PRIYA, MINA, true, false);
}

/* --- sentences --- */

static const struct stock *stock_of(const char *lang)
{
	for (size_t i = 0; i < nstocks; i++) {
		if (strcmp(stocks[i].lang, lang) == 0) return &stocks[i];
	}
	return &stocks[1];
}

static void make_sentence(struct world *world, char *out, size_t size, const char *lang)
{
	const struct stock *stock = stock_of(lang);
	const char *first = stock->first[below(world, STOCK_PARTS)];
	const char *middle = stock->middle[below(world, STOCK_PARTS)];
	bool tight = strcmp(lang, "ja") == 0 || strcmp(lang, "zh") == 0 || strcmp(lang, "th") == 0;
	const char *gap = tight ? "" : " ";
	snprintf(out, size, "%s%s%s%s%s", first, gap, middle, gap,
	        stock->last[below(world, STOCK_PARTS)]);
}

static size_t anybody(struct world *world)
{
	size_t person = 1 + below(world, npeople - 1); /* ada is who looks on */
	return person == TICKER ? 1 : person;
}

static struct status *make_headline(struct world *world)
{
	char text[200];
	size_t which = below(world, nheadlines);
	unsigned number = 1000 + world->live++, level = 80 + (unsigned)below(world, 90);
	const char *rest = strstr(headlines[which], "] ") + 2, *mark = strstr(rest, "%u");
	if (mark)
		snprintf(text, sizeof text, "[%u] %.*s%u%s", number, (int)(mark - rest), rest,
		        level, mark + 2);
	else
		snprintf(text, sizeof text, "[%u] %s", number, rest);
	return deed_draft(TICKER, text, "", "nl", SEEN_BY_ALL);
}

static struct status *make_post(struct world *world)
{
	char text[500];
	size_t author = anybody(world), dice = below(world, 100);
	const char *lang = people[author].lang;
	make_sentence(world, text, sizeof text, lang);
	struct status *draft = deed_draft(
	        author, text, dice < 4 ? "…" : "", lang, dice >= 96 ? SEEN_UNLISTED : SEEN_BY_ALL);
	if (dice >= 10 && dice < 18)
		draft->media[draft->nmedia++] = &pictures[below(world, npictures)];
	if (dice >= 18 && dice < 22) draft->card = &cards[below(world, ncards)];
	draft->app = dice & 1 ? "stoa" : "Web";
	draft->far_likes = (unsigned)below(world, 40);
	draft->far_reposts = (unsigned)below(world, 12);
	return draft;
}

static struct status *make_wanted(struct world *world)
{
	static const size_t authors[] = {1, 3, 7, 10, 16};
	struct status *draft = deed_draft(
	        authors[below(world, 5)], wanted[below(world, nwanted)], "", "nl", SEEN_BY_ALL);
	draft->far_reposts = (unsigned)below(world, 9);
	return draft;
}

static struct status *make_answer(struct world *world)
{
	size_t author;
	do {
		author = 3 + below(world, npeople - 3);
	} while (people[author].flags & PERSON_BOT);
	const char *text = answers[below(world, nanswers)];
	struct status *draft = deed_draft(author, text, "", people[author].lang, SEEN_BY_ALL);
	size_t whom = strncmp(text, "@ada", 4) == 0 ? 0 : 1;
	for (size_t i = world->nstatuses; i > 0 && !draft->parent; i--) {
		struct status *it = world->statuses[i - 1];
		if (it->author == whom && !it->reblog && !it->deleted &&
		        it->visibility == SEEN_BY_ALL)
			draft->parent = it;
	}
	return draft;
}

/* Something public and not too old that can be reposted or liked; by `author` if not -1. */
static struct status *recent(struct world *world, int author)
{
	size_t span = world->nstatuses < 200 ? world->nstatuses : 200;
	for (int tries = 0; tries < 100 && span; tries++) {
		struct status *it = world->statuses[world->nstatuses - 1 - below(world, span)];
		bool fits = author < 0 || (int)it->author == author;
		if (fits && !it->reblog && !it->deleted && it->visibility == SEEN_BY_ALL) return it;
	}
	return NULL;
}

/* --- the past --- */

static void seed_line(struct world *world, size_t which, struct status **made)
{
	const struct line *line = &lines[which];
	struct status *draft = deed_draft(line->author, line->text, line->warning,
	        people[line->author].lang, line->visibility);
	if (line->picture) draft->media[draft->nmedia++] = &pictures[line->picture - 1];
	if (line->card) draft->card = &cards[line->card - 1];
	if (line->answers) draft->parent = made[which - (size_t)line->answers];
	if (line->quotes) draft->quote = made[which - (size_t)line->quotes];
	size_t noptions = 0;
	while (noptions < 4 && line->options[noptions])
		noptions++;
	if (noptions) deed_poll(draft, line->options, noptions, world_now(world) + seed_span_ms);
	for (size_t i = 0; i < noptions; i++)
		draft->poll->votes[i] = (unsigned)below(world, 60);
	draft->far_likes = (unsigned)below(world, 90);
	draft->far_reposts = (unsigned)below(world, 30);
	deed_publish(world, draft);
	made[which] = draft;
}

static void seed_other(struct world *world)
{
	size_t dice = below(world, 100);
	struct status *old = dice < 24 ? recent(world, -1) : NULL;
	if (dice < 6 && old)
		deed_repost(world, TICKER, old, SEEN_BY_ALL);
	else if (dice < 18 && old)
		deed_repost(world, anybody(world), old, SEEN_BY_ALL);
	else if (dice < 22 && old)
		deed_like(world, 3 + below(world, npeople - 3), old);
	else if (dice < 36)
		deed_publish(world, make_headline(world));
	else if (dice < 41)
		deed_publish(world, make_wanted(world));
	else if (dice < 49)
		deed_publish(world, make_answer(world));
	else
		deed_publish(world, make_post(world));
}

void seed_world(struct world *world)
{
	struct status *made[MAX_LINES] = {NULL};
	bool fixed = world->fixed;
	int64_t fixed_ms = world->fixed_ms;
	assert(nlines <= MAX_LINES);
	world->start_ms = world_now(world);
	world->fixed = true; /* the clock of the past */
	seed_follows(world);
	seed_kept(world);
	/* The hand-written lines stand among the newest, so that a first look finds them. */
	size_t before = SEED_POSTS - 3 * nlines, next = 0;
	for (size_t i = 0; i < SEED_POSTS; i++) {
		int64_t left = (int64_t)(SEED_POSTS - i);
		int64_t at_ms = world->start_ms -
		                left * left * seed_span_ms / SEED_POSTS / SEED_POSTS -
		                (int64_t)below(world, (size_t)minute_ms) - minute_ms;
		if (world->nstatuses && at_ms <= world->statuses[world->nstatuses - 1]->created_ms)
			at_ms = world->statuses[world->nstatuses - 1]->created_ms + 1000;
		world->fixed_ms = at_ms;
		if (i >= before && (i - before) % 3 == 0 && next < nlines)
			seed_line(world, next++, made);
		else
			seed_other(world);
	}
	world->fixed = fixed;
	world->fixed_ms = fixed_ms;
	seed_requests(world);
}

/* --- the present --- */

static void edit_something(struct world *world)
{
	struct status *old = recent(world, -1);
	if (!old || old->edited_ms || strlen(old->text) > 300) return;
	char text[512];
	snprintf(text, sizeof text, "%s (bijgewerkt)", old->text);
	deed_edit(world, old, text, old->warning);
}

static void come_feed(struct world *world)
{
	if (world->nfeed_ms < WORLD_MAX_FEED_ITEMS)
		world->feed_ms[world->nfeed_ms++] = world_now(world);
}

void seed_live(struct world *world)
{
	size_t dice = below(world, 100);
	struct status *old = recent(world, dice < 74 ? -1 : 0);
	if (dice < 40)
		deed_publish(world, make_post(world));
	else if (dice < 50)
		deed_publish(world, make_headline(world));
	else if (dice < 58 && old)
		deed_repost(world, TICKER, old, SEEN_BY_ALL);
	else if (dice < 64 && old)
		deed_repost(world, anybody(world), old, SEEN_BY_ALL);
	else if (dice < 72)
		deed_publish(world, make_wanted(world));
	else if (dice < 74)
		edit_something(world);
	else if (dice < 86)
		deed_publish(world, make_answer(world));
	else if (dice < 93 && old)
		deed_like(world, 3 + below(world, npeople - 3), old);
	else
		come_feed(world);
	world->live++;
}

void seed_burst(struct world *world, uint64_t number)
{
	char sentence[400], text[500];
	size_t author = 2 + below(world, npeople - 2);
	make_sentence(world, sentence, sizeof sentence, people[author].lang);
	snprintf(text, sizeof text, "%s · %" PRIu64, sentence, number);
	deed_publish(world, deed_draft(author, text, "", people[author].lang, SEEN_BY_ALL));
}
