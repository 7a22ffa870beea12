/*
 * What stoa says of zones and wall times, for scripts/compare-zones. A line of input each:
 *	u ZONE SECONDS          answered by: OFFSET ABBREVIATION
 *	w ZONE YYYY-MM-DD HH:MM:SS FOLD   answered by: SECONDS NOTE FOLD
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/when.h"
#include "base/zone.h"

static bool answer_moment(const char *line)
{
	char name[ZONE_NAME_MAX];
	int64_t utc_s;
	struct zone zone;
	struct zone_span span;

	if (sscanf(line, "u %63s %" SCNd64, name, &utc_s) != 2) return false;
	if (!zone_load(&zone, name, NULL)) {
		printf("no zone\n");
		return true;
	}
	zone_at(&zone, utc_s, &span);
	printf("%d %s\n", (int)span.clock.offset_s, span.clock.abbrev);
	return true;
}

static bool answer_wall(const char *line)
{
	char name[ZONE_NAME_MAX], day[16], clock[16], wall[40];
	int fold;
	struct when when;
	struct err err;

	if (sscanf(line, "w %63s %15s %15s %d", name, day, clock, &fold) != 4) return false;
	snprintf(wall, sizeof(wall), "%s %s", day, clock);
	if (when_resolve(wall, name, fold, &when, &err)) {
		printf("%" PRId64 " %d %d\n", when.utc_ms / 1000, (int)when.note, when.fold);
	} else {
		printf("%s\n", err.text);
	}
	return true;
}

int main(void)
{
	char line[256];

	while (fgets(line, sizeof(line), stdin)) {
		if (!answer_moment(line) && !answer_wall(line)) {
			fprintf(stderr, "zone_dump: cannot read %s", line);
			return 2;
		}
	}
	return 0;
}
