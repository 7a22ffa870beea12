#include "moment.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/when.h"

enum { MINUTE_MS = 60000 };
#define DAY_MS ((int64_t)24 * 60 * MINUTE_MS)

struct moment {
	char *text, *zone;
	bool moves;
	int64_t minute_ms, at_ms; /* what it was at that minute */
};

static int64_t minute_of(int64_t ms)
{
	return ms - ((ms % MINUTE_MS) + MINUTE_MS) % MINUTE_MS;
}

/* A word that says which way to look. */
static bool looks_ahead(const char *text)
{
	static const char *const words[] = {"in", "next", "today", "tomorrow"};

	for (const char *p = text; *p; p += strspn(p, " ")) {
		size_t len = strcspn(p, " ");

		for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
			if (len == strlen(words[i]) && strncasecmp(p, words[i], len) == 0) {
				return true;
			}
		}
		p += len;
	}
	return false;
}

/*
 * base/when takes a weekday, a time of day or a day without its year for the next one; the
 * one before is the next one of somebody a day, a week or a year ago.
 */
static bool resolve(
        const char *text, const char *zone, int64_t now_ms, int64_t *out_ms, struct err *err)
{
	static const int days_ago[] = {1, 7, 365};
	struct when when, back;

	if (!when_parse(text, now_ms, zone, &when, err)) return false;
	*out_ms = when.utc_ms;
	if (when.utc_ms <= now_ms || looks_ahead(text)) return true;
	for (size_t i = 0; i < sizeof days_ago / sizeof *days_ago; i++) {
		if (!when_parse(text, now_ms - days_ago[i] * DAY_MS, zone, &back, NULL)) continue;
		if (back.utc_ms > now_ms) continue;
		*out_ms = back.utc_ms;
		return true;
	}
	return true;
}

struct moment *moment_new(const char *text, const char *zone, int64_t now_ms, struct err *err)
{
	struct moment moment = {.minute_ms = minute_of(now_ms)};
	struct moment *out;
	int64_t later;

	if (!resolve(text, zone, moment.minute_ms, &moment.at_ms, err)) return NULL;
	/* Neither on a round number of years, weeks or days nor at the same time of day. */
	moment.moves = !resolve(text, zone, moment.minute_ms + 401 * DAY_MS + 317 * MINUTE_MS,
	                       &later, NULL) ||
	               later != moment.at_ms;
	moment.text = xstrdup(text);
	moment.zone = xstrdup(zone);
	out = xmalloc(sizeof *out);
	*out = moment;
	return out;
}

void moment_free(struct moment *moment)
{
	if (!moment) return;
	free(moment->text);
	free(moment->zone);
	free(moment);
}

int64_t moment_at(struct moment *moment, int64_t now_ms)
{
	int64_t minute_ms = minute_of(now_ms);

	if (moment->moves && minute_ms != moment->minute_ms) {
		/* Where clocks jump over it today it stays what it was. */
		resolve(moment->text, moment->zone, minute_ms, &moment->at_ms, NULL);
		moment->minute_ms = minute_ms;
	}
	return moment->at_ms;
}

bool moment_moves(const struct moment *moment)
{
	return moment->moves;
}

static bool same_zone(const char *a, const char *b)
{
	return strcmp(a && *a ? a : when_zone(), b && *b ? b : when_zone()) == 0;
}

bool moment_after(const struct moment *moment, const struct moment *other)
{
	if (!moment->moves && !other->moves) return moment->at_ms >= other->at_ms;
	return strcmp(moment->text, other->text) == 0 && same_zone(moment->zone, other->zone);
}
