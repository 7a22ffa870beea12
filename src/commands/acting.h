#pragma once
#include "app/act.h"
#include "tables.h"

/* What the commands that act as an account have between them. */

/* The words that may follow their names; borrowed from the call. */
struct acting {
	enum verb verb;
	bool undo;
	const char *as, *at, *for_, *tick; /* NULL: not said */
	bool on, off, sure, no_reposts, notify;
	bool known;     /* how we stand was asked already */
	int visibility; /* -1: not said */
	char **rest;    /* words that are none of these */
	int nrest;
};

/* Read the words of a call whose command is named like a verb, or as `verb` says. */
void acting_read(const struct cmd_call *call, struct acting *out);

/* Whom an action is about, found by `at` or by what is selected. */
struct acting_profile {
	const char *handle; /* what a server can look up; borrowed */
	profile_id id;      /* 0: not here */
};
bool acting_profile(
        struct app *app, const struct acting *acting, struct acting_profile *out, struct err *err);
/* The profile that the selected row is about: who did what it tells, else the author. */
profile_id acting_selected(const struct app *app, struct err *err);

/*
 * Ask first where `confirm` says so and nobody said `sure`: opens the question, for the
 * same command with `sure` in it. True when that was done.
 */
bool acting_asks(struct app *app, const struct acting *acting, const struct account *account,
        const char *at, const char *label);

/* For hooks->can: somebody acts here and the server offers it. */
bool can_act(struct app *app, enum verb verb, struct err *err);
