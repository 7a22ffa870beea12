#include "db/archive_tokens.h"

#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"

enum token_kind {
	TOKEN_PIECE = 'p',
	TOKEN_LONG = 'g', /* a long piece */
	TOKEN_WORD = 'w',
	TOKEN_EDGES = 'e', /* where words end is not told by the folded text */
	TOKEN_AUTHOR = 'a',
	TOKEN_TAG = 't',
	TOKEN_LINK = 'l',
	TOKEN_THREAD = 'u'
};

/* A longer run of letters is no word, and neither is one of a script without blanks. */
enum { MAX_WORD = 48 };

static uint32_t token_of(enum token_kind kind, const char *bytes, size_t len)
{
	uint64_t hash = 0xcbf29ce484222325u ^ (uint64_t)kind;
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)bytes[i]) * 0x100000001b3u;
	hash ^= hash >> 32;
	hash *= 0x9e3779b97f4a7c15u;
	return (uint32_t)(hash >> (64 - TOKEN_BITS));
}

static void put_token(struct tokens *tokens, uint32_t token)
{
	if (tokens->n == tokens->cap)
		tokens->all =
		        mem_grow(tokens->all, &tokens->cap, tokens->n + 1, sizeof *tokens->all);
	tokens->all[tokens->n++] = token;
}

static void add_token(struct tokens *tokens, enum token_kind kind, const char *bytes, size_t len)
{
	put_token(tokens, token_of(kind, bytes, len));
}

void tokens_finish(struct tokens *tokens)
{
	free(tokens->all);
	*tokens = (struct tokens){0};
}

/* --- pieces and words of text --- */

/* Scripts that put no blanks between words, or whose words are two or three characters long. */
static bool stands_alone(int32_t cp)
{
	return (cp >= 0x0e00 && cp <= 0x0eff) || (cp >= 0x1000 && cp <= 0x109f) ||
	       (cp >= 0x1780 && cp <= 0x17ff) || (cp >= 0x3040 && cp <= 0x30ff) ||
	       (cp >= 0x3400 && cp <= 0x9fff) || (cp >= 0xac00 && cp <= 0xd7a3) ||
	       (cp >= 0xf900 && cp <= 0xfaff) || (cp >= 0x20000 && cp <= 0x3ffff);
}

enum { LONG_PIECE = 5 };

/* Where the last characters began that are in a row and do not stand alone. */
struct row {
	size_t starts[LONG_PIECE];
	size_t n, dense; /* how many; of those without a blank between */
	bool blank[LONG_PIECE];
};

static void row_add(struct row *row, size_t start, bool blank)
{
	memmove(row->starts, row->starts + 1, sizeof row->starts - sizeof *row->starts);
	memmove(row->blank, row->blank + 1, sizeof row->blank - sizeof *row->blank);
	row->starts[LONG_PIECE - 1] = start;
	row->blank[LONG_PIECE - 1] = blank;
	row->n++;
	row->dense = blank ? 0 : row->dense + 1;
}

/* Three with a blank at an end say little that the others do not. */
static bool ends_short(const struct row *row)
{
	return row->n >= 3 && !row->blank[LONG_PIECE - 3] && !row->blank[LONG_PIECE - 1];
}

/* The pieces of a part of a text are among those of the text: each is of characters in a row. */
static void add_pieces(struct tokens *tokens, const char *text, size_t len)
{
	struct row row = {0};
	size_t last = 0;
	bool was_alone = false;
	for (size_t i = 0, end; i < len; i = end) {
		int32_t cp = (unsigned char)text[i];
		end = i + (cp < 0x80 ? 1 : utf8_decode(text + i, len - i, &cp));
		bool alone = cp >= 0x80 && stands_alone(cp);
		if (alone) {
			row = (struct row){0};
			add_token(tokens, TOKEN_PIECE, text + i, end - i);
			if (was_alone) add_token(tokens, TOKEN_PIECE, text + last, end - last);
		} else {
			row_add(&row, i, cp == ' ');
			size_t few = row.starts[LONG_PIECE - 3], many = row.starts[0];
			if (ends_short(&row)) add_token(tokens, TOKEN_PIECE, text + few, end - few);
			if (row.dense >= LONG_PIECE)
				add_token(tokens, TOKEN_LONG, text + many, end - many);
		}
		was_alone = alone;
		last = i;
	}
}

