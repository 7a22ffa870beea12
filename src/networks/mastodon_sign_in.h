#pragma once
#include "networks/network.h"

/*
 * Signing in and out (fact sheet 1): call_steps.
 *
 * begin registers stoa at the server for the one redirect that will be used, and makes
 * the address for a browser. sign_in->client is "ID SECRET", and "S256" after it when
 * the sign-in is protected by PKCE.
 *
 * finish takes a code as it came back or was pasted, a whole redirect URL too, and
 * then learns about the server: sign_in->secret is "TOKEN ID SECRET" and where tokens
 * expire a refresh token after that; call->signed_in is the account. ID, SECRET and the
 * refresh token are percent-encoded, the token is not.
 *
 * refresh and out want call->client as a secret has it behind the token.
 */
call_step mastodon_sign_in_begin, mastodon_sign_in_finish, mastodon_refresh, mastodon_sign_out;
