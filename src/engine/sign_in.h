#pragma once
#include "engine/core.h"

/*
 * Beginning and ending an account. A sign-in by browser (fact sheet mastodon 1) goes:
 * SIGN_IN → the network says what to open → EVENT_SIGN_IN → a code, from the loopback
 * listener or pasted (CODE) → the network makes a secret of it → the account is kept →
 * what its server can do is learned → DONE.
 */
job_function guest_begin, login_begin, sign_in_begin, sign_in_pasted, logout_begin;

/* What the listener of a sign-in got: a code, or NULL and why there will be none. Borrows. */
void sign_in_code(struct core *core, job_id id, const char *code, const struct err *err);
void sign_in_forget(struct core *core, job_id id); /* nobody waits for it any more */
void signings_free(struct core *core);
