#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"
#include "model/outgoing.h"

/*
 * Is a post at the server the one that we sent? Compared with what was frozen. Servers
 * narrow a post's visibility (silenced accounts, quotes) but never widen it.
 */
struct mastodon_wanted {
	struct json *json;    /* the frozen body */
	char *text, *warning; /* owned, without blanks at the edges */
	const char *parent;   /* id; NULL: none */
	const cJSON *options; /* of the poll; NULL: none */
	enum visibility visibility;
	bool visibility_set;
	int nmedia;
	int64_t from_ms; /* it cannot be older; 0: unknown */
	int64_t at_ms;
};

/* Borrows the item. False when nothing readable is frozen. */
bool mastodon_wanted_init(struct mastodon_wanted *wanted, const struct outgoing *item);
void mastodon_wanted_finish(struct mastodon_wanted *wanted);

/* A Status is too old to be it, and so are all after it. */
bool mastodon_is_older(const struct mastodon_wanted *wanted, const cJSON *status);
/* All but the text is as it should be. */
bool mastodon_is_alike(const struct mastodon_wanted *wanted, const cJSON *status);
/* The text as the server has made it, less links and mentions, which it changes most. */
bool mastodon_is_same_content(const struct mastodon_wanted *wanted, const cJSON *status);
/* What was typed, by a StatusSource. */
bool mastodon_is_same_source(const struct mastodon_wanted *wanted, const cJSON *source);
/* A ScheduledStatus is it. */
bool mastodon_is_scheduled(const struct mastodon_wanted *wanted, const cJSON *scheduled);
