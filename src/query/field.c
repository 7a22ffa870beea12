#include "field.h"

#include <string.h>

/* What each field means: one row a field. Adding one is adding a row, and its matcher. */

#define POST    QUERY_NEEDS_POST
#define AUTHOR  QUERY_NEEDS_AUTHOR
#define ORIGIN  QUERY_NEEDS_ORIGIN
#define COUNTS  QUERY_CHANGES_WITH_COUNTS
#define TIME    QUERY_CHANGES_WITH_TIME
#define ATOM(a) (ATOM_##a + 1)

enum { UNNAMED = 2 }; /* plain text and regular expressions */

/* --- whether a row tells; terms about the post of a notice do not match, which is known --- */

static bool no_text(const struct term *term, const struct query_row *row)
{
	(void)term;
	return row->post && row->untold & UNTOLD_TEXT;
}

static bool no_facets(const struct term *term, const struct query_row *row)
{
	(void)term;
	return row->post && row->untold & UNTOLD_FACETS;
}

static bool no_author(const struct term *term, const struct query_row *row)
{
	(void)term;
	return !row->author;
}

static bool no_bio(const struct term *term, const struct query_row *row)
{
	(void)term;
	return !row->author || !row->author->bio;
}

static bool no_count(const struct term *term, const struct query_row *row)
{
	return row->post && term->field->count(row) == COUNT_UNKNOWN;
}

static bool no_followers(const struct term *term, const struct query_row *row)
{
	return term->field->count(row) == COUNT_UNKNOWN;
}

static bool no_lang(const struct term *term, const struct query_row *row)
{
	(void)term;
	return row->post && post_len(row->post, POST_LANG) == 0;
}

static bool no_app(const struct term *term, const struct query_row *row)
{
	(void)term;
	return row->post && post_len(row->post, POST_APP) == 0;
}

static bool no_date(const struct term *term, const struct query_row *row)
{
	(void)term;
	return row->post && row->post->created_ms == 0;
}

static bool no_network(const struct term *term, const struct query_row *row)
{
	(void)term;
	return !row->network;
}

static bool no_account(const struct term *term, const struct query_row *row)
{
	(void)term;
	return !row->account && !row->sources;
}

static bool no_source(const struct term *term, const struct query_row *row)
{
	(void)term;
	return !row->source && !row->sources;
}

/* Whether it is to one of our accounts is told apart from the people that it names. */
static bool no_addressee(const struct term *term, const struct query_row *row)
{
	bool me = strcmp(term->text, "me") == 0;

	return row->post && row->untold & (me ? UNTOLD_TO_ME : UNTOLD_FACETS | UNTOLD_REPLY_NAME);
}

