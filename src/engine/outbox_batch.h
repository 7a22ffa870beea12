#pragma once
#include "engine/core.h"
#include "model/draft.h"
#include "model/outgoing.h"

/* The rows that drafts make, gathered to be written in one transaction. Zeroed is empty. */
struct outbox_batch {
	struct outgoing **items; /* owned */
	size_t n, cap;
};

/* Rows of all parts for all accounts, looked at by their networks. What fails, fails all of it. */
bool outbox_batch_add(struct core *core, const struct draft *draft, int64_t not_before_ms,
        struct outbox_batch *batch, struct err *err);
void outbox_batch_finish(struct outbox_batch *batch);

/* JOB_IMPORT: drafts by the thousand, all of them or none. */
job_function outbox_import;
