#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/when.h"
#include "model/draft.h"
#include "model/ids.h"

/*
 * A post on its way out: one part of a draft for one account, with a state that the user
 * sees. A cross-post is several, a thread is several with `after` between them
 * (quality.md 2.2). Plain data, owned strings.
 *
 * X(ID, "name", "what it means"); names stand in queue.db.
 */
#define OUTGOING_STATES(X)                                                                         \
	X(SCHEDULED, "scheduled", "waits here for its time, or for the part before it")            \
	X(CLAIMED, "preparing", "its time has come: attachments are uploaded, nothing is posted")  \
	X(SENDING, "sending", "on its way: it may be there already")                               \
	X(UNKNOWN, "unknown", "nobody knows whether it was posted: the server will be asked")      \
	X(KEPT, "kept", "the server keeps it until its time")                                      \
	X(NEEDS_YOU, "needs you", "only you can tell whether it was posted, or what to do")        \
	X(SENT, "sent", "posted")                                                                  \
	X(FAILED, "failed", "refused, and will not be tried again by itself")                      \
	X(MISSED, "missed", "its time passed while nothing could send it")                         \
	X(CANCELLED, "cancelled", "taken back before it was posted")

#define X(id, name, help) OUTGOING_##id,
enum outgoing_state { OUTGOING_STATES(X) OUTGOING_NSTATES };
#undef X

extern const struct draft_word outgoing_states[OUTGOING_NSTATES];
/* Sent, failed or cancelled: nothing will happen to it any more. */
bool outgoing_is_over(enum outgoing_state state);

/* What shall become of a post that the server keeps. */
enum outgoing_wish {
	OUTGOING_WISH_NONE,
	OUTGOING_WISH_CANCEL,
	OUTGOING_WISH_BACK, /* waits here again */
};

/* An attachment, as far as it has come. */
struct outgoing_media {
	char *path, *alt;
	char *type;             /* MIME type of what is uploaded; NULL: not looked at yet */
	uint32_t width, height; /* pixels; 0: not known */
	char *made; /* what the server calls it (an id; a blob as JSON); NULL: not uploaded */
};

struct outgoing {
	int64_t id;          /* row of queue.db */
	int64_t draft, part; /* of which draft and which part of it, from 0 */
	int64_t after;       /* the one that has to be sent before, which it answers; 0: none */
	account_id account;
	enum outgoing_state state;

	/* What is posted; its draft's, as this account shall have it. */
	char *text, *warning, *lang, *reply_to, *quote_of, *label, *self_labels;
	struct outgoing_media *media;
	size_t nmedia;
	struct draft_poll *poll;
	enum visibility visibility;
	bool visibility_set, sensitive;
	unsigned gate;

	/* The name by which the server knows a second attempt for the first: made with the row,
	 * by the network's make_key. A changed text has another. */
	char *key;
	/* What will be sent, to the byte: made by the network's prepare before the first byte
	 * leaves, then never changed. NULL: not yet. */
	char *frozen;

	struct when at; /* when it shall be posted */
	enum draft_via via;
	enum draft_late late;
	int64_t undo_until_ms; /* posted now: not before this, so that it can be taken back */
	bool held;             /* nothing is sent until the user says so */

	int64_t made_ms, changed_ms; /* wall clock */
	int64_t first_ms;            /* when it was first tried; 0: never */
	int64_t next_ms;             /* not tried again before */
	int64_t sent_ms;             /* when it was posted, as far as is known here */
	int attempts;                /* requests that may have posted it */
	int looks;                   /* times that the server was asked and did not have it */
	bool keep;                   /* handed to the server before its time */
	bool sure;                   /* the user said that it shall go, whatever we think of it */
	bool parked;                 /* NEEDS_YOU for the sake of the one before it alone */
	enum outgoing_wish wish;     /* of KEPT: what to do once it is withdrawn */
	int64_t replaces;            /* a KEPT one that has to be withdrawn before; 0: none */
	int64_t server_first_ms;     /* first_ms by the server's clock; 0: not told */
	int64_t rev;                 /* counts its changes, so that two writers never mix */
	int uploaded; /* percent of its attachments that have left; told of CLAIMED, never kept */
	bool damaged; /* its record cannot be trusted: nothing is done with it */
	char *owner;  /* of CLAIMED and SENDING: which process (engine/outbox.h) */
	char *watermark; /* the newest own post known before the first attempt; the network's */
	char *remote_id, *uri, *url; /* of SENT; of KEPT remote_id is the kept one's */
	char *cause;                 /* why it is in this state: a sentence, or NULL */
};

/*
 * A part of a draft as one account will post it: its text and what goes with it, no key, no
 * state, no times but the draft's. The first part alone answers and quotes. Owned.
 */
struct outgoing *outgoing_of(
        const struct draft *draft, size_t part, account_id account, const char *network);
/* The same the other way: a draft of one part for one account, to be written on at. Owned. */
struct draft *outgoing_draft(const struct outgoing *item);
struct outgoing *outgoing_copy(const struct outgoing *item);
void outgoing_free(struct outgoing *item);

/*
 * One JSON object, for --json. The content (what is posted, without attachments) and the
 * attachments alone are what queue.db keeps; decode: into an empty item, false with the reason.
 */
void outgoing_print(struct str *out, const struct outgoing *item);
void outgoing_encode_content(struct str *out, const struct outgoing *item);
void outgoing_encode_media(struct str *out, const struct outgoing *item);
bool outgoing_decode_content(struct outgoing *item, const char *json, struct err *err);
bool outgoing_decode_media(struct outgoing *item, const char *json, struct err *err);
/* The state of that name; OUTGOING_NSTATES: there is none. */
enum outgoing_state outgoing_state_find(const char *name);
