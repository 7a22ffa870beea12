#include <string.h>

#include "base/date.h"
#include "networks/mastodon_read.h"

/* Statuses and notifications as rows of a source. */

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

static const struct notice_type {
	const char *type;
	enum reason reason;
	bool has_post; /* without its post it means nothing */
} types[] = {
        {"mention", REASON_MENTIONED, true},
        {"status", REASON_POSTED, true},
        {"reblog", REASON_REPOSTED, true},
        {"favourite", REASON_LIKED, true},
        {"poll", REASON_POLL_ENDED, true},
        {"update", REASON_EDITED, true},
        {"quote", REASON_QUOTED, true},
        {"quoted_update", REASON_EDITED, true},
        {"follow", REASON_FOLLOWED, false},
        {"follow_request", REASON_REQUESTED, false},
};

static struct notice_type type_of(const char *name)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		if (strcmp(name, types[i].type) == 0) return types[i];
	}
	return (struct notice_type){.type = name, .reason = REASON_OTHER};
}

bool mastodon_notice(struct mastodon_reader *reader, const cJSON *notification, const char *only)
{
	const char *name = json_str(notification, "type"), *id = mastodon_id(notification, "id");
	const char *created = json_str(notification, "created_at");
	const cJSON *status = json_get(notification, "status");
	bool has_status = status && !cJSON_IsNull(status);
	struct entry entry = {.cursor = id};
	arena_reset(&reader->arena);
	if (!name || !id || !created || !date_parse_rfc3339(created, &entry.sort_ms)) return false;
	if (only && strcmp(name, only) != 0) return true;
	struct notice_type type = type_of(name);
	if (type.has_post && !has_status) return true; /* deleted meanwhile */
	entry.reason = type.reason;
	const cJSON *account = json_get(notification, "account");
	bool nobody = !account || cJSON_IsNull(account);
	entry.actor = nobody ? 0 : mastodon_profile(reader, account);
	/* Some types come without anybody; where there is somebody they must make sense. */
	if (!entry.actor && (!nobody || !has_status)) return nobody && !type.has_post;
	if (has_status) {
		bool mention = type.reason == REASON_MENTIONED;
		entry.post = mastodon_post(reader, status, mention ? VIEWER_MENTIONED : 0);
		if (!entry.post) return false;
	}
	page_add_entry(reader->page, &entry);
	return true;
}
