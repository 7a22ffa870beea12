#include "field.h"

/* The closed lists of words: one row a word. Adding one is adding a line. */

#define POST   QUERY_NEEDS_POST
#define VIEWER QUERY_CHANGES_WITH_VIEWER

static bool has_string(const struct query_row *row, unsigned which)
{
	return row->post && post_len(row->post, (enum post_string)which) > 0;
}

static bool has_any_media(const struct query_row *row, unsigned arg)
{
	(void)arg;
	return row->post && row->post->nmedia > 0;
}

static bool has_media(const struct query_row *row, unsigned kind)
{
	for (size_t i = 0; row->post && i < row->post->nmedia; i++) {
		if (post_media(row->post, i).kind == kind) return true;
	}
	return false;
}

static bool has_video(const struct query_row *row, unsigned arg)
{
	(void)arg;
	return has_media(row, MEDIA_VIDEO) || has_media(row, MEDIA_ANIMATION);
}

/* arg: whether a text is wanted, or its absence on any of the media. */
static bool has_alt(const struct query_row *row, unsigned wanted)
{
	for (size_t i = 0; row->post && i < row->post->nmedia; i++) {
		const char *alt = post_media(row->post, i).alt;

		if ((alt && alt[0]) == (wanted != 0)) return true;
	}
	return false;
}

static bool is_reason(const struct query_row *row, unsigned reason)
{
	return row->reason == reason;
}

static bool is_viewed(const struct query_row *row, unsigned flag)
{
	return (viewer_flags(row->post) & flag) != 0;
}

static bool is_flagged(const struct query_row *row, unsigned flag)
{
	return row->post && (row->post->flags & flag) != 0;
}

static bool is_visible(const struct query_row *row, unsigned visibility)
{
	return row->post && row->post->visibility == visibility &&
	       !(row->untold & UNTOLD_VISIBILITY);
}

static bool is_unread(const struct query_row *row, unsigned arg)
{
	(void)arg;
	return row->unread;
}

static bool is_muted(const struct query_row *row, unsigned arg)
{
	(void)arg;
	return row->muted;
}

static bool is_owed(const struct query_row *row, unsigned attention)
{
	return row->attention == attention;
}

/* What was put off waits too. */
static bool is_waiting(const struct query_row *row, unsigned arg)
{
	(void)arg;
	return row->attention == ATTENTION_NEW || row->attention == ATTENTION_LATER;
}

static bool is_bot(const struct query_row *row, unsigned arg)
{
	(void)arg;
	return row->author && row->author->bot;
}

static bool is_edited(const struct query_row *row, unsigned arg)
{
	(void)arg;
	return row->post && row->post->edited_ms != 0;
}

#define LINKS UNTOLD_FACETS
#define MEDIA UNTOLD_MEDIA

const struct word_row has_words[] = {
        {{"media", "any attachment", "has:media"}, POST, 0, MEDIA, has_any_media, 0},
        {{"image", "a picture", "has:image"}, POST, 0, MEDIA, has_media, MEDIA_IMAGE},
        {{"video", "a video or an animation", "has:video"}, POST, 0, MEDIA, has_video, 0},
        {{"audio", "a sound", "has:audio"}, POST, 0, MEDIA, has_media, MEDIA_AUDIO},
        {{"link", "a link to somewhere", "has:link"}, POST, 0, LINKS, has_link, 0},
        {{"poll", "a poll", "has:poll"}, POST, 0, 0, has_string, POST_POLL},
        {{"warning", "a content warning", "has:warning"}, POST, 0, 0, has_string, POST_WARNING},
        {{"quote", "a quoted post", "has:quote"}, POST, 0, 0, has_string, POST_QUOTE_OF},
        {{"alt", "media with a description", "has:alt"}, POST, 0, MEDIA, has_alt, 1},
        {{"noalt", "media without a description", "has:noalt"}, POST, 0, MEDIA, has_alt, 0},
        {{NULL, NULL, NULL}, 0, 0, 0, NULL, 0},
};

