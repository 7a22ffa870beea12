#pragma once
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "demo/world.h"

/* What the plain text of a status means, as Mastodon finds it. */

enum piece_kind { PIECE_TEXT, PIECE_MENTION, PIECE_TAG, PIECE_LINK };

struct piece {
	enum piece_kind kind;
	const char *p;
	size_t len;
	size_t person; /* of a mention */
};

/* The next piece at *at, which moves past it; false at the end. */
bool content_next(const char **at, struct piece *out);

/* Where a tag is read, without its #; percent-encoded. */
void content_tag_url(struct str *out, const char *tag, size_t len);

/* The text as Mastodon's HTML. */
void content_html(struct str *out, const char *text);
uint64_t content_mentions(const char *text); /* people */
/* The text has that tag (ASCII case aside). */
bool content_has_tag(const char *text, const char *tag);
/* Characters as Mastodon counts them, about: code points, links as 23, mentions without host. */
size_t content_chars(const char *text);
