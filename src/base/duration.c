#include "base/duration.h"

#include <ctype.h>
#include <stddef.h>

static const struct {
	const char *unit;
	int64_t ms;
} units[] = {
        {"w", 7LL * 24 * 3600 * 1000},
        {"d", 24LL * 3600 * 1000},
        {"h", 3600LL * 1000},
        {"m", 60LL * 1000},
        {"s", 1000},
        {"ms", 1},
};
enum { UNITS = sizeof(units) / sizeof(*units) };

/* Ten thousand years: sums of durations and wall times stay far from overflow. */
static const int64_t duration_max = 10000LL * 366 * 24 * 3600 * 1000;

static int64_t unit_ms(const char *p, size_t len)
{
	for (size_t i = 0; i < UNITS; i++) {
		const char *unit = units[i].unit;
		if (unit[0] == p[0] && (len == 1 ? unit[1] == '\0' : unit[1] == p[1] && len == 2))
			return units[i].ms;
	}
	return 0;
}

bool duration_parse(const char *text, int64_t *out_ms)
{
	int64_t total = 0;
	if (!*text) return false;
	for (const char *p = text; *p;) {
		int64_t number = 0;
		if (!isdigit((unsigned char)*p)) return false;
		for (; isdigit((unsigned char)*p); p++) {
			number = number * 10 + (*p - '0');
			if (number > duration_max) return false;
		}
		const char *unit = p;
		while (isalpha((unsigned char)*p))
			p++;
		int64_t ms = unit_ms(unit, (size_t)(p - unit));
		if (!ms && !(number == 0 && p == unit)) return false;
		if (ms && number > (duration_max - total) / ms) return false;
		total += number * ms;
	}
	*out_ms = total;
	return true;
}

void duration_print(struct str *out, int64_t ms)
{
	if (ms <= 0) str_adds(out, "0s");
	for (size_t i = 0; i < UNITS && ms > 0; i++) {
		/* Weeks read worse than days unless they come out even. */
		if (i == 0 && ms % units[i].ms != 0) continue;
		if (ms < units[i].ms) continue;
		str_addf(out, "%lld%s", (long long)(ms / units[i].ms), units[i].unit);
		ms %= units[i].ms;
	}
}