static bool joins_word(int32_t cp)
{
	if (cp < 0x80)
		return (cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z') || cp == '_' ||
		       (cp >= 'a' && cp <= 'z');
	return fold_joins_word(cp);
}

/*
 * The runs of word characters, those at the text's start or end only if `first` or `last` say
 * that they are whole words too. Returns how many there were, with those that are none.
 */
static size_t add_words(struct tokens *tokens, const char *text, size_t len, bool first, bool last)
{
	size_t start = 0, runs = 0;
	bool in = false, alone = false;
	for (size_t i = 0, end; i <= len; i = end) {
		int32_t cp = i < len ? (unsigned char)text[i] : ' ';
		end = i + (cp < 0x80 ? 1 : utf8_decode(text + i, len - i, &cp));
		bool joins = joins_word(cp);
		if (joins && !in) {
			start = i;
			alone = false;
			runs++;
		}
		alone = alone || (joins && cp >= 0x80 && stands_alone(cp));
		if (!joins && in && !alone && i - start <= MAX_WORD && (start > 0 || first) &&
		        (i < len || last))
			add_token(tokens, TOKEN_WORD, text + start, i - start);
		in = joins;
	}
	return runs;
}

/* --- what else is known of a post --- */

static void add_tag(struct tokens *tokens, const char *tag)
{
	struct str folded = {0};
	fold_add(&folded, tag, strlen(tag));
	add_token(tokens, TOKEN_TAG, str_c(&folded), folded.len);
	str_finish(&folded);
}

/* The host, and what of it is left behind each of its dots. */
static void add_host(struct tokens *tokens, const char *url)
{
	size_t len = 0;
	const char *host = query_host(url, &len);
	if (!host) return;
	struct str lower = {0};
	for (size_t i = 0; i < len; i++)
		str_addc(&lower, host[i] >= 'A' && host[i] <= 'Z' ? (char)(host[i] + 32) : host[i]);
	for (size_t i = 0; i < len; i++) {
		if (i == 0 || lower.p[i - 1] == '.')
			add_token(tokens, TOKEN_LINK, lower.p + i, len - i);
	}
	str_finish(&lower);
}

static void add_facts(struct tokens *tokens, const struct post *post)
{
	static const enum post_string thread[] = {POST_THREAD, POST_URI, POST_REPLY_TO};
	for (size_t i = 0; i < post->nfacets; i++) {
		struct facet facet = post_facet(post, i);
		if (facet.kind == FACET_TAG && facet.target) add_tag(tokens, facet.target);
		if (facet.kind == FACET_LINK && facet.target) add_host(tokens, facet.target);
	}
	add_host(tokens, post_str(post, POST_CARD_URL));
	for (size_t i = 0; i < sizeof thread / sizeof *thread; i++) {
		const char *uri = post_str(post, thread[i]);
		if (*uri) add_token(tokens, TOKEN_THREAD, uri, strlen(uri));
	}
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

static void sort_once(struct tokens *tokens)
{
	size_t kept = 0;
	if (tokens->n > 1) qsort(tokens->all, tokens->n, sizeof *tokens->all, by_number);
	for (size_t i = 0; i < tokens->n; i++) {
		if (kept == 0 || tokens->all[kept - 1] != tokens->all[i])
			tokens->all[kept++] = tokens->all[i];
	}
	tokens->n = kept;
}

void tokens_of_post(struct tokens *out, const struct post *post, int64_t author)
{
	const char *text = post_str(post, POST_FOLDED);
	size_t len = strlen(text);
	out->n = 0;
	add_pieces(out, text, len);
	add_words(out, text, len, true, true);
	add_facts(out, post);
	if (query_edges_hidden(post)) add_token(out, TOKEN_EDGES, "", 0);
	if (author) add_token(out, TOKEN_AUTHOR, (const char *)&author, sizeof author);
	sort_once(out);
}

void tokens_write(struct str *out, const struct tokens *tokens)
{
	for (size_t i = 0; i < tokens->n; i++) {
		char bytes[TOKEN_BYTES];
		for (int k = 0; k < TOKEN_BYTES; k++)
			bytes[k] = (char)(tokens->all[i] >> k * 8);
		str_add(out, bytes, sizeof bytes);
	}
}

/* --- what a query needs --- */

void need_group_finish(struct need_group *group)
{
	for (size_t i = 0; i < group->n; i++)
		tokens_finish(&group->sets[i]);
	free(group->sets);
	*group = (struct need_group){0};
}

void need_finish(struct need *need)
{
	for (size_t i = 0; i < need->n; i++)
		need_group_finish(&need->groups[i]);
	free(need->groups);
	*need = (struct need){0};
}

void need_add(struct need *need, struct need_group *group)
{
	need->groups = mem_grow(need->groups, &need->cap, need->n + 1, sizeof *need->groups);
	need->groups[need->n++] = *group;
	*group = (struct need_group){0};
}

static struct tokens *add_set(struct need_group *group)
{
	group->sets = mem_grow(group->sets, &group->cap, group->n + 1, sizeof *group->sets);
	group->sets[group->n] = (struct tokens){0};
	return &group->sets[group->n++];
}

void need_group_join(struct need_group *to, struct need_group *from)
{
	for (size_t i = 0; i < from->n; i++)
		*add_set(to) = from->sets[i];
	from->n = 0;
	need_group_finish(from);
}

static bool set_met(const struct tokens *set, const unsigned char *tokens, size_t n)
{
	for (size_t i = 0; i < set->n; i++) {
		size_t low = 0, high = n;
		while (low < high) {
			size_t middle = (low + high) / 2;
			if (token_read(tokens + middle * TOKEN_BYTES) < set->all[i])
				low = middle + 1;
			else
				high = middle;
		}
		if (low == n || token_read(tokens + low * TOKEN_BYTES) != set->all[i]) return false;
	}
	return true;
}

bool need_met(const struct need *need, const unsigned char *tokens, size_t n)
{
	for (size_t i = 0; i < need->n; i++) {
		bool met = false;
		for (size_t k = 0; k < need->groups[i].n && !met; k++)
			met = set_met(&need->groups[i].sets[k], tokens, n);
		if (!met) return false;
	}
	return true;
}

static bool has(const struct tokens *tokens, uint32_t token)
{
	for (size_t i = 0; i < tokens->n; i++) {
		if (tokens->all[i] == token) return true;
	}
	return false;
}

/* Of characters in a row without a blank the long pieces do, every other one and the last. */
static void add_dense(struct tokens *tokens, const char *text, size_t len)
{
	size_t starts[LONG_PIECE] = {0}, n = 0;
	for (size_t i = 0, end; i < len; i = end, n++) {
		int32_t cp;
		end = i + utf8_decode(text + i, len - i, &cp);
		memmove(starts, starts + 1, sizeof starts - sizeof *starts);
		starts[LONG_PIECE - 1] = i;
		if (n + 1 >= LONG_PIECE && ((n + LONG_PIECE) % 2 || end == len))
			add_token(tokens, TOKEN_LONG, text + starts[0], end - starts[0]);
	}
}

/* Characters until one that is a blank or stands alone; *out_len their bytes. */
static size_t dense_at(const char *text, size_t len, size_t *out_len)
{
	size_t n = 0, at = 0;
	while (at < len) {
		int32_t cp;
		size_t step = utf8_decode(text + at, len - at, &cp);
		if (cp == ' ' || stands_alone(cp)) break;
		at += step;
		n++;
	}
	*out_len = at;
	return n;
}

/* Pieces that say as much as all of them. */
static void add_needed(struct tokens *tokens, const char *text, size_t len)
{
	size_t rest = 0;
	for (size_t i = 0, dense; i < len; i += dense) {
		int32_t cp;
		size_t n = dense_at(text + i, len - i, &dense);
		if (n >= LONG_PIECE) {
			add_dense(tokens, text + i, dense);
			add_pieces(tokens, text + rest, i - rest);
			rest = i + dense;
		}
		if (i + dense < len) dense += utf8_decode(text + i + dense, len - i - dense, &cp);
	}
	add_pieces(tokens, text + rest, len - rest);
}

/* Some of a phrase's pieces, from all of its length, each once. */
static void add_some_pieces(struct tokens *out, const char *text, size_t len)
{
	struct tokens pieces = {0};
	add_needed(&pieces, text, len);
	size_t use = pieces.n < TOKEN_MAX_OF_ATOM ? pieces.n : TOKEN_MAX_OF_ATOM;
	for (size_t i = 0; i < use; i++) {
		uint32_t piece = pieces.all[use > 1 ? i * (pieces.n - 1) / (use - 1) : 0];
		if (has(out, piece)) continue;
		put_token(out, piece);
	}
	tokens_finish(&pieces);
}

/* A word character at the end of a text, beside which `word:` wants the edge of a word. */
static bool is_word_at(const char *text, size_t at, size_t len)
{
	int32_t cp;
	while (at > 0 && ((unsigned char)text[at] & 0xc0) == 0x80)
		at--;
	utf8_decode(text + at, len - at, &cp);
	return fold_is_word(cp);
}

/* Whole, as the folded text tells; or it does not tell, and then the pieces are there. */
static void add_whole(struct need_group *out, const char *text, size_t len)
{
	struct tokens words = {0};
	size_t runs = add_words(
	        &words, text, len, is_word_at(text, 0, len), is_word_at(text, len - 1, len));
	if (words.n == 0) {
		struct tokens *set = add_set(out);
		add_some_pieces(set, text, len);
		return;
	}
	if (runs > 1) add_some_pieces(&words, text, len);
	*add_set(out) = words;
	struct tokens *hidden = add_set(out);
	add_token(hidden, TOKEN_EDGES, "", 0);
	add_some_pieces(hidden, text, len);
}

static void add_text(struct need_group *out, const struct query_atom *atom)
{
	if (atom->len == 0 || !utf8_valid(atom->value, atom->len)) return;
	if (atom->whole) {
		add_whole(out, atom->value, atom->len);
		return;
	}
	struct tokens *set = add_set(out);
	add_words(set, atom->value, atom->len, false, false);
	add_some_pieces(set, atom->value, atom->len);
}

void tokens_of_atom(struct need_group *out, const struct query_atom *atom)
{
	size_t before = out->n;
	if (atom->kind == ATOM_TEXT)
		add_text(out, atom);
	else if (atom->kind == ATOM_TAG)
		add_token(add_set(out), TOKEN_TAG, atom->value, atom->len);
	else if (atom->kind == ATOM_LINK)
		add_token(add_set(out), TOKEN_LINK, atom->value, atom->len);
	else if (atom->kind == ATOM_THREAD)
		add_token(add_set(out), TOKEN_THREAD, atom->value, atom->len);
	if (out->n == before + 1 && out->sets[before].n == 0) {
		tokens_finish(&out->sets[before]);
		out->n = before;
	}
}

void tokens_of_author(struct need_group *out, int64_t author)
{
	add_token(add_set(out), TOKEN_AUTHOR, (const char *)&author, sizeof author);
}
