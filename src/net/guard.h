#pragma once
#include <stdbool.h>

#include <sys/socket.h>

#include "base/err.h"
#include "net/transport.h"

/* What a request may do and where it may lead (quality.md S15 to S17). */

/*
 * May `url` be asked for `req`, as its first address or as a hop? Only the web, plain
 * http only where that is allowed, a local address only where `may_be_local`.
 */
bool guard_url(const struct request *req, const char *url, bool may_be_local, struct err *err);

/*
 * May the way to `url` lead to this address, which DNS gave? Not into our own networks,
 * but for a proxy of ours.
 */
bool guard_address(const char *url, const struct sockaddr *address);

/* Take what is meant for one origin alone out of a request that goes to another. */
void guard_drop_credentials(struct request *req);
