#pragma once
#include "networks/network.h"

/*
 * Posting (fact sheet 5): the steps of struct network. What is frozen is the body of
 * POST /api/v1/statuses as a JSON object, without scheduled_at, which only the publish step
 * adds; snac gets the same as a form.
 *
 * What a failure's err.code means, for upload, prepare and withdraw that posted nothing, and
 * for publish whether it may be there:
 *	ERR_NETWORK with bytes_sent 0     surely not: try again
 *	ERR_AUTH                          not: the token is refused; sign in
 *	ERR_RATE_LIMITED                  not: later; err.retry_ms when the server says
 *	ERR_SYNTAX                        not: refused for good
 *	ERR_NOT_FOUND                     not: the post that it answers or quotes is not there
 *	ERR_GONE                          not: an attachment is no longer at the server, or not
 *	                                  ready: upload all of them anew
 *	ERR_UNSUPPORTED                   not: this server cannot do that
 *	anything else                     unknown
 */
call_step mastodon_upload, mastodon_prepare, mastodon_publish, mastodon_reconcile,
        mastodon_withdraw;

/* A UUID: 48 bits of the time, the rest random. */
char *mastodon_make_key(int64_t now_ms, uint64_t random);
int64_t mastodon_repeat_ms(const struct account *account);
bool mastodon_can_keep(const struct account *account);
bool mastodon_check(const struct account *account, const struct outgoing *item, struct err *err);
