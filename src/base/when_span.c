#include "base/when_reader.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* How long, as people write it: "2h30m", "3 days". */

enum { MAX_NUMBER = 1000000 };

enum unit { UNIT_SECOND, UNIT_DAY, UNIT_MONTH };
static const struct {
	const char *names; /* with blanks around */
	enum unit unit;
	int64_t times;
} units[] = {
        {" s sec secs second seconds ", UNIT_SECOND, 1},
        {" m min mins minute minutes ", UNIT_SECOND, 60},
        {" h hr hrs hour hours ", UNIT_SECOND, 3600},
        {" d day days ", UNIT_DAY, 1},
        {" w week weeks ", UNIT_DAY, 7},
        {" month months ", UNIT_MONTH, 1},
        {" y year years ", UNIT_MONTH, 12},
};

bool when_is_word(const struct when_word *word, const char *name)
{
	return word->len == strlen(name) && strncasecmp(word->p, name, word->len) == 0;
}

const struct when_word *when_peek(const struct when_reader *r)
{
	return r->at < r->n ? &r->words[r->at] : NULL;
}

size_t when_number_at(const char *p, size_t len, size_t max, int *out)
{
	size_t n = 0;

	*out = 0;
	while (n < len && n < max && isdigit((unsigned char)p[n]))
		*out = *out * 10 + p[n++] - '0';
	return n;
}

static bool unit_of(const char *p, size_t len, enum unit *out, int64_t *out_times)
{
	char name[12];

	if (len + 3 > sizeof(name)) return false;
	snprintf(name, sizeof(name), " %.*s ", (int)len, p);
	for (char *c = name; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (len > 0 && strstr(units[i].names, name)) {
			*out = units[i].unit;
			*out_times = units[i].times;
			return true;
		}
	}
	return false;
}

static void add_span(struct when_words *out, enum unit unit, int64_t n)
{
	if (unit == UNIT_SECOND) out->seconds += n;
	if (unit == UNIT_DAY) out->days += n;
	if (unit == UNIT_MONTH) out->months += n;
}

/* The pieces of one word: "2h30m". A number alone waits for its unit in the next word. */
static bool read_pieces(struct when_reader *r, const struct when_word *word)
{
	const char *p = word->p, *end = p + word->len;

	while (p < end) {
		int number;
		int64_t times;
		enum unit unit;
		size_t digits = when_number_at(p, (size_t)(end - p), 7, &number);
		if (digits == 0 || number > MAX_NUMBER) return false;
		p += digits;
		size_t len = 0;
		while (p + len < end && isalpha((unsigned char)p[len]))
			len++;
		if (len == 0 && p == end && r->at < r->n) {
			const struct when_word *next = &r->words[r->at];
			if (!unit_of(next->p, next->len, &unit, &times)) return false;
			r->at++;
		} else if (!unit_of(p, len, &unit, &times)) {
			return false;
		}
		add_span(r->out, unit, number * times);
		p += len;
	}
	return true;
}

/* "2h30m", "2 hours", "an hour", "1 d 2 h": as many words as are of it. */
bool when_read_span(struct when_reader *r)
{
	size_t start = r->at;

	while (r->at < r->n) {
		const struct when_word *word = &r->words[r->at];
		struct when_words before = *r->out;
		size_t at = r->at++;
		if (when_is_word(word, "a") || when_is_word(word, "an")) {
			enum unit unit;
			int64_t times;
			const struct when_word *next = when_peek(r);
			if (next && unit_of(next->p, next->len, &unit, &times)) {
				r->at++;
				add_span(r->out, unit, times);
				continue;
			}
		} else if (read_pieces(r, word)) {
			continue;
		}
		*r->out = before;
		r->at = at;
		break;
	}
	return r->at > start;
}
