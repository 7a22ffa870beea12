/* A feed from strangers: nothing may crash, and what comes out must hold together. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "networks/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_page(const struct page *page)
{
	for (size_t i = 0; i < page->nentries; i++) {
		assert(page->entries[i].post >= 1 && page->entries[i].post <= page->nposts);
		const struct post *post = page->posts[page->entries[i].post - 1];
		assert(post_len(post, POST_URI) > 0);
		assert(utf8_valid(post_str(post, POST_BODY), post_len(post, POST_BODY)));
		assert(utf8_valid(post_str(post, POST_TITLE), post_len(post, POST_TITLE)));
		assert(post->author >= 1 && post->author <= page->nprofiles);
		for (size_t f = 0; f < post->nfacets; f++)
			assert(post_facet(post, f).end <= post_len(post, POST_BODY));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* The first line may be a Content-Type. */
	const char *bytes = (const char *)data;
	char *type = NULL;
	const char *end = size ? memchr(bytes, '\n', size < 80 ? size : 80) : NULL;
	if (end && *bytes == '!') {
		type = xstrndup(bytes + 1, (size_t)(end - bytes) - 1);
		size -= (size_t)(end - bytes) + 1;
		bytes = end + 1;
	}
	const struct feed_input in = {.bytes = bytes,
	        .len = size,
	        .url = "https://feeds.example/dir/feed.xml",
	        .content_type = type,
	        .now_ms = 1767225600000};
	struct page *page = page_new();
	struct feed_wishes wishes = {0};
	struct err err = {0};
	if (feed_read(&in, page, &wishes, &err))
		check_page(page);
	else
		assert(*err.text);
	page_free(page);
	int64_t ms;
	char *date = xstrndup(bytes, size < 80 ? size : 80);
	if (feed_date(date, &ms)) assert(ms > -62135596800001 && ms < 253402300800000);
	free(date);
	struct feed_links links = {0};
	const char *const headers[] = {type ? type : ""};
	feed_find(&links, &in, headers, 1);
	feed_links_finish(&links);
	free(type);
	return 0;
}
