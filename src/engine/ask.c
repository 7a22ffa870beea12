#include "engine/ask.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "engine/schedule.h"
#include "net/url.h"

/* One row a kind of job: which step answers it, and what becomes of the result. */
struct ask_row {
	size_t step;      /* of struct network */
	const char *what; /* what a network without that step cannot do */
	void (*deliver)(struct fetch *fetch);
	const char *missing; /* said when the job lacks what it needs; NULL: it needs nothing */
	bool guests;         /* may be asked without signing in */
};

/* -- results -- */

static struct event *event_of(struct fetch *fetch, enum event_kind kind)
{
	struct event *event = event_new(kind);
	event->reply_to = fetch->job;
	event->account = fetch->call.account->id;
	return event;
}

static void emit(struct fetch *fetch, struct event *event)
{
	fetch->core->emit(fetch->core->emit_ctx, event);
}

/* What is known better now, of no source: also to the archive. NULL when there is nothing. */
static struct page *take_page(struct fetch *fetch)
{
	struct page *page = fetch->call.out;
	fetch->call.out = NULL;
	page->source = 0;
	if (page->nposts || page->nprofiles) {
		archiver_save(fetch->core->archive, "", page, NULL);
		return page;
	}
	page_free(page);
	return NULL;
}

void ask_deliver_page(struct fetch *fetch)
{
	struct page *page = take_page(fetch);
	if (!page) return;
	struct event *event = event_of(fetch, EVENT_PAGE);
	event->page = page;
	emit(fetch, event);
}

static void deliver_act(struct fetch *fetch)
{
	enum verb verb = fetch->asked->action->verb;
	ask_deliver_page(fetch);
	if (fetch->call.gone) {
		struct event *event = event_new(EVENT_GONE);
		event->account = fetch->call.account->id;
		event->text = xstrdup(fetch->call.gone);
		archiver_gone(fetch->core->archive, event->account, event->text);
		emit(fetch, event);
	}
	if (verb == VERB_FILTER_PUT || verb == VERB_FILTER_DROP)
		filters_refetch(fetch->core, fetch->call.account->id);
}

static void deliver_items(struct fetch *fetch)
{
	struct event *event = event_of(fetch, EVENT_ITEMS);
	event->items = fetch->call.items ? fetch->call.items : items_new(fetch->call.collection);
	fetch->call.items = NULL;
	emit(fetch, event);
}

static void deliver_person(struct fetch *fetch)
{
	struct event *event = event_of(fetch, EVENT_PERSON);
	event->person = fetch->call.person ? fetch->call.person : person_new();
	fetch->call.person = NULL;
	event->page = take_page(fetch);
	if (!event->page) event->page = page_new();
	emit(fetch, event);
}

static void deliver_filters(struct fetch *fetch)
{
	struct event *event = event_of(fetch, EVENT_FILTERS);
	event->filters = fetch->call.filters;
	event->nfilters = fetch->call.nfilters;
	fetch->call.filters = NULL;
	fetch->call.nfilters = 0;
	emit(fetch, event);
}

static void deliver_learned(struct fetch *fetch)
{
	struct account *learned = fetch->call.signed_in;
	if (learned) signin_learn(fetch->core, fetch->call.account->id, learned);
}

static const struct ask_row rows[JOB_COUNT] = {
        [JOB_ACT] = {offsetof(struct network, act), "act on posts and people", deliver_act,
                "what shall be done?", false},
        [JOB_LOOKUP] = {offsetof(struct network, lookup), "look addresses up", ask_deliver_page,
                "which address?", true},
        [JOB_ITEMS] = {offsetof(struct network, items), "list things", deliver_items, NULL, true},
        [JOB_PERSON] = {offsetof(struct network, person), "show people", deliver_person, "who?",
                true},
        [JOB_FILTERS] = {offsetof(struct network, filters), "keep filters", deliver_filters, NULL,
                false},
        [JOB_LEARN] = {offsetof(struct network, learn), "say what it can do", deliver_learned, NULL,
                false},
};

/* -- a call -- */

static call_step *step_of(const struct network *net, const struct ask_row *row)
{
	call_step *step;
	memcpy(&step, (const char *)net + row->step, sizeof(step));
	return step;
}

struct fetch_plan ask_plan(const struct signin *signin, call_step *step)
{
	return (struct fetch_plan){
	        .net = signin->net,
	        .step = step,
	        .account = signin->account,
	        .token = signin->token,
	        .client = signin->client,
	        .priority = PACE_USER,
	};
}

/* The server said that it has no such thing: not offered again until it is learned anew. */
static void drop_ability(struct fetch *fetch)
{
	int status = fetch->status;
	bool missing = fetch->call.err.code == ERR_UNSUPPORTED &&
	               (status == 404 || status == 405 || status == 501);
	if (!missing || fetch->asked->kind != JOB_ACT) return;
	signin_learned(
	        fetch->core, fetch->call.account->id, 0, verbs[fetch->asked->action->verb].cap);
}

static void hold_lane(struct fetch *fetch)
{
	const struct err *err = &fetch->call.err;
	if (err->code != ERR_RATE_LIMITED) return;
	int64_t wait = err->retry_ms > 0 ? err->retry_ms : patience_account.limited_ms;
	if (wait > patience_account.believe_ms) wait = patience_account.believe_ms;
	pace_hold_lane(fetch->core->pace, fetch->call.account->id, core_now(fetch->core) + wait);
}

