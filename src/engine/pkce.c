#include "engine/pkce.h"

#include <stdint.h>
#include <string.h>

#include <openssl/sha.h>

#include "base/random.h"

/* 32 bytes as 43 letters (RFC 4648, 5). */
static void base64url(const unsigned char in[SHA256_DIGEST_LENGTH], char out[PKCE_LEN + 1])
{
	static const char letters[] =
	        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	for (size_t i = 0; i < PKCE_LEN; i++) {
		size_t bit = i * 6, byte = bit / 8;
		unsigned next = byte + 1 < SHA256_DIGEST_LENGTH ? in[byte + 1] : 0U;
		unsigned two = (unsigned)in[byte] << 8 | next;
		out[i] = letters[two >> (10 - bit % 8) & 63];
	}
	out[PKCE_LEN] = '\0';
}

void pkce_verifier(char out[PKCE_LEN + 1])
{
	unsigned char bytes[SHA256_DIGEST_LENGTH];
	random_secret(bytes, sizeof(bytes));
	base64url(bytes, out);
}

void pkce_challenge(const char *verifier, char out[PKCE_LEN + 1])
{
	unsigned char digest[SHA256_DIGEST_LENGTH];
	SHA256((const unsigned char *)verifier, strlen(verifier), digest);
	base64url(digest, out);
}
