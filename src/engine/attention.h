#pragma once
#include "engine/core.h"
#include "model/page.h"

/* What we owe the posts that were addressed to us (model/attention.h). */

/* Tell all that is known, at start. */
bool attention_tell(struct core *core, struct err *err);
/* A row of a source of `account` came: it may be to us and newer than since_ms, or an own post
 * that answers. */
void attention_entry(struct core *core, const struct account *account, const struct source *source,
        const struct page *page, const struct entry *entry, int64_t since_ms);
/* An own post of `account` that answers `parent` (a URI, or its server's id for it) was sent. */
void attention_answered(struct core *core, account_id account, const char *parent);
/* JOB_ATTENTION. */
enum outcome attention_put(
        struct core *core, struct job *job, struct open_job *open, struct err *err);