static void ask_ended(struct fetch *fetch, enum call_next how)
{
	struct core *core = fetch->core;
	if (how != CALL_DONE) {
		drop_ability(fetch);
		hold_lane(fetch);
		if (!fetch->job && fetch->call.err.code != ERR_CANCELLED)
			log_put(LOG_WARN, "engine", "%s: %s", fetch->call.account->name,
			        fetch->call.err.text);
		jobs_done(core, fetch->job, &fetch->call.err);
		return;
	}
	rows[fetch->asked->kind].deliver(fetch);
	char *said = fetch->call.said;
	fetch->call.said = NULL;
	jobs_done_said(core, fetch->job, said);
}

/* Takes the insides of `job`. */
static struct fetch *ask_new(struct core *core, const struct signin *signin, call_step *step,
        struct job *job, void (*on_end)(struct fetch *, enum call_next))
{
	char *root = account_root(signin->account);
	struct fetch_plan plan = ask_plan(signin, step);
	plan.typed = root;
	plan.typed_local = url_is_local(root);
	plan.job = job->id;
	plan.on_end = on_end;
	struct fetch *fetch = fetch_new(core, &plan);
	free(root);
	fetch->asked = job_new(job->kind);
	*fetch->asked = *job;
	*job = (struct job){.kind = job->kind};
	struct call *call = &fetch->call;
	call->action = fetch->asked->action;
	call->arg = fetch->asked->arg;
	call->cursor = fetch->asked->cursor;
	call->collection = (enum collection)fetch->asked->number;
	call->out = page_new();
	fetch->writes = fetch->again = fetch->asked->kind == JOB_ACT;
	return fetch;
}

static bool is_complete(const struct job *job, const struct ask_row *row, struct err *err)
{
	bool has_arg = job->arg && *job->arg;
	if (job->kind == JOB_ITEMS) {
		if (job->number < 0 || job->number >= COLLECTION_COUNT)
			return err_set(err, ERR_SYNTAX, "which list of things?");
		if (collections[job->number].arg && !has_arg)
			return err_set(err, ERR_SYNTAX, "'%s' of whom or of what?",
			        collections[job->number].name);
		return true;
	}
	if (!row->missing || (job->kind == JOB_ACT ? job->action != NULL : has_arg)) return true;
	return err_set(err, ERR_SYNTAX, "%s", row->missing);
}

/* Who is asked, and by which step; NULL when that cannot be. */
static const struct signin *asker(struct core *core, const struct job *job,
        const struct ask_row *row, call_step **out_step, struct err *err)
{
	const struct signin *signin = signin_by_id(core, job->account);
	if (!signin || signin->account->id == ACCOUNT_FEEDS) {
		err_set(err, ERR_NOT_FOUND, "there is no such account");
		return NULL;
	}
	*out_step = signin->net ? step_of(signin->net, row) : NULL;
	if (!*out_step)
		err_set(err, ERR_UNSUPPORTED, "%s cannot %s", signin->account->network, row->what);
	else if (account_is_guest(signin->account) && !row->guests)
		err_set(err, ERR_AUTH, "'%s' only reads: sign in to do this",
		        signin->account->name);
	else if (!signin->token && !account_is_guest(signin->account))
		err_set(err, ERR_AUTH, "there is no token for '%s': sign in again",
		        signin->account->name);
	else if (is_complete(job, row, err))
		return signin;
	return NULL;
}

enum outcome ask_begin(struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	call_step *step;
	const struct signin *signin = asker(core, job, &rows[job->kind], &step, err);
	if (!signin) return OUTCOME_FAILED;
	open->fetch = ask_new(core, signin, step, job, ask_ended);
	fetch_begin(open->fetch);
	return OUTCOME_PENDING;
}

void ask_quietly(struct core *core, enum job_kind kind, const struct signin *signin)
{
	call_step *step = signin->net ? step_of(signin->net, &rows[kind]) : NULL;
	if (!step || !signin->token) return;
	struct job job = {.kind = kind, .account = signin->account->id};
	struct fetch *fetch = ask_new(core, signin, step, &job, ask_ended);
	fetch->priority = PACE_LATER;
	fetch_begin(fetch);
}

static void finish_ended(struct fetch *fetch, enum call_next how)
{
	if (how == CALL_DONE)
		deliver_learned(fetch);
	else
		log_put(LOG_WARN, "engine", "%s: %s", fetch->call.account->name,
		        fetch->call.err.text);
	char *said = fetch->said;
	fetch->said = NULL;
	jobs_done_said(fetch->core, fetch->job, said);
}

void ask_to_finish(struct core *core, struct signin *signin, job_id id, char *said)
{
	struct open_job *open = jobs_find(core, id);
	if (!open || !signin->net->learn) {
		jobs_done_said(core, id, said);
		return;
	}
	struct job job = {.kind = JOB_LEARN, .id = id, .account = signin->account->id};
	open->fetch = ask_new(core, signin, signin->net->learn, &job, finish_ended);
	open->fetch->said = said;
	fetch_begin(open->fetch);
}
