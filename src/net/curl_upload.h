#pragma once
#include <curl/curl.h>
#include <stdbool.h>

#include "base/err.h"
#include "net/transport.h"

/*
 * A body that is not in memory: the parts of a form, or a file, read from disk as they
 * leave. The files are open from the start to the end of the request.
 */
struct upload;

bool upload_is_wanted(const struct request *req);
/* Give the handle such a body. NULL when the request has none, and with the reason when a
 * file cannot be read. Free it only when the handle no longer uses it. */
struct upload *upload_new(CURL *easy, const struct request *req, struct err *err);
void upload_free(struct upload *upload);
