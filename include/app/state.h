#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/app.h"
#include "app/open_with.h"
#include "cmd/keymap.h"
#include "cmd/option.h"
#include "model/budget.h"
#include "model/slots.h"
#include "model/source.h"
#include "store/store.h"
#include "store/timeline.h"
#include "ui/column_view.h"
#include "ui/edit.h"
#include "ui/layout.h"
#include "ui/views.h"

/*
 * What the running deck holds, for app/ and commands/. UI thread only. Change the deck
 * by the functions of app/deck.h and its neighbours, so that what is on the screen, in
 * the deck's file and at the engine stays one thing.
 */

/* What a column does when something new comes. X(ID, "word", "help") */
#define COLUMN_NOTIFIES(X)                                                                         \
	X(QUIETLY, "quietly", "nothing but the count in its header")                               \
	X(NOTICE, "notice", "tells it: on the status bar and outside (notify-by)")                 \
	X(BELL, "bell", "tells it and rings the bell")

#define X(id, word, help) NOTIFY_##id,
enum column_notify { COLUMN_NOTIFIES(X) NOTIFY_COUNT };
#undef X

/* One column as the user made it; saved as a `column add` line in the deck's file. */
struct column {
	char *title;
	char **sources; /* as written */
	size_t nsources;
	char *query;   /* as written; NULL shows everything */
	char *acts_as; /* account name, or NULL: its first source's */
	enum column_notify notify;
	int width; /* cells; 0: share what is left */
	struct timeline *timeline;
	struct column_view view;
	source_id *watched; /* what the sources came to: groups are many */
	size_t nwatched;
	char *restore_uri;    /* where the cursor was when stoa ended, until that post is here */
	char *stopped_uri;    /* where reading stopped last time, for the marker */
	char *trouble;        /* a mistake in its sources or query, or NULL */
	char *query_trouble;  /* in its query, which is not in force then; or NULL */
	char *account;        /* whom it acts as: name, or "" */
	account_id acts_id;   /* the same, 0: nobody */
	bool drawn_focus;     /* as it was drawn last */
	bool dirty;           /* draw it again */
	uint64_t drawn;       /* timeline_version at the last frame */
	uint64_t marked;      /* timeline_version when the marker was last placed */
	struct column *below; /* of one over the deck: what it covers (app/over.h) */
};

/* A source that columns name, and how it is doing. At the index of its source_id. */
struct watch {
	unsigned refs;         /* columns */
	job_id job;            /* of JOB_WATCH, until it is done */
	bool answered, failed; /* since the start */
	struct health health;
	char trouble[160];
	char *older;       /* the cursor of the page below the oldest row, or NULL */
	int64_t oldest_ms; /* of its rows; INT64_MAX: none yet */
	job_id older_job;  /* running; 0: none */
	bool older_came, exhausted;
	int64_t told_ms;   /* up to where the server was told that it was read */
	char *marker;      /* the row up to which the server says so, or NULL */
	int64_t marker_ms; /* its time; 0: not told */
};

enum tone { TONE_SAYS, TONE_GOOD, TONE_ERROR };

struct message {
	int64_t at_ms; /* wall clock */
	enum tone tone;
	char *text;
};

enum overlay { OVERLAY_NONE, OVERLAY_LIST, OVERLAY_ARTICLE, OVERLAY_PROFILE, OVERLAY_PICTURE };

/* The line at the bottom while something is typed. */
struct prompt {
	bool open;
	char *command; /* "" at `:`, else what the typed arguments are for: "filter" */
	char *label;
	struct edit edit;
	bool live;  /* the command has CMD_LIVE */
	int err_at; /* byte of the mistake in the typed text, -1: none */
	char *hint;
	char **completions; /* whole words; owned */
	size_t ncompletions, completions_cap;
	size_t word_at; /* where the completed word begins */
	int chosen;     /* -1: none */
	char *typed;    /* the word before completing began */
	char *yes;      /* a question that `y` answers: the line to run; else NULL */
	size_t history; /* place in the history; its length: the line being typed */
	char *draft;    /* that line, while older ones are looked at */
};

