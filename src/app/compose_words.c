#include <stdlib.h>
#include <string.h>

#include "app/ask.h"
#include "base/fold.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "composing.h"
#include "inside.h"
#include "model/items.h"
#include "model/post.h"
#include "model/profile.h"
#include "shortcodes.h"

/*
 * Completions while one writes: @people and #tags of what the deck shows, newest first,
 * :emoji: by their names. They come by themselves and change nothing until Tab is pressed.
 */

enum { MAX_WORDS = 40, MAX_ROWS = 20000, MIN_TYPED = 2, MAX_TYPED = 64, ASK_MS = 300 };

void words_clear(struct app *app, struct composer *composer)
{
	struct compose_words *words = &composer->words;
	app_ask_no_more(app, words->asked);
	for (size_t i = 0; i < words->n; i++)
		free(words->words[i]);
	free(words->words);
	free(words->typed);
	*words = (struct compose_words){.chosen = -1};
	app->dirty = true;
}

void words_put(struct compose_words *words, const char *word)
{
	if (words->n >= MAX_WORDS) return;
	for (size_t i = 0; i < words->n; i++) {
		if (strcmp(words->words[i], word) == 0) return;
	}
	words->words = mem_grow(words->words, &words->cap, words->n + 1, sizeof(*words->words));
	words->words[words->n++] = xstrdup(word);
}

/* -- where it looks -- */

struct look {
	struct app *app;
	struct compose_words *words;
	char mark;                     /* '@', '#' or ':' */
	struct str typed;              /* without the mark, folded */
	const struct account *account; /* who posts it first, or NULL */
};

static bool begins(const struct look *look, const char *word)
{
	struct str folded = {0};
	fold_add(&folded, word, strlen(word));
	bool ok = folded.len >= look->typed.len &&
	          memcmp(str_c(&folded), str_c(&look->typed), look->typed.len) == 0;
	str_finish(&folded);
	return ok;
}

static void look_at_profile(struct look *look, profile_id id)
{
	const struct profile *profile = store_profile(look->app->store, id);
	struct str word = {0};
	if (!profile || !strchr(profile->handle, '.')) return;
	/* A handle with a host is of the fediverse, one without of Bluesky. */
	bool hosted = strchr(profile->handle, '@') != NULL;
	bool bluesky = look->account && strcmp(look->account->network, "bluesky") == 0;
	if (hosted == bluesky) return;
	if (!begins(look, profile->handle) && !begins(look, profile->name)) return;
	str_addf(&word, "@%s", profile->handle);
	words_put(look->words, word.p);
	str_finish(&word);
}

static void look_at_tags(struct look *look, const struct post *post)
{
	struct str word = {0};
	for (size_t i = 0; i < post->nfacets; i++) {
		struct facet facet = post_facet(post, i);
		if (facet.kind != FACET_TAG || !facet.target || !begins(look, facet.target))
			continue;
		str_clear(&word);
		str_addf(&word, "#%s", facet.target);
		words_put(look->words, word.p);
	}
	str_finish(&word);
}

static void look_at_column(struct look *look, const struct column *column, size_t *left)
{
	size_t n = timeline_len(column->timeline);
	for (size_t i = 0; i < n && *left && look->words->n < MAX_WORDS; i++, --*left) {
		struct row row = timeline_at(column->timeline, i);
		const struct post *post = store_post(look->app->store, row.post);
		if (look->mark == '#' && post) look_at_tags(look, post);
		if (look->mark != '@') continue;
		if (post) look_at_profile(look, post->author);
		if (row.actor) look_at_profile(look, row.actor);
	}
}

static void look_at_deck(struct look *look)
{
	const struct app *app = look->app;
	size_t left = MAX_ROWS;
	if (app->above) look_at_column(look, app->above, &left);
	if (app->focus < app->ncolumns) look_at_column(look, app->columns[app->focus], &left);
	for (size_t i = 0; i < app->ncolumns; i++)
		look_at_column(look, app->columns[i], &left);
}

