#include "model/server_filter.h"

#include <stdlib.h>

#include "base/mem.h"

#define X(id, name) name,
const char *const filter_context_names[FILTER_CONTEXT_COUNT] = {FILTER_CONTEXTS(X)};
#undef X

void server_filter_finish(struct server_filter *filter)
{
	for (size_t i = 0; i < filter->nkeywords; i++) {
		free(filter->keywords[i].id);
		free(filter->keywords[i].text);
	}
	for (size_t i = 0; i < filter->nposts; i++) {
		free(filter->posts[i]);
	}
	free(filter->id);
	free(filter->title);
	free(filter->keywords);
	free(filter->posts);
	*filter = (struct server_filter){0};
}

static char *copy_of(const char *s)
{
	return s ? xstrdup(s) : NULL;
}

struct server_filter *server_filter_copy(const struct server_filter *filter)
{
	struct server_filter *copy = xmalloc(sizeof *copy);

	*copy = *filter;
	copy->id = copy_of(filter->id);
	copy->title = copy_of(filter->title);
	copy->keywords = xcalloc(filter->nkeywords + 1, sizeof *copy->keywords);
	for (size_t i = 0; i < filter->nkeywords; i++) {
		copy->keywords[i].id = copy_of(filter->keywords[i].id);
		copy->keywords[i].text = copy_of(filter->keywords[i].text);
		copy->keywords[i].whole = filter->keywords[i].whole;
	}
	copy->posts = xcalloc(filter->nposts + 1, sizeof *copy->posts);
	for (size_t i = 0; i < filter->nposts; i++) {
		copy->posts[i] = copy_of(filter->posts[i]);
	}
	return copy;
}

void server_filter_free(struct server_filter *filter)
{
	if (!filter) return;
	server_filter_finish(filter);
	free(filter);
}
