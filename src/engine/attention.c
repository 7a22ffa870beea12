#include "engine/attention.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "engine/source.h"

enum { MAX_TOLD = 20000 }; /* of those that are answered or done */

static void tell(struct core *core, account_id account, const char *uri, enum attention state)
{
	struct event *event = event_new(EVENT_ATTENTION);
	event->account = account;
	event->text = xstrdup(uri);
	event->number = state;
	core->emit(core->emit_ctx, event);
}

static void tell_row(void *ctx, const struct attention_row *row)
{
	tell(ctx, row->account, row->uri, row->state);
}

bool attention_tell(struct core *core, struct err *err)
{
	return queue_db_attentions(core->db, MAX_TOLD, tell_row, core, err);
}

static void put(struct core *core, const struct attention_row *row)
{
	struct err err = {0};
	bool changed = false;
	enum attention state = row->state;
	if (!queue_db_attention(core->db, row, &state, &changed, &err))
		log_put(LOG_WARN, "engine", "attention: %s", err.text);
	if (changed) tell(core, row->account, row->uri, state);
}

void attention_answered(struct core *core, account_id account, const char *parent)
{
	struct err err = {0};
	char *uri = NULL;
	if (!queue_db_answered(core->db, account, parent, core_wall(core), &uri, &err))
		log_put(LOG_WARN, "engine", "attention: %s", err.text);
	if (uri) tell(core, account, uri, ATTENTION_ANSWERED);
	free(uri);
}

/* A mention, an answer to us, or what a server says is addressed to us. */
static bool is_addressed(enum source_kind kind, enum reason reason, const struct viewer *mine)
{
	return kind == SOURCE_MENTIONS || reason == REASON_MENTIONED || reason == REASON_REPLIED ||
	       (mine && (mine->flags & VIEWER_MENTIONED));
}

void attention_entry(struct core *core, const struct account *account, const struct source *source,
        const struct page *page, const struct entry *entry, int64_t since_ms)
{
	if (entry->post == 0 || entry->post > page->nposts) return;
	const struct post *post = page->posts[entry->post - 1];
	struct viewer viewer = {0};
	const struct viewer *mine = post_viewer_of(post, account->id, &viewer);
	if (mine && (mine->flags & VIEWER_OWN)) {
		/* However old: what it answers may be seen only now. */
		if (post_len(post, POST_REPLY_TO) > 0)
			attention_answered(core, account->id, post_str(post, POST_REPLY_TO));
		return;
	}
	if (entry->sort_ms <= since_ms) return;
	if (!is_addressed(source->ref.kind, entry->reason, mine)) return;
	const struct attention_row row = {.uri = post_str(post, POST_URI),
	        .remote_id = mine ? mine->remote_id : NULL,
	        .account = account->id,
	        .state = ATTENTION_NEW,
	        .at_ms = core_wall(core)};
	put(core, &row);
}

enum outcome attention_put(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	(void)open;
	if (!job->arg || !*job->arg || job->number < 0 || job->number >= ATTENTION_COUNT) {
		err_set(err, ERR_SYNTAX, "what is owed, and to which post?");
		return OUTCOME_FAILED;
	}
	const struct attention_row row = {.uri = job->arg,
	        .account = job->account,
	        .state = (enum attention)job->number,
	        .at_ms = core_wall(core)};
	bool changed = false;
	enum attention state = row.state;
	if (!queue_db_attention(core->db, &row, &state, &changed, err)) return OUTCOME_FAILED;
	if (changed) tell(core, job->account, job->arg, state);
	return OUTCOME_OVER;
}
