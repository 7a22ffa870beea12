#include "random_post.h"

#include <stdio.h>

const char *const random_words[RANDOM_WORDS] = {"rust", "Rusty", "RUST", "crème", "creme\u0301",
        "brûlée", "cat", "cats", "concat", "cry\u200bpto", "crypto", "Straße", "STRASSE", "İzmir",
        "naïve", "über", "tag", "go", "c", "async", "猫が好き", "кот", "который", "#c", "cat™",
        "don't", "a-b", "x_y"};

#define PERSON(handle_, name_, bio_, followers_, bot_)                                             \
	{                                                                                          \
		.uri = "https://people.example/" handle_, .handle = handle_, .name = name_,        \
		.bio = bio_, .followers = followers_, .bot = bot_                                  \
	}

const struct profile random_people[RANDOM_PEOPLE] = {
        PERSON("ada@a.example", "Ada Ångström", "Carpenter in Hilversum", 10, false),
        PERSON("Ada@b.example", "Another Ada", "", 100, false),
        PERSON("bob@b.example", "Bob", "Rust and cats", 1000, false),
        PERSON("carol.example.org", "Carol", NULL, -1, false),
        PERSON("news@bot.example", "Nyheter", "bot", 100000, true),
        PERSON("dave@a.example", "", "naïve", 0, false),
        PERSON("ÉVE@a.example", "Ève", NULL, 7, false),
        PERSON("feed.example.org", "A Feed", "", -1, false),
};

const char *const random_tags[RANDOM_TAGS] = {"c", "Rust", "Brûlée", "catsofmastodon"};
const char *const random_hosts[RANDOM_HOSTS] = {
        "example.org", "www.example.org", "news.example", "Cat.Example"};

void random_post_uri(char out[64], unsigned n)
{
	snprintf(out, 64, "https://posts.example/%u", n);
}

static bool one_in(struct random *random, unsigned n)
{
	return random_below(random, n) == 0;
}

static const char *word(struct random *random)
{
	return random_words[random_below(random, RANDOM_WORDS)];
}

static void add_facet(
        struct random_post *post, enum facet_kind kind, const char *shown, const char *target)
{
	struct facet *facet = &post->facets[post->parts.nfacets++];
	size_t start = post->body.len;

	str_adds(&post->body, shown);
	*facet = (struct facet){kind, (uint32_t)start, (uint32_t)post->body.len, target};
}

static void add_piece(struct random_post *post, struct random *random)
{
	size_t n = post->parts.nfacets;
	const struct profile *person = &random_people[random_below(random, RANDOM_PEOPLE)];
	const char *tag = random_tags[random_below(random, RANDOM_TAGS)];
	const char *host = random_hosts[random_below(random, RANDOM_HOSTS)];
	uint64_t which = n < 8 ? random_below(random, 16) : 0;

	if (which == 13) {
		snprintf(post->targets[n], sizeof post->targets[n], "#%s", tag);
		add_facet(post, FACET_TAG, post->targets[n], tag);
	} else if (which == 14) {
		snprintf(post->targets[n], sizeof post->targets[n], "@%.40s", person->handle);
		add_facet(post, FACET_MENTION, post->targets[n], person->uri);
	} else if (which == 15) {
		snprintf(post->targets[n], sizeof post->targets[n], "https://%s/%s", host, "blog");
		add_facet(post, FACET_LINK, "link", post->targets[n]);
	} else {
		str_adds(&post->body, word(random));
	}
}

static void make_body(struct random_post *post, struct random *random)
{
	static const char *const between[] = {" ", " ", " ", ". ", "\n", ", ", " \u00a0", ""};

	str_clear(&post->body);
	for (uint64_t n = random_below(random, 14); n > 0; n--) {
		add_piece(post, random);
		str_adds(&post->body, between[random_below(random, 8)]);
	}
	post->parts.str[POST_BODY] = str_c(&post->body);
	post->parts.facets = post->facets;
}

static void make_poll(struct random_post *post, struct random *random)
{
	str_clear(&post->poll);
	if (!one_in(random, 6)) return;
	str_addf(&post->poll, "3\t%s\n", word(random));
	str_addf(&post->poll, "-1\t%s", word(random));
	post->parts.str[POST_POLL] = str_c(&post->poll);
}

