#include "random_query.h"

#include <stdbool.h>
#include <string.h>

#include "random_post.h"

static const char *const fixed[] = {"has:media", "has:image", "has:video", "has:audio", "has:link",
        "has:poll", "has:warning", "has:quote", "has:alt", "has:noalt", "is:repost", "is:reply",
        "is:quote", "is:own", "is:unread", "is:waiting", "is:later", "is:answered", "is:done",
        "is:liked", "is:reposted", "is:bookmarked", "is:bot", "is:sensitive", "is:edited",
        "is:mention", "is:muted", "visibility:public", "visibility:unlisted",
        "visibility:followers", "visibility:direct", "lang:nl", "lang:EN", "lang:nl-be", "via:deck",
        "via:bot", "to:me", "to:bob", "to:ada@b.example", "network:mastodon", "network:feed",
        "account:work", "account:feeds", "source:work/home", "source:feeds/feed:x", "name:ada",
        "name:\"ada a\"", "bio:hilversum", "bio:\"and c\"", "by:bob", "by:@Ada", "url:blog",
        "url:\"/posts\"", "link:example.org", "link:cat.example", "link:posts.example", "age:<1d",
        "age:>3d", "age:<=36h", "age:>=90m", "since:2026-11-14", "until:\"2026-11-15 12:00\"",
        "since:yesterday", "until:\"last friday\"", "since:\"36h ago\"", "saved:one", "saved:two",
        "saved:\"the third\"", "thread:https://posts.example/3", "thread:https://posts.example/1",
        "/ru.t/", "/c[ao]t\\b/", "/(cat|go)s?$/", "/cr.me/", "/rust\\b/", "/(a|\\b)crypto?/",
        "/a b|c d/", "/\\/|\"|\\(/", "\"OR\"", "\"-x\"", "\"a\\\"b\"", "\"c\\\\d\"", "\"/x\"",
        "\"from:x\""};

enum { FIXED = sizeof fixed / sizeof *fixed };

static unsigned below(struct random *random, unsigned n)
{
	return (unsigned)random_below(random, n);
}

/* In quotes where it would not be read as one plain word. */
static void add_value(struct str *out, const char *value)
{
	bool quote = strpbrk(value, " \t\n()\"") || strchr("-#@/", value[0]);

	if (quote) str_addc(out, '"');
	for (const char *p = value; *p; p++) {
		if (quote && (*p == '"' || *p == '\\')) str_addc(out, '\\');
		str_addc(out, *p);
	}
	if (quote) str_addc(out, '"');
}

static void add_words(struct str *out, struct random *random)
{
	const char *word = random_words[below(random, RANDOM_WORDS)];
	struct str value = {0};
	size_t len = strlen(word);

	str_adds(&value, word);
	if (below(random, 4) == 0) {
		str_addf(&value, " %s", random_words[below(random, RANDOM_WORDS)]);
	} else if (below(random, 4) == 0 && (word[1] & 0x80) == 0 && len > 2) {
		str_cut(&value, 2 - ((unsigned char)word[0] >= 0x80));
	}
	if (value.len == 0 || (unsigned char)value.p[value.len - 1] >= 0xc0) {
		str_clear(&value);
		str_adds(&value, word);
	}
	add_value(out, str_c(&value));
	str_finish(&value);
}

static void add_count(struct str *out, struct random *random)
{
	static const char *const fields[] = {
	        "likes", "reposts", "replies", "quotes", "followers", "tags", "mentions", "length"};
	static const char *const signs[] = {"", "=", "<", "<=", ">", ">="};
	static const unsigned numbers[] = {0, 1, 2, 3, 10, 11, 100};

	str_addf(out, "%s:%s%u", fields[below(random, 8)], signs[below(random, 6)],
	        numbers[below(random, 7)]);
}

void random_term(struct str *out, struct random *random)
{
	switch (below(random, 8)) {
	case 0:
	case 1:
	case 2:
		add_words(out, random);
		return;
	case 3:
		add_count(out, random);
		return;
	case 4:
		str_addf(out, "word:");
		add_words(out, random);
		return;
	case 5:
		str_adds(out, below(random, 2) ? "from:" : "@");
		str_adds(out, random_people[below(random, RANDOM_PEOPLE)].handle);
		return;
	case 6:
		str_addf(out, "#%s", random_tags[below(random, RANDOM_TAGS)]);
		return;
	default:
		str_adds(out, fixed[below(random, FIXED)]);
	}
}

void random_query(struct str *out, struct random *random, int depth)
{
	if (depth <= 0 || below(random, 3) == 0) {
		if (below(random, 5) == 0) str_addc(out, '-');
		random_term(out, random);
		return;
	}
	str_adds(out, below(random, 4) == 0 ? "-(" : "(");
	for (unsigned i = 0, n = 1 + below(random, 3); i < n; i++) {
		if (i > 0) str_adds(out, below(random, 2) ? " OR " : " ");
		random_query(out, random, depth - 1);
	}
	str_addc(out, ')');
}

void random_garbage(struct str *out, struct random *random)
{
	static const char *const pieces[] = {"(", ")", "\"", "-", "OR", " ", " ", "/", "\\", ":",
	        "#", "@", "has:", "saved:", "likes:>", "age:<", "since:", "word:", "from:", "\n",
	        "[", "*", "a{2", "é", "\xff", "\u200b", "99999999999", "(?", "x"};

	for (unsigned n = below(random, 12); n > 0; n--) {
		if (below(random, 3) == 0) {
			random_term(out, random);
		} else {
			str_adds(out, pieces[below(random, sizeof pieces / sizeof *pieces)]);
		}
	}
}

const char *random_query_saved(void *ctx, const char *name)
{
	(void)ctx;
	if (strcmp(name, "one") == 0) return "rust OR is:unread";
	if (strcmp(name, "two") == 0) return "saved:one -cat";
	if (strcmp(name, "the third") == 0) return "";
	return NULL;
}
