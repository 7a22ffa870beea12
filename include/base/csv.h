#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

/*
 * Records of comma-separated values (RFC 4180), also with LF alone between them, with a
 * byte order mark, and with semicolons or tabs as spreadsheets of some languages write them.
 */

enum { CSV_MAX_FIELDS = 128 };

/* Zeroed but for text and len is ready; text is borrowed. */
struct csv {
	const char *text;
	size_t len, at;
	size_t line;     /* where the last record began, from 1 */
	size_t lines;    /* read so far */
	char separator;  /* found in the first record */
	struct str data; /* of the last record: its fields, each ended by NUL */
	size_t starts[CSV_MAX_FIELDS];
	size_t nfields;
};

/*
 * The next record, blank lines passed over. *out_more false: there is none. False with the
 * line and what is wrong there; what follows cannot be read then.
 */
bool csv_next(struct csv *csv, bool *out_more, struct err *err);
/* A field of the last record, borrowed until the next; "" when it has not so many. */
const char *csv_field(const struct csv *csv, size_t i);
void csv_finish(struct csv *csv);

/* Append a field, quoted where it needs to be. */
void csv_put(struct str *out, const char *value);
