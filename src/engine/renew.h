#pragma once
#include "engine/fetch.h"

/*
 * Sessions whose token ends after a while. The first call that is refused for it has a new
 * one fetched (struct network's refresh), once for all calls of the account; they wait, and
 * begin anew with it.
 */

/* The fetch's token was refused: true when the fetch waits for a new one. Once a fetch. */
bool renew_wait(struct fetch *fetch);
