#pragma once
#include "app/state.h"
#include "model/draft.h"

/*
 * The composer: a post, or a thread of them, being written over the deck. One at a time.
 * What is typed is kept as a draft within a second and at every end, so that nothing else
 * has to be saved or asked. UI thread; no key waits for anything.
 */

enum { COMPOSE_SAVE_MS = 500 }; /* after the first key that is not kept yet */

/* -- opening -- */

/* Write on at a draft; takes it. What was being written is closed, and kept. */
void compose_open(struct app *app, struct draft *draft);
/* Likewise for what is in the outbox already: sending changes that item. */
void compose_change(struct app *app, struct draft *draft, int64_t item);
/* A new post of this account. */
void compose_new(struct app *app, const struct account *account, const char *text);
/* An answer: the right people are named, and no more see it than saw the post. */
void compose_reply(struct app *app, const struct account *account, const struct post *post);
void compose_quote(struct app *app, const struct account *account, const struct post *post);
bool compose_is_open(const struct app *app);
/* Leave; what is written stays as a draft. */
void compose_close(struct app *app);
/* Leave and throw it away; U brings it back. */
void compose_drop(struct app *app);
/* Can this account post, and answer what is answered here? NULL for the draft: no more than post.
 */
bool compose_can(const struct app *app, const struct account *account, const struct draft *draft,
        struct err *err);

/* Who shall post it, on or off. False with the reason when they cannot. */
bool compose_target(struct app *app, const struct account *account, bool on, struct err *err);

/* -- what is written -- */

/*
 * All of it, with the texts as they are now. Change it and say so by compose_changed;
 * parts only by the functions below. NULL when nothing is open. Lent until the next key.
 */
struct draft *compose_draft(struct app *app);
void compose_changed(struct app *app);
/* The draft again as an editor left it: takes it. */
void compose_replace(struct app *app, struct draft *draft);

/* The part that is written in, and going to another: -1, 1. False where there is none. */
size_t compose_part(const struct app *app);
bool compose_go(struct app *app, int dir);
/* A new part behind this one. */
bool compose_part_new(struct app *app, struct err *err);
/* Throw this part away; of a single one its contents. */
void compose_part_drop(struct app *app);

/*
 * Write the text that one account (or network; NULL and 0: all others) shall have in place
 * of the common one; made from it at first. drop: it shall have the common one again.
 */
void compose_variant(struct app *app, account_id account, const char *network);
void compose_variant_drop(struct app *app);
/* Whose text is written now: an account's name, a network, or NULL: everybody's. */
const char *compose_whose(const struct app *app);
const char *compose_shown(const struct app *app); /* that text */

/* "A | B | C" as a poll of a day; owned, NULL with the reason. */
struct draft_poll *compose_poll_read(const char *text, struct err *err);

/* -- keys -- */

void compose_key(struct app *app, const char *key); /* one that is not bound in `compose` */
void compose_paste(struct app *app, const char *text);
void compose_complete(struct app *app, int dir); /* the next completion, or the one before */
void compose_page(struct app *app, int dir);

/* -- its ends -- */

/* Everything in one file, in the user's editor, and back. */
bool compose_editor(struct app *app, struct err *err);
/*
 * Give it to the outbox, at its time or now. Everything is looked at for every account first;
 * `anyway`: pictures without words are fine.
 */
bool compose_send(struct app *app, bool anyway, struct err *err);
/* The same for a draft that is not open; takes it. */
bool compose_post(struct app *app, struct draft *draft, struct err *err);

/* -- a long text -- */

#define SPLITS(X)                                                                                  \
	X(PARAGRAPH, "paragraph", "between paragraphs")                                            \
	X(SENTENCE, "sentence", "between sentences")                                               \
	X(WORD, "word", "between words")
#define X(id, name, help) SPLIT_##id,
enum split { SPLITS(X) SPLIT_COUNT };
#undef X
extern const struct draft_word splits[SPLIT_COUNT];

/*
 * Where the text of this part has to be cut so that every account takes every piece: the
 * ends of the pieces in bytes, owned; their number comes back. One: nothing is to be cut.
 */
size_t compose_split(struct app *app, enum split split, size_t **out_ends);
/* Cut it there. */
bool compose_split_do(struct app *app, enum split split, struct err *err);
/* What each account will show, as a list to read. */
void compose_preview(struct app *app);
