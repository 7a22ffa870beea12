#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/account.h"
#include "model/draft.h"
#include "queued.h"
#include "session.h"

/*
 * What can be said of a post in words. The options of `stoa post`, the columns and members
 * that `stoa queue import` reads are made from these rows, which stand in the order of
 * their names. X(ID, "name", value or NULL for a switch, "help")
 */
#define POST_FIELDS(X)                                                                             \
	X(ACCOUNT, "account", "NAME", "post as this account (-a); again for several")              \
	X(ALT, "alt", "TEXT", "what the file before it shows, for those who cannot see it")        \
	X(AT, "at", "TIME", "not now: `in 2h`, `tomorrow 9:00`, `fri 14:30`, `next slot`")         \
	X(GATE, "gate", "WHO",                                                                     \
	        "who may answer: nobody, or mentioned,followed,followers; no-quotes")              \
	X(LABEL, "label", "WORD", "your own word for it, for what it brings")                      \
	X(LANG, "lang", "L", "its language: nl, pt-BR")                                            \
	X(LATE, "late", "WHAT", "when its time passes unsent: ask, send or drop")                  \
	X(MEDIA, "media", "FILE", "attach a file; again for several")                              \
	X(PART, "part", "N", "of a thread: files and poll that follow are its post number N")      \
	X(POLL, "poll", "A|B|C", "ask a question with these answers")                              \
	X(POLL_FOR, "poll-for", "D", "the poll runs so long: 6h, 3d (1d)")                         \
	X(POLL_HIDE, "poll-hide", NULL, "the poll's results are hidden until it ends")             \
	X(POLL_MULTIPLE, "poll-multiple", NULL, "several answers may be chosen")                   \
	X(QUOTE, "quote", "URL", "quote this post")                                                \
	X(REPLY, "reply", "URL", "answer this post")                                               \
	X(SELF_LABEL, "self-label", "WORD", "on Bluesky: sexual, nudity, porn, graphic-media")     \
	X(SENSITIVE, "sensitive", NULL, "hide its pictures until they are asked for")              \
	X(TEXT_FOR, "text-for", "NAME=TEXT", "another text for one account or network")            \
	X(THREAD, "thread", NULL, "lines of --- part the text into posts of a thread")             \
	X(VIA, "via", "WHO", "who keeps it until its time: auto, server or local")                 \
	X(VISIBILITY, "visibility", "V", "who may see it: public, unlisted, followers, direct")    \
	X(WARNING, "warning", "TEXT", "shown before the text")                                     \
	X(ZONE, "zone", "ZONE", "by whose clocks `at` is meant: Europe/Amsterdam (the machine's)")

#define X(id, name, value, help) FIELD_##id,
enum post_field { POST_FIELDS(X) FIELD_COUNT };
#undef X

struct field_row {
	const char *name, *value;
};
extern const struct field_row field_rows[FIELD_COUNT];
/* The field of that name; FIELD_COUNT: there is none, and *out_near may be set to a near one. */
enum post_field field_find(const char *name, const char **out_near);

/* Who may answer (enum draft_gate), as `gate` is written. Appended; nothing for everybody. */
void field_print_gate(struct str *out, unsigned gate);

/* What the words are read by. */
struct fields_world {
	const struct session *session;
	const struct queued *queued;
	int64_t now_ms;
	bool networks; /* `NETWORK:` is that network's defaults (a dry run) */
	/* Posts that are planned but not in the queue yet, for `next slot`. */
	struct planned {
		account_id account;
		int64_t at_ms;
	} * planned;
	size_t nplanned, planned_cap;
};
void fields_world_finish(struct fields_world *world);

/* A post as it is being read. Zeroed but for `world` is valid. */
struct fields {
	struct fields_world *world; /* borrowed */
	struct draft *draft;        /* owned; NULL until something was set */
	struct account **targets;   /* owned copies */
	size_t ntargets;
	char *at, *zone, *text, **texts; /* texts: NAME=TEXT */
	size_t ntexts;
	size_t part; /* of the thread, from 0, that files and polls go to */
	bool thread, poll_multiple, poll_hide;
	int64_t poll_for_s;
};

/* One thing that was said; `value` of a switch: NULL or a word for on or off. */
bool fields_set(struct fields *fields, enum post_field field, const char *value, struct err *err);
/* The text, whole. Replaces one that was said before. */
bool fields_text(struct fields *fields, const char *text, size_t len, struct err *err);
/*
 * All was said: complete the draft. ERR_SYNTAX where what was said is wrong. Without a
 * target, the only account that can post is meant.
 */
bool fields_done(struct fields *fields, struct err *err);
void fields_finish(struct fields *fields);

/* A time that a post may have: not only a day, and not past. Now is utc_ms 0. */
bool fields_time(
        const char *text, int64_t now_ms, const char *zone, struct when *out, struct err *err);
/* The first free slot of the first of these accounts that has slots; free for all of them. */
bool fields_next_slot(const struct fields_world *world, const struct account *const *targets,
        size_t ntargets, const char *zone, struct when *out, struct err *err);
