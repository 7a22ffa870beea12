#include "post_words.h"

#include <inttypes.h>
#include <string.h>

#include "post_parts.h"

enum { QUOTE_LINES = 4, MAX_MEDIA = 8 };

static void say(struct block_pen *pen, enum role role, struct str *line)
{
	const struct pen_text how = {.role = role};
	if (line->len) pen_wrap(pen, &how, line->p, line->len);
	str_finish(line);
}

/* A further word of a list: "7 reposts, 20 likes". */
static void add(struct str *out, const char *word)
{
	str_addf(out, "%s%s", out->len ? ", " : "", word);
}

static void add_number(struct str *out, uint32_t n, const char *one, const char *many)
{
	if (n == POST_UNKNOWN || n == 0) return;
	str_addf(out, "%s%" PRIu32 " %s", out->len ? ", " : "", n, n == 1 ? one : many);
}

/* -- who, and what colours and marks say elsewhere -- */

static void say_head(
        struct block_pen *pen, const struct block_in *in, const struct profile *profile)
{
	struct str line = {0}, who = {0};
	if (in->selected) add(&line, "selected");
	if (in->row.opened) add(&line, "whose conversation this is");
	if (in->highlight) add(&line, "highlighted");
	if (in->unread) add(&line, "unread");
	if (in->thread && in->row.depth) str_addf(&who, "answer at level %d, ", in->row.depth);
	str_adds(&who, profile_called(profile));
	if (profile && profile->name[0]) str_addf(&who, ", @%s", profile->handle);
	if (in->time[0]) str_addf(&who, ", %s", in->time);
	if (line.len) str_adds(&line, ": ");
	str_adds(&line, str_c(&who));
	str_finish(&who);
	say(pen, in->unread ? ROLE_POST_UNREAD : ROLE_POST_AUTHOR, &line);
}

static void say_reason(struct block_pen *pen, const struct block_in *in)
{
	struct str line = {0};
	bool other = in->actor && in->actor != in->author;
	if (in->row.reason != REASON_POSTED) {
		if (other) str_addf(&line, "%s ", profile_called(in->actor));
		if (in->row.more)
			str_addf(&line, "%s%" PRIu32 " %s ", other ? "and " : "", in->row.more,
			        in->row.more == 1 ? "other" : "others");
		str_adds(&line, part_reason_did(in->row.reason));
		if (in->row.reason == REASON_SCHEDULED) str_addf(&line, " %s", in->time);
	}
	say(pen, ROLE_POST_REASON, &line);
	if (!in->post) return;
	const char *name = post_str(in->post, POST_REPLY_NAME);
	if (post_len(in->post, POST_REPLY_TO) == 0 && !name[0]) return;
	line = (struct str){0};
	if (in->row.orphan)
		str_adds(&line, "answers a post that is missing");
	else if (name[0])
		str_addf(&line, "answers @%s", name);
	else
		str_adds(&line, "an answer");
	say(pen, ROLE_POST_REASON, &line);
}

static void say_why(struct block_pen *pen, const struct row *row)
{
	struct str line = {0};
	if (!row->why) return;
	str_addf(&line, "%s %s",
	        row->muted      ? "hidden by"
	        : row->unfolded ? "folded by"
	                        : "filtered:",
	        row->why);
	say(pen, ROLE_POST_MORE, &line);
}

/* -- what goes with the text -- */

static void say_media(struct block_pen *pen, const struct block_in *in)
{
	size_t n = in->post->nmedia;
	struct str line = {0};
	if (n && (in->post->flags & POST_IS_SENSITIVE) && !in->opened) {
		str_addf(&line, "%zu covered; x shows %s", n, n == 1 ? "it" : "them");
		say(pen, ROLE_POST_WARNING, &line);
		return;
	}
	for (size_t i = 0; i < n && i < MAX_MEDIA; i++) {
		struct media media = post_media(in->post, i);
		bool told = media.alt && media.alt[0];
		line = (struct str){0};
		str_addf(&line, "%s%s%s", media_kind_name(media.kind),
		        told ? ": " : " without description", told ? media.alt : "");
		say(pen, ROLE_POST_MEDIA, &line);
	}
	line = (struct str){0};
	if (n > MAX_MEDIA) str_addf(&line, "%zu more", n - MAX_MEDIA);
	say(pen, ROLE_POST_MEDIA, &line);
}