/* What U takes back, newest last. */
struct undo {
	char *what;     /* "column Home closed" */
	char *line;     /* command that takes it back, or NULL */
	char *uri;      /* with line: post that a returning column shall show, or NULL */
	post_id *posts; /* to be made unread again */
	size_t nposts;
};

struct agenda;
struct browse;
struct catchup;
struct child;
struct kept;
struct composer;
struct control;
struct deck_writing;
struct deed;
struct looking;
struct lore;
struct outbox;
struct question;
struct telling;
struct told;

struct app {
	const struct clock *clock;
	const struct paths *paths; /* NULL: nothing is kept */
	const struct cmd_set *commands;
	struct engine *engine;
	struct store *store;
	struct term term;
	char *config_path, *deck_name;
	bool config_named; /* by somebody who wants to hear that it is not there */

	struct options options;
	struct open_rules open_rules;
	struct slots_book slots; /* when accounts like to post */
	struct keymap *keymap;
	struct theme *theme;
	char *theme_name;
	char *theme_said;    /* by the config */
	char *theme_kept;    /* chosen for good, LF, what the config said then; NULL: none */
	int source_depth;    /* of files that source files */
	bool columns_seeded; /* the deck has a file of its own: the config's columns are not used */

	struct ui ui;
	struct grid screen;
	struct rect *rects;  /* of the columns on the screen */
	size_t first, shown; /* which those are */
	size_t bordered;     /* the focused column when the lines between them were drawn */
	bool dirty;          /* draw everything again */
	bool stale_layout;
	bool stale_status;
	size_t unread_drawn;    /* out of view, as the status bar said last */
	int64_t unread_at_ms;   /* monotonic: when it shall say so anew; 0: it is right */
	bool unsent;            /* the terminal took no frame: show it a little later */
	uint64_t title_version; /* what the title's count was taken from */
	char *title;            /* of the terminal, as set last */
	bool covered;           /* an overlay or prompt was drawn over the deck in the last frame */

	struct column **columns;
	size_t ncolumns, columns_cap;
	size_t focus;
	struct column *above; /* conversations over the deck, the uppermost first (app/over.h) */
	bool zoom;
	bool tutorial;
	uint32_t tutorial_done;       /* a bit for each of its steps (app/tutorial.c) */
	size_t welcome;               /* the selected row of a deck without columns */
	bool linear;                  /* asked for at the start: goes before the config */
	bool look_only;               /* the deck's file is left as it is */
	bool unseen;                  /* there is no terminal: only notices leave it */
	struct deck_writing *writing; /* of its file, under way; or NULL */
	int64_t save_at_ms;           /* monotonic: when the deck shall be saved; 0: no need */

	struct watch *watches;
	size_t nwatches, watches_cap;
	struct feed **feeds; /* those followed */
	size_t nfeeds, feeds_cap;
	bool feeds_changed; /* groups are to be looked at again */
	bool resolved;      /* they were looked at once */
	bool health_changed;
	bool started;                /* EVENT_STARTED came */
	bool settled;                /* no timeline waits for work */
	bool more_events, more_keys; /* left over from the last turn */

	enum overlay overlay;
	bool list_over_profile; /* it closes to the profile that is open below */
	unsigned overlay_count; /* of those opened: tells whether a late answer's is still there */
	struct list_view list;
	char *list_line; /* the command that shows the list anew, or NULL */
	bool list_stale; /* what it shows has changed */
	struct article_view article;
	char *article_uri;
	struct text article_text; /* what the article view borrows */
	struct profile_view profile;
	struct picture_view picture;
	struct looking *looking; /* what the profile view borrows (app/look.h); or NULL */
	struct prompt prompt;
	char **history; /* command lines, oldest first */
	size_t nhistory, history_cap;
	char *last_search; /* what n and N look for */

