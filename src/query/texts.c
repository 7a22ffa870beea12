#include "texts.h"

#include <string.h>

#include "model/poll.h"

static bool any_option(
        const char *poll, bool (*found)(void *ctx, const char *utf8, size_t len), void *ctx)
{
	struct poll_option option;

	while (poll_next(&poll, &option)) {
		if (option.len > 0 && found(ctx, option.title, option.len)) return true;
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
