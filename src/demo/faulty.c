#include "demo/faulty.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static void print_http_date(char out[40], int64_t ms)
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm;
	gmtime_r(&seconds, &tm);
	strftime(out, 40, "%a, %d %b %Y %H:%M:%S GMT", &tm);
}

bool faulty_answer(struct exchange *x, int used)
{
	const char *value;
	char date[40];
	bool beyond = x->world->refuses && used > (int)x->world->limit;
	if (beyond || ((value = exchange_fault(x, FAULT_LIMIT)) && used > atoi(value))) {
		exchange_error(x, 429, "Too many requests");
		return true;
	}
	if ((value = exchange_fault(x, FAULT_LIMITED))) {
		exchange_error(x, 429, "Too many requests");
		print_http_date(date, clock_wall(x->world->clock) + 30000);
		if (*value)
			exchange_header(x, "Retry-After: %s", strcmp(value, "date") ? value : date);
		return true;
	}
	if (exchange_fault(x, FAULT_BROKEN)) {
		exchange_error(x, 500, "Something went wrong on our end.");
		return true;
	}
	if ((value = exchange_fault(x, FAULT_STATUS))) {
		exchange_error(x, atoi(value) >= 400 ? atoi(value) : 503, "The demo was told so");
		return true;
	}
	if (exchange_fault(x, FAULT_REBUILDING)) {
		x->status = 206;
		str_adds(&x->body, "[]");
		return true;
	}
	if (exchange_fault(x, FAULT_HTML)) {
		x->type = "text/html; charset=utf-8";
		str_adds(&x->body,
		        "<!doctype html><title>Welcome</title><p>Please sign in to this network.");
		return true;
	}
	return false;
}
