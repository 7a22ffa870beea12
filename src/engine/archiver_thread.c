#include "engine/archiver_thread.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/thread.h"
#include "db/archive.h"
#include "engine/archiver_search.h"
#include "engine/message.h"

/* Keys come first, then the network, then this. */
enum { ARCHIVE_NICE = 10 };

enum { RETRY_MS = 30000 };

/* In the order in which they came. */
struct list {
	struct message *first, **end; /* end NULL: the list is empty */
};

/* The older rows of a source, on their way to the reader. */
struct fill {
	source_id source;
	char *name;
	int64_t before_ms;
};

/* The thread's own; nothing of it is seen by another. */
struct worker {
	const struct archiver_thread *thread;
	struct archive *archive; /* NULL: not even in memory */
	struct list reads, writes;
	struct list batch; /* written, not committed */
	size_t batch_posts, batch_writes;
	size_t singly;    /* so many writes are committed one by one, to find the one that fails */
	int64_t batch_ms; /* when the batch began */
	int64_t retry_ms; /* 0: the last write went well */
	bool stopping, tending, salvaged;
	bool searched; /* just now */
	struct fill *fills;
	size_t nfills, fills_cap, filled; /* filled: posts sent by fills */
	struct archiver_searches searches;
};

static void push(struct list *list, struct message *message)
{
	message->next = NULL;
	if (!list->end) list->end = &list->first;
	*list->end = message;
	list->end = &message->next;
}

static struct message *pop(struct list *list)
{
	struct message *message = list->first;
	if (message) list->first = message->next;
	if (!list->first) list->end = NULL;
	return message;
}

static void clear(struct list *list)
{
	for (struct message *message; (message = pop(list));)
		message_free(message);
}

/* Put all of `head` before what is in `list`. */
static void prepend(struct list *list, struct list *head)
{
	for (struct message *message; (message = pop(list));)
		push(head, message);
	*list = *head;
	*head = (struct list){0};
}

static int64_t now(const struct worker *worker)
{
	return clock_mono(worker->thread->opts.clock);
}

static void send_event(struct worker *worker, struct event *event)
{
	worker->thread->opts.on_event(worker->thread->opts.ctx, event);
}

static void send_notice(struct worker *worker, char *text, enum err_code code)
{
	struct event *event = event_new(EVENT_NOTICE);
	event->text = text;
	event->err.code = code;
	log_put(LOG_WARN, "archive", "%s", text);
	send_event(worker, event);
}

static void send_answer(
        struct worker *worker, const struct message *message, size_t rows, char *state)
{
	struct archiver_answer *answer = xcalloc(1, sizeof *answer);
	*answer = (struct archiver_answer){
	        .source = message->source, .job = message->job, .rows = rows, .state = state};
	worker->thread->opts.on_answer(worker->thread->opts.ctx, answer);
}

static void open_archive(struct worker *worker)
{
	struct err err = {0}, ignored;
	struct str text = {0};
	char *notice = NULL;
	if (archive_open(worker->thread->opts.path, &worker->archive, &notice, &err)) {
		if (notice) send_notice(worker, notice, ERR_FORMAT);
		return;
	}
	str_addf(&text, "posts are kept in memory only, until stoa ends: %s", err.text);
	send_notice(worker, str_take(&text), err.code);
	if (!archive_open(NULL, &worker->archive, &notice, &ignored)) worker->archive = NULL;
}

static size_t posts_in(const struct list *list)
{
	size_t n = 0;
	for (const struct message *message = list->first; message; message = message->next)
		n += message->page ? message->page->nposts : 0;
	return n;
}

/* The batch is undone, and what was in it waits again. */
static void undo_batch(struct worker *worker)
{
	archive_rollback(worker->archive);
	prepend(&worker->writes, &worker->batch);
	worker->batch_posts = worker->batch_writes = 0;
}

/* The file is damaged: once, what can be read of it is carried over to a new one. */
static bool salvage(struct worker *worker, const struct err *why)
{
	struct err err = {0};
	char *notice = NULL;
	if (why->code != ERR_FORMAT || !worker->thread->opts.path || worker->salvaged) return false;
	log_put(LOG_ERROR, "archive", "%s", why->text);
	undo_batch(worker);
	archive_close(worker->archive);
	worker->archive = NULL;
	worker->salvaged = true;
	if (archive_open_damaged(worker->thread->opts.path, &worker->archive, &notice, &err))
		send_notice(worker, notice, ERR_FORMAT);
	else
		open_archive(worker);
	return true;
}

/* Writing failed: it waits for better times, but not for ever. */
static void put_off(struct worker *worker, const struct err *err)
{
	if (!worker->retry_ms) {
		struct str text = {0};
		str_addf(&text, "posts cannot be archived for now: %s", err->text);
		send_notice(worker, str_take(&text), err->code);
	}
	worker->retry_ms = now(worker) + RETRY_MS;
	while (posts_in(&worker->writes) > ARCHIVER_MAX_WAITING)
		message_free(pop(&worker->writes));
}

