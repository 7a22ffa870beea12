#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "base/when.h"
#include "model/ids.h"
#include "model/post.h"

/*
 * What a person writes, before it becomes a post: for one account or several, in one part
 * or as a thread of them. Plain data, owned strings; NULL where a thing is absent.
 */

enum {
	DRAFT_MAX_PARTS = 100,
	DRAFT_MAX_ACCOUNTS = 32,
	DRAFT_MAX_MEDIA = 20,
	DRAFT_MAX_OPTIONS = 20
};
enum { DRAFT_MAX_TEXT = 1 << 20 }; /* bytes of a part */

/* A file to go with a part. */
struct draft_media {
	char *path; /* absolute */
	char *alt;  /* what it shows, for those who cannot see it */
};

struct draft_poll {
	char **options;
	size_t noptions;
	int64_t for_s; /* so long it runs */
	bool multiple, hide_totals;
};

struct draft_part {
	char *text;
	struct draft_media *media;
	size_t nmedia;
	struct draft_poll *poll; /* owned; NULL: none */
};

/* The text of a part as one account, or all accounts of one network, shall have it. */
struct draft_variant {
	size_t part;
	account_id account; /* 0: all of `network` */
	char *network;      /* NULL: see account */
	char *text;
};

/* Who keeps a post until its time. X(ID, "name", "help") */
#define DRAFT_VIAS(X)                                                                              \
	X(AUTO, "auto",                                                                            \
	        "the server where it is known to keep posts and the time is far enough "           \
	        "ahead, else this machine")                                                        \
	X(SERVER, "server", "the server, or not at all")                                           \
	X(LOCAL, "local", "this machine: a deck or `stoa daemon` has to run at that time")

/* What becomes of a post whose time passed while nothing could send it. */
#define DRAFT_LATES(X)                                                                             \
	X(ASK, "ask", "up to 15 minutes late it is sent, later it asks")                           \
	X(SEND, "send", "it is sent as soon as can be")                                            \
	X(DROP, "drop", "it is cancelled")

#define X(id, name, help) DRAFT_VIA_##id,
enum draft_via { DRAFT_VIAS(X) DRAFT_NVIAS };
#undef X
#define X(id, name, help) DRAFT_LATE_##id,
enum draft_late { DRAFT_LATES(X) DRAFT_NLATES };
#undef X

struct draft_word {
	const char *name, *help;
};
extern const struct draft_word draft_vias[DRAFT_NVIAS], draft_lates[DRAFT_NLATES];

/*
 * Who may answer. Mastodon has no such thing; Bluesky's threadgate and postgate
 * (api/bluesky.md).
 */
enum draft_gate {
	DRAFT_GATE_NONE,
	DRAFT_GATE_NOBODY = 1 << 0,
	DRAFT_GATE_MENTIONED = 1 << 1,
	DRAFT_GATE_FOLLOWED = 1 << 2, /* by us */
	DRAFT_GATE_FOLLOWERS = 1 << 3,
	DRAFT_GATE_NO_QUOTES = 1 << 4,
};

struct draft {
	int64_t id; /* row of queue.db; 0: not kept yet */
	account_id *accounts;
	size_t naccounts;
	struct draft_part *parts; /* one at least */
	size_t nparts;
	struct draft_variant *variants;
	size_t nvariants;
	char *warning, *lang; /* lang: BCP 47 */
	char *reply_to;       /* URI or URL of the post that the first part answers */
	char *quote_of;       /* URI or URL of the post that the first part quotes */
	char *label;          /* the user's own word, for what it brought */
	char *self_labels;    /* Bluesky: words with blanks between: "sexual nudity" */
	enum visibility visibility;
	bool visibility_set; /* false: the account's own default */
	bool sensitive;
	unsigned gate;  /* enum draft_gate */
	struct when at; /* utc_ms 0: at once */
	enum draft_via via;
	enum draft_late late;
	int64_t changed_ms; /* wall clock */
};

struct draft *draft_new(void); /* one empty part */
struct draft *draft_copy(const struct draft *draft);
void draft_free(struct draft *draft);
struct draft_poll *draft_poll_copy(const struct draft_poll *poll); /* NULL of NULL */
void draft_poll_free(struct draft_poll *poll);
/* Has it nothing that would be missed? */
bool draft_is_empty(const struct draft *draft);
void draft_add_account(struct draft *draft, account_id account);
struct draft_part *draft_add_part(struct draft *draft);
void draft_add_media(struct draft_part *part, const char *path, const char *alt);
/* The text of a part as this account shall have it. Borrowed. */
const char *draft_text(
        const struct draft *draft, size_t part, account_id account, const char *network);
/* Is nothing in this part, after the first, for this account? Then it is none of its thread. */
bool draft_leaves_out(
        const struct draft *draft, size_t part, account_id account, const char *network);

/* As one JSON object, for queue.db and --json; what it does not know is left out, and unknown
 * members of a newer stoa are passed over. decode: owned, or NULL with the reason. */
void draft_encode(struct str *out, const struct draft *draft);
struct draft *draft_decode(const char *json, size_t len, struct err *err);
