#include "notice_told.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/post.h"

enum { TOLD_MAX = 64 };

struct told {
	uint64_t keys[TOLD_MAX]; /* of URIs (store_key); a ring */
	unsigned n;              /* ever; the newest is at (n - 1) % TOLD_MAX */
};

static const char told_name[] = "told";

static struct told *told_of(struct app *app)
{
	if (!app->told) app->told = xcalloc(1, sizeof(*app->told));
	return app->told;
}

void told_finish(struct app *app)
{
	free(app->told);
	app->told = NULL;
}

bool told_value(struct app *app, const char *key, const char *value)
{
	if (strcmp(key, told_name) != 0) return false;
	struct told *told = told_of(app);
	for (char *end; *value; value = end) {
		uint64_t post = strtoull(value, &end, 16);
		if (end == value) break;
		told->keys[told->n++ % TOLD_MAX] = post;
	}
	return true;
}

bool told_has(const struct app *app, post_id id)
{
	const struct post *post = store_post(app->store, id);
	if (!app->told || !post) return false;
	uint64_t key = store_key(post_str(post, POST_URI));
	for (unsigned i = 0; i < TOLD_MAX && i < app->told->n; i++) {
		if (app->told->keys[i] == key) return true;
	}
	return false;
}

void told_add(struct app *app, const post_id *posts, size_t n)
{
	struct told *told = told_of(app);
	struct str text = {0};
	for (size_t i = 0; i < n; i++) {
		const struct post *post = store_post(app->store, posts[i]);
		if (post) told->keys[told->n++ % TOLD_MAX] = store_key(post_str(post, POST_URI));
	}
	unsigned first = told->n > TOLD_MAX ? told->n - TOLD_MAX : 0;
	for (unsigned i = first; i < told->n; i++)
		str_addf(&text, "%s%" PRIx64, i > first ? " " : "", told->keys[i % TOLD_MAX]);
	app_remember(app, told_name, str_c(&text));
	str_finish(&text);
}
