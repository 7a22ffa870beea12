#include "base/when.h"

#include <inttypes.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/when_inside.h"
#include "base/zone.h"

enum { DAY_S = 86400 };

static const char weekdays[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char months[12][4] = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/* A wall time taken apart. */
struct parts {
	int64_t year;
	int month, day, weekday, hour, minute, second;
};

static struct parts parts_of(int64_t wall_s)
{
	struct parts parts;
	int64_t days = (wall_s >= 0 ? wall_s : wall_s - (DAY_S - 1)) / DAY_S;
	int in_day = (int)(wall_s - days * DAY_S);

	date_civil(days, &parts.year, &parts.month, &parts.day);
	parts.weekday = (int)(((days + 4) % 7 + 7) % 7);
	parts.hour = in_day / 3600;
	parts.minute = in_day / 60 % 60;
	parts.second = in_day % 60;
	return parts;
}

static bool wall_write(char out[20], int64_t wall_s, struct err *err)
{
	char text[80];
	struct parts p = parts_of(wall_s);

	if (p.year < 1 || p.year > 9999) {
		return err_set(err, ERR_TOO_LARGE, "a time outside of the years 1 to 9999");
	}
	int n = snprintf(text, sizeof(text), "%04d-%02d-%02d %02d:%02d", (int)p.year, p.month,
	        p.day, p.hour, p.minute);
	if (p.second) snprintf(text + n, sizeof(text) - (size_t)n, ":%02d", p.second);
	snprintf(out, 20, "%.19s", text);
	return true;
}

bool when_wall_s(const char *wall, int64_t *out_s)
{
	int64_t ms;

	/* The form with a blank and without an offset, and not a date alone. */
	if (strlen(wall) != 16 && strlen(wall) != 19) return false;
	if (!date_parse_rfc3339(wall, &ms) || ms % 1000) return false;
	*out_s = ms / 1000;
	return true;
}

static const char *zone_or_own(const char *zone)
{
	return zone && *zone ? zone : when_zone();
}

bool when_of_moments(const struct zone_moments *moments, size_t pick, int64_t wall_s,
        const char *zone, struct when *out, struct err *err)
{
	struct when made = {0};

	if (!wall_write(made.wall, wall_s, err)) return false;
	snprintf(made.zone, sizeof(made.zone), "%s", zone);
	if (moments->n == 0) {
		made.note = WHEN_GAP;
		made.utc_ms = moments->jump_s * 1000;
	} else {
		if (pick >= moments->n) pick = moments->n - 1;
		made.note = moments->n > 1 ? WHEN_FOLD : WHEN_PLAIN;
		made.fold = pick > 0;
		made.utc_ms = moments->utc_s[pick] * 1000;
	}
	*out = made;
	return true;
}

bool when_resolve(
        const char *wall, const char *zone_name, int fold, struct when *out, struct err *err)
{
	struct zone zone;
	struct zone_moments moments;
	int64_t wall_s;
	const char *name = zone_or_own(zone_name);

	if (!wall || !when_wall_s(wall, &wall_s)) {
		return err_set(err, ERR_SYNTAX,
		        "'%s' is no wall time: they are written 2026-12-24 08:00",
		        wall ? wall : "");
	}
	if (!zone_load(&zone, name, err)) return false;
	zone_find(&zone, wall_s, &moments);
	return when_of_moments(&moments, fold > 0, wall_s, name, out, err);
}

bool when_at(int64_t utc_ms, const char *zone_name, struct when *out, struct err *err)
{
	struct zone zone;
	struct zone_span span;
	struct zone_moments moments;
	const char *name = zone_or_own(zone_name);
	int64_t utc_s = (utc_ms >= 0 ? utc_ms : utc_ms - 999) / 1000;

	if (!zone_load(&zone, name, err)) return false;
	zone_at(&zone, utc_s, &span);
	int64_t wall_s = utc_s + span.clock.offset_s;
	zone_find(&zone, wall_s, &moments);
	size_t pick = 0;
	while (pick + 1 < moments.n && moments.utc_s[pick] < utc_s)
		pick++;
	struct when made;
	if (!when_of_moments(&moments, pick, wall_s, name, &made, err)) return false;
	made.utc_ms = utc_ms;
	*out = made;
	return true;
}

/* "in 3 h 20 min", "2 d ago", "now" */
static void print_distance(struct str *out, int64_t ms)
{
	int64_t s = (ms >= 0 ? ms : -ms) / 1000;
	const char *before = ms > 0 ? "in " : "", *after = ms < 0 ? " ago" : "";

	if (s == 0) {
		str_adds(out, "now");
	} else if (s < 60) {
		str_addf(out, "%s%" PRId64 " s%s", before, s, after);
	} else if (s < 3600) {
		str_addf(out, "%s%" PRId64 " min%s", before, s / 60, after);
	} else if (s < 2 * DAY_S) {
		str_addf(out, "%s%" PRId64 " h", before, s / 3600);
		if (s / 60 % 60) str_addf(out, " %" PRId64 " min", s / 60 % 60);
		str_adds(out, after);
	} else {
		str_addf(out, "%s%" PRId64 " d%s", before, s / DAY_S, after);
	}
}

static void print_clock(struct str *out, int64_t wall_s)
{
	struct parts p = parts_of(wall_s);

	str_addf(out, "%02d:%02d", p.hour, p.minute);
	if (p.second) str_addf(out, ":%02d", p.second);
}

static void print_note(struct str *out, const struct zone *zone, const struct when *when)
{
	struct zone_moments moments;
	int64_t wall_s;

	if (when->note == WHEN_PLAIN || !when_wall_s(when->wall, &wall_s)) return;
	zone_find(zone, wall_s, &moments);
	if (when->note == WHEN_GAP && moments.n == 0) {
		str_adds(out, "; clocks jump from ");
		print_clock(out, moments.jump_s + moments.before.offset_s);
		str_adds(out, " to ");
		print_clock(out, moments.jump_s + moments.after.offset_s);
		str_adds(out, " that day, so there is no ");
		print_clock(out, wall_s);
	} else if (when->note == WHEN_FOLD && moments.n > 1) {
		str_adds(out, "; clocks show ");
		print_clock(out, wall_s);
		str_addf(out, " twice that day, this is the %s, %s",
		        when->fold ? "second" : "first", moments.clock[when->fold > 0].abbrev);
		str_addf(out, " (the %s: %s)", when->fold ? "first" : "second",
		        moments.clock[when->fold == 0].abbrev);
	}
}

void when_print(struct str *out, const struct when *when, int64_t now_ms)
{
	static const struct zone_span utc = {.clock = {0, "UTC"}};
	struct zone zone;
	struct zone_span span = utc;
	int64_t utc_s = (when->utc_ms >= 0 ? when->utc_ms : when->utc_ms - 999) / 1000;

	bool known = zone_load(&zone, zone_or_own(when->zone), NULL);
	if (known) zone_at(&zone, utc_s, &span);
	int64_t wall_s = utc_s + span.clock.offset_s;
	struct parts p = parts_of(wall_s);
	str_addf(out, "%s %d %s %" PRId64 " ", weekdays[p.weekday], p.day, months[p.month - 1],
	        p.year);
	print_clock(out, wall_s);
	str_addf(out, " %s, ", span.clock.abbrev);
	print_distance(out, when->utc_ms - now_ms);
	if (known) print_note(out, &zone, when);
}

/* After "zoneinfo/" in the name of a file, else all of it. */
static const char *below_zoneinfo(const char *path)
{
	static const char dir[] = "zoneinfo/";
	const char *at = NULL;

	for (const char *p = path; (p = strstr(p, dir)); p += sizeof(dir) - 1)
		at = p + sizeof(dir) - 1;
	return at ? at : path;
}

static bool own_zone_is(char out[WHEN_ZONE_MAX], const char *name)
{
	struct zone zone;

	name = below_zoneinfo(name);
	if (strlen(name) >= WHEN_ZONE_MAX || !zone_load(&zone, name, NULL)) return false;
	memcpy(out, name, strlen(name) + 1);
	return true;
}

static bool own_zone_of_link(char out[WHEN_ZONE_MAX])
{
	char path[PATH_MAX];
	ssize_t n = readlink("/etc/localtime", path, sizeof(path) - 1);

	if (n <= 0) return false;
	path[n] = '\0';
	return own_zone_is(out, path);
}

static bool own_zone_of_file(char out[WHEN_ZONE_MAX])
{
	char line[128];
	FILE *file = fopen("/etc/timezone", "re");

	if (!file) return false;
	bool ok = fgets(line, sizeof(line), file) != NULL;
	fclose(file);
	if (!ok) return false;
	line[strcspn(line, " \t\r\n")] = '\0';
	return own_zone_is(out, line);
}

/* The name does not change while the program runs, and it lasts: hence the one place. */
static char own_zone[WHEN_ZONE_MAX];
static pthread_once_t own_zone_once = PTHREAD_ONCE_INIT;

static void find_own_zone(void)
{
	const char *tz = getenv("TZ");

	if (tz) {
		/* POSIX: a colon before what is up to the system, empty is UTC. */
		if (own_zone_is(own_zone, tz + (*tz == ':'))) return;
	} else if (own_zone_of_link(own_zone) || own_zone_of_file(own_zone) ||
	           own_zone_is(own_zone, "localtime")) {
		return;
	}
	snprintf(own_zone, sizeof(own_zone), "UTC");
}

const char *when_zone(void)
{
	pthread_once(&own_zone_once, find_own_zone);
	return own_zone;
}
