#include "db/queue_outbox.h"
#include "engine/outbox.h"
#include "engine/outbox_batch.h"

enum outcome outbox_import(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	struct outbox_batch batch = {0};
	bool ok = true;
	for (size_t i = 0; ok && i < job->ndrafts; i++) {
		struct err why = {0};
		ok = outbox_batch_add(core, job->drafts[i], 0, &batch, &why);
		if (!ok) err_set(err, why.code, "post %zu: %s", i + 1, why.text);
	}
	/* They are nobody's draft: each counts for itself. */
	ok = ok && outbox_batch_write(core, &batch, 0, err);
	open->number = ok ? (int64_t)batch.n : 0;
	outbox_batch_finish(&batch);
	if (!ok) return OUTCOME_FAILED;
	outbox_changed(core->outbox);
	outbox_tell(core->outbox, NULL);
	return OUTCOME_OVER;
}
