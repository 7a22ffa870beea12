#pragma once
#include <curl/curl.h>

#include "base/str.h"
#include "net/transport.h"
#include "net/websocket.h"

struct curl_transport;
struct upload;

/* One request of the curl transport on its way; and what curl calls while it is. */
struct transfer {
	struct curl_transport *t;
	unsigned number;
	CURL *easy;           /* NULL: a file */
	struct websocket *ws; /* once it is connected */
	struct curl_slist *headers;
	struct upload *upload; /* NULL: its body is bytes, or it has none */
	struct request req;
	struct transfer_hooks hooks;
	struct response response;
	struct str body, chunk; /* chunk: of a stream, not yet told */
	size_t header_bytes;
	size_t sent;                                 /* that left, where transfer_counts */
	size_t uploaded, told_uploaded, upload_size; /* of the body, for on_progress */
	int hops;
	bool leaves_permanent; /* some redirect so far was a passing one */
	bool opened, told_open, may_be_local, blocked, too_large, done, dead;
	bool more; /* a WebSocket has more to read at once */
	char error[CURL_ERROR_SIZE];
	struct transfer *prev, *next;
};

size_t transfer_max_body(const struct transfer *x);
bool transfer_is_redirect(const struct transfer *x);
/* Is each byte counted as it leaves? For GET curl's own sum does, and costs nothing. */
bool transfer_counts(const struct transfer *x);
void transfer_forget_headers(struct transfer *x);

/* Let curl's callbacks collect into the transfer. They never act. */
void transfer_collect(struct transfer *x);
