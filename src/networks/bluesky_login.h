#pragma once
#include "networks/network.h"

/*
 * Sessions by app password (fact sheet 1, 2). login: call->account->host is what the user
 * wrote, `HANDLE` or `HANDLE@HOST` where its PDS cannot be looked up; call->token is the
 * password, call->sign_in->code the code that was sent by e-mail, when one was asked for.
 * Results: call->signed_in and call->sign_in->secret ("ACCESS REFRESH").
 */
enum {
	BLUESKY_CAPS = CAP_LIKE | CAP_REPOST | CAP_BOOKMARK | CAP_POST | CAP_SEARCH |
	               CAP_MUTE_THREAD | CAP_FOLLOW | CAP_MUTE | CAP_BLOCK | CAP_REPORT | CAP_LIST |
	               CAP_QUOTE,
};

call_step bluesky_login;
call_step bluesky_learn;
call_step bluesky_refresh;  /* call->client is the refresh token */
call_step bluesky_sign_out; /* the same */
