#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "model/account.h"
#include "model/action.h"
#include "model/items.h"
#include "model/measure.h"
#include "model/outgoing.h"
#include "model/page.h"
#include "model/person.h"
#include "model/server_filter.h"
#include "model/source.h"
#include "net/transport.h"

/* What a call may want to remember from one fetch of a source to the next; kept in archive.db. */
struct fetch_state {
	char *etag, *modified; /* validators, verbatim */
	char *newest;          /* cursor of the newest row known, opaque */
	char *url;             /* where the source is now (a feed that moved), or NULL */
	char *moved_to;        /* a permanent redirect seen once; moves `url` when seen again */
	char *remote;          /* the server's id of what the source is about (a profile, a post) */
	uint64_t body_hash;    /* of the last body; 0: none */
	int64_t fetched_ms;    /* last success, wall clock; 0: never */
	int64_t full_ms;       /* last fetch without validators */
	int64_t next_ms;       /* not before this wall time, as the server wished; 0: no wish */
	int failures;          /* in a row */
	bool gone;             /* 410: stop asking */
	char *error;           /* the last failure's sentence; NULL: none */
};
void fetch_state_finish(struct fetch_state *state);

enum call_next {
	CALL_SEND, /* *req is filled: send it and come back with the answer */
	CALL_WAIT, /* come back after call->wait_ms, with no answer */
	CALL_DONE, /* the result is in call->out */
	CALL_FAIL, /* call->err says why */
};

enum fetch_want {
	FETCH_NEWER, /* rows newer than state->newest; the newest page when there is none */
	FETCH_OLDER, /* the page before call->cursor */
	/* As OLDER, for a gap: call->cursor is the gap's. Where the cursor knows where the gap
	 * ends, page->gap tells whether rows are still missing, and page->older where. */
	FETCH_GAP,
};

/* A sign-in with a person in it (Mastodon: fact sheet 1). Borrowed but where it says owned. */
struct sign_in {
	const char *redirect; /* a loopback URL that waits for the code; NULL: it will be pasted */
	const char *state;    /* random; whoever listens compares it */
	const char *verifier, *challenge; /* of PKCE (RFC 7636, S256) */
	const char *code;                 /* sign_in_finish: as it came back, or as it was pasted */
	bool again;   /* sign_in_begin: somebody of that host is signed in already, so the
	                 browser is to ask who */
	char *url;    /* owned; sign_in_begin: what to open in a browser */
	char *client; /* owned; sign_in_begin gives it, sign_in_finish and sign_out want it:
	                 what the server knows this program by. Words without blanks. */
	char *secret; /* owned; sign_in_finish: what call->token and call->client will be,
	                 words parted by blanks, the token first */
};

/* Up to where a timeline was read, as the server remembers it. */
struct marker {
	char *cursor;  /* owned; a row's cursor; NULL: none is set */
	int64_t at_ms; /* when that row was, 0: unknown */
};

/* A post on its way out. Borrowed but where it says owned. */
struct publish {
	const struct outgoing *item;
	const struct outgoing *before; /* the one of its thread that it answers; NULL: none */
	size_t upload;                 /* upload: which of the item's media ... */
	const char *file, *type;       /* ... as it is to be sent: a path and a MIME type */
	uint64_t random;               /* for make_key and the like, so that steps stay pure */
	bool keep;                     /* publish: the server shall keep it until item->at */
	char *made;      /* owned; upload: what the server calls it; prepare: what to freeze */
	char *watermark; /* owned; prepare: the newest own post, where reconcile wants it */
	char *remote_id, *uri, *url; /* owned; publish and reconcile */
	bool kept;  /* publish, reconcile: the server keeps it; remote_id is the kept one's */
	bool found; /* reconcile: it is there; withdraw: it was there */
	int64_t server_ms; /* the server's clock as its last answer told (Date), 0: not told */
};

/*
 * One operation on one account: zero or more requests, then a result. A step does
 * no I/O and reads no clock, so a network is tested by feeding it answers.
 */
struct call {
	const struct account *account;
	const char *token;               /* borrowed; NULL when signed out */
	const struct source_ref *source; /* for fetch */
	const char *url;                 /* of a feed: what to fetch */
	enum fetch_want want;
	const char *cursor;            /* for OLDER and GAP */
	struct fetch_state *state;     /* for fetch; the step may change it, the engine stores it */
	int64_t now_ms;                /* wall clock */
	int stage;                     /* the network's own; starts at 0 */
	void *data;                    /* call_size zeroed bytes, the network's own */
	struct page *out;              /* for fetch: empty at first; the engine takes it */
	struct account *signed_in;     /* for login and learn: owned result */
	const char *client;            /* the rest of the account's secret, or NULL */
	const struct action *action;   /* for act */
	char *said;                    /* for act: what came of it, for people; owned, or NULL */
	char *gone;                    /* for act: remote id of a post that is no more; owned */
	enum collection collection;    /* for items; its argument is `arg`, its page `cursor` */
	const char *arg;               /* for items and person */
	struct items *items;           /* for items: owned result */
	struct person *person;         /* for person: owned result; its profile is in `out` */
	struct server_filter *filters; /* for filters: owned result */
	size_t nfilters;
	struct sign_in *sign_in; /* for sign_in_begin and _finish */
	struct marker *marker;   /* for marker_read and marker_write */
	struct publish *publish; /* for upload, prepare, publish, reconcile and withdraw */
	bool unchanged;          /* for fetch: nothing new (304) */
	int wait_ms;             /* with CALL_WAIT */
	struct err err;
};

