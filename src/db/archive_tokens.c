#include "db/archive_tokens.h"

#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/mem.h"
#include "base/utf8.h"

enum token_kind {
	TOKEN_PIECE = 'p',
	TOKEN_AUTHOR = 'a',
	TOKEN_TAG = 't',
	TOKEN_LINK = 'l',
	TOKEN_THREAD = 'u'
};

/* 30 bits are written as 6 letters of 32. 0 is none. */
struct tokens {
	uint32_t *all;
	size_t n, cap;
};

static void add_token(struct tokens *tokens, enum token_kind kind, const char *bytes, size_t len)
{
	uint64_t hash = 0xcbf29ce484222325u ^ (uint64_t)kind;
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)bytes[i]) * 0x100000001b3u;
	hash ^= hash >> 32;
	hash *= 0x9e3779b97f4a7c15u;
	tokens->all = mem_grow(tokens->all, &tokens->cap, tokens->n + 1, sizeof *tokens->all);
	tokens->all[tokens->n++] = (uint32_t)(hash >> 34) | 1u << 30;
}

static void print_token(struct str *out, uint32_t token)
{
	char letters[TOKEN_LEN];
	for (size_t i = 0; i < TOKEN_LEN; i++, token >>= 5)
		letters[i] = "abcdefghijklmnopqrstuvwxyz234567"[token & 31];
	str_add(out, letters, TOKEN_LEN);
}

/* --- pieces of text --- */

/* Scripts that put no blanks between words, or whose words are two or three characters long. */
static bool stands_alone(int32_t cp)
{
	return (cp >= 0x0e00 && cp <= 0x0eff) || (cp >= 0x1000 && cp <= 0x109f) ||
	       (cp >= 0x1780 && cp <= 0x17ff) || (cp >= 0x3040 && cp <= 0x30ff) ||
	       (cp >= 0x3400 && cp <= 0x9fff) || (cp >= 0xac00 && cp <= 0xd7a3) ||
	       (cp >= 0xf900 && cp <= 0xfaff) || (cp >= 0x20000 && cp <= 0x3ffff);
}

/* The pieces of a part of a text are among those of the text: each is of characters in a row. */
static void add_pieces(struct tokens *tokens, const char *text, size_t len)
{
	size_t last = 0, last_but_one = 0, run = 0; /* run: characters that do not stand alone */
	bool was_alone = false;
	for (size_t i = 0, end; i < len; i = end) {
		int32_t cp = (unsigned char)text[i];
		end = i + (cp < 0x80 ? 1 : utf8_decode(text + i, len - i, &cp));
		bool alone = cp >= 0x80 && stands_alone(cp);
		run = alone ? 0 : run + 1;
		if (alone) add_token(tokens, TOKEN_PIECE, text + i, end - i);
		if (alone && was_alone) add_token(tokens, TOKEN_PIECE, text + last, end - last);
		if (run >= 3)
			add_token(tokens, TOKEN_PIECE, text + last_but_one, end - last_but_one);
		was_alone = alone;
		last_but_one = last;
		last = i;
	}
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

/* --- printing --- */

/* Leave out what is there twice; the order of the rest stays. */
static void drop_doubles(struct tokens *tokens)
{
	size_t room = 16, kept = 0;
	while (room < tokens->n * 2)
		room *= 2;
	uint32_t *seen = xcalloc(room, sizeof *seen);
	for (size_t i = 0; i < tokens->n; i++) {
		size_t at = tokens->all[i] & (room - 1);
		while (seen[at] && seen[at] != tokens->all[i])
			at = (at + 1) & (room - 1);
		if (seen[at]) continue;
		seen[at] = tokens->all[i];
		tokens->all[kept++] = tokens->all[i];
	}
	tokens->n = kept;
	free(seen);
}

void token_of_author(struct str *out, int64_t author)
{
	struct tokens tokens = {0};
	add_token(&tokens, TOKEN_AUTHOR, (const char *)&author, sizeof author);
	print_token(out, tokens.all[0]);
	free(tokens.all);
}

void tokens_of_post(struct str *out, const struct post *post, int64_t author)
{
	struct tokens tokens = {0};
	const char *text = post_str(post, POST_FOLDED);
	add_pieces(&tokens, text, strlen(text));
	add_facts(&tokens, post);
	if (author) add_token(&tokens, TOKEN_AUTHOR, (const char *)&author, sizeof author);
	drop_doubles(&tokens);
	for (size_t i = 0; i < tokens.n; i++) {
		if (i > 0) str_addc(out, ' ');
		print_token(out, tokens.all[i]);
	}
	free(tokens.all);
}

static void add_atom(struct tokens *tokens, const struct query_atom *atom)
{
	if (atom->kind == ATOM_TEXT && utf8_valid(atom->value, atom->len))
		add_pieces(tokens, atom->value, atom->len);
	else if (atom->kind == ATOM_TAG)
		add_token(tokens, TOKEN_TAG, atom->value, atom->len);
	else if (atom->kind == ATOM_LINK)
		add_token(tokens, TOKEN_LINK, atom->value, atom->len);
	else if (atom->kind == ATOM_THREAD)
		add_token(tokens, TOKEN_THREAD, atom->value, atom->len);
}

void tokens_of_atom(struct str *out, const struct query_atom *atom)
{
	struct tokens tokens = {0};
	add_atom(&tokens, atom);
	drop_doubles(&tokens);
	/* Of a long phrase some pieces do, from all of its length. */
	size_t use = tokens.n < TOKEN_MAX_OF_ATOM ? tokens.n : TOKEN_MAX_OF_ATOM;
	for (size_t i = 0; i < use; i++) {
		if (i > 0) str_adds(out, " AND ");
		print_token(out, tokens.all[use > 1 ? i * (tokens.n - 1) / (use - 1) : 0]);
	}
	free(tokens.all);
}
