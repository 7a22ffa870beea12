#pragma once
#include "app/compose.h"
#include "model/measure.h"
#include "ui/composer_view.h"
#include "ui/text_edit.h"

/* What the files of the composer have between them. */

/* A text of a part: everybody's, or what one account or network has instead. */
struct compose_text {
	account_id account; /* 0 with network NULL: everybody's, the first of each part */
	char *network;
	struct text_edit edit;
	size_t top;
};

struct compose_part {
	struct compose_text *texts;
	size_t ntexts;
};

/* What completes the word at the cursor. */
struct compose_words {
	char **words;
	size_t n, cap;
	size_t at;         /* where the completed word begins */
	int chosen;        /* -1: none */
	char *typed;       /* the word before completing began */
	int64_t ask_at_ms; /* monotonic: when a server shall be asked who that is; 0: not at all */
	job_id asked;      /* it is; 0: none */
};

struct composer {
	struct composer *next;
	unsigned serial;     /* of all that were opened */
	struct draft *draft; /* all but the texts is right */
	struct compose_part *parts;
	size_t nparts, parts_cap, part;
	account_id whose_account; /* whose text is written: see compose_text */
	char *whose_network;
	int64_t item; /* of the outbox, which this changes; 0: none */

	bool unsaved;        /* something changed since it was given to be kept */
	int64_t save_at_ms;  /* monotonic: when it shall be; 0: no need */
	bool saving;         /* the first time: its id is not known yet */
	job_id first_save;   /* by which it was kept first */
	bool leaving;        /* it is closed and waits for that */
	bool dropped;        /* likewise, and shall then be thrown away */
	bool send_when_kept; /* M-Enter came before its id */
	bool sending;        /* it is being given to the outbox */
	char *trouble;       /* why it is not kept, or NULL */

	char *about_by, *about, *quote_by, *quote; /* what is answered and quoted, for people */
	enum visibility widest;                    /* no wider: what is answered is not */
	char *file;     /* of the editor, where what is in it could not be read; or NULL */
	uint64_t moves; /* counts changes: what was worked out is of which one */
	int64_t typed_ms,
	        count_at_ms; /* monotonic: the last change; when it is counted, 0: it is */

	struct compose_words words;
	struct compose_sight *sight; /* what is drawn (compose_sight.c) */
};

/* -- compose.c -- */
struct composer *composer_new(struct app *app, struct draft *draft); /* takes; out of sight */
struct compose_text *composer_text(const struct composer *composer); /* the one being written */
void composer_sync(struct composer *composer); /* the draft has the texts as they are */
void composer_touch(struct app *app, struct composer *composer);
/* A text of its own for an account or (account 0) a network, which has none there yet. */
void composer_text_add(struct composer *composer, size_t part, account_id account,
        const char *network, const char *text);
bool composer_part_add(struct app *app, size_t at, const char *text, struct err *err);

/* -- compose_about.c: what is answered and quoted -- */
void composer_about(const struct app *app, struct composer *composer);

/* -- compose_keep.c: the draft on the disk -- */
struct composer *composer_of(const struct app *app, unsigned serial); /* NULL: it is gone */
void composer_save(struct app *app, struct composer *composer);
void composer_free(struct app *app, struct composer *composer);
/* Out of sight; gone when nothing has to be waited for. */
void composer_leave(struct app *app, struct composer *composer);

/* -- compose_send.c -- */
void composer_send_now(struct app *app, struct composer *composer);

/* -- compose_words.c -- */
void words_find(struct app *app, struct composer *composer); /* after a key */
void words_clear(struct app *app, struct composer *composer);
void words_ask(struct app *app, struct composer *composer); /* its time has come */
/* Another completion, if there is room. */
void words_put(struct compose_words *words, const char *word);

/* -- compose_lore.c: what servers tell for completion -- */
/* Ask for the people whose names begin with what is typed; they join the completions. */
void lore_ask_people(struct app *app, struct composer *composer, const struct account *account);
/* The account's server's own emoji; asked for at the first time. NULL past the last. */
const char *lore_emoji(struct app *app, const struct account *account, size_t i);
void lore_finish(struct app *app);

/* -- compose_file.c -- */
void compose_file_print(struct str *out, const struct app *app, const struct draft *draft);
/* The draft as the file has it, on top of `before`; owned, or NULL with line and reason. */
struct draft *compose_file_read(
        const struct app *app, const struct draft *before, const char *file, struct err *err);

/* -- compose_sight.c -- */
struct compose_sight;
void sight_free(struct compose_sight *sight);