/* True when there is use in going on at once. */
static bool failed(struct worker *worker, const struct err *err)
{
	size_t writes = worker->batch_writes;
	undo_batch(worker);
	if (salvage(worker, err)) return true;
	if (err->code != ERR_UNSUPPORTED) {
		put_off(worker, err);
		return false;
	}
	if (writes == 1) {
		log_put(LOG_ERROR, "archive", "dropped: %s", err->text);
		message_free(pop(&worker->writes));
	}
	worker->singly = writes;
	return true;
}

/* False when writing has to wait. */
static bool commit(struct worker *worker)
{
	struct err err = {0};
	if (!worker->batch.first) return true;
	if (!archive_commit(worker->archive, &err)) return failed(worker, &err);
	clear(&worker->batch);
	worker->batch_posts = worker->batch_writes = 0;
	worker->tending = true;
	if (worker->retry_ms) send_notice(worker, xstrdup("posts are archived again"), ERR_NONE);
	worker->retry_ms = 0;
	return true;
}

static bool write_one(struct worker *worker, const struct message *message, struct err *err)
{
	if (worker->batch_writes == 0) {
		worker->batch_ms = now(worker);
		if (!archive_begin(worker->archive, err)) return false;
	}
	if (message->kind == MESSAGE_GONE)
		return archive_gone(worker->archive, message->account, message->name, err);
	if (!archive_save(worker->archive, message->name, message->page, message->state, err))
		return false;
	archiver_searches_offer(
	        &worker->searches, message->name, message->page, &worker->thread->opts);
	return true;
}

/* Takes a write off the list into the batch. False when writing has to wait. */
static bool apply(struct worker *worker, struct message *message)
{
	struct err err = {0};
	if (!worker->archive) {
		message_free(message);
		return true;
	}
	bool ok = write_one(worker, message, &err);
	push(&worker->batch, message);
	worker->batch_writes++;
	worker->batch_posts += message->page ? message->page->nposts : 0;
	if (!ok) return failed(worker, &err);
	if (worker->batch_posts < ARCHIVER_BATCH_POSTS && !worker->singly) return true;
	worker->singly -= worker->singly > 0;
	return commit(worker);
}

/* What was saved to a source before it is read. */
static void apply_writes_of(struct worker *worker, const char *name)
{
	struct list rest = {0};
	bool ok = !worker->retry_ms;
	for (struct message *message; ok && (message = pop(&worker->writes));) {
		if (message->kind == MESSAGE_SAVE && strcmp(message->name, name) == 0)
			ok = apply(worker, message);
		else
			push(&rest, message);
	}
	prepend(&worker->writes, &rest);
}

static void drop_fill(struct worker *worker, source_id source)
{
	for (size_t i = 0; i < worker->nfills; i++) {
		if (worker->fills[i].source != source) continue;
		free(worker->fills[i].name);
		worker->fills[i] = worker->fills[--worker->nfills];
		return;
	}
}

static void add_fill(struct worker *worker, source_id source, const char *name, int64_t before_ms)
{
	drop_fill(worker, source);
	worker->fills = mem_grow(
	        worker->fills, &worker->fills_cap, worker->nfills + 1, sizeof *worker->fills);
	worker->fills[worker->nfills++] =
	        (struct fill){.source = source, .name = xstrdup(name), .before_ms = before_ms};
}

/* Send a slice; returns its rows. *before_ms becomes the time of its last one. */
static size_t send_rows(
        struct worker *worker, source_id source, const char *name, int64_t *before_ms, int limit)
{
	struct page *page = NULL;
	struct err err = {0};
	if (!worker->archive) return 0;
	bool ok = archive_load(worker->archive, name, *before_ms, limit, &page, &err);
	if (!ok && salvage(worker, &err) && worker->archive)
		ok = archive_load(worker->archive, name, *before_ms, limit, &page, &err);
	if (!ok) {
		send_notice(worker, xstrdup(err.text), err.code);
		return 0;
	}
	size_t rows = page->nentries;
	if (rows == 0) {
		page_free(page);
		return 0;
	}
	*before_ms = page->entries[rows - 1].sort_ms;
	page->source = source;
	struct event *event = event_new(EVENT_PAGE);
	event->source = source;
	event->page = page;
	send_event(worker, event);
	return rows;
}

static char *state_of(struct worker *worker, const char *name)
{
	char *state = NULL;
	struct err err = {0};
	if (worker->archive && !archive_state(worker->archive, name, &state, &err))
		log_put(LOG_ERROR, "archive", "%s", err.text);
	return state;
}

static void send_article(struct worker *worker, const struct message *message)
{
	struct err err = {0};
	struct event *event = event_new(EVENT_ARTICLE);
	event->reply_to = message->job;
	event->text = xstrdup(message->name);
	if (worker->archive &&
	        !archive_article(worker->archive, message->name, &event->article, &err))
		log_put(LOG_ERROR, "archive", "%s", err.text);
	bool found = event->article != NULL;
	send_event(worker, event);
	send_answer(worker, message, found, NULL);
}

