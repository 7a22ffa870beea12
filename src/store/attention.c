#include "private.h"

/*
 * What we owe posts. It is known by the key of the URI, and may come before the post; of a
 * post that is to us the key leads back to it.
 */

static uint64_t key_of(const struct store *store, post_id id)
{
	const struct post *post = store_post(store, id);

	return post ? store_key(post_str(post, POST_URI)) : 0;
}

void attention_note(struct store *store, post_id id)
{
	if (!post_is_to_us(store, id)) return;
	table_put_value(&store->addressed, key_of(store, id), id);
}

void attention_forget(struct store *store, post_id id)
{
	if (store->addressed.n > 0) table_drop(&store->addressed, key_of(store, id));
}

/* Few are owed something without being addressed to us: those are looked for. */
static post_id find(const struct store *store, uint64_t key)
{
	int64_t at;

	if (table_value(&store->addressed, key, &at)) return (post_id)at;
	for (post_id id = store->nposts > 0 ? store->last_post : 0; id > 0; id--) {
		if (key_of(store, id) == key) return id;
	}
	return 0;
}

void store_put_attention(struct store *store, uint64_t key, enum attention attention)
{
	int64_t old = ATTENTION_NONE;
	post_id id;

	if (!key) return;
	table_value(&store->attentions, key, &old);
	if (old == (int64_t)attention) return;
	if (attention == ATTENTION_NONE) {
		table_drop(&store->attentions, key);
	} else {
		table_put_value(&store->attentions, key, attention);
	}
	id = find(store, key);
	if (!id) return;
	store_now(store);
	timelines_post_changed(store, id);
}

enum attention store_attention(const struct store *store, post_id id)
{
	uint64_t key = store->attentions.n > 0 ? key_of(store, id) : 0;
	int64_t attention;

	if (!key || !table_value(&store->attentions, key, &attention)) return ATTENTION_NONE;
	return (enum attention)attention;
}
