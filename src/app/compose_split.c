#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "composing.h"
#include "engine/measure.h"
#include "inside.h"

/*
 * A text that is too long for one post, cut so that each account takes each piece. The cut is
 * the last place of the wanted kind that still fits; where there is none in the latter half
 * of a piece, the next finer kind.
 */

const struct draft_word splits[SPLIT_COUNT] = {
#define X(id, name, help) {name, help},
        SPLITS(X)
#undef X
};

struct splitter {
	const struct app *app;
	struct draft *draft; /* a copy whose part is tried */
	size_t part;
	const struct compose_text *text; /* the one that is cut */
};

/* Is it this text that the account posts? */
static bool is_of(const struct splitter *splitter, const struct account *account)
{
	const char *own =
	        draft_text(splitter->draft, splitter->part, account->id, account->network);
	return strcmp(own, str_c(&splitter->text->edit.text)) == 0;
}

/* Bytes of a text that every account of this text takes as a post of its own. */
static size_t fits(const struct splitter *splitter, const char *text, size_t len)
{
	struct draft *draft = splitter->draft;
	size_t least = len;
	for (size_t i = 0; i < draft->naccounts; i++) {
		const struct account *account =
		        store_account(splitter->app->store, draft->accounts[i]);
		if (!account || !is_of(splitter, account)) continue;
		struct outgoing *item =
		        outgoing_of(draft, splitter->part, account->id, account->network);
		struct measure measure;
		free(item->text);
		item->text = xstrndup(text, len);
		measure_item(account, item, &measure);
		if (measure_is_over(&measure) && measure.fits < least) least = measure.fits;
		outgoing_free(item);
	}
	return least;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\n';
}

static size_t trimmed(const char *text, size_t from, size_t to)
{
	while (to > from && is_blank(text[to - 1]))
		to--;
	return to;
}

/* Does the text up to byte `end` end with one of these? *out: without it. */
static bool ends_with(const char *text, size_t end, const char *const *marks, size_t n, size_t *out)
{
	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(marks[i]);
		if (end < len || memcmp(text + end - len, marks[i], len) != 0) continue;
		*out = end - len;
		return true;
	}
	return false;
}

/* A full stop, or one in quotes. */
static bool ends_sentence(const char *text, size_t end)
{
	static const char *const stops[] = {".", "!", "?", "…"};
	static const char *const closers[] = {"\"", "'", ")", "”", "’", "»"};
	while (ends_with(text, end, closers, sizeof(closers) / sizeof(*closers), &end)) {
	}
	return ends_with(text, end, stops, sizeof(stops) / sizeof(*stops), &end);
}

/* Is a place of this kind right before byte `at`? */
static bool ends_at(const char *text, size_t at, enum split split)
{
	/* Scripts without blanks have full stops of their own. */
	static const char *const wide[] = {"。", "！", "？"};
	size_t end;
	if (split != SPLIT_PARAGRAPH && ends_with(text, at, wide, 3, &end)) return true;
	if (at < 1 || !is_blank(text[at - 1])) return false;
	if (split == SPLIT_WORD) return true;
	end = trimmed(text, 0, at);
	if (memchr(text + end, '\n', at - end)) return true;
	return split == SPLIT_SENTENCE && ends_sentence(text, end);
}

/* The best cut in (0, most]; `most` when there is none. */
static size_t cut_at(const char *text, size_t len, size_t most, enum split split)
{
	/* Blanks behind the cut are of no piece, so the cut may lie behind what fits. */
	size_t last = most;
	while (last < len && is_blank(text[last]))
		last++;
	for (; split < SPLIT_COUNT; split++) {
		size_t least = split == SPLIT_WORD ? 0 : most / 2;
		for (size_t at = last; at > least; at--) {
			if (ends_at(text, at, split)) return at;
		}
	}
	return most;
}

size_t compose_split(struct app *app, enum split split, size_t **out_ends)
{
	struct composer *composer = app->composer;
	const struct compose_text *own = composer_text(composer);
	const struct text_edit *edit = &own->edit;
	const char *text = str_c(&edit->text);
	size_t len = edit->text.len, n = 0, cap = 0, *ends = NULL;
	composer_sync(composer);
	struct splitter splitter = {app, composer->draft, composer->part, own};
	for (size_t at = 0; at < len;) {
		ends = mem_grow(ends, &cap, n + 1, sizeof(*ends));
		/* No network takes more in one post; so a long text is not counted whole, again
		 * and again. */
		enum { WINDOW = 64 * 1024 };
		size_t left = trimmed(text, at, len) - at;
		size_t seen = utf8_prefix(text + at, left, WINDOW);
		size_t most = fits(&splitter, text + at, seen);
		size_t end = most >= left ? len : at + cut_at(text + at, len - at, most, split);
		/* What takes nothing at all (a warning alone is too long) is not to be cut. */
		if (end <= at || n + 1 >= DRAFT_MAX_PARTS) end = len;
		ends[n++] = end;
		at = end;
	}
	*out_ends = ends;
	return n ? n : 1;
}

/*
 * A part behind this one for a piece of the text that is written. It is of those alone who
 * post that text: for others nothing is in it, and it is none of their thread.
 */
static void put_piece(struct app *app, const char *piece)
{
	struct composer *composer = app->composer;
	size_t at = composer->part, behind = at + 1;
	const struct compose_text *text = composer_text(composer);
	account_id account = text->account;
	char *network = xstrdup(text->network);
	bool own = account || network;
	composer_part_add(app, behind, own ? "" : piece, NULL);
	if (own) composer_text_add(composer, behind, account, network, piece);
	for (size_t i = 1; !own && i < composer->parts[at].ntexts; i++) {
		const struct compose_text *other = &composer->parts[at].texts[i];
		composer_text_add(composer, behind, other->account, other->network, "");
	}
	free(network);
}

bool compose_split_do(struct app *app, enum split split, struct err *err)
{
	struct composer *composer = app->composer;
	struct text_edit *edit = &composer_text(composer)->edit;
	size_t *ends, n = compose_split(app, split, &ends);
	if (n < 2 || composer->nparts + n - 1 > DRAFT_MAX_PARTS) {
		free(ends);
		return n < 2 ? err_set(err, ERR_NOT_FOUND, "it need not be cut: everybody takes it")
		             : err_set(err, ERR_TOO_LARGE, "a thread has at most %d parts",
		                       DRAFT_MAX_PARTS);
	}
	char *text = xstrdup(str_c(&edit->text));
	for (size_t i = n; i-- > 1;) {
		size_t from = ends[i - 1];
		char *piece = xstrndup(text + from, trimmed(text, from, ends[i]) - from);
		put_piece(app, piece);
		free(piece);
	}
	/* The texts may have moved. */
	edit = &composer_text(composer)->edit;
	text_edit_replace(edit, trimmed(text, 0, ends[0]), edit->text.len, "", 0);
	composer_touch(app, composer);
	free(text);
	free(ends);
	return true;
}
