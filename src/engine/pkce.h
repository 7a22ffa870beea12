#pragma once

/* Proof Key for Code Exchange (RFC 7636), method S256; strings of base64url without padding. */
enum { PKCE_LEN = 43 };

/* A fresh verifier; fit for an OAuth state, too. */
void pkce_verifier(char out[PKCE_LEN + 1]);
void pkce_challenge(const char *verifier, char out[PKCE_LEN + 1]);