static void make_media(struct random_post *post, struct random *random)
{
	post->parts.media = post->media;
	while (post->parts.nmedia < 3 && one_in(random, 3)) {
		post->media[post->parts.nmedia++] =
		        (struct media){.kind = (enum media_kind)random_below(random, MEDIA_NKINDS),
		                .url = "https://media.example/1",
		                .alt = one_in(random, 2) ? word(random) : NULL};
	}
}

static void make_viewers(struct random_post *post, struct random *random, unsigned n)
{
	post->parts.viewers = post->viewers;
	for (unsigned i = 0; i < RANDOM_ACCOUNTS; i++) {
		unsigned flags = 0;

		if (!one_in(random, 2)) continue;
		for (unsigned bit = 0; bit <= 8; bit++) {
			if (one_in(random, 6)) flags |= 1u << bit;
		}
		snprintf(post->remote_ids[i], sizeof post->remote_ids[i], "%u-%u", i + 1, n);
		post->viewers[post->parts.nviewers++] =
		        (struct viewer){i + 1, flags, post->remote_ids[i]};
	}
}

static uint32_t count(struct random *random)
{
	static const uint32_t counts[] = {0, 0, 1, 3, 5, 10, 11, 200, POST_UNKNOWN};

	return counts[random_below(random, sizeof counts / sizeof *counts)];
}

static const char *one_of(struct random *random, const char *const *list, size_t n)
{
	return list[random_below(random, n)];
}

static void make_names(struct random_post *post, struct random *random, unsigned n)
{
	static const char *const langs[] = {"", "en", "nl", "nl-BE", "de"};
	static const char *const apps[] = {"", "", "Stoa Deck", "Bot™ 3"};
	struct post_parts *parts = &post->parts;

	random_post_uri(post->uri, n);
	parts->str[POST_URI] = post->uri;
	parts->str[POST_LANG] = one_of(random, langs, 5);
	parts->str[POST_APP] = one_of(random, apps, 4);
	if (one_in(random, 4)) parts->str[POST_WARNING] = word(random);
	if (one_in(random, 6)) parts->str[POST_TITLE] = word(random);
	if (one_in(random, 8)) parts->str[POST_CARD_URL] = "https://user@news.example:80/";
	if (n > 0 && one_in(random, 4)) {
		random_post_uri(post->reply_to, (unsigned)random_below(random, n));
		random_post_uri(post->thread, (unsigned)random_below(random, n));
		parts->str[POST_REPLY_TO] = post->reply_to;
		parts->str[POST_THREAD] = post->thread;
		parts->str[POST_REPLY_NAME] = random_people[random_below(random, 3)].handle;
	}
	if (n > 0 && one_in(random, 6)) {
		random_post_uri(post->quote_of, (unsigned)random_below(random, n));
		parts->str[POST_QUOTE_OF] = post->quote_of;
	}
}

void random_post_make(struct random_post *out, struct random *random, unsigned n)
{
	struct post_parts *parts = &out->parts;
	int64_t day = 24 * 3600 * (int64_t)1000;

	*parts = (struct post_parts){0};
	out->author = random_below(random, RANDOM_PEOPLE);
	make_names(out, random, n);
	make_body(out, random);
	make_poll(out, random);
	make_media(out, random);
	make_viewers(out, random, n);
	parts->created_ms =
	        RANDOM_POST_MS - (int64_t)random_below(random, (uint64_t)(RANDOM_POST_DAYS * day));
	if (one_in(random, 5)) parts->edited_ms = parts->created_ms + 60000;
	parts->seen_ms = RANDOM_POST_MS;
	parts->replies = count(random);
	parts->reposts = count(random);
	parts->likes = count(random);
	parts->quotes = count(random);
	parts->visibility = (enum visibility)random_below(random, VIS_COUNT);
	parts->flags = one_in(random, 4) ? POST_IS_SENSITIVE : 0;
}

void random_post_finish(struct random_post *post)
{
	str_finish(&post->body);
	str_finish(&post->poll);
}
