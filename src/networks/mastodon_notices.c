#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "networks/mastodon_made.h"
#include "networks/mastodon_read.h"

/* Notifications as rows, one by one and grouped (fact sheet 8). */

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
        {"pleroma:emoji_reaction", REASON_OTHER, true},
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

/* What a notification or a group tells, whichever way. */
struct notice {
	const char *type, *id;
	int64_t at_ms;
	const cJSON *from; /* the notification itself */
	const cJSON *status;
	uint32_t post; /* once the status is read */
};

static bool is_there(const cJSON *entity)
{
	return entity && !cJSON_IsNull(entity);
}

/* Of nobody in particular: what the server says, or else nothing. */
static bool add_said(struct mastodon_reader *reader, const struct notice *notice)
{
	struct entry entry = {
	        .reason = REASON_OTHER, .sort_ms = notice->at_ms, .cursor = notice->id};
	entry.post = mastodon_said(reader, notice->from, notice->id, notice->at_ms);
	if (entry.post) page_add_entry(reader->page, &entry);
	return true;
}

static bool add_notice(struct mastodon_reader *reader, struct notice *notice, const cJSON *account)
{
	struct notice_type type = type_of(notice->type);
	bool nobody = !is_there(account), has_status = is_there(notice->status);
	struct entry entry = {
	        .reason = type.reason, .sort_ms = notice->at_ms, .cursor = notice->id};
	if (type.has_post && !has_status) return true; /* deleted meanwhile */
	if (nobody && !has_status) return add_said(reader, notice);
	entry.actor = nobody ? 0 : mastodon_profile(reader, account);
	/* Some types come without anybody; where there is somebody they must make sense. */
	if (!entry.actor && !nobody) return false;
	if (has_status) {
		unsigned flags = type.reason == REASON_MENTIONED ? VIEWER_MENTIONED : 0;
		if (!notice->post) notice->post = mastodon_post(reader, notice->status, flags);
		if (!notice->post) return false;
		entry.post = notice->post;
	}
	page_add_entry(reader->page, &entry);
	return true;
}

bool mastodon_notice(struct mastodon_reader *reader, const cJSON *notification, const char *only)
{
	const char *created = json_str(notification, "created_at");
	struct notice notice = {
	        .type = json_str(notification, "type"),
	        .id = mastodon_id(notification, "id"),
	        .from = notification,
	        .status = json_get(notification, "status"),
	};
	arena_reset(&reader->arena);
	if (!notice.type || !notice.id || !created) return false;
	if (!date_parse_rfc3339(created, &notice.at_ms)) return false;
	if (only && strcmp(notice.type, only) != 0) return true;
	return add_notice(reader, &notice, json_get(notification, "account"));
}

/* --- grouped --- */

enum { MAX_SAMPLES = 32 };

struct known {
	const char *id;
	const cJSON *entity;
};

/* Sorted by id, so that many groups and many accounts cost little. */
struct known_list {
	struct known *known;
	size_t n, cap;
};

struct mastodon_groups {
	struct known_list accounts, statuses;
};

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct known *)a)->id, ((const struct known *)b)->id);
}

static void know_all(struct known_list *list, const cJSON *entities)
{
	json_each (entity, entities) {
		const char *id = mastodon_id(entity, "id");
		if (!id) continue;
		list->known = mem_grow(list->known, &list->cap, list->n + 1, sizeof *list->known);
		list->known[list->n++] = (struct known){id, entity};
	}
	if (list->n > 1) qsort(list->known, list->n, sizeof *list->known, by_id);
}

static const cJSON *entity_of(const struct known_list *list, const char *id)
{
	const struct known wanted = {.id = id};
	const struct known *found =
	        id && list->n ? bsearch(&wanted, list->known, list->n, sizeof *list->known, by_id)
	                      : NULL;
	return found ? found->entity : NULL;
}

void mastodon_groups_open(struct mastodon_reader *reader, const cJSON *answer)
{
	struct mastodon_groups *groups = xcalloc(1, sizeof *groups);
	know_all(&groups->accounts, json_arr(answer, "accounts"));
	know_all(&groups->statuses, json_arr(answer, "statuses"));
	reader->groups = groups;
}

void mastodon_groups_close(struct mastodon_reader *reader)
{
	struct mastodon_groups *groups = (struct mastodon_groups *)reader->groups;
	if (!groups) return;
	free(groups->accounts.known);
	free(groups->statuses.known);
	free(groups);
	reader->groups = NULL;
}

/* One row for each of those who are told by name; how many could be read. */
static int add_samples(struct mastodon_reader *reader, struct notice *notice, const cJSON *samples)
{
	int n = 0, added = 0;
	json_each (sample, samples) {
		const char *id = cJSON_IsString(sample) ? sample->valuestring : NULL;
		const cJSON *account = entity_of(&reader->groups->accounts, id);
		if (account) added += add_notice(reader, notice, account);
		if (++n == MAX_SAMPLES) break;
	}
	return added;
}

bool mastodon_group(struct mastodon_reader *reader, const cJSON *group)
{
	const char *at = json_str(group, "latest_page_notification_at");
	const char *status = json_str(group, "status_id");
	char number[24];
	arena_reset(&reader->arena);
	if (!reader->groups) return false;
	struct notice notice = {
	        .type = json_str(group, "type"),
	        .id = mastodon_number_id(group, "most_recent_notification_id", number),
	        .from = group,
	        .status = entity_of(&reader->groups->statuses, status),
	};
	if (!notice.type || !notice.id || !at || !date_parse_rfc3339(at, &notice.at_ms))
		return false;
	const cJSON *samples = json_arr(group, "sample_account_ids");
	if (samples && samples->child) return add_samples(reader, &notice, samples) > 0;
	return add_notice(reader, &notice, NULL);
}
