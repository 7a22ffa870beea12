#pragma once
#include <stdbool.h>

#include <sys/socket.h>

/*
 * Addresses that a stranger's URL must not lead to (quality.md S16): this machine,
 * its networks, and those that no server of the open internet has. IPv4 inside of
 * IPv6 (mapped, 6to4, NAT64) counts as what it stands for. Unknown families are local.
 */
bool address_is_local(const struct sockaddr *address);

/* The same for a host as it stands in a URL, if it is an address: "127.0.0.1", "[::1]". */
bool address_text_is_local(const char *host, bool *out_is_address);
