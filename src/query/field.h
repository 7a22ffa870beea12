#pragma once
#include "ast.h"

/* How each field of the table (field.c) looks at a row. */

bool match_text(const struct term *term, const struct query_row *row);
bool match_word(const struct term *term, const struct query_row *row);
bool match_regex(const struct term *term, const struct query_row *row);
bool match_account(const struct term *term, const struct query_row *row);
bool match_bio(const struct term *term, const struct query_row *row);
bool match_by(const struct term *term, const struct query_row *row);
bool match_from(const struct term *term, const struct query_row *row);
bool match_lang(const struct term *term, const struct query_row *row);
bool match_link(const struct term *term, const struct query_row *row);
bool match_name(const struct term *term, const struct query_row *row);
bool match_network(const struct term *term, const struct query_row *row);
bool match_source(const struct term *term, const struct query_row *row);
bool match_tag(const struct term *term, const struct query_row *row);
bool match_thread(const struct term *term, const struct query_row *row);
bool match_to(const struct term *term, const struct query_row *row);
bool match_url(const struct term *term, const struct query_row *row);
bool match_via(const struct term *term, const struct query_row *row);

/* Whether a link leads somewhere, for has:link. */
bool has_link(const struct query_row *row, unsigned arg);
/* What all our accounts did with the post: enum viewer_flag. */
unsigned viewer_flags(const struct post *post);

int64_t count_followers(const struct query_row *row);
int64_t count_length(const struct query_row *row);
int64_t most_length(const struct query_row *row);
int64_t count_likes(const struct query_row *row);
int64_t count_mentions(const struct query_row *row);
int64_t count_quotes(const struct query_row *row);
int64_t count_replies(const struct query_row *row);
int64_t count_reposts(const struct query_row *row);
int64_t count_tags(const struct query_row *row);

extern const struct word_row has_words[], is_words[], visibility_words[];
