#pragma once
#include "networks/mastodon_work.h"

/*
 * From what people write to what the server calls it (fact sheet 6, 7): a handle by
 * accounts/lookup, then by search; a URL or URI by search, which makes the server fetch
 * what it does not have yet. What a search brings is compared with what was written,
 * because servers also find posts that merely speak of an address.
 */

enum mastodon_want { WANT_POST, WANT_PROFILE, WANT_ANY };

enum mastodon_found {
	FIND_ASKED,  /* *req is filled */
	FIND_DONE,   /* work->post or work->profile is set */
	FIND_FAILED, /* call->err says why */
};

/*
 * One turn of looking for `written`; `answer` is NULL at the first. What was found stays
 * as KEPT_STATUS or KEPT_ACCOUNT. A post that is no address is taken for its id, and
 * our own profile is known: then nothing is kept and nothing is asked.
 */
enum mastodon_found mastodon_find(struct call *call, const struct response *answer,
        struct request *req, enum mastodon_want want, const char *written);
