#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "model/post.h"
#include "query/query.h"

/*
 * What the archive's index knows of a post. A query's words are found anywhere inside
 * words, so the index keeps no words but pieces of the folded text: every three
 * characters in a row, and in scripts without blanks between words every character and
 * every two. A post has a word only if it has all of the word's pieces. Beside them stand
 * the author, tags, hosts of links and what the post answers. Each is a token: TOKEN_LEN
 * letters, a hash of what it stands for. So what the index finds may be too much, never too
 * little, and the evaluator has the last word.
 */

/* Raised when a post gets other tokens than it did. */
enum { TOKENS_VERSION = 1 };

enum { TOKEN_LEN = 6, TOKEN_MAX_OF_ATOM = 12 };

/* Append a post's tokens, each once, with blanks between. author: the number of its row. */
void tokens_of_post(struct str *out, const struct post *post, int64_t author);

/*
 * Append the tokens that every post has for which the atom holds, with " AND " between; nothing
 * when there is none: too short a word, or a kind that is no post's own (FROM, BY).
 */
void tokens_of_atom(struct str *out, const struct query_atom *atom);

/* Append the token of what an author (the number of the profile's row) wrote. */
void token_of_author(struct str *out, int64_t author);
