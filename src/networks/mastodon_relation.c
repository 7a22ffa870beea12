#include "networks/mastodon_relation.h"

#include "base/date.h"
#include "model/person.h"

static const struct {
	const char *name;
	unsigned flag;
} flags[] = {
        {"following", RELATION_FOLLOWING},
        {"showing_reblogs", RELATION_REPOSTS},
        {"notifying", RELATION_NOTIFY},
        {"requested", RELATION_REQUESTED},
        {"followed_by", RELATION_FOLLOWS_US},
        {"requested_by", RELATION_ASKS_US},
        {"blocking", RELATION_BLOCKING},
        {"blocked_by", RELATION_BLOCKED_BY},
        {"muting", RELATION_MUTING},
        {"muting_notifications", RELATION_MUTING_NOTICES},
        {"domain_blocking", RELATION_BLOCKING_DOMAIN},
};

void mastodon_relation(struct mastodon_reader *reader, const cJSON *relationship, uint32_t profile)
{
	const struct profile *whose = reader->page->profiles[profile - 1];
	const char *until = json_str(relationship, "muting_expires_at");
	struct relation relation = {.account = reader->account->id, .profile = profile};
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
		if (json_bool(relationship, flags[i].name, false)) relation.flags |= flags[i].flag;
	}
	if (until && !date_parse_rfc3339(until, &relation.mute_until_ms))
		relation.mute_until_ms = 0;
	if (mastodon_is_me(reader, whose->uri, whose->handle)) relation.flags |= RELATION_SELF;
	page_add_relation(reader->page, &relation);
}
