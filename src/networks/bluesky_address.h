#pragma once
#include <stdbool.h>

/* How people write of a post or a person: as an address of the web. */

/* "https://bsky.app/profile/WHO/post/KEY": WHO owned, or NULL when it is no such address;
 * *out_key owned, NULL for a profile's. */
char *bluesky_web_address(const char *url, char **out_key);

/* The same, and "at://WHO/app.bsky.feed.post/KEY"; false: it is no post's, nothing is owned. */
bool bluesky_post_address(const char *written, char **out_who, char **out_key);
bool bluesky_is_post(const char *written);

/* "at://WHO/app.bsky.graph.list/KEY", or its address of the web, as the first; owned, NULL when
 * it is neither. */
char *bluesky_list_address(const char *written);
