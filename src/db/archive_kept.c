#include "db/archive_inside.h"

#include <stdlib.h>
#include <string.h>

#include "db/archive_tokens.h"
#include "db/archive_walk.h"

/* Posts of a thread that are looked at for an answer of ours; with more, the post is kept. */
enum { MAX_ANSWERS = 500 };

static bool is_marked(const struct post *post, unsigned flags)
{
	for (size_t i = 0; i < post->nviewers; i++) {
		if (post_viewer(post, i).flags & flags) return true;
	}
	return false;
}

static bool answers(
        struct archive *archive, int64_t id, const char *uri, bool *out, struct err *err)
{
	struct stored_post stored;
	if (!archive_post(archive, id, &stored, err)) return false;
	*out = stored.post && is_marked(stored.post, VIEWER_OWN) &&
	       strcmp(post_str(stored.post, POST_REPLY_TO), uri) == 0;
	free(stored.post);
	return true;
}

/* Whether a post of ours replies to it, as far as the index has it. */
static bool is_answered(
        struct archive *archive, const struct post *post, bool *out, struct err *err)
{
	const char *uri = post_str(post, POST_URI);
	struct query_atom thread = {.kind = ATOM_THREAD, .value = uri, .len = strlen(uri)};
	struct need need = {0};
	struct need_group group = {0};
	struct walk *walk = NULL;
	int64_t id;
	int row = 0;
	tokens_of_atom(&group, &thread);
	need_add(&need, &group);
	bool ok = walk_open(archive, &need, INT64_MAX, archive->indexed_from, &walk, err);
	*out = false;
	for (int n = 0; ok && !*out && (row = walk_next(walk, &id, err)) > 0; n++) {
		ok = answers(archive, id, uri, out, err);
		*out = *out || n == MAX_ANSWERS;
	}
	walk_close(walk);
	need_finish(&need);
	return ok && row >= 0;
}

bool archive_is_kept(struct archive *archive, const struct post *post, bool *out, struct err *err)
{
	*out = is_marked(post, VIEWER_OWN | VIEWER_BOOKMARKED) ||
	       archive->indexed_from != INT64_MIN;
	return *out || is_answered(archive, post, out, err);
}
