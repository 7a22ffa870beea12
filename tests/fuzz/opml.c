/* A list of feeds from strangers: only addresses that may be followed come out, and come back. */
#include <assert.h>
#include <string.h>
#include <strings.h>

#include "networks/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct feed_list list = {0}, again = {0};
	struct err err = {0};
	if (feed_list_read(&list, (const char *)data, size, &err)) {
		for (size_t i = 0; i < list.n; i++) {
			const char *url = list.feeds[i]->url;
			assert(strncasecmp(url, "http", 4) == 0 ||
			        strncasecmp(url, "file:///", 8) == 0);
		}
		struct str out = {0};
		feed_list_print_opml(&out, list.feeds, list.n, 0);
		if (list.n > 0) {
			assert(feed_list_read(&again, out.p, out.len, &err));
			assert(again.n == list.n);
		}
		str_finish(&out);
	} else {
		assert(*err.text);
	}
	feed_list_finish(&again);
	feed_list_finish(&list);
	return 0;
}
