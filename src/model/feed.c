#include "model/feed.h"

#include <stdlib.h>

#include "base/mem.h"

struct feed *feed_copy(const struct feed *feed)
{
	struct feed *copy = xmalloc(sizeof *copy);

	copy->name = xstrdup(feed->name ? feed->name : "");
	copy->url = xstrdup(feed->url ? feed->url : "");
	copy->title = xstrdup(feed->title ? feed->title : "");
	copy->groups = xstrdup(feed->groups ? feed->groups : "");
	copy->site = xstrdup(feed->site ? feed->site : "");
	return copy;
}

void feed_free(struct feed *feed)
{
	if (!feed) return;
	free(feed->name);
	free(feed->url);
	free(feed->title);
	free(feed->groups);
	free(feed->site);
	free(feed);
}