	struct composer *composer;  /* what is being written (app/compose.h), or NULL */
	struct composer *composers; /* that, and what was closed and is not kept yet */
	unsigned composers_opened;
	struct lore *lore;     /* what servers told for completion */
	struct agenda *agenda; /* what its list is made of (app/agenda.h), or NULL */
	struct outbox *outbox; /* drafts and posts on their way (app/outbox.h) */

	struct str keys; /* pressed so far of a sequence */
	bool meta;       /* an Esc stands before the next key (while composing) */
	struct message *messages;
	size_t nmessages, messages_cap;
	bool toast;              /* the last message is on the status bar */
	int64_t bell_ms;         /* monotonic: when it was rung last; 0: never */
	struct told *told;       /* by the daemon, of late (src/app/notice_told.h); or NULL */
	struct telling *telling; /* notices that leave the deck (app/notice.h); or NULL */
	int64_t toast_until_ms;  /* monotonic; 0: until the next key */
	unsigned mistakes;       /* found by the files run last */
	bool trying;             /* a config is run to see whether it is good; nothing acts */
	bool reloading;          /* … but what it says of mutes, rules and saved queries */
	struct kept *kept;       /* what is remembered of those (app/rules.h) */

	struct undo *undos;
	size_t nundos, undos_cap;
	unsigned commands_run; /* counts keys that ran a command */
	char *last_mute;       /* id of what M silenced at command number `last_mute_at` */
	unsigned last_mute_at;
	int last_mute_level;

	uint64_t *read_keys, *unread_keys; /* to be told to the engine */
	size_t nread, read_cap, nunread, unread_cap;
	int64_t read_at_ms; /* monotonic: when to tell; 0: nothing to tell */

	int64_t visit_start_ms, visit_active_ms, last_key_ms; /* wall, sum, monotonic */
	char *visit_title;
	bool visited;           /* left_ms and used_s are known */
	struct budget budget;   /* how much time there is */
	int64_t used_s;         /* and how much of it is used */
	int64_t budget_said_ms; /* the day or week that it was said of last; 0: of none */

	int64_t minute_ms;                  /* monotonic: when relative times are looked at again */
	int64_t wall_seen_ms, mono_seen_ms; /* to notice that the machine slept */

	struct question
	        *questions;      /* to the engine, whose answers somebody waits for (app/ask.h) */
	struct deed *deeds;      /* done as an account, not yet known to have worked (app/act.h) */
	struct browse *browse;   /* the collection on the screen (app/browse.h), or NULL */
	struct catchup *catchup; /* what is read of what came meanwhile (app/catchup.h), or NULL */
	int64_t left_ms;         /* wall: when the visit before this one ended; 0: not known */
	struct child *children;
	struct control *control;
	int presence_fd; /* says that a deck is open (app/presence.h); -1 */
	int signal_fd;   /* -1 until app_run */
	bool over, hung_up;
	bool again; /* once over, begin anew */
	int status; /* exit status */
};

/* The column over the deck, else the focused one; NULL when there is none. */
struct column *app_column(const struct app *app);
/* Rows of a column on the screen, and its cells; 0 when it is out of view. */
void app_column_size(const struct app *app, const struct column *column, int *rows, int *cols);

/* The selected row and post of the focused column. False with a sentence when there is none. */
bool app_selected_row(const struct app *app, struct row *out, struct err *err);
const struct post *app_selected(
        const struct app *app, struct err *err); /* the article's while one is open */

/* Say something on the status bar; kept for `:messages`. */
void app_say(struct app *app, enum tone tone, const char *fmt, ...)
        __attribute__((format(printf, 3, 4)));
void app_say_no_more(struct app *app); /* clear the status bar */

/* Ask the engine. Takes `job`. */
job_id app_post(struct app *app, struct job *job);
/* Remember a small value across sessions; NULL or "" forgets. */
void app_remember(struct app *app, const char *key, const char *value);

/* Read marks: at once in the store, to the engine in batches. */
void app_set_read(struct app *app, post_id post, bool read);

/* Leave: the loop ends after this turn. */
void app_quit(struct app *app, int status);
/* Stop here and let the shell go on (C-z). */
void app_suspend(struct app *app);
