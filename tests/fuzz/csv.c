/* Comma-separated values: whatever the bytes, they are read or refused, and what was read and is
 * written again is read as the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"

/* A separator in the first field makes it quoted: commas are found again then. */
static void check_record(const struct csv *csv)
{
	struct str text = {0};
	struct err err;
	bool more;

	for (size_t i = 0; i < csv->nfields; i++) {
		if (i) str_addc(&text, ',');
		csv_put(&text, csv_field(csv, i));
	}
	struct csv again = {.text = str_c(&text), .len = text.len, .separator = ','};
	bool ok = csv_next(&again, &more, &err);
	/* A record of one empty field is a blank line, and so is one that begins with a CR. */
	if (ok && again.nfields == csv->nfields) {
		for (size_t i = 0; i < csv->nfields; i++)
			if (strcmp(csv_field(csv, i), csv_field(&again, i)) != 0) abort();
	} else if (csv->nfields != 1 || *csv_field(csv, 0)) {
		abort();
	}
	csv_finish(&again);
	str_finish(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct csv csv = {.text = (const char *)data, .len = size};
	struct err err = {0};
	bool more = true;

	while (csv_next(&csv, &more, &err) && more) {
		if (csv.nfields == 0 || csv.nfields > CSV_MAX_FIELDS) abort();
		check_record(&csv);
	}
	if (more && !err.text[0]) abort();
	csv_finish(&csv);
	return 0;
}
