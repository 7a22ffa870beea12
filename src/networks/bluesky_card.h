#pragma once
#include <stdbool.h>
#include <stddef.h>

/* What a web page says of itself, for the card under a post that links to it. */
struct bluesky_card {
	char *title, *text; /* owned, one clean line each; never NULL after bluesky_card_read */
};

/* False when the page names no title: it has no card then. Borrows. */
bool bluesky_card_read(struct bluesky_card *out, const char *bytes, size_t len,
        const char *content_type, const char *url);
void bluesky_card_finish(struct bluesky_card *card);
