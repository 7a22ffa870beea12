#include "texts.h"

#include <string.h>

/* The options stand one a line behind their votes. */
static bool any_option(
        const char *poll, bool (*found)(void *ctx, const char *utf8, size_t len), void *ctx)
{
	while (*poll) {
		size_t len = strcspn(poll, "\n");
		const char *tab = memchr(poll, '\t', len), *title = tab ? tab + 1 : poll;
		size_t title_len = len - (size_t)(title - poll);

		if (title_len > 0 && found(ctx, title, title_len)) return true;
		poll += len + (poll[len] == '\n');
	}
	return false;
}

bool texts_any(
        const struct post *post, bool (*found)(void *ctx, const char *utf8, size_t len), void *ctx)
{
	static const enum post_string texts[] = {POST_BODY, POST_WARNING, POST_TITLE};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		size_t len = post_len(post, texts[i]);

		if (len > 0 && found(ctx, post_str(post, texts[i]), len)) return true;
	}
	for (size_t i = 0; i < post->nmedia; i++) {
		const char *alt = post_media(post, i).alt;

		if (alt && alt[0] && found(ctx, alt, strlen(alt))) return true;
	}
	return any_option(post_str(post, POST_POLL), found, ctx);
}
