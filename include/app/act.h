#pragma once
#include "app/state.h"
#include "model/action.h"

/*
 * What is done in the name of an account: seen at once, then sent, and taken back with
 * the reason when it fails. What is said twice about one thing while the first is on its
 * way waits for it, and only the last word is sent. Reposts wait out `outbox-undo`.
 */

/*
 * The account with this name, or (NULL) whom the focused column acts as; where the selected row
 * came from another network, the account that brought it. NULL with a sentence.
 */
const struct account *act_account(const struct app *app, const char *name, struct err *err);

/* Does the account's server offer it? has: enum capability. */
bool act_has(const struct account *account, unsigned cap, struct err *err);
bool act_can(const struct account *account, enum verb verb, struct err *err);

/* Is it so or not, and seen at once: can saying it again turn it round? */
bool act_toggles(enum verb verb);

/* Does the option `confirm` name it? */
bool act_asks(const struct app *app, enum verb verb, bool undo);
/* Are all words of that option names of actions? */
bool act_confirm_check(const char *words, struct err *err);

/* What a post is called in a sentence: "@ada: “First words…”". */
void act_post_label(const struct app *app, const struct post *post, struct str *out);

/* What is acted on, as far as it is here; borrowed. */
struct act {
	const struct account *account;
	struct action *action; /* takes */
	post_id post;          /* 0: not here */
	profile_id profile;    /* 0: not here */
	const char *label;     /* in sentences: "@ada", "@ada: “First words…”" */
	const char *kept;      /* file with what was typed: goes when all went well; or NULL */
};

/* Do it. UI thread; what comes of it is said on the status bar. */
void act_do(struct app *app, const struct act *act);

/* The verb whose name, or undo's name, this is. */
bool act_verb(const char *name, enum verb *out, bool *out_undo);
