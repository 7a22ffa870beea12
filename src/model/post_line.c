#include <string.h>

#include "base/utf8.h"
#include "model/post.h"

/* A post where there is one line for it. */

const char *post_headline(const struct post *post)
{
	return post_len(post, POST_TITLE)     ? post_str(post, POST_TITLE)
	       : post_len(post, POST_WARNING) ? post_str(post, POST_WARNING)
	                                      : post_str(post, POST_BODY);
}

void text_line(struct str *out, const char *text, size_t max)
{
	size_t all = strlen(text), len = utf8_prefix(text, all, max);
	bool blank = true;
	for (size_t i = 0; i < len; i++) {
		bool space = text[i] == '\n' || text[i] == ' ';
		if (!space || !blank) str_addc(out, space ? ' ' : text[i]);
		blank = space;
	}
	if (len < all) str_adds(out, "…");
}

void post_line(struct str *out, const struct post *post, size_t max)
{
	size_t before = out->len;
	if (post_len(post, POST_WARNING) && !post_len(post, POST_TITLE)) str_adds(out, "warning: ");
	text_line(out, post_headline(post), max);
	if (out->len == before && post->nmedia > 0) {
		struct media media = post_media(post, 0);
		str_addf(out, "(%s", media_kind_name(media.kind));
		if (media.alt) {
			str_adds(out, ": ");
			text_line(out, media.alt, max);
		}
		str_addc(out, ')');
	}
	if (out->len == before) str_adds(out, "(no words)");
}
