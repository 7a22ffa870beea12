#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "demo/misbehave.h"
#include "demo/world.h"

/* libmicrohttpd on 127.0.0.1, driven by the caller's loop: everything on one thread. */
struct server;

struct server_burst {
	uint64_t events; /* 0: none */
	double rate;     /* a second */
};

/* Borrows world and misbehaviour. `log_fd` -1: no log. Port 0: any free one. */
struct server *server_new(struct world *world, struct misbehaviour *faults, int log_fd,
        unsigned port, struct err *err);
void server_free(struct server *server); /* NULL is fine */
unsigned server_port(const struct server *server);
int server_fd(const struct server *server); /* readable when there is something to do */
/* Serve what can be served now. Returns ms until it wants to be called again. */
int server_run(struct server *server);
/* A burst that a request asked for since the last call; events 0: none. */
struct server_burst server_take_burst(struct server *server);
