#include "private.h"

/*
 * Who asks for a thread wants all that belongs to it; and a post belongs to what its parent
 * belongs to, which may come after it. Answers are found by what they name, an index that is
 * there only while somebody asks for threads.
 */

enum { FAR = 100 };

static void index_answer(struct store *store, post_id id)
{
	const struct post *post = store_post(store, id);
	const char *parent = post ? post_str(post, POST_REPLY_TO) : "";

	if (!parent[0]) return;
	table_put(&store->answers, (uint64_t)store_hash(store, 0, parent) << 32 | id);
}

static void tell_named(struct store *store, post_id parent, const char *name, int depth);

/* What answers the post belongs elsewhere now. */
static void tell_below(struct store *store, post_id id, int depth)
{
	const struct post *post = store_post(store, id);

	if (!post || depth == FAR) return;
	tell_named(store, id, post_str(post, POST_URI), depth);
	for (size_t i = 0; i < post->nviewers; i++) {
		struct viewer viewer = post_viewer(post, i);

		if (viewer.remote_id) tell_named(store, id, viewer.remote_id, depth);
	}
}

static void tell_named(struct store *store, post_id parent, const char *name, int depth)
{
	uint32_t hash = store_hash(store, 0, name);
	size_t cursor = 0;
	post_id id;

	while ((id = table_next(&store->answers, hash, &cursor)) != 0) {
		if (id == parent || store_parent(store, id) != parent) continue;
		store_tell_changed(store, id);
		tell_below(store, id, depth + 1);
	}
}

void threads_note(struct store *store, post_id id)
{
	if (store->atoms.counts[ATOM_THREAD] == 0) {
		table_finish(&store->answers);
		store->answers_upto = 0;
		return;
	}
	while (store->answers_upto < store->last_post) {
		index_answer(store, ++store->answers_upto);
	}
	tell_below(store, id, 0);
}
