#include "post_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "link_text.h"
#include "model/link.h"
#include "model/poll.h"
#include "picture_parts.h"

enum { PART_MAX_MEDIA = 4, PART_MAX_OPTIONS = 12, QUOTE_LINES = 4, TITLE_LINES = 4, BIO_LINES = 3 };

const char *profile_called(const struct profile *profile)
{
	if (profile && profile->name[0]) return profile->name;
	return profile && profile->handle[0] ? profile->handle : "somebody";
}

static void say_str(struct block_pen *pen, enum role role, struct str *text)
{
	pen_say(pen, role, str_c(text));
	str_finish(text);
}

/* --- why it stands here --- */

/* X(REASON, mark, "what they did") */
static const struct {
	enum reason reason;
	enum mark mark;
	const char *did;
} reasons[] = {
        {REASON_REPOSTED, MARK_REPOST, "reposted"},
        {REASON_LIKED, MARK_LIKE, "liked"},
        {REASON_MENTIONED, MARK_REPLY, "mentioned you"},
        {REASON_REPLIED, MARK_REPLY, "replied"},
        {REASON_QUOTED, MARK_QUOTE, "quoted"},
        {REASON_FOLLOWED, MARK_ADD, "follows you"},
        {REASON_REQUESTED, MARK_ADD, "asks to follow you"},
        {REASON_POLL_ENDED, MARK_CHECK, "the poll has ended"},
        {REASON_EDITED, MARK_CHECK, "edited"},
        {REASON_SCHEDULED, MARK_BULLET, "will be published"},
};

enum mark part_reason_mark(enum reason reason)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (reasons[i].reason == reason) return reasons[i].mark;
	}
	return MARK_BULLET;
}

const char *part_reason_did(enum reason reason)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (reasons[i].reason == reason) return reasons[i].did;
	}
	return reason_name(reason);
}

static void say_reason(struct block_pen *pen, const struct block_in *in)
{
	struct str line = {0};
	str_addf(&line, "%s ", ui_mark(pen->ui, part_reason_mark(in->row.reason)));
	bool other = in->actor && in->actor != in->author;
	if (other) str_addf(&line, "%s ", profile_called(in->actor));
	if (in->row.more > 0) {
		str_addf(&line, "%s%" PRIu32 " %s ", other ? "and " : "", in->row.more,
		        in->row.more == 1 ? "other" : "others");
	}
	str_adds(&line, part_reason_did(in->row.reason));
	if (in->row.reason == REASON_SCHEDULED) str_addf(&line, " %s", in->time);
	say_str(pen, ROLE_POST_REASON, &line);
}

/* In a thread the guides tell whom a post answers, unless that one is missing. */
static void say_reply(struct block_pen *pen, const struct block_in *in)
{
	const char *name = post_str(in->post, POST_REPLY_NAME);
	if (post_len(in->post, POST_REPLY_TO) == 0 && name[0] == 0) return;
	if (in->thread && !in->row.orphan) return;
	struct str line = {0};
	str_addf(&line, "%s ", ui_mark(pen->ui, MARK_REPLY));
	if (in->row.orphan) {
		str_addf(&line, "to a missing post%s%s", name[0] ? " of @" : "", name);
	} else {
		str_addf(&line, "%s%s", name[0] ? "to @" : "a reply", name);
	}
	say_str(pen, ROLE_POST_REASON, &line);
}

void part_reason(struct block_pen *pen, const struct block_in *in)
{
	if (in->row.reason != REASON_POSTED) say_reason(pen, in);
	if (in->post) say_reply(pen, in);
}

void part_why(struct block_pen *pen, const struct block_in *in)
{
	if (!in->row.why) return;
	struct str line = {0};
	str_addf(&line, "%s %s %s", ui_mark(pen->ui, MARK_WARNING),
	        in->row.muted      ? "hidden by"
	        : in->row.unfolded ? "folded by"
	                           : "filtered:",
	        in->row.why);
	say_str(pen, ROLE_POST_MORE, &line);
}

void part_fold(struct block_pen *pen, const struct row *row)
{
	if (row->folded == 0) return;
	struct str line = {0};
	str_addf(&line, "%s %" PRIu32 " %s", ui_mark(pen->ui, MARK_FOLD), row->folded,
	        row->folded == 1 ? "reply" : "replies");
	if (row->folded_unread > 0) str_addf(&line, ", %" PRIu32 " new", row->folded_unread);
	say_str(pen, ROLE_POST_MORE, &line);
}

