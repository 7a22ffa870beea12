#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Dates on the wire, always UTC; nothing here depends on the locale. */

/*
 * RFC 3339 as servers write it: `2026-11-22T01:35:00.000Z`, also with an offset, a blank
 * for T, without seconds, or only a date. Without an offset it is UTC.
 */
bool date_parse_rfc3339(const char *s, int64_t *out_ms);

/* RFC 9110 section 5.6.7: IMF-fixdate, RFC 850 and asctime forms. */
bool date_parse_http(const char *s, int64_t *out_ms);

/* `2026-11-22T01:35:00Z`, with `.123` only when there are milliseconds. Returns the length. */
size_t date_format_rfc3339(char out[32], int64_t ms);

/* Days since 1970-01-01 of a proleptic Gregorian date; month 1..12, any day (carried). */
int64_t date_days(int64_t year, int month, int64_t day);
/* Its inverse. */
void date_civil(int64_t days, int64_t *year, int *month, int *day);
/* Days of a month, 1..12. */
int date_month_days(int64_t year, int month);
