#include "net/address.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>

/* RFC 6890 and its registry: networks that are not global. */
static const struct {
	uint32_t net;
	int bits;
} local_v4[] = {
        {0x00000000, 8},  /* this network */
        {0x0a000000, 8},  /* private */
        {0x64400000, 10}, /* shared, behind carriers */
        {0x7f000000, 8},  /* loopback */
        {0xa9fe0000, 16}, /* link-local, and clouds' metadata */
        {0xac100000, 12}, /* private */
        {0xc0000000, 24}, /* protocol assignments */
        {0xc0a80000, 16}, /* private */
        {0xc6120000, 15}, /* benchmarks */
        {0xe0000000, 3},  /* multicast, reserved, broadcast */
};

static bool v4_is_local(uint32_t address)
{
	for (size_t i = 0; i < sizeof(local_v4) / sizeof(*local_v4); i++) {
		if ((address ^ local_v4[i].net) >> (32 - local_v4[i].bits) == 0) return true;
	}
	return false;
}

static uint32_t v4_at(const uint8_t *b)
{
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static bool v6_is_local(const uint8_t b[16])
{
	static const uint8_t zero[16];
	static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	static const uint8_t nat64[12] = {0, 0x64, 0xff, 0x9b};

	if (memcmp(b, mapped, 12) == 0 || memcmp(b, nat64, 12) == 0)
		return v4_is_local(v4_at(b + 12));
	if (memcmp(b, zero, 12) == 0)
		return true; /* unspecified, loopback, the old IPv4-compatible ones */
	if (b[0] == 0x20 && b[1] == 0x02) return v4_is_local(v4_at(b + 2)); /* 6to4 */
	if (b[0] == 0xff || (b[0] & 0xfe) == 0xfc) return true; /* multicast; unique local */
	return b[0] == 0xfe && (b[1] & 0x80) != 0;              /* link-local, the old site-local */
}

bool address_is_local(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, address, sizeof(in));
		return v4_is_local(ntohl(in.sin_addr.s_addr));
	}
	if (address->sa_family == AF_INET6) {
		struct sockaddr_in6 in;
		memcpy(&in, address, sizeof(in));
		return v6_is_local(in.sin6_addr.s6_addr);
	}
	return true;
}

bool address_text_is_local(const char *host, bool *out_is_address)
{
	char bare[INET6_ADDRSTRLEN];
	size_t len = strlen(host);
	*out_is_address = true;

	if (len > 2 && host[0] == '[' && host[len - 1] == ']') {
		size_t inner = strcspn(host + 1, "%]"); /* a zone says which link: local anyway */
		struct in6_addr v6;
		if (inner >= sizeof(bare)) return true;
		memcpy(bare, host + 1, inner);
		bare[inner] = '\0';
		return inet_pton(AF_INET6, bare, &v6) != 1 || v6_is_local(v6.s6_addr);
	}
	struct in_addr v4;
	if (inet_pton(AF_INET, host, &v4) == 1) return v4_is_local(ntohl(v4.s_addr));
	*out_is_address = false;
	return false;
}