/* --- what the author wrote --- */

/* Bytes of a body's first line when it only says the title again, as many feeds do. */
static size_t repeated_title(const struct post *post)
{
	const char *title = post_str(post, POST_TITLE), *body = post_str(post, POST_BODY);
	size_t len = post_len(post, POST_TITLE), line = strcspn(body, "\n");
	if (len == 0 || line < len || memcmp(title, body, len) != 0) return 0;
	return line == len || (line == len + 1 && body[len] == '.') ? line : 0;
}

static void part_body(struct block_pen *pen, const struct block_in *in, size_t lines)
{
	struct pen_text how = {.role = in->unread ? ROLE_POST_UNREAD : ROLE_POST,
	        .nfacets = in->post->nfacets,
	        .skip = repeated_title(in->post)};
	struct facet *facets = arena_alloc(pen->scratch, (how.nfacets + 1) * sizeof(*facets));
	for (size_t i = 0; i < how.nfacets; i++)
		facets[i] = post_facet(in->post, i);
	struct link_text text = {post_str(in->post, POST_BODY), post_len(in->post, POST_BODY),
	        facets, how.nfacets};
	/* What feeds bring is full of links in words; Enter tells where each leads. */
	link_text_reveal(pen, &text, in->post->nviewers > 0);
	how.facets = text.facets;
	how.nfacets = text.nfacets;
	if (!in->opened && pen->ui->options->post_lines > 0) {
		how.max_lines = (size_t)pen->ui->options->post_lines;
	}
	if (!in->opened && lines) how.max_lines = lines;
	bool whole = pen_wrap(pen, &how, text.utf8, text.len);
	if (!whole && !in->opened) {
		pen_say(pen, ROLE_POST_MORE, pen->ui->ascii ? "... x shows all" : "… x shows all");
	} else if (in->post->flags & POST_IS_ARTICLE) {
		pen_say(pen, ROLE_POST_MORE,
		        pen->ui->ascii ? "... Enter reads on" : "… Enter reads on");
	}
}

static void one_media(struct block_pen *pen, const struct media *media)
{
	bool told = media->alt && media->alt[0];
	struct str line = {0};
	str_addf(&line, "%s ", ui_mark(pen->ui, MARK_MEDIA));
	if (!told || media->kind != MEDIA_IMAGE) str_adds(&line, media_kind_name(media->kind));
	if (told && media->kind != MEDIA_IMAGE) str_adds(&line, ": ");
	str_adds(&line, told ? media->alt : " without description");
	pen_say_marked(pen, ROLE_POST_MEDIA, str_c(&line));
	str_finish(&line);
}

void part_media(struct block_pen *pen, const struct block_in *in)
{
	size_t n = in->post->nmedia;
	struct str line = {0};
	if (n > 0 && (in->post->flags & POST_IS_SENSITIVE) && !in->opened) {
		str_addf(&line, "%s %zu covered — x shows", ui_mark(pen->ui, MARK_MEDIA), n);
		say_str(pen, ROLE_POST_WARNING, &line);
		return;
	}
	if (n > 0) part_pictures(pen, in);
	for (size_t i = 0; i < n && i < PART_MAX_MEDIA; i++) {
		struct media media = post_media(in->post, i);
		one_media(pen, &media);
	}
	if (n > PART_MAX_MEDIA) {
		str_addf(&line, "%s %zu more", ui_mark(pen->ui, MARK_MEDIA), n - PART_MAX_MEDIA);
		say_str(pen, ROLE_POST_MEDIA, &line);
	}
}

static const char ours_word[] = " · your choice";

/*
 * Cells for the bars, the same for each option: what the longest of them leaves. None where
 * words are all there is.
 */
static int bar_cells(const struct block_pen *pen, const char *poll)
{
	enum { LONGEST = 12, SHORTEST = 4, BEFORE = 6 /* " 100% " */ };
	struct poll_option option;
	int longest = 0;
	while (poll_next(&poll, &option)) {
		int cells = (int)utf8_width(option.title, option.len);
		if (option.ours) cells += (int)utf8_width(ours_word, strlen(ours_word));
		if (cells > longest) longest = cells;
	}
	int left = pen->width - longest - BEFORE;
	if (ui_is_linear(pen->ui) || left < SHORTEST) return 0;
	return left < LONGEST ? left : LONGEST;
}

