#pragma once
/* What the tests of steps other than fetches share: begin one, see what it asks. */
#include "mastodon_world.h"

/* Forget the last call and begin another. */
static inline void begin(struct world *w, call_step *step)
{
	request_finish(&w->req);
	w->req = (struct request){0};
	mastodon()->call_finish(&w->call);
	account_free(w->call.signed_in);
	w->call.signed_in = NULL;
	w->call.stage = 0;
	w->call.err = (struct err){0};
	w->next = step(&w->call, NULL, &w->req);
}

/* The request that is wanted now; `body` NULL: it has none. */
static inline void asks(
        const struct world *w, const char *method, const char *path, const char *body)
{
	static const char root[] = "https://social.example";
	if (w->next == CALL_FAIL) fail_msg("failed: %s", w->call.err.text);
	assert_int_equal(w->next, CALL_SEND);
	assert_string_equal(w->req.method, method);
	assert_int_equal(strncmp(w->req.url, root, sizeof root - 1), 0);
	assert_string_equal(w->req.url + sizeof root - 1, path);
	if (body) {
		assert_non_null(w->req.body);
		assert_string_equal(w->req.body, body);
		assert_int_equal(w->req.body_len, strlen(body));
	} else {
		assert_null(w->req.body);
	}
}

static inline void is_done(const struct world *w)
{
	if (w->next == CALL_FAIL) fail_msg("failed: %s", w->call.err.text);
	assert_int_equal(w->next, CALL_DONE);
	assert_int_equal(w->call.err.code, ERR_NONE);
}

static inline void is_failed(const struct world *w, enum err_code code, const char *words)
{
	assert_int_equal(w->next, CALL_FAIL);
	assert_int_equal(w->call.err.code, code);
	if (!strstr(w->call.err.text, words))
		fail_msg("'%s' is not in: %s", words, w->call.err.text);
}
