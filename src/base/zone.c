#include "base/zone.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Why not GLib's GTimeZone: asked about 1.2 million random moments it is right but in Dublin,
 * where winter counts as saving; there it is two hours off wherever the rule at the end of
 * the file decides, and in the small files that many systems have it decides today.
 */

/* RFC 9636 section 3.1. */
enum { HEADER = 44, TYPE = 6, V1_TIME = 4, V2_TIME = 8 };

struct counts {
	size_t isut, isstd, leap, times, types, chars;
};

static uint32_t be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int32_t signed32(const unsigned char *p)
{
	return (int32_t)be32(p);
}

static int64_t time_at(const struct zone *zone, size_t i)
{
	const unsigned char *p = zone->bytes + zone->times + i * zone->time_size;

	if (zone->time_size == V1_TIME) return signed32(p);
	return (int64_t)((uint64_t)be32(p) << 32 | be32(p + 4));
}

/* The header at `at`, and where its data ends; 0 when it is none or too much. */
static size_t read_header(
        const unsigned char *bytes, size_t len, size_t at, unsigned time_size, struct counts *out)
{
	if (at + HEADER > len || memcmp(bytes + at, "TZif", 4) != 0) return 0;
	const unsigned char *p = bytes + at + 20;
	*out = (struct counts){
	        be32(p), be32(p + 4), be32(p + 8), be32(p + 12), be32(p + 16), be32(p + 20)};
	/* Each is a count of at least a byte, so that no sum below can overflow. */
	const size_t all[] = {out->isut, out->isstd, out->leap, out->times, out->types, out->chars};
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (all[i] > ZONE_MAX_BYTES) return 0;
	size_t end = at + HEADER + out->times * (time_size + 1) + out->types * TYPE + out->chars +
	             out->leap * (time_size + 4) + out->isstd + out->isut;
	return end <= len ? end : 0;
}

static void place(struct zone *zone, size_t at, unsigned time_size, const struct counts *counts)
{
	zone->time_size = time_size;
	zone->times = at + HEADER;
	zone->ntimes = counts->times;
	zone->indexes = zone->times + counts->times * time_size;
	zone->types = zone->indexes + counts->times;
	zone->ntypes = counts->types;
	zone->abbrevs = zone->types + counts->types * TYPE;
	zone->nabbrevs = counts->chars;
}

static bool is_abbrev_char(unsigned char c)
{
	return isalnum(c) || c == '+' || c == '-';
}

static bool type_is_sound(const struct zone *zone, size_t type)
{
	const unsigned char *p = zone->bytes + zone->types + type * TYPE;
	int32_t offset = signed32(p);
	size_t at = p[5], len = 0;

	if (offset < -26 * 3600 || offset > 26 * 3600 || p[4] > 1) return false;
	while (at + len < zone->nabbrevs && zone->bytes[zone->abbrevs + at + len]) {
		if (!is_abbrev_char(zone->bytes[zone->abbrevs + at + len])) return false;
		len++;
	}
	return at + len < zone->nabbrevs && len > 0 && len < ZONE_ABBREV_MAX;
}

static bool is_sound(const struct zone *zone)
{
	if (zone->ntypes == 0) return false;
	for (size_t i = 0; i < zone->ntypes; i++)
		if (!type_is_sound(zone, i)) return false;
	for (size_t i = 0; i < zone->ntimes; i++) {
		if (zone->bytes[zone->indexes + i] >= zone->ntypes) return false;
		if (i > 0 && time_at(zone, i) <= time_at(zone, i - 1)) return false;
	}
	return true;
}

/* LF, a rule or nothing, LF. */
static bool read_footer(struct zone *zone, size_t at, size_t len)
{
	char text[128];
	const unsigned char *p = zone->bytes + at;

	if (at >= len || *p != '\n') return false;
	const unsigned char *end = memchr(p + 1, '\n', len - at - 1);
	if (!end) return false;
	size_t n = (size_t)(end - p) - 1;
	if (n == 0) return true;
	if (n >= sizeof(text) || memchr(p + 1, '\0', n)) return false;
	memcpy(text, p + 1, n);
	text[n] = '\0';
	zone->has_rule = zone_rule_read(&zone->rule, text);
	return zone->has_rule;
}

static bool parse(struct zone *zone, size_t len)
{
	struct counts counts;
	size_t end = read_header(zone->bytes, len, 0, V1_TIME, &counts);

	if (end == 0) return false;
	zone->has_rule = false;
	bool old = zone->bytes[4] < '2';
	if (old) {
		place(zone, 0, V1_TIME, &counts);
	} else {
		size_t second = end;
		end = read_header(zone->bytes, len, second, V2_TIME, &counts);
		if (end == 0) return false;
		place(zone, second, V2_TIME, &counts);
	}
	/* With leap seconds its times are not POSIX's, which everything here is. */
	if (counts.leap > 0) return false;
	return is_sound(zone) && (old || read_footer(zone, end, len));
}