const struct field query_fields[] = {
        {.word = {"", "words anywhere in title, text, warning, poll and descriptions", "rust"},
                .kind = VALUE_TEXT,
                .holds = true,
                .needs = POST,
                .atom = ATOM(TEXT),
                .atom_decides = true,
                .match = match_text,
                .unknown = no_text},
        {.word = {"", "a regular expression in any of them", "/colou?r/"},
                .kind = VALUE_REGEX,
                .sigil = '/',
                .needs = POST,
                .atom = ATOM(TEXT),
                .match = match_regex,
                .unknown = no_text},
        {.word = {"account", "came by this account of ours", "account:work"},
                .kind = VALUE_PLAIN,
                .needs = ORIGIN,
                .match = match_account,
                .unknown = no_account},
        {.word = {"age", "how long ago it was published: <2h, >3d", "age:<2h"},
                .kind = VALUE_AGE,
                .needs = POST,
                .changes = TIME,
                .unknown = no_date},
        {.word = {"bio", "the author's description holds this text", "bio:carpenter"},
                .kind = VALUE_TEXT,
                .holds = true,
                .needs = AUTHOR,
                .match = match_bio,
                .unknown = no_bio},
        {.word = {"by", "put here by: who reposted or liked", "by:@bob"},
                .kind = VALUE_HANDLE,
                .needs = QUERY_NEEDS_ACTOR,
                .atom = ATOM(BY),
                .atom_decides = true,
                .match = match_by},
        {.word = {"followers", "how many follow the author: <100", "followers:<100"},
                .kind = VALUE_COUNT,
                .needs = AUTHOR,
                .changes = COUNTS,
                .count = count_followers,
                .unknown = no_followers},
        {.word = {"from", "written by: a handle, or its part before the @", "from:@ada"},
                .kind = VALUE_HANDLE,
                .sigil = '@',
                .needs = AUTHOR,
                .atom = ATOM(FROM),
                .atom_decides = true,
                .match = match_from,
                .unknown = no_author},
        {.word = {"has", "holds a thing", "has:image"}, .kind = VALUE_WORD, .words = has_words},
        {.word = {"is", "is of a kind, or in a state", "-is:repost"},
                .kind = VALUE_WORD,
                .words = is_words},
        {.word = {"lang", "language: nl also finds nl-BE", "lang:nl"},
                .kind = VALUE_PLAIN,
                .needs = POST,
                .match = match_lang,
                .unknown = no_lang},
        {.word = {"length", "number of characters of the text: >500", "length:>500"},
                .kind = VALUE_COUNT,
                .needs = POST,
                .count = count_length,
                .most = most_length,
                .unknown = no_text},
        {.word = {"likes", "number of likes: >10", "likes:>10"},
                .kind = VALUE_COUNT,
                .needs = POST,
                .changes = COUNTS,
                .count = count_likes,
                .unknown = no_count},
        {.word = {"link", "links to this host or one below it", "link:example.org"},
                .kind = VALUE_HOST,
                .needs = POST,
                .atom = ATOM(LINK),
                .atom_decides = true,
                .match = match_link,
                .unknown = no_facets},
        {.word = {"mentions", "number of people mentioned: >3", "mentions:>3"},
                .kind = VALUE_COUNT,
                .needs = POST,
                .count = count_mentions,
                .unknown = no_facets},
        {.word = {"name", "the author's name holds this text", "name:\"Ada L\""},
                .kind = VALUE_TEXT,
                .holds = true,
                .needs = AUTHOR,
                .match = match_name,
                .unknown = no_author},
        {.word = {"network", "mastodon, bluesky, feed", "network:bluesky"},
                .kind = VALUE_PLAIN,
                .needs = ORIGIN,
                .match = match_network,
                .unknown = no_network},
        {.word = {"quotes", "number of quotes: >0", "quotes:>0"},
                .kind = VALUE_COUNT,
                .needs = POST,
                .changes = COUNTS,
                .count = count_quotes,
                .unknown = no_count},
        {.word = {"replies", "number of replies: 0", "replies:0"},
                .kind = VALUE_COUNT,
                .needs = POST,
                .changes = COUNTS,
                .count = count_replies,
                .unknown = no_count},
        {.word = {"reposts", "number of reposts: >=5", "reposts:>=5"},
                .kind = VALUE_COUNT,
                .needs = POST,
                .changes = COUNTS,
                .count = count_reposts,
                .unknown = no_count},
        {.word = {"saved", "what the saved query of this name matches", "saved:work"},
                .kind = VALUE_SAVED},
        {.word = {"since", "published then or later: a day, a time, yesterday", "since:yesterday"},
                .kind = VALUE_SINCE,
                .needs = POST,
                .changes = TIME,
                .unknown = no_date},
        {.word = {"source", "came by this source", "source:work/home"},
                .kind = VALUE_PLAIN,
                .needs = ORIGIN,
                .match = match_source,
                .unknown = no_source},
        {.word = {"tag", "has this tag; #c is the same", "tag:c"},
                .kind = VALUE_TEXT,
                .sigil = '#',
                .needs = POST,
                .atom = ATOM(TAG),
                .atom_decides = true,
                .match = match_tag,
                .unknown = no_facets},
        {.word = {"tags", "number of tags: >5", "tags:>5"},
                .kind = VALUE_COUNT,
                .needs = POST,
                .count = count_tags,
                .unknown = no_facets},
        {.word = {"thread", "the post with this URI and what belongs to its thread",
                 "thread:\"https://example.org/1\""},
                .kind = VALUE_EXACT,
                .needs = POST,
                .atom = ATOM(THREAD),
                .atom_decides = true,
                .match = match_thread},
        {.word = {"to", "addressed to: me, or a handle", "to:me"},
                .kind = VALUE_HANDLE,
                .needs = POST,
                .changes = QUERY_CHANGES_WITH_VIEWER,
                .match = match_to,
                .unknown = no_addressee},
        {.word = {"until", "published before then: before that day begins",
                 "until:\"last friday\""},
                .kind = VALUE_UNTIL,
                .needs = POST,
                .changes = TIME,
                .unknown = no_date},
        {.word = {"url", "a link holds this text", "url:\"/blog/\""},
                .kind = VALUE_TEXT,
                .holds = true,
                .needs = POST,
                .match = match_url,
                .unknown = no_facets},
        {.word = {"via", "written with this program", "via:deck"},
                .kind = VALUE_TEXT,
                .holds = true,
                .needs = POST,
                .match = match_via,
                .unknown = no_app},
        {.word = {"visibility", "who may see it", "visibility:direct"},
                .kind = VALUE_WORD,
                .words = visibility_words},
        {.word = {"word", "this word or phrase, whole: not as a part of words", "word:cat"},
                .kind = VALUE_TEXT,
                .needs = POST,
                .atom = ATOM(TEXT),
                .match = match_word,
                .unknown = no_text},
        {.word = {NULL, NULL, NULL}},
};

const struct query_word *query_field(size_t i)
{
	size_t n = sizeof query_fields / sizeof *query_fields - 1 - UNNAMED;

	return i < n ? &query_fields[i + UNNAMED].word : NULL;
}

const struct query_word *query_field_value(const char *field, size_t i)
{
	for (const struct field *row = query_fields; row->word.name; row++) {
		if (strcmp(row->word.name, field) != 0 || !row->words) continue;
		for (const struct word_row *word = row->words; word->word.name; word++) {
			if (i-- == 0) return &word->word;
		}
	}
	return NULL;
}
