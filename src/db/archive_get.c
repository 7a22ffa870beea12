#include <stdlib.h>

#include "db/archive_inside.h"

/* One post by its name. */

bool archive_get(struct archive *archive, const char *uri, struct page **out, struct err *err)
{
	struct stored_post stored = {0};
	if (!archive_find(archive, 0, uri, &stored, err)) return false;
	struct page *page = page_new();
	page->stored = true;
	if (stored.post) {
		uint32_t author = 0;
		if (!archive_profile(archive, stored.author, page, &author, err)) {
			free(stored.post);
			page_free(page);
			return false;
		}
		stored.post->author = author;
		page_take_post(page, stored.post);
	}
	*out = page;
	return true;
}
