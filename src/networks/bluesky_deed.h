#pragma once
#include "base/json.h"
#include "networks/network.h"

/* What an action sends (fact sheet 5.2, 5.5). */

/* How a verb is done. One of `collection` (a record) and `on`/`off` (procedures). */
struct bluesky_deed {
	enum verb verb;
	const char *collection; /* of the record */
	const char *viewer;     /* the subject's viewer member that names our record of it */
	const char *on, *off;   /* procedures */
	unsigned flag;          /* what it changes: enum viewer_flag, or enum relation_flag */
};

/* Add a member, with a comma unless it is the first of its object. */
void bluesky_add_member(struct str *out, const char *name, const char *value);
/* The record that a deed leaves in our repository. */
void bluesky_add_record(struct str *out, const struct call *call, const struct bluesky_deed *deed,
        const cJSON *subject);
/* The members of com.atproto.moderation.createReport. */
void bluesky_add_report(struct str *out, const struct call *call, const cJSON *subject);
