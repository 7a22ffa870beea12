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
	               CAP_MARKERS | CAP_QUOTE | CAP_FILTERS | CAP_TRENDS |
	               CAP_MODLIST,
};

/* Where the network is read without signing in. */
#define BLUESKY_PUBLIC "public.api.bsky.app"

/* What a post may hold (fact sheet 5.1), for whoever's server does not say. */
enum {
	BLUESKY_TEXT = 300, /* graphemes */
	BLUESKY_TEXT_BYTES = 3000,
	BLUESKY_IMAGES = 4,
	BLUESKY_IMAGE_BYTES = 2000000,
	BLUESKY_ALT = 2000, /* graphemes; the official app's */
};

call_step bluesky_login;
call_step bluesky_learn;
call_step bluesky_refresh;  /* call->client is the refresh token */
call_step bluesky_sign_out; /* the same */
