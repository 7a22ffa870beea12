#pragma once
#include "db/archive.h"
#include "engine/archiver_thread.h"

/*
 * Sources that are searches of the archive (archive/search:"QUERY"), on the archive's thread.
 * A search goes down in portions, so that others are answered between; what is found is sent
 * as pages of the source, each post once, as what its author posted, by when it was written.
 */
struct archiver_search;
struct archiver_searches {
	struct archiver_search **all;
	size_t n, cap;
	size_t turn; /* whose portion is next */
};

void archiver_searches_finish(struct archiver_searches *searches);

/*
 * A message that watches or unwatches such a source or asks for older rows of it; borrowed. False:
 * it is about another one. The answer comes when as many rows as asked for were sent, or all.
 */
bool archiver_searches_take(struct archiver_searches *searches, const struct message *message,
        const struct archiver_options *opts);

/* One portion, of each by turns. False when none has anything to do. */
bool archiver_searches_step(struct archiver_searches *searches, struct archive *archive,
        const struct archiver_options *opts);

/* What was just saved to a source (by its name): rows that match are sent at once. */
void archiver_searches_offer(struct archiver_searches *searches, const char *name,
        const struct page *page, const struct archiver_options *opts);
