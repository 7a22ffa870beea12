#pragma once
#include "base/queue.h"
#include "engine/archiver.h"

/* What the engine's thread asks of the archive's; archiver.c and archiver_thread.c only. */

enum message_kind {
	MESSAGE_SAVE,
	MESSAGE_GONE,
	MESSAGE_WATCH,
	MESSAGE_UNWATCH,
	MESSAGE_OLDER,
	MESSAGE_ARTICLE,
	MESSAGE_STOP,
};

struct message {
	enum message_kind kind;
	source_id source;
	account_id account;
	job_id job;
	char *name;        /* owned: a source's name, a URI or a remote id */
	char *state;       /* owned: of a source; what names in a search mean */
	struct page *page; /* owned */
	int64_t before_ms;
	int limit;
	struct message *next;
};

void message_free(struct message *message);

/* Set by archiver_start, never changed while the thread runs. */
struct archiver_thread {
	struct archiver_options opts;
	struct queue *queue; /* of messages; its wake writes to the pipe */
	int wake_fd;         /* readable: the queue is not empty any more */
};

/* The thread's body; returns NULL once MESSAGE_STOP was obeyed. */
void *archiver_thread_run(void *thread);