/* "██████░░░░░░  50% North · your choice" */
static void one_option(
        struct block_pen *pen, const struct poll_option *option, int percent, int bar)
{
	struct str line = {0};
	if (percent < 0) bar = 0;
	for (int i = 0; i < bar; i++) {
		bool full = 2 * 100 * i + 100 <= 2 * percent * bar;
		str_adds(&line, ui_mark(pen->ui, full ? MARK_FULL : MARK_EMPTY));
	}
	if (bar == 0) str_adds(&line, ui_mark(pen->ui, MARK_BULLET));
	str_addc(&line, ' ');
	if (percent >= 0) str_addf(&line, "%3d%% ", percent);
	str_add(&line, option->title, option->len);
	if (option->ours) str_adds(&line, ours_word);
	pen_say_marked(pen, ROLE_POST, str_c(&line));
	str_finish(&line);
}

static void poll_end(struct block_pen *pen, const struct block_in *in, const struct poll_sum *sum)
{
	struct str line = {0};
	if (sum->voters > 0 && sum->voters < sum->votes)
		str_addf(&line, "%lld %s · ", (long long)sum->voters,
		        sum->voters == 1 ? "voter" : "voters");
	else if (sum->votes > 0)
		str_addf(&line, "%lld %s · ", (long long)sum->votes,
		        sum->votes == 1 ? "vote" : "votes");
	if (in->post->flags & POST_IS_POLL_MULTIPLE) str_adds(&line, "several · ");
	if (in->post->flags & POST_IS_POLL_OVER) {
		str_adds(&line, "closed");
	} else if (in->post->poll_ends_ms > 0) {
		char end[32];
		ui_time(pen->ui, end, in->post->poll_ends_ms);
		str_addf(&line, "ends %s", end);
	} else {
		str_adds(&line, "open");
	}
	say_str(pen, ROLE_POST_COUNTS, &line);
}

void part_poll(struct block_pen *pen, const struct block_in *in)
{
	const char *poll = post_str(in->post, POST_POLL);
	if (poll[0] == 0) return;
	struct poll_sum sum = poll_sum(poll);
	struct poll_option option;
	int bar = bar_cells(pen, poll);
	for (int shown = 0; shown < PART_MAX_OPTIONS && poll_next(&poll, &option); shown++)
		one_option(pen, &option, poll_percent(&sum, &option), bar);
	poll_end(pen, in, &sum);
}

void part_quote(struct block_pen *pen, const struct block_in *in)
{
	if (post_len(in->post, POST_QUOTE_OF) == 0) return;
	struct pen_text how = {.role = ROLE_POST_QUOTE,
	        .has_prefix = true,
	        .prefix = MARK_VERTICAL,
	        .max_lines = 1};
	if (!in->quote) {
		const char *none = "quotes a post that is not here";
		pen_wrap(pen, &how, none, strlen(none));
		return;
	}
	struct str name = {0};
	str_adds(&name, profile_called(in->quote_author));
	if (in->quote_author && in->quote_author->name[0])
		str_addf(&name, " @%s", in->quote_author->handle);
	pen_wrap(pen, &how, str_c(&name), name.len);
	str_finish(&name);
	/* A quote does not uncover what its author covered. */
	bool covered = post_len(in->quote, POST_WARNING) > 0;
	enum post_string what = covered                              ? POST_WARNING
	                        : post_len(in->quote, POST_BODY) > 0 ? POST_BODY
	                                                             : POST_TITLE;
	how.max_lines = QUOTE_LINES;
	pen_wrap(pen, &how, post_str(in->quote, what), post_len(in->quote, what));
}

void part_host(struct str *out, const char *url)
{
	size_t from = out->len;
	link_host(url, out);
	if (out->len < from + 4 || memcmp(out->p + from, "www.", 4) != 0) return;
	memmove(out->p + from, out->p + from + 4, out->len - from - 4);
	str_cut(out, out->len - 4);
}

void part_card(struct block_pen *pen, const struct post *post)
{
	if (post_len(post, POST_CARD_URL) == 0) return;
	struct str line = {0};
	str_addf(&line, "%s ", ui_mark(pen->ui, MARK_RIGHT));
	part_host(&line, post_str(post, POST_CARD_URL));
	if (post_len(post, POST_CARD_TITLE) > 0) {
		str_addf(&line, ": %s", post_str(post, POST_CARD_TITLE));
	}
	say_str(pen, ROLE_POST_LINK, &line);
}

