#include "model/post_merge.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/poll.h"

/* Room for post_parts_of. */
struct room {
	struct facet facets[POST_MAX_FACETS];
	struct media media[POST_MAX_MEDIA];
	struct viewer viewers[POST_MAX_VIEWERS];
};

static bool same_str(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_content(const struct post *a, const struct post *b)
{
	if (a->flags != b->flags || a->nfacets != b->nfacets || a->nmedia != b->nmedia ||
	        a->visibility != b->visibility || a->edited_ms != b->edited_ms ||
	        a->poll_ends_ms != b->poll_ends_ms || (b->author && a->author != b->author)) {
		return false;
	}
	for (int i = 0; i < POST_NSTRINGS; i++) {
		if (strcmp(post_str(a, i), post_str(b, i)) != 0) return false;
	}
	for (size_t i = 0; i < a->nfacets; i++) {
		struct facet one = post_facet(a, i), two = post_facet(b, i);

		if (one.kind != two.kind || one.start != two.start || one.end != two.end ||
		        !same_str(one.target, two.target)) {
			return false;
		}
	}
	for (size_t i = 0; i < a->nmedia; i++) {
		struct media one = post_media(a, i), two = post_media(b, i);

		if (one.kind != two.kind || !same_str(one.url, two.url) ||
		        !same_str(one.alt, two.alt) || !same_str(one.preview, two.preview)) {
			return false;
		}
	}
	return true;
}

static bool takes_content(const struct post *old, const struct post *sight, bool stored)
{
	if (sight->edited_ms != old->edited_ms) return sight->edited_ms > old->edited_ms;
	if (stored || same_content(old, sight)) return false;
	if (old->nviewers == 0 || sight->nviewers == 0) return true;
	return post_viewer(old, 0).account == post_viewer(sight, 0).account;
}

static size_t viewer_index(const struct post *post, account_id account)
{
	for (size_t i = 0; i < post->nviewers; i++) {
		if (post_viewer(post, i).account == account) return i;
	}
	return SIZE_MAX;
}

/* A viewer that is new, or whose server has a new id for the post. */
static bool changes_viewers(const struct post *old, const struct post *sight, bool stored)
{
	for (size_t i = 0; i < sight->nviewers; i++) {
		struct viewer viewer = post_viewer(sight, i);
		size_t at = viewer_index(old, viewer.account);

		if (at == SIZE_MAX) {
			if (old->nviewers < POST_MAX_VIEWERS) return true;
		} else if (!stored && viewer.remote_id &&
		           !same_str(viewer.remote_id, post_viewer(old, at).remote_id)) {
			return true;
		}
	}
	return false;
}

static bool merge_count(uint32_t *count, uint32_t sight, bool stored)
{
	if (sight == POST_UNKNOWN || sight == *count) return false;
	if (stored && *count != POST_UNKNOWN) return false;
	*count = sight;
	return true;
}

static bool merge_counts(struct post *old, const struct post *sight, bool stored)
{
	bool changed = merge_count(&old->replies, sight->replies, stored);

	changed |= merge_count(&old->reposts, sight->reposts, stored);
	changed |= merge_count(&old->likes, sight->likes, stored);
	changed |= merge_count(&old->quotes, sight->quotes, stored);
	return changed;
}

static bool merge_flags(struct post *old, const struct post *sight, bool stored)
{
	bool changed = false;

	for (size_t i = 0; !stored && i < sight->nviewers; i++) {
		struct viewer viewer = post_viewer(sight, i);
		size_t at = viewer_index(old, viewer.account);

		if (at == SIZE_MAX || post_viewer(old, at).flags == viewer.flags) continue;
		post_set_viewer_flags(old, at, viewer.flags);
		changed = true;
	}
	return changed;
}

static void join_viewers(struct post_parts *parts, struct room *room, const struct post *sight)
{
	for (size_t i = 0; i < sight->nviewers; i++) {
		struct viewer viewer = post_viewer(sight, i);
		size_t at = 0;

		while (at < parts->nviewers && room->viewers[at].account != viewer.account) {
			at++;
		}
		if (at == parts->nviewers) {
			if (at == POST_MAX_VIEWERS) continue;
			parts->nviewers++;
			room->viewers[at] = viewer;
		} else if (viewer.remote_id) {
			room->viewers[at].remote_id = viewer.remote_id;
		}
	}
	parts->viewers = room->viewers;
}

/* `old` has the counts and flags of both by now. */
static struct post *joined(const struct post *old, const struct post *sight, bool content)
{
	struct room *rooms = xmalloc(2 * sizeof *rooms);
	struct post_parts parts, other;
	struct str poll = {0};
	struct post *post;

	post_parts_of(old, &parts, rooms[0].facets, rooms[0].media, rooms[0].viewers);
	if (content) {
		post_parts_of(sight, &other, rooms[1].facets, rooms[1].media, rooms[1].viewers);
		if (!other.author) other.author = parts.author;
		other.created_ms = parts.created_ms;
		other.seen_ms = parts.seen_ms;
		other.replies = parts.replies;
		other.reposts = parts.reposts;
		other.likes = parts.likes;
		other.quotes = parts.quotes;
		other.viewers = parts.viewers;
		other.nviewers = parts.nviewers;
		if (poll_keep_choice(&poll, post_str(sight, POST_POLL), post_str(old, POST_POLL))) {
			other.str[POST_POLL] = poll.p;
		}
		parts = other;
	}
	join_viewers(&parts, &rooms[0], sight);
	post = post_new(&parts);
	free(rooms);
	str_finish(&poll);
	return post;
}

enum merged post_merge(struct post *old, const struct post *sight, bool stored, struct post **out)
{
	bool content = takes_content(old, sight, stored);
	bool copy = content || changes_viewers(old, sight, stored);
	bool changed = merge_counts(old, sight, stored);

	changed |= merge_flags(old, sight, stored);
	if (copy) {
		*out = joined(old, sight, content);
		return MERGED_COPY;
	}
	return changed ? MERGED_COUNTS : MERGED_NOTHING;
}
