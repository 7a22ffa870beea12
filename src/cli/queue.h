#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "args.h"
#include "queued.h"
#include "session.h"

/*
 * `stoa queue VERB …`: queue.c has the verbs and shows, queue_do.c changes, queue_import.c
 * takes in and gives out many.
 */
struct queue_call {
	const struct args *args;
	char **words; /* after the verb */
	int nwords;
	bool json;
	struct session session;
	struct queued queued;
};

/* How one verb is done; the session is not open yet. Returns the exit status. */
typedef int queue_verb(struct queue_call *call, struct err *err);
queue_verb queue_cancel, queue_edit, queue_export, queue_hold, queue_import, queue_list, queue_move,
        queue_recover, queue_resume, queue_retry, queue_run_due, queue_sent, queue_show;

/* Open the session; `sender` as in session_open. */
bool queue_open(struct queue_call *call, const char *sender, struct err *err);

/* "12", or "d3" for a draft. False after a sentence in err. */
struct queue_id {
	int64_t id;
	bool is_draft;
};
bool queue_id_read(const char *word, struct queue_id *out, struct err *err);
/* What a word names, with a reason where it names none; borrowed. */
struct outgoing *queue_item(struct queue_call *call, const char *word, struct err *err);
struct draft *queue_draft(struct queue_call *call, const char *word, struct err *err);
/* One JSON object a line, with the account's name besides its number. */
void queue_json_item(struct queue_call *call, const struct outgoing *item);