static void say_quote(struct block_pen *pen, const struct block_in *in)
{
	struct str line = {0};
	if (post_len(in->post, POST_QUOTE_OF) == 0) return;
	struct pen_text how = {.role = ROLE_POST_QUOTE, .max_lines = QUOTE_LINES};
	if (!in->quote) {
		str_adds(&line, "quotes a post that is not here");
	} else {
		/* A quote does not uncover what its author covered. */
		bool covered = post_len(in->quote, POST_WARNING) > 0;
		enum post_string what = covered                              ? POST_WARNING
		                        : post_len(in->quote, POST_BODY) > 0 ? POST_BODY
		                                                             : POST_TITLE;
		str_addf(&line, "quotes %s: %s%s", profile_called(in->quote_author),
		        covered ? "warning: " : "", post_str(in->quote, what));
	}
	pen_wrap(pen, &how, line.p, line.len);
	str_finish(&line);
}

static void say_card(struct block_pen *pen, const struct post *post)
{
	struct str line = {0};
	if (post_len(post, POST_CARD_URL) == 0) return;
	str_adds(&line, "link: ");
	part_host(&line, post_str(post, POST_CARD_URL));
	if (post_len(post, POST_CARD_TITLE) > 0)
		str_addf(&line, ", %s", post_str(post, POST_CARD_TITLE));
	say(pen, ROLE_POST_LINK, &line);
}

static void say_counts(struct block_pen *pen, const struct post *post)
{
	struct str line = {0};
	unsigned mine = 0;
	for (size_t i = 0; i < post->nviewers; i++)
		mine |= post_viewer(post, i).flags;
	add_number(&line, post->replies, "reply", "replies");
	add_number(&line, post->reposts, "repost", "reposts");
	add_number(&line, post->likes, "like", "likes");
	if (mine & VIEWER_LIKED) add(&line, "you liked it");
	if (mine & VIEWER_REPOSTED) add(&line, "you reposted it");
	if (mine & VIEWER_BOOKMARKED) add(&line, "you bookmarked it");
	if (post->edited_ms > 0) add(&line, "edited");
	if (post->flags & POST_IS_GATED) add(&line, "replies limited");
	if (post->visibility == VIS_DIRECT || post->visibility == VIS_FOLLOWERS)
		add(&line, visibility_name(post->visibility));
	say(pen, ROLE_POST_COUNTS, &line);
}

static void say_content(struct block_pen *pen, const struct block_in *in)
{
	struct str line = {0};
	if (post_len(in->post, POST_WARNING) > 0) {
		str_addf(&line, "warning: %s%s", post_str(in->post, POST_WARNING),
		        in->opened ? "" : "; x shows it");
		say(pen, ROLE_POST_WARNING, &line);
		if (!in->opened) return;
	}
	part_written(pen, in, 0);
	say_media(pen, in);
	part_poll(pen, in);
	say_quote(pen, in);
	say_card(pen, in->post);
}

void words_post(struct block_pen *pen, const struct block_in *in)
{
	struct str line = {0};
	if (in->row.filtered && !in->opened) {
		str_addf(&line, "%sfiltered: %s; x shows it", in->selected ? "selected, " : "",
		        in->row.why);
		say(pen, ROLE_POST_MORE, &line);
	} else {
		say_head(pen, in, in->author);
		say_why(pen, &in->row);
		say_reason(pen, in);
		say_content(pen, in);
		say_counts(pen, in->post);
	}
	line = (struct str){0};
	if (in->row.folded)
		str_addf(&line, "folded: %" PRIu32 " %s", in->row.folded,
		        in->row.folded == 1 ? "reply" : "replies");
	if (in->row.folded && in->row.folded_unread)
		str_addf(&line, ", %" PRIu32 " of them unread", in->row.folded_unread);
	say(pen, ROLE_POST_MORE, &line);
}

void words_notice(struct block_pen *pen, const struct block_in *in)
{
	struct block_in who = *in;
	who.author = in->actor;
	say_head(pen, in, in->actor);
	say_why(pen, &in->row);
	if (in->row.reason != REASON_FOUND) say_reason(pen, &who);
	if (in->actor) part_person(pen, in->actor);
}

void words_gap(struct block_pen *pen, const struct block_in *in)
{
	struct str line = {0};
	str_addf(&line, "%sposts are missing here; Enter loads them",
	        in->selected ? "selected: " : "");
	say(pen, ROLE_GAP, &line);
}

void words_fold(struct block_pen *pen, const struct block_in *in)
{
	struct str line = {0};
	str_addf(&line, "%s%" PRIu32 " folded%s%s; Enter shows them",
	        in->selected ? "selected: " : "", in->row.more, in->row.why ? ": " : "",
	        in->row.why ? in->row.why : "");
	say(pen, ROLE_FOLD, &line);
}
