#pragma once
#include <stdbool.h>

#include <curl/curl.h>

#include "net/transport.h"

/* What every handle of libcurl is told, whatever it fetches; after curl_easy_reset. */
void curl_setup_limits(CURL *easy, bool stream, bool upload);

/* The method and body of `req`, which must outlive the transfer. */
void curl_setup_method(CURL *easy, const struct request *req);
