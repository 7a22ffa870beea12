#include "networks/bluesky_deed.h"

#include <string.h>

#include "base/date.h"
#include "networks/bluesky_act.h"

void bluesky_add_member(struct str *out, const char *name, const char *value)
{
	str_addf(out, "%s\"%s\":", out->p[out->len - 1] == '{' ? "" : ",", name);
	json_quote(out, value);
}

static void add_now(struct str *out, const struct call *call)
{
	char now[32];
	date_format_rfc3339(now, call->now_ms);
	bluesky_add_member(out, "createdAt", now);
}

/* The record that a deed leaves in our repository. */
void bluesky_add_record(struct str *out, const struct call *call, const struct bluesky_deed *deed,
        const cJSON *subject)
{
	const char *uri = json_str(subject, "uri"), *cid = json_str(subject, "cid");
	str_adds(out, ",\"record\":{");
	bluesky_add_member(out, "$type", deed->collection);
	if (deed->verb == VERB_LIST_MAKE) {
		bluesky_add_member(out, "purpose", "app.bsky.graph.defs#curatelist");
		bluesky_add_member(out, "name", call->action->name);
	} else if (deed->verb == VERB_BLOCK_LIST) {
		bluesky_add_member(
		        out, "subject", ((const struct bluesky_errand *)call->data)->uri);
	} else if (uri && cid) {
		str_adds(out, ",\"subject\":{");
		bluesky_add_member(out, "uri", uri);
		bluesky_add_member(out, "cid", cid);
		str_addc(out, '}');
	} else {
		bluesky_add_member(out, "subject", json_str(subject, "did"));
	}
	if (deed->verb == VERB_LIST_ADD) bluesky_add_member(out, "list", call->action->name);
	add_now(out, call);
	str_addc(out, '}');
}

void bluesky_add_report(struct str *out, const struct call *call, const cJSON *subject)
{
	static const struct {
		const char *category, *type;
	} types[] = {
	        {"spam", "com.atproto.moderation.defs#reasonSpam"},
	        {"legal", "com.atproto.moderation.defs#reasonViolation"},
	        {"violation", "com.atproto.moderation.defs#reasonViolation"},
	};
	const char *type = "com.atproto.moderation.defs#reasonOther";
	const char *did = json_str(subject, "did"), *said = call->action->text;
	for (size_t i = 0; call->action->name && i < sizeof types / sizeof *types; i++) {
		if (strcmp(types[i].category, call->action->name) == 0) type = types[i].type;
	}
	bluesky_add_member(out, "reasonType", type);
	if (said && *said) bluesky_add_member(out, "reason", said);
	str_adds(out, ",\"subject\":{");
	bluesky_add_member(out, "$type",
	        did ? "com.atproto.admin.defs#repoRef" : "com.atproto.repo.strongRef");
	if (did) {
		bluesky_add_member(out, "did", did);
	} else {
		bluesky_add_member(out, "uri", json_str(subject, "uri"));
		bluesky_add_member(out, "cid", json_str(subject, "cid"));
	}
	str_addc(out, '}');
}
