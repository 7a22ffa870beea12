#pragma once
#include <stdbool.h>
#include <stdint.h>

/* Why a fallible call failed; decides whether a caller may retry. */
enum err_code {
	ERR_NONE,
	ERR_SYNTAX, /* the user wrote something we cannot read */
	ERR_NOT_FOUND,
	ERR_UNSUPPORTED,  /* this network cannot do that */
	ERR_AUTH,         /* sign in again */
	ERR_RATE_LIMITED, /* retry after err.retry_ms */
	ERR_NETWORK,      /* no answer: retry with backoff */
	ERR_SERVER,       /* an answer, but 5xx or nonsense */
	ERR_FORMAT,       /* an answer or a file that we cannot parse */
	ERR_GONE,         /* 410: stop asking */
	ERR_TOO_LARGE,    /* past a limit that we set */
	ERR_IO,
	ERR_CANCELLED,
	ERR_REFUSED, /* an answer that says no: asking again does not help */
	ERR_CODE,    /* sign in once more with the code that the server has sent */
};

struct err {
	enum err_code code;
	int64_t retry_ms; /* 0: no advice */
	char text[240];   /* one sentence for the status bar, no trailing dot */
};

/*
 * Fill *err (which may be NULL) and return false, so that a function can say
 * `return err_set(err, ERR_SYNTAX, "unknown field '%s'", name);`. The text is
 * cut at a character's edge and made safe for a terminal (base/clean.h).
 */
bool err_set(struct err *err, enum err_code code, const char *fmt, ...)
        __attribute__((format(printf, 3, 4)));