void part_written(struct block_pen *pen, const struct block_in *in, size_t lines)
{
	const struct post *post = in->post;
	struct pen_text title = {.role = ROLE_POST_TITLE, .max_lines = TITLE_LINES};
	pen_wrap(pen, &title, post_str(post, POST_TITLE), post_len(post, POST_TITLE));
	part_body(pen, in, lines);
}

bool part_is_covered(const struct block_in *in)
{
	return !in->opened && post_len(in->post, POST_WARNING) > 0;
}

void part_text(struct block_pen *pen, const struct block_in *in, size_t lines)
{
	const struct post *post = in->post;
	if (post_len(post, POST_WARNING) > 0) {
		struct str line = {0};
		str_addf(&line, "%s %s", ui_mark(pen->ui, MARK_WARNING),
		        post_str(post, POST_WARNING));
		if (!in->opened) str_adds(&line, " — x shows");
		struct pen_text how = {.role = ROLE_POST_WARNING, .max_lines = 3};
		pen_wrap(pen, &how, str_c(&line), line.len);
		str_finish(&line);
		if (!in->opened) return;
	}
	part_written(pen, in, lines);
}

/* --- counts --- */

void part_number(char out[16], uint32_t n)
{
	if (n < 1000) {
		snprintf(out, 16, "%" PRIu32, n);
	} else if (n < 10000) {
		snprintf(out, 16, "%" PRIu32 ".%" PRIu32 "k", n / 1000, n % 1000 / 100);
	} else if (n < 1000000) {
		snprintf(out, 16, "%" PRIu32 "k", n / 1000);
	} else {
		snprintf(out, 16, "%" PRIu32 "M", n / 1000000);
	}
}

struct counts_line {
	struct block_pen *pen;
	int row, col;
};

static void counts_add(struct counts_line *line, bool mine, const char *mark, const char *text)
{
	struct str word = {0};
	str_addf(&word, "%s%s%s%s", mark, text[0] ? " " : "", text, mine ? " you" : "");
	if (line->row < 0) line->row = pen_line(line->pen);
	if (line->col > 0) line->col += 2;
	line->col += pen_puts(line->pen, line->row, line->col,
	        mine ? ROLE_POST_MINE : ROLE_POST_COUNTS, str_c(&word), line->pen->width);
	str_finish(&word);
}

static void counts_number(struct counts_line *line, enum mark mark, uint32_t n, bool mine)
{
	bool known = n != POST_UNKNOWN && n > 0;
	char text[16] = "";
	if (!known && !mine) return;
	if (known) part_number(text, n);
	counts_add(line, mine, ui_mark(line->pen->ui, mark), text);
}

void part_person(struct block_pen *pen, const struct profile *profile)
{
	struct pen_text how = {.role = ROLE_POST, .max_lines = BIO_LINES};
	struct str line = {0};
	char number[16];
	if (profile->bio) pen_wrap(pen, &how, profile->bio, strlen(profile->bio));
	if (profile->followers >= 0) {
		uint32_t n = profile->followers < POST_UNKNOWN ? (uint32_t)profile->followers
		                                               : POST_UNKNOWN - 1;
		part_number(number, n);
		str_addf(&line, "%s %s", number, n == 1 ? "follower" : "followers");
	}
	if (profile->bot) str_addf(&line, "%sbot", line.len ? "  " : "");
	if (line.len) pen_say(pen, ROLE_POST_COUNTS, str_c(&line));
	str_finish(&line);
}

void part_counts(struct block_pen *pen, const struct post *post)
{
	struct counts_line line = {.pen = pen, .row = -1};
	unsigned mine = 0;
	for (size_t i = 0; i < post->nviewers; i++)
		mine |= post_viewer(post, i).flags;
	counts_number(&line, MARK_REPLY, post->replies, false);
	counts_number(&line, MARK_REPOST, post->reposts, mine & VIEWER_REPOSTED);
	counts_number(&line, MARK_LIKE, post->likes, mine & VIEWER_LIKED);
	if (mine & VIEWER_BOOKMARKED) counts_number(&line, MARK_BOOKMARK, 0, true);
	if (post->edited_ms > 0) counts_add(&line, false, "edited", "");
	if (post->flags & POST_IS_GATED) counts_add(&line, false, "replies limited", "");
	if (post->visibility == VIS_DIRECT || post->visibility == VIS_FOLLOWERS) {
		counts_add(&line, false, visibility_name(post->visibility), "");
	}
}
