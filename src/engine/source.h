#pragma once
#include "engine/core.h"
#include "engine/memory.h"
#include "engine/schedule.h"
#include "engine/signin.h"
#include "model/health.h"
#include "model/source.h"

/* Rows from the archive, at once. */
enum { SOURCE_FIRST_ROWS = 60 };

/*
 * A source that somebody watches. Its life: wait for the archive's rows and memory;
 * then due → fetching → (streaming or waiting for the next time), backing off after
 * failures, broken until something changes.
 */
struct source {
	source_id id;
	char *name;
	struct core *core;
	struct source_ref ref;
	struct memory memory;
	bool loaded;  /* the archive has answered */
	bool unsaved; /* memory has changed since it was last stored */
	bool is_feed, is_archive;
	char *names;        /* of a search of the archive: what they meant when it was last begun */
	char *typed;        /* the URL of a feed, the root of an account's host; NULL: unknown */
	bool typed_local;   /* url_is_local of it */
	unsigned serial;    /* of the sign-in that it was last looked at with */
	struct err problem; /* why it cannot be asked at all; ERR_NONE: it can */
	struct err failure; /* of the last fetch */
	struct health health; /* as last told */

	int64_t due_ms;             /* monotonic; INT64_MAX: not by itself */
	int64_t asked_ms;           /* when it was last begun, monotonic; INT64_MIN: never */
	int64_t limited_ms;         /* the server asked for silence until then, monotonic */
	unsigned lost_after;        /* core->answers + 1 when it last had no answer at all */
	enum pace_priority urgency; /* of the next fetch */
	struct fetch *fetch;        /* for newer rows */
	int pages;                  /* fetched in this go */
	struct open_job *waiting;

	struct stream *stream;   /* NULL: none carries it */
	struct channel *channel; /* of the stream */
	struct source *stream_prev, *stream_next;
	struct page *incoming; /* of the stream, not yet told */
	bool catching_up;      /* the stream is open; what came before it is being fetched */
	bool caught_up;        /* it was up to date before, in this run */
	struct fetch *filling; /* a gap that came in this run, page by page */
	int filled;            /* rows that has brought since there was none to close */
	int64_t flush_ms;      /* incoming may be told from then on */
	UT_hash_handle hh;
};

struct source *source_find(struct core *core, source_id id);
/* Make it known and ask the archive. `name` is canonical. */
struct source *source_watch(struct core *core, source_id id, const char *name, struct err *err);
void source_unwatch(struct source *source, const struct err *why);
void source_loaded(struct source *source, const char *state);
void source_set_due(struct source *source, int64_t due_ms);
/* Fetch soon, because somebody asked; false with the reason when that must not be. */
bool source_refresh(struct source *source, struct err *err);
/* One page the other way, or in a gap, for a job. */
bool source_more(struct source *source, enum fetch_want want, const char *cursor, job_id job,
        struct err *err);
/* The rows of a stream. */
struct page *source_incoming(struct source *source);
void source_catch_up(struct source *source); /* its stream is open */
void source_stream_lost(struct source *source);

/* Somebody answered: if the network was away, all that failed for want of it is due. */
void sources_answered(struct core *core);
/* An account's server asks for silence until then (monotonic). */
void sources_limited(struct core *core, const struct account *account, int64_t until_ms);
int64_t sources_tick(
        struct core *core, int64_t now_ms); /* starts what is due; returns the next time */
void sources_free(struct core *core);
/* Accounts or feeds changed: look again whether sources make sense. */
void sources_resolve(struct core *core);
void source_tell(struct source *source); /* send its health when it changed */

/* source_archive.c */
bool source_resolve_archive(struct source *source);
/* Search from the newest down, unless nothing changed since it was begun. */
void source_search(struct source *source);
/* Saved queries or accounts changed. */
void sources_search(struct core *core);

/* source_rows.c */
/* Store what is to be remembered when there is no page. */
void source_save(struct source *source);
/* To the archive and to the deck. Takes `page`. */
void source_deliver(struct source *source, struct page *page);
/* The same for rows that are newer than all known, which are noted as well. */
void source_take_newer(struct source *source, struct page *page);
/*
 * A page that does not reach what is known below it leaves a gap; remember its cursor.
 * One that came in this run is filled without being asked.
 */
void source_note_gap(struct source *source, struct page *page, int64_t below_ms, bool live);
/* Tell the rows of the stream that have gathered. */
void source_flush(struct source *source, int64_t now_ms);

/* source_fetch.c */
void source_ask(struct source *source);      /* begin a fetch of newer rows */
void source_schedule(struct source *source); /* set when it is due, after a success */
