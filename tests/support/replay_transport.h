#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "net/transport.h"

/*
 * A transport without a network: it keeps what it is asked, answers from a script, and
 * lets the test answer the rest by hand. Requests are numbered from 0 in the order in
 * which they were sent. Its wait() only waits for wakeup().
 */
struct replay;

struct replay *replay_new(const struct clock *clock);
struct transport *replay_transport(
        struct replay *replay); /* freed by its ops->free, and all with it */

/*
 * The answer to a request whose URL contains `part`: in the order of these calls, each
 * once; the last of a part stays. Headers are lines with LF between. Status 0 fails with
 * ERR_NETWORK.
 */
void replay_script(
        struct replay *replay, const char *part, int status, const char *headers, const char *body);
/* Fails with ERR_NETWORK before a byte of it was sent. */
void replay_unsent(struct replay *replay, const char *part);
void replay_delay(struct replay *replay, int64_t ms); /* of all answers scripted from now on */

size_t replay_count(const struct replay *replay);
const char *replay_url(const struct replay *replay, size_t i);
const char *replay_method(const struct replay *replay, size_t i);
const char *replay_header(const struct replay *replay, size_t i, const char *name); /* NULL: none */
const struct request *replay_request(const struct replay *replay, size_t i);
bool replay_is_open(const struct replay *replay, size_t i);    /* not yet answered or cancelled */
int64_t replay_sent_ms(const struct replay *replay, size_t i); /* monotonic */
size_t replay_in_flight(const struct replay *replay);

/* By hand: the whole answer; or of a stream its opening, bytes and end. */
void replay_answer(
        struct replay *replay, size_t i, int status, const char *headers, const char *body);
void replay_open(struct replay *replay, size_t i);
void replay_chunk(struct replay *replay, size_t i, const char *bytes);
/* What was said over a WebSocket: each message and a line feed; a ping has only that. */
const char *replay_said(const struct replay *replay, size_t i);

/* When the next scripted answer is due (monotonic); INT64_MAX: none. */
int64_t replay_next_ms(const struct replay *replay);