/* `answer` is NULL at the first step. */
typedef enum call_next call_step(
        struct call *call, const struct response *answer, struct request *req);

/* What a stream's event means; the sources of the account that it concerns are named by kind. */
struct stream_sink {
	void *ctx;
	/* Add posts and one entry to the page of that source kind; page is lent until return. */
	struct page *(*page)(void *ctx, enum source_kind kind);
	void (*gone)(void *ctx, const char *remote_id);
	void (*refresh)(void *ctx, enum source_kind kind); /* fetch it again */
	void (*filters)(void *ctx); /* the account's filters have changed at its server */
};

/* A message of a WebSocket that carries several streams; owned, zeroed before. */
struct stream_message {
	struct str stream; /* as stream_name writes it; empty: it does not say */
	struct str name;   /* of the event */
	struct str data;
};
void stream_message_finish(struct stream_message *message);

/* A protocol. `fetch` is mandatory; NULL elsewhere means it cannot. */
struct network {
	const char *name;    /* as written in commands */
	const char *summary; /* one line for help */
	bool by_handle;      /* one signs in by a person's handle: `login` finds out the host */
	unsigned caps;       /* the most it can ever do */
	/* Who is not signed in may read what is public, and do this; and where, unless told
	 * otherwise (NULL: each host by itself). */
	bool has_guests;
	unsigned guest_caps;
	const char *guest_host;
	size_t call_size;                       /* bytes of call->data */
	void (*call_finish)(struct call *call); /* free what `data` holds; may be NULL */
	bool (*has_source)(enum source_kind kind);
	call_step *fetch; /* a page of a source */
	call_step *login; /* find out who a token belongs to: fills call->signed_in */
	call_step *learn; /* what the account's server is and can do: fills call->signed_in */

	/* Sign-in by browser: what to open, then the code against a secret; revoking it. */
	call_step *sign_in_begin, *sign_in_finish, *sign_out;
	/* A new secret from call->client, into call->sign_in->secret, where tokens expire: when
	 * the account's token was refused (ERR_AUTH). Fails where there is nothing to renew it by.
	 */
	call_step *refresh;

	/*
	 * Do call->action. Posts, profiles and relations as they are now go into call->out.
	 * `lookup`: what an address or handle is there: a post or profile into call->out.
	 */
	call_step *act;
	call_step *lookup;  /* call->arg: a URL, URI or handle */
	call_step *items;   /* a page of a collection */
	call_step *person;  /* all about a profile: call->person, call->out with it, its relation
	                       and its pinned posts */
	call_step *filters; /* all filters that the account keeps at its server */
	/* Of source home or notifications (call->source). */
	call_step *marker_read, *marker_write;

	/*
	 * Posting (quality.md 2.2). measure: how much of the item's text, warning and poll one
	 * account takes. detect: what of a text will become links, mentions and tags there, as
	 * facets in order. make_key: the item's key (owned), made once with the row. repeat_ms:
	 * how long after the first attempt the same frozen request may be sent again and not
	 * post twice; 0: never, INT64_MAX: always. can_keep: its server keeps scheduled posts
	 * (and tells so in its answer).
	 */
	void (*measure)(
	        const struct account *account, const struct outgoing *item, struct measure *out);
	void (*detect)(const struct account *account, const char *text, size_t len,
	        void (*each)(void *ctx, const struct facet *facet), void *ctx);
	char *(*make_key)(int64_t now_ms, uint64_t random);
	int64_t (*repeat_ms)(const struct account *account);
	bool (*can_keep)(const struct account *account);
	/* Is the item such that this account can take it? Pure; the sentence says what is not. */
	bool (*check)(const struct account *account, const struct outgoing *item, struct err *err);
	/*
	 * upload: one attachment; harmless when repeated. prepare: all that must be known
	 * before (parents, people, cards, the newest own post), then what to freeze; posts
	 * nothing. publish: send the frozen, in one request that may post. reconcile: look
	 * whether it is there, without ever posting. withdraw: take back what the server keeps.
	 * A failure says by err.code what it means: ERR_NETWORK with response.bytes_sent 0 is
	 * surely not posted, as are 4xx (ERR_SYNTAX: refused for good); all else is unknown.
	 */
	call_step *upload, *prepare, *publish, *reconcile, *withdraw;
	/* How a post that went out (publish->item; call->arg is its URI) stands now: into
	 * call->out. ERR_NOT_FOUND: it is no more. */
	call_step *look;

	/*
	 * Live updates. The name of the stream that carries a source kind and arg
	 * ("user", "public", "hashtag&tag=c"; borrowed from buf), or NULL when there is
	 * none; sources with one name share one stream. stream_open asks for a connection
	 * with it: Server-Sent Events, or where req->websocket is set a WebSocket, which
	 * other streams of the account may join and leave by what stream_join says
	 * (appended), and whose messages stream_message takes apart; false: it is none.
	 */
	const char *(*stream_name)(const struct source_ref *source, char buf[256]);
	bool (*stream_open)(struct call *call, const char *stream, struct request *req);
	void (*stream_join)(const char *stream, bool joins, struct str *out);
	bool (*stream_message)(const char *bytes, size_t len, struct stream_message *out);
	void (*stream_event)(struct call *call, const char *stream, const char *name,
	        const char *data, size_t len, const struct stream_sink *sink);
};

extern const struct network *const networks[]; /* NULL-terminated */
const struct network *network_find(const char *name);