static void answer(struct worker *worker, struct message *message)
{
	if (message->kind != MESSAGE_ARTICLE &&
	        archiver_searches_take(&worker->searches, message, &worker->thread->opts)) {
		/* archiver_searches_step goes on with it. */
	} else if (message->kind == MESSAGE_UNWATCH) {
		drop_fill(worker, message->source);
	} else if (message->kind == MESSAGE_ARTICLE) {
		send_article(worker, message);
	} else {
		apply_writes_of(worker, message->name);
		bool watch = message->kind == MESSAGE_WATCH;
		size_t rows = send_rows(worker, message->source, message->name, &message->before_ms,
		        message->limit);
		send_answer(worker, message, rows, watch ? state_of(worker, message->name) : NULL);
		if (watch && rows > 0)
			add_fill(worker, message->source, message->name, message->before_ms);
	}
	message_free(message);
}

/* One slice of the source whose next rows are the newest. False when all is sent. */
static bool fill(struct worker *worker)
{
	struct fill *newest = NULL;
	for (size_t i = 0; i < worker->nfills; i++) {
		if (!newest || worker->fills[i].before_ms > newest->before_ms)
			newest = &worker->fills[i];
	}
	if (!newest || worker->filled >= worker->thread->opts.reader_max) return false;
	size_t rows =
	        send_rows(worker, newest->source, newest->name, &newest->before_ms, ARCHIVER_SLICE);
	worker->filled += rows;
	if (rows == 0) drop_fill(worker, newest->source);
	return true;
}

static void receive(struct worker *worker)
{
	for (struct message *message; (message = queue_pop(worker->thread->queue));) {
		if (message->kind == MESSAGE_STOP) {
			worker->stopping = true;
			message_free(message);
		} else if (message->kind == MESSAGE_SAVE || message->kind == MESSAGE_GONE) {
			push(&worker->writes, message);
		} else {
			push(&worker->reads, message);
		}
	}
}

static bool may_write(const struct worker *worker)
{
	return worker->writes.first &&
	       (!worker->retry_ms || worker->stopping || now(worker) >= worker->retry_ms);
}

static bool batch_is_due(const struct worker *worker)
{
	return worker->batch.first &&
	       ((worker->stopping && !worker->writes.first) || worker->retry_ms ||
	               now(worker) - worker->batch_ms >= ARCHIVER_BATCH_MS);
}

static bool tend(struct worker *worker)
{
	const struct archiver_options *opts = &worker->thread->opts;
	int64_t keep_ms = opts->keep_ms > 0 ? clock_wall(opts->clock) - opts->keep_ms : 0;
	if (!worker->tending || !worker->archive || worker->batch.first) return false;
	worker->tending = archive_tend(worker->archive, keep_ms);
	return worker->tending;
}

/* A portion of a search. By turns with writes: a long search holds none of them up. */
static bool search(struct worker *worker)
{
	bool next = !worker->stopping && !(worker->searched && may_write(worker));
	worker->searched = next && archiver_searches_step(&worker->searches, worker->archive,
	                                   &worker->thread->opts);
	/* It may have found the index broken. */
	worker->tending = worker->tending || worker->searched;
	return worker->searched;
}

/* The most urgent piece of work there is; false when there is none. */
static bool work(struct worker *worker)
{
	if (worker->reads.first)
		answer(worker, pop(&worker->reads));
	else if (batch_is_due(worker))
		return commit(worker) || !worker->stopping;
	else if (search(worker))
		return true;
	else if (may_write(worker))
		return apply(worker, pop(&worker->writes)) || !worker->stopping;
	else
		return !worker->stopping && (fill(worker) || tend(worker));
	return true;
}

static int timeout(const struct worker *worker)
{
	int64_t due = worker->batch.first ? worker->batch_ms + ARCHIVER_BATCH_MS : INT64_MAX;
	if (worker->writes.first && worker->retry_ms < due) due = worker->retry_ms;
	if (due == INT64_MAX) return -1;
	int64_t left = due - now(worker);
	return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

static void wait(const struct worker *worker)
{
	struct pollfd fd = {.fd = worker->thread->wake_fd, .events = POLLIN};
	char bytes[64];
	poll(&fd, 1, timeout(worker));
	while (read(fd.fd, bytes, sizeof bytes) > 0)
		continue;
}

static void finish(struct worker *worker)
{
	size_t lost = posts_in(&worker->writes) + posts_in(&worker->batch);
	if (lost > 0) log_put(LOG_ERROR, "archive", "%zu posts could not be archived", lost);
	clear(&worker->reads);
	clear(&worker->writes);
	clear(&worker->batch);
	while (worker->nfills > 0)
		drop_fill(worker, worker->fills[0].source);
	free(worker->fills);
	archiver_searches_finish(&worker->searches);
	archive_close(worker->archive);
}

void *archiver_thread_run(void *thread)
{
	struct worker worker = {.thread = thread, .tending = true};
	thread_give_way(ARCHIVE_NICE);
	open_archive(&worker);
	for (;;) {
		receive(&worker);
		if (work(&worker)) continue;
		if (worker.stopping) break;
		wait(&worker);
	}
	finish(&worker);
	return NULL;
}
