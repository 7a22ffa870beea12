#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "model/post.h"
#include "model/server_filter.h"

/*
 * Bluesky's muted words, found as its clients find them (@atproto/api, moderation/mutewords and
 * moderation/subjects/post; api/bluesky.md 7): in lower case, accents and all. A word is met
 * as a tag of the post whatever its targets; with FILTER_IN_TEXT also in its text, in each
 * alt text and in the title of its card:
 *
 *	anywhere                    a single character (of UTF-16), or where the language is ja,
 *	                            zh, ko, th or vi; what has a blank or punctuation in it
 *	as a whole word             else: between blanks, punctuation around it left out, and
 *	                            within: as it is, as blanks, as nothing, or as parts; but a
 *	                            word with a slash in it ends the search in that text
 *
 * Whether the mute is over, and whether we follow the author, is for the caller to ask; of
 * a quoted post the mute counts by its own author. Immutable; any thread.
 */
struct muted_word;

/* targets: enum filter_target. An empty value, one that is no UTF-8 or longer than
 * MUTED_WORD_MAX_LEN bytes matches nothing. */
enum { MUTED_WORD_MAX_LEN = 10000 };
struct muted_word *muted_word_new(const char *value, unsigned targets);
void muted_word_free(struct muted_word *word);

/* A post as it is read once for all words. */
struct muted_post;
struct muted_post *muted_post_new(const struct post *post); /* borrows nothing */
void muted_post_free(struct muted_post *post);

bool muted_word_in(const struct muted_word *word, const struct muted_post *post);
