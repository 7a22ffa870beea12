#pragma once
#include <stdbool.h>

#include "base/err.h"
#include "net/transport.h"

/*
 * Fetch one URL that the user typed, and wait for it: redirects are followed, any host is
 * allowed. *out is owned (response_finish). False when there was no answer, or none of 2xx.
 */
bool fetch_url(const char *url, struct response *out, struct err *err);
