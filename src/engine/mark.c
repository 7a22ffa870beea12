#include "engine/mark.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "engine/ask.h"
#include "net/url.h"

enum {
	RETRY_MS = 60000,
	READ_SOON_MS = 1000, /* after the rows themselves, and not all at once */
};

/* What is known of one source's marker. Outlives its source: what was read stays read. */
struct mark {
	char *name; /* of the source */
	struct source_ref ref;
	source_id source;
	char *cursor;     /* to be written, or NULL */
	int64_t at_ms;    /* of that row */
	int64_t known_ms; /* the server has this or a later one; 0: not known */
	int64_t due_ms;   /* may be written then (monotonic) */
	int64_t read_ms;  /* is to be read then; INT64_MAX: not asked for */
	struct fetch *writing;
	struct mark *next;
};

static struct mark *find(struct core *core, const char *name)
{
	struct mark *mark = core->marks;
	while (mark && strcmp(mark->name, name) != 0)
		mark = mark->next;
	return mark;
}

/* Does the server keep a marker of this source? */
static const struct signin *keeper(struct core *core, const struct source_ref *ref)
{
	bool marked = ref->kind == SOURCE_HOME || ref->kind == SOURCE_NOTIFICATIONS;
	const struct signin *signin = marked ? signin_find(core, ref->account) : NULL;
	if (!signin || !signin->net || !signin->token) return NULL;
	bool can = signin->account->caps & CAP_MARKERS && signin->net->marker_read &&
	           signin->net->marker_write;
	return can ? signin : NULL;
}

static struct mark *get(struct core *core, const struct source *source)
{
	struct mark *mark = find(core, source->name);
	if (!mark) {
		mark = xcalloc(1, sizeof(*mark));
		mark->name = xstrdup(source->name);
		mark->ref = (struct source_ref){
		        .account = xstrdup(source->ref.account), .kind = source->ref.kind};
		mark->read_ms = INT64_MAX;
		mark->next = core->marks;
		core->marks = mark;
	}
	mark->source = source->id;
	return mark;
}

static struct fetch *plan(struct core *core, struct mark *mark, const struct signin *signin,
        call_step *step, void (*on_end)(struct fetch *, enum call_next))
{
	char *root = account_root(signin->account);
	struct fetch_plan plan = ask_plan(signin, step);
	plan.typed = root;
	plan.typed_local = url_is_local(root);
	plan.priority = PACE_LATER;
	plan.on_end = on_end;
	struct fetch *fetch = fetch_new(core, &plan);
	free(root);
	fetch->mark = mark;
	fetch->call.source = &mark->ref;
	fetch->call.marker = &fetch->marker;
	return fetch;
}

static void read_ended(struct fetch *fetch, enum call_next how)
{
	struct mark *mark = fetch->mark;
	if (how != CALL_DONE) {
		log_put(LOG_WARN, "engine", "%s: %s", mark->name, fetch->call.err.text);
		return;
	}
	if (!fetch->marker.cursor) return;
	if (fetch->marker.at_ms > mark->known_ms) mark->known_ms = fetch->marker.at_ms;
	struct event *event = event_new(EVENT_MARKER);
	event->source = mark->source;
	event->account = fetch->call.account->id;
	event->text = xstrdup(fetch->marker.cursor);
	event->number = fetch->marker.at_ms;
	fetch->core->emit(fetch->core->emit_ctx, event);
}

void mark_read(struct core *core, const struct source *source)
{
	if (!keeper(core, &source->ref)) return;
	get(core, source)->read_ms = core_now(core) + READ_SOON_MS / 4 +
	                             (int64_t)random_below(&core->random, READ_SOON_MS);
}

static void read_mark(struct core *core, struct mark *mark)
{
	const struct signin *signin = keeper(core, &mark->ref);
	mark->read_ms = INT64_MAX;
	if (signin) fetch_begin(plan(core, mark, signin, signin->net->marker_read, read_ended));
}

void mark_put(struct core *core, const struct source *source, char *cursor, int64_t at_ms)
{
	struct mark *mark = keeper(core, &source->ref) ? get(core, source) : NULL;
	if (!mark || at_ms <= mark->known_ms || (mark->cursor && at_ms <= mark->at_ms)) {
		free(cursor);
		return;
	}
	free(mark->cursor);
	mark->cursor = cursor;
	mark->at_ms = at_ms;
}

static void write_ended(struct fetch *fetch, enum call_next how)
{
	struct mark *mark = fetch->mark;
	mark->writing = NULL;
	if (how == CALL_DONE) {
		if (fetch->marker.at_ms > mark->known_ms) mark->known_ms = fetch->marker.at_ms;
		return;
	}
	const struct err *err = &fetch->call.err;
	log_put(LOG_WARN, "engine", "%s: %s", mark->name, err->text);
	bool later = err->code == ERR_NETWORK || err->code == ERR_SERVER ||
	             err->code == ERR_RATE_LIMITED;
	if (!later || mark->cursor) return;
	mark->cursor = fetch->marker.cursor;
	mark->at_ms = fetch->marker.at_ms;
	fetch->marker.cursor = NULL;
	mark->due_ms =
	        core_now(fetch->core) + (err->retry_ms > RETRY_MS ? err->retry_ms : RETRY_MS);
}

static void write_mark(struct core *core, struct mark *mark, int64_t now_ms)
{
	const struct signin *signin = keeper(core, &mark->ref);
	char *cursor = mark->cursor;
	mark->cursor = NULL;
	mark->due_ms = now_ms + MARK_EVERY_MS;
	if (!signin) {
		free(cursor);
		return;
	}
	struct fetch *fetch = plan(core, mark, signin, signin->net->marker_write, write_ended);
	fetch->marker = (struct marker){.cursor = cursor, .at_ms = mark->at_ms};
	fetch->writes = fetch->again = true;
	mark->writing = fetch;
	fetch_begin(fetch);
}

int64_t marks_tick(struct core *core, int64_t now_ms)
{
	int64_t next = INT64_MAX;
	for (struct mark *mark = core->marks; mark; mark = mark->next) {
		if (mark->read_ms <= now_ms) read_mark(core, mark);
		if (mark->read_ms < next) next = mark->read_ms;
		if (!mark->cursor || mark->writing) continue;
		if (mark->due_ms <= now_ms)
			write_mark(core, mark, now_ms);
		else if (mark->due_ms < next)
			next = mark->due_ms;
	}
	return next;
}

void marks_flush(struct core *core)
{
	for (struct mark *mark = core->marks; mark; mark = mark->next)
		mark->due_ms = 0;
}

void marks_free(struct core *core)
{
	for (struct mark *mark; (mark = core->marks);) {
		core->marks = mark->next;
		free(mark->name);
		source_ref_finish(&mark->ref);
		free(mark->cursor);
		free(mark);
	}
}
