#include "base/when.h"

#include <stdlib.h>

#include "base/duration.h"

/* "8h" is so long ago; "fri" and "9:00", which when_parse takes for the next, look back. */
bool when_parse_past(
        const char *text, int64_t now_ms, const char *zone, int64_t *out_ms, struct err *err)
{
	struct when when;
	int64_t long_ms;
	if (duration_parse(text, &long_ms)) {
		*out_ms = now_ms - long_ms;
		return true;
	}
	if (!when_parse(text, now_ms, zone, &when, err)) return false;
	if (when.utc_ms > now_ms) {
		struct str last = {0};
		str_addf(&last, "last %s", text);
		bool ok = when_parse(str_c(&last), now_ms, zone, &when, NULL);
		str_finish(&last);
		if (!ok || when.utc_ms > now_ms)
			return err_set(err, ERR_SYNTAX, "'%s' is yet to come", text);
	}
	*out_ms = when.utc_ms;
	return true;
}
