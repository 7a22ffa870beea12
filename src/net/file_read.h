#pragma once
#include <stddef.h>

#include "net/transport.h"

/*
 * A feed that is a file (file:///path): only a plain file, never a device or a pipe
 * that would keep the thread waiting. Answers 200, or 304 when If-None-Match names
 * the ETag that size and time of change make. At most max bytes.
 */
void file_read(const struct request *req, size_t max, struct response *out);