#undef LINKS
#undef MEDIA
#define FLAGS UNTOLD_FLAGS
#define OWED  UNTOLD_ATTENTION

const struct word_row is_words[] = {
        {{"repost", "brought here by a repost", "is:repost"}, QUERY_NEEDS_ACTOR, 0, 0, is_reason,
                REASON_REPOSTED},
        {{"reply", "an answer to a post", "is:reply"}, POST, 0, 0, has_string, POST_REPLY_TO},
        {{"quote", "quotes a post", "is:quote"}, POST, 0, 0, has_string, POST_QUOTE_OF},
        {{"own", "written by one of our accounts", "is:own"}, POST, VIEWER, UNTOLD_OWN, is_viewed,
                VIEWER_OWN},
        {{"unread", "not read yet", "is:unread"}, QUERY_NEEDS_UNREAD, VIEWER, UNTOLD_UNREAD,
                is_unread, 0},
        {{"waiting", "addressed to us, and nobody has answered yet", "is:waiting"},
                QUERY_NEEDS_ATTENTION, VIEWER, OWED, is_waiting, 0},
        {{"later", "waits, and was put off", "is:later"}, QUERY_NEEDS_ATTENTION, VIEWER, OWED,
                is_owed, ATTENTION_LATER},
        {{"answered", "one of our accounts has replied", "is:answered"}, QUERY_NEEDS_ATTENTION,
                VIEWER, OWED, is_owed, ATTENTION_ANSWERED},
        {{"done", "needs no answer: done with", "is:done"}, QUERY_NEEDS_ATTENTION, VIEWER, OWED,
                is_owed, ATTENTION_DONE},
        {{"liked", "liked by one of our accounts", "is:liked"}, POST, VIEWER, FLAGS, is_viewed,
                VIEWER_LIKED},
        {{"reposted", "reposted by one of our accounts", "is:reposted"}, POST, VIEWER, FLAGS,
                is_viewed, VIEWER_REPOSTED},
        {{"bookmarked", "bookmarked by one of our accounts", "is:bookmarked"}, POST, VIEWER, FLAGS,
                is_viewed, VIEWER_BOOKMARKED},
        {{"bot", "written by a bot", "is:bot"}, QUERY_NEEDS_AUTHOR, 0, UNTOLD_BOT, is_bot, 0},
        {{"sensitive", "marked as sensitive", "is:sensitive"}, POST, 0, FLAGS, is_flagged,
                POST_IS_SENSITIVE},
        {{"edited", "changed after it was published", "is:edited"}, POST, 0, 0, is_edited, 0},
        {{"mention", "addressed to one of our accounts", "is:mention"}, POST, VIEWER, UNTOLD_TO_ME,
                is_viewed, VIEWER_MENTIONED},
        {{"muted", "held back by a mute", "is:muted"}, QUERY_NEEDS_MUTED, VIEWER, UNTOLD_MUTED,
                is_muted, 0},
        {{NULL, NULL, NULL}, 0, 0, 0, NULL, 0},
};

#define SHOWN UNTOLD_VISIBILITY

const struct word_row visibility_words[] = {
        {{"public", "for everybody", "visibility:public"}, POST, 0, SHOWN, is_visible, VIS_PUBLIC},
        {{"unlisted", "for everybody, but not in public timelines", "visibility:unlisted"}, POST, 0,
                SHOWN, is_visible, VIS_UNLISTED},
        {{"followers", "for followers", "visibility:followers"}, POST, 0, SHOWN, is_visible,
                VIS_FOLLOWERS},
        {{"direct", "for those mentioned", "visibility:direct"}, POST, 0, SHOWN, is_visible,
                VIS_DIRECT},
        {{NULL, NULL, NULL}, 0, 0, 0, NULL, 0},
};
