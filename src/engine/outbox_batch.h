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
/* All of it, durably, and copies of what planned ones attach. draft: is dropped; 0: none. */
bool outbox_batch_write(
        struct core *core, struct outbox_batch *batch, int64_t draft, struct err *err);
void outbox_batch_finish(struct outbox_batch *batch);

/* JOB_IMPORT: drafts by the thousand, all of them or none. */
job_function outbox_import;

/* Can this account post at all? NULL with the reason. */
const struct signin *outbox_poster(struct core *core, account_id account, struct err *err);
/* The name by which its server will know the post again; owned, or NULL. */
char *outbox_new_key(struct core *core, const struct signin *signin);
/* Shall the server keep it? Sets item->keep; asked for, it may be refused. */
bool outbox_decide_keep(struct core *core, const struct signin *signin, struct outgoing *item,
        bool alone, struct err *err);
bool outbox_is_blank(const struct draft_part *part);