bool zone_read(struct zone *zone, const void *bytes, size_t len, struct err *err)
{
	if (len > ZONE_MAX_BYTES) {
		return err_set(err, ERR_TOO_LARGE, "a time zone of more than %d bytes",
		        (int)ZONE_MAX_BYTES);
	}
	if (len > 0) memcpy(zone->bytes, bytes, len);
	if (!parse(zone, len)) return err_set(err, ERR_FORMAT, "not a time zone of this system");
	return true;
}

/* No path of a stranger's: a name of the database has only these, and does not climb. */
static bool is_name(const char *name)
{
	if (!name[0] || name[0] == '/' || strlen(name) >= ZONE_NAME_MAX) return false;
	for (const char *p = name; *p; p++)
		if (!is_abbrev_char((unsigned char)*p) && *p != '/' && *p != '_') return false;
	return true;
}

/* The whole file. 0: there is none, or too large a one. */
static size_t slurp(const char *path, unsigned char bytes[ZONE_MAX_BYTES])
{
	size_t len = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0) return 0;
	for (;;) {
		ssize_t n = read(fd, bytes + len, ZONE_MAX_BYTES - len);
		if (n < 0 && errno == EINTR) continue;
		if (n <= 0) break;
		len += (size_t)n;
	}
	close(fd);
	return len < ZONE_MAX_BYTES ? len : 0;
}

static size_t find_file(const char *name, unsigned char bytes[ZONE_MAX_BYTES])
{
	const char *dir = getenv("TZDIR");
	char path[512];

	/* A machine's own zone may be a file without a name. */
	if (strcmp(name, "localtime") == 0) return slurp("/etc/localtime", bytes);
	if (!dir || dir[0] != '/') dir = "/usr/share/zoneinfo";
	int n = snprintf(path, sizeof(path), "%s/%s", dir, name);
	return n > 0 && (size_t)n < sizeof(path) ? slurp(path, bytes) : 0;
}

/* A zone of rules alone. */
static void be_rule(struct zone *zone, const struct zone_rule *rule)
{
	zone->ntimes = zone->ntypes = 0;
	zone->has_rule = true;
	zone->rule = *rule;
}

bool zone_load(struct zone *zone, const char *name, struct err *err)
{
	static const struct zone_rule utc = {.standard = {0, "UTC"}};
	struct zone_rule rule;

	/* There, whatever is installed. */
	if (strcmp(name, "UTC") == 0) {
		be_rule(zone, &utc);
		return true;
	}
	size_t len = is_name(name) ? find_file(name, zone->bytes) : 0;
	if (len > 0 && parse(zone, len)) return true;
	if (strlen(name) < ZONE_NAME_MAX && zone_rule_read(&rule, name)) {
		be_rule(zone, &rule);
		return true;
	}
	return err_set(err, ERR_NOT_FOUND,
	        "'%.64s' is no time zone of this system: they are named like Europe/Amsterdam",
	        name);
}

static void type_clock(const struct zone *zone, size_t type, struct zone_clock *out)
{
	const unsigned char *p = zone->bytes + zone->types + type * TYPE;

	out->offset_s = signed32(p);
	snprintf(out->abbrev, sizeof(out->abbrev), "%s",
	        (const char *)zone->bytes + zone->abbrevs + p[5]);
}

/* How many of the times are at or before that moment. */
static size_t times_until(const struct zone *zone, int64_t utc_s)
{
	size_t low = 0, high = zone->ntimes;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (time_at(zone, middle) <= utc_s) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

void zone_at(const struct zone *zone, int64_t utc_s, struct zone_span *out)
{
	size_t n = times_until(zone, utc_s);

	if (n == zone->ntimes && zone->has_rule) {
		zone_rule_at(&zone->rule, utc_s, out);
		return;
	}
	out->until_s = n < zone->ntimes ? time_at(zone, n) : INT64_MAX;
	/* Before the first change it is the first of the types. */
	type_clock(zone, n > 0 ? zone->bytes[zone->indexes + n - 1] : 0, &out->clock);
}

void zone_find(const struct zone *zone, int64_t wall_s, struct zone_moments *out)
{
	/* No clock is more than 26 hours from UTC. */
	const int64_t reach_s = 27 * 3600;
	struct zone_span span, before = {0};
	bool is_first = true;

	*out = (struct zone_moments){0};
	for (int64_t from = wall_s - reach_s; from < wall_s + reach_s; from = span.until_s) {
		zone_at(zone, from, &span);
		int64_t utc_s = wall_s - span.clock.offset_s;
		if (utc_s >= from && utc_s < span.until_s && out->n < ZONE_MAX_MOMENTS) {
			out->utc_s[out->n] = utc_s;
			out->clock[out->n++] = span.clock;
		}
		if (!is_first && wall_s >= from + before.clock.offset_s && utc_s < from) {
			out->jump_s = from;
			out->before = before.clock;
			out->after = span.clock;
		}
		before = span;
		is_first = false;
	}
}
