#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "model/post.h"
#include "model/server_filter.h"

/*
 * The keywords of a server's filters, found as Mastodon finds them (its CustomFilterKeyword
 * and Status#searchable_text; api/mastodon.md): on the original text, because folding
 * accents would change the answer, whatever the case. A `whole` keyword that begins or ends
 * with a word character must begin or end at the edge of a word there. Word characters are
 * those of fold_is_word. Cases are folded wholly: "ss" finds "ß", but "s" does not. Held against
 * Ruby, which Mastodon asks, by scripts/check-keywords. Immutable; any thread.
 */
struct keywords;

/* Longer keywords, empty ones and those that are no UTF-8 are left out: they match nothing. */
enum { KEYWORD_MAX_LEN = 4096 };

struct keywords *keywords_new(void);
void keywords_free(struct keywords *keywords);
/* Add a filter's; call keywords_ready when all are there. */
void keywords_add(struct keywords *keywords, const struct filter_keyword *words, size_t n);
void keywords_ready(struct keywords *keywords);

/* Does any of them stand in the text (UTF-8, or nothing does)? */
bool keywords_in(const struct keywords *keywords, const char *utf8, size_t len);
/* The same in a post: its title, text, warning, poll options and alt texts, each by itself. */
bool keywords_in_post(const struct keywords *keywords, const struct post *post);