static void look_at_emoji(struct look *look)
{
	struct str word = {0};
	for (size_t i = 0; shortcodes[i].name; i++) {
		if (!begins(look, shortcodes[i].name)) continue;
		str_clear(&word);
		str_addf(&word, "%s :%s:", shortcodes[i].emoji, shortcodes[i].name);
		words_put(look->words, word.p);
	}
	const char *own;
	for (size_t i = 0; look->account && (own = lore_emoji(look->app, look->account, i)); i++) {
		if (!begins(look, own)) continue;
		str_clear(&word);
		str_addf(&word, ":%s:", own);
		words_put(look->words, word.p);
	}
	str_finish(&word);
}

/* -- the word at the cursor -- */

/* Does a word of this kind go on with this byte? */
static bool goes_on(unsigned char c)
{
	return c >= 0x80 || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
	       strchr("_-.+@", c) != NULL;
}

/* Where the word that is being typed begins with a mark; false: it is none of ours. */
static bool word_at(const struct text_edit *edit, size_t *out_at)
{
	const char *p = str_c(&edit->text);
	size_t at = edit->cursor, end = edit->cursor;
	while (at > 0 && end - at < MAX_TYPED && p[at - 1] && goes_on((unsigned char)p[at - 1]))
		at--;
	/* "@ada@sea": the first @ is the word's own. */
	if (at > 0 && (p[at - 1] == '#' || p[at - 1] == ':')) at--;
	if (at == end || !strchr("@#:", p[at])) return false;
	if (at > 0 && goes_on((unsigned char)p[at - 1])) return false;
	*out_at = at;
	return true;
}

static const struct account *first_account(const struct app *app, const struct composer *composer)
{
	const struct draft *draft = composer->draft;
	return draft->naccounts ? store_account(app->store, draft->accounts[0]) : NULL;
}

static void find(struct app *app, struct composer *composer, size_t min)
{
	const struct text_edit *edit = &composer_text(composer)->edit;
	size_t at;
	words_clear(app, composer);
	if (!word_at(edit, &at) || edit->cursor - at - 1 < min) return;
	struct compose_words *words = &composer->words;
	const char *p = str_c(&edit->text);
	struct look look = {
	        .app = app, .words = words, .mark = p[at], .account = first_account(app, composer)};
	fold_add(&look.typed, p + at + 1, edit->cursor - at - 1);
	words->at = at;
	words->typed = xstrndup(p + at, edit->cursor - at);
	if (look.mark == ':')
		look_at_emoji(&look);
	else
		look_at_deck(&look);
	/* Those that the deck does not show are known to the server, once one stops typing. */
	if (look.mark == '@' && look.account && look.typed.len >= MIN_TYPED)
		words->ask_at_ms = clock_mono(app->clock) + ASK_MS;
	str_finish(&look.typed);
}

void words_ask(struct app *app, struct composer *composer)
{
	const struct account *account = first_account(app, composer);
	composer->words.ask_at_ms = 0;
	if (account) lore_ask_people(app, composer, account);
}

void words_find(struct app *app, struct composer *composer)
{
	find(app, composer, MIN_TYPED);
}

/* What of a completion goes into the text: an emoji without its name. */
static size_t word_len(const char *word)
{
	return strchr("@#:", *word) ? strlen(word) : strcspn(word, " ");
}

static void put(struct app *app, struct composer *composer, const char *word, size_t len)
{
	struct text_edit *edit = &composer_text(composer)->edit;
	text_edit_replace(edit, composer->words.at, edit->cursor, word, len);
	composer_touch(app, composer);
}

void compose_complete(struct app *app, int dir)
{
	struct composer *composer = app->composer;
	struct compose_words *words = &composer->words;
	if (!words->n) find(app, composer, 0);
	int n = (int)words->n;
	if (n == 0) {
		app_say(app, TONE_SAYS, "nothing completes this: @people, #tags and :emoji: do");
		return;
	}
	/* Round and round, with what was typed in between. */
	words->chosen += dir;
	if (words->chosen >= n) words->chosen = -1;
	if (words->chosen < -1) words->chosen = n - 1;
	const char *word = words->chosen < 0 ? words->typed : words->words[words->chosen];
	put(app, composer, word, words->chosen < 0 ? strlen(word) : word_len(word));
}
