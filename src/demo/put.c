#include "demo/put.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/json.h"

static void begin(struct str *out, const char *key)
{
	char last = out->len ? out->p[out->len - 1] : '[';
	if (last != '{' && last != '[' && last != ':' && last != '\n') str_addc(out, ',');
	if (!key) return;
	json_quote(out, key);
	str_addc(out, ':');
}

void put_open(struct str *out, const char *key, char bracket)
{
	begin(out, key);
	str_addc(out, bracket);
}

void put_close(struct str *out, char bracket)
{
	str_addc(out, bracket);
}

void put_str(struct str *out, const char *key, const char *value)
{
	begin(out, key);
	json_quote(out, value);
}

void put_strf(struct str *out, const char *key, const char *fmt, ...)
{
	char buf[1024];
	va_list args;
	va_start(args, fmt);
	vsnprintf(buf, sizeof buf, fmt, args);
	va_end(args);
	put_str(out, key, buf);
}

void put_int(struct str *out, const char *key, int64_t value)
{
	begin(out, key);
	str_addf(out, "%" PRId64, value);
}

void put_bool(struct str *out, const char *key, bool value)
{
	begin(out, key);
	str_adds(out, value ? "true" : "false");
}

void put_null(struct str *out, const char *key)
{
	put_str(out, key, NULL);
}

void put_id(struct str *out, const char *key, uint64_t id)
{
	begin(out, key);
	if (id)
		str_addf(out, "\"%" PRIu64 "\"", id);
	else
		str_adds(out, "null");
}

void date_print(char out[32], int64_t ms)
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm;
	gmtime_r(&seconds, &tm);
	size_t n = strftime(out, 32, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(out + n, 32 - n, ".%03dZ", (int)(ms % 1000));
}

void put_date(struct str *out, const char *key, int64_t ms)
{
	char date[32];
	date_print(date, ms);
	put_str(out, key, ms ? date : NULL);
}

void put_none(struct str *out, const char *key, const char *brackets)
{
	begin(out, key);
	str_adds(out, brackets);
}
