#include "networks/mastodon_place.h"

#include <string.h>

#include "networks/mastodon_made.h"

static bool read_notice(struct mastodon_reader *reader, const cJSON *item)
{
	return mastodon_notice(reader, item, NULL);
}

static bool read_mention(struct mastodon_reader *reader, const cJSON *item)
{
	return mastodon_notice(reader, item, "mention");
}

static bool read_conversation(struct mastodon_reader *reader, const cJSON *item)
{
	const cJSON *last = json_get(item, "last_status");
	/* Deleted meanwhile. */
	if (last && cJSON_IsNull(last)) return true;
	return mastodon_row(reader, last);
}

static const char searches_not[] = "cannot search";
static const char tells_no_trends[] = "tells no trends";

/* Of two for the same thing the better is first. */
static const struct mastodon_place places[] = {
        {SOURCE_HOME, .path = "/api/v1/timelines/home", .read = mastodon_row},
        {SOURCE_LOCAL, .path = "/api/v1/timelines/public", .query = "local=true",
                .read = mastodon_row, .lacks = "shows no local timeline"},
        {SOURCE_FEDERATED, .path = "/api/v1/timelines/public", .read = mastodon_row,
                .lacks = "shows no federated timeline"},
        {SOURCE_TAG, .path = "/api/v1/timelines/tag/*", .read = mastodon_row,
                .lacks = "shows no tags"},
        {SOURCE_LIST, .path = "/api/v1/timelines/list/*", .read = mastodon_row,
                .lacks = "keeps no lists", .misses = "list"},
        {SOURCE_PROFILE, .path = "/api/v1/accounts/*/statuses", .query = "exclude_replies=true",
                .read = mastodon_row, .lacks = "shows no profiles", .misses = "profile"},
        {SOURCE_PROFILE, "replies", .path = "/api/v1/accounts/*/statuses", .read = mastodon_row,
                .lacks = "shows no profiles", .misses = "profile"},
        {SOURCE_PROFILE, "media", .path = "/api/v1/accounts/*/statuses", .query = "only_media=true",
                .read = mastodon_row, .lacks = "shows no profiles", .misses = "profile"},
        {SOURCE_NOTIFICATIONS, .path = "/api/v2/notifications", .list = "notification_groups",
                .id = "most_recent_notification_id", .cap = CAP_GROUPED, .read = mastodon_group},
        {SOURCE_NOTIFICATIONS, .path = "/api/v1/notifications", .read = read_notice,
                .lacks = "tells no notifications"},
        {SOURCE_MENTIONS, .path = "/api/v1/notifications", .query = "types%5B%5D=mention",
                .read = read_mention, .lacks = "tells no notifications"},
        {SOURCE_DIRECT, .path = "/api/v1/conversations", .paging = PAGING_LINK,
                .read = read_conversation, .lacks = "keeps no conversations"},
        /* Mastodon before 3.0, and Pleroma still. */
        {SOURCE_DIRECT, .path = "/api/v1/timelines/direct", .read = mastodon_row,
                .lacks = "keeps no conversations"},
        {SOURCE_BOOKMARKS, .path = "/api/v1/bookmarks", .paging = PAGING_LINK, .read = mastodon_row,
                .lacks = "keeps no bookmarks"},
        {SOURCE_LIKES, .path = "/api/v1/favourites", .paging = PAGING_LINK, .read = mastodon_row,
                .lacks = "does not tell what one liked"},
        {SOURCE_TRENDS, .path = "/api/v1/trends/statuses", .paging = PAGING_OFFSET,
                .read = mastodon_row, .lacks = tells_no_trends},
        {SOURCE_TRENDS, "tags", .path = "/api/v1/trends/tags", .paging = PAGING_OFFSET, .limit = 20,
                .read = mastodon_tag_row, .lacks = tells_no_trends},
        {SOURCE_TRENDS, "links", .path = "/api/v1/trends/links", .paging = PAGING_OFFSET,
                .limit = 20, .read = mastodon_link_row, .lacks = tells_no_trends},
        {SOURCE_SCHEDULED, .path = "/api/v1/scheduled_statuses", .paging = PAGING_WHOLE,
                .read = mastodon_scheduled_row, .lacks = "keeps no scheduled posts"},
        {SOURCE_PROFILES, .path = "/api/v2/search", .query = "type=accounts", .list = "accounts",
                .paging = PAGING_OFFSET, .read = mastodon_found_row, .lacks = searches_not},
        {SOURCE_TAGS, .path = "/api/v2/search", .query = "type=hashtags", .list = "hashtags",
                .paging = PAGING_OFFSET, .read = mastodon_tag_row, .lacks = searches_not},
        {SOURCE_SEARCH, .path = "/api/v2/search", .query = "type=statuses", .list = "statuses",
                .paging = PAGING_OFFSET, .read = mastodon_row, .lacks = searches_not},
};
enum { NPLACES = sizeof places / sizeof *places };

static bool same_view(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

const struct mastodon_place *mastodon_place_of(const struct account *account, enum source_kind kind,
        const char *view, const struct mastodon_place *before)
{
	const struct mastodon_place *place = before ? before + 1 : places;
	for (; place < places + NPLACES; place++) {
		bool has = !place->cap || (account->caps & place->cap);
		if (place->kind == kind && same_view(place->view, view) && has) return place;
	}
	return NULL;
}

bool mastodon_is_address(const char *text)
{
	return strstr(text, "://") != NULL;
}

const char *mastodon_view_of(const struct source_ref *source, size_t *out_len)
{
	const char *arg = source->arg ? source->arg : "";
	*out_len = strlen(arg);
	if (source->kind == SOURCE_TRENDS) {
		*out_len = 0;
		return *arg ? arg : NULL;
	}
	/* An address has slashes of its own. */
	if (source->kind != SOURCE_PROFILE || mastodon_is_address(arg)) return NULL;
	const char *slash = strrchr(arg, '/');
	if (!slash) return NULL;
	*out_len = (size_t)(slash - arg);
	return slash + 1;
}
