#pragma once
#include "networks/mastodon_read.h"

/*
 * A Relationship (fact sheet 6) of our account to `profile`, an index of the reader's
 * page + 1, as a relation of the page.
 */
void mastodon_relation(struct mastodon_reader *reader, const cJSON *relationship, uint32_t profile);
