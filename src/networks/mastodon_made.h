#pragma once
#include "networks/mastodon_read.h"

/*
 * Rows of what is no status: tags and links that are talked about, scheduled posts and
 * the server's own notices become posts, so that columns, filters and keys need to know
 * nothing of them; people found are rows without a post. False: it makes no sense.
 */

/* The server itself, as an author. */
uint32_t mastodon_server(struct mastodon_reader *reader);

/* A Tag; the post's URI is the tag's address. */
bool mastodon_tag_row(struct mastodon_reader *reader, const cJSON *tag);
/* A link that trends; URI "link:ADDRESS". */
bool mastodon_link_row(struct mastodon_reader *reader, const cJSON *link);
/* An Account. */
bool mastodon_found_row(struct mastodon_reader *reader, const cJSON *account);
/* A ScheduledStatus; URI "scheduled:HOST/ID", its time is when it will be published. */
bool mastodon_scheduled_row(struct mastodon_reader *reader, const cJSON *scheduled);
/*
 * The words of a notification without a post and anybody: a moderator's warning, follows
 * that were severed, or what the server says of a type that we do not know. The post, or
 * 0 when there are none. `id` is the notification's.
 */
uint32_t mastodon_said(struct mastodon_reader *reader, const cJSON *notification, const char *id,
        int64_t created_ms);
