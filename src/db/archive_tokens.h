#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "model/post.h"
#include "query/query.h"

/*
 * What the archive's index knows of a post. A query's words are found anywhere inside
 * words, so the index keeps pieces of the folded text: every three characters in a row and,
 * since these are rarer, every five, and in scripts without blanks between words every character
 * and every two. A post has a word only if it has all of the word's pieces. Beside them stand whole
 * words (for `word:` and for the middle of phrases), the author, tags, hosts of links and what the
 * post answers. Each is a token, a number of TOKEN_BITS bits, the hash of what it stands for. So
 * what the index finds may be too much, never too little, and the evaluator has the last word.
 */

/* Raised when a post gets other tokens than it did. */
enum { TOKENS_VERSION = 2 };

/* Of a long phrase, pieces from all of its length do. */
enum { TOKEN_BITS = 30, TOKEN_MAX_OF_ATOM = 12 };

/* Zeroed is empty. */
struct tokens {
	uint32_t *all;
	size_t n, cap;
};

/* A post's tokens, rising, each once. author: the number of its row. `out` is emptied first. */
void tokens_of_post(struct tokens *out, const struct post *post, int64_t author);
void tokens_finish(struct tokens *tokens);

/* As bytes: TOKEN_BYTES each, little-endian. */
enum { TOKEN_BYTES = 4 };
void tokens_write(struct str *out, const struct tokens *tokens);
static inline uint32_t token_read(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/*
 * What a post is to have: of each group all tokens of at least one set. Zeroed asks nothing.
 */
struct need_group {
	struct tokens *sets;
	size_t n, cap;
};
struct need {
	struct need_group *groups;
	size_t n, cap;
};

void need_finish(struct need *need);
void need_group_finish(struct need_group *group);
/* Takes the group, which has at least one set. */
void need_add(struct need *need, struct need_group *group);
/* Move all sets of `from` to `to`. */
void need_group_join(struct need_group *to, struct need_group *from);
/* Whether a post with these tokens has it: `n` of them, as tokens_write wrote them. */
bool need_met(const struct need *need, const unsigned char *tokens, size_t n);

/*
 * Sets of tokens of which every post has one whole for which the atom holds, added to `out`;
 * none when there is nothing to go by: too short a word, or a kind that is no post's own (FROM,
 * BY).
 */
void tokens_of_atom(struct need_group *out, const struct query_atom *atom);

/* Add the set of what an author (the number of the profile's row) wrote. */
void tokens_of_author(struct need_group *out, int64_t author);
