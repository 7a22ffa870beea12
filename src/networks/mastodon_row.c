#include "base/date.h"
#include "networks/mastodon_read.h"

/* Statuses as rows of a source. */

bool mastodon_row(struct mastodon_reader *reader, const cJSON *status)
{
	const cJSON *reblog = json_get(status, "reblog");
	bool is_repost = reblog && !cJSON_IsNull(reblog);
	const char *created = json_str(status, "created_at"), *id = mastodon_id(status, "id");
	struct entry entry = {.cursor = id, .reason = is_repost ? REASON_REPOSTED : REASON_POSTED};
	arena_reset(&reader->arena);
	if (!id || !created || !date_parse_rfc3339(created, &entry.sort_ms)) return false;
	if (is_repost) {
		entry.actor = mastodon_profile(reader, json_obj(status, "account"));
		if (!entry.actor) return false;
	}
	entry.post = mastodon_post(reader, status, 0);
	if (!entry.post) return false;
	page_add_entry(reader->page, &entry);
	return true;
}
