#include "networks/bluesky_address.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

char *bluesky_web_address(const char *url, char **out_key)
{
	static const char start[] = "https://bsky.app/profile/";
	*out_key = NULL;
	if (strncmp(url, start, sizeof start - 1) != 0) return NULL;
	const char *who = url + sizeof start - 1;
	size_t len = strcspn(who, "/?#");
	if (len == 0) return NULL;
	if (strncmp(who + len, "/post/", 6) == 0)
		*out_key = xstrndup(who + len + 6, strcspn(who + len + 6, "/?#"));
	return xstrndup(who, len);
}

bool bluesky_post_address(const char *written, char **out_who, char **out_key)
{
	static const char middle[] = "/app.bsky.feed.post/";
	*out_who = bluesky_web_address(written, out_key);
	if (!*out_who && strncmp(written, "at://", 5) == 0) {
		const char *who = written + 5;
		size_t len = strcspn(who, "/");
		bool post = len > 0 && strncmp(who + len, middle, sizeof middle - 1) == 0;
		if (post) {
			*out_who = xstrndup(who, len);
			*out_key = xstrdup(who + len + sizeof middle - 1);
		}
	}
	if (*out_who && *out_key && **out_key && !strpbrk(*out_key, "/?# ")) return true;
	free(*out_who);
	free(*out_key);
	*out_who = *out_key = NULL;
	return false;
}

bool bluesky_is_post(const char *written)
{
	char *who, *key;
	bool post = bluesky_post_address(written, &who, &key);
	free(who);
	free(key);
	return post;
}

char *bluesky_list_address(const char *written)
{
	static const char web[] = "https://bsky.app/profile/", lists[] = "/lists/";
	static const char record[] = "/app.bsky.graph.list/";
	bool of_web = strncmp(written, web, sizeof web - 1) == 0;
	if (!of_web && strncmp(written, "at://", 5) != 0) return NULL;
	const char *who = written + (of_web ? sizeof web - 1 : 5),
	           *middle = of_web ? lists : record;
	size_t len = strcspn(who, "/?#");
	const char *key = who + len + strlen(middle);
	if (len == 0 || strncmp(who + len, middle, strlen(middle)) != 0) return NULL;
	size_t key_len = strcspn(key, "/?# ");
	if (key_len == 0 || (!of_web && key[key_len])) return NULL;
	struct str uri = {0};
	str_addf(&uri, "at://%.*s%s%.*s", (int)len, who, record, (int)key_len, key);
	return str_take(&uri);
}
