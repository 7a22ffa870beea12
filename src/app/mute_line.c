#include "app/mute_line.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/duration.h"
#include "base/mem.h"
#include "base/when.h"
#include "cmd/cmd.h"

/* What stands before a value's line; the first release's values begin with a digit. */
enum { VALUE_SIGN = '=' };

/* Longer than anybody keeps a deck: a century. */
static const int64_t MAX_MS = INT64_C(100) * 365 * 86400000;
static const int64_t LAST_MS = 253402300799000; /* the end of the year 9999 */

struct reading {
	const char *p;
	struct mute_line *line;
	enum mute_place place;
	int64_t now_ms;
	bool timed, acted, placed; /* each may be said once */
	struct str word;
	struct err *err;
};

/* Times are said in whole seconds; none becomes 0, which is for good. */
static int64_t whole_s(int64_t ms)
{
	return ms > 0 && ms < INT64_MAX - 1000 ? (ms + 999) / 1000 * 1000 : ms;
}

/* Take the next word into reading->word; false when there is none. */
static bool take_word(struct reading *reading)
{
	const char *after = cmd_word(reading->p, &reading->word, NULL);
	if (after) reading->p = after + strspn(after, " \t");
	return after != NULL;
}

static bool take_for(struct reading *reading)
{
	int64_t ms;
	if (reading->place == MUTE_IN_FILE)
		return err_set(reading->err, ERR_SYNTAX,
		        "in a file write `until` and a date: a `for` would begin anew at each "
		        "start");
	if (!take_word(reading) || !duration_parse(str_c(&reading->word), &ms) || ms <= 0)
		return err_set(reading->err, ERR_SYNTAX,
		        "'%s' is not a duration such as 12h or 2w; to mute the words, quote them",
		        str_c(&reading->word));
	if (ms > MAX_MS)
		return err_set(reading->err, ERR_SYNTAX, "'%s' is for good: leave it out",
		        str_c(&reading->word));
	reading->line->mute.until_ms = whole_s(reading->now_ms + ms);
	return true;
}

/* A date says the same whenever it is read. */
static bool is_date(const char *text)
{
	return strspn(text, "0123456789") == 4 && text[4] == '-';
}

/* A whole RFC 3339 time, as lines are printed: nothing behind it belongs to it. */
static bool take_moment(struct reading *reading)
{
	struct str word = {0};
	int64_t ms;
	const char *after = cmd_word(reading->p, &word, NULL);
	const char *last = word.len ? word.p + word.len - 1 : "";
	bool is = after && word.len && strchr(word.p, 'T') && *last == 'Z' &&
	          date_parse_rfc3339(word.p, &ms);
	if (is) {
		reading->p = after + strspn(after, " \t");
		reading->line->mute.until_ms = ms > 1000 ? whole_s(ms) : 1000;
	}
	str_finish(&word);
	return is;
}

static bool take_until(struct reading *reading)
{
	struct when when;
	size_t used = 0;
	bool ok;
	if (take_moment(reading)) return true;
	if (*reading->p == '"' || *reading->p == '\'') {
		take_word(reading);
		if (reading->place == MUTE_IN_FILE && !is_date(str_c(&reading->word))) goto no_date;
		ok = when_parse(str_c(&reading->word), reading->now_ms, NULL, &when, reading->err);
	} else {
		if (reading->place == MUTE_IN_FILE && !is_date(reading->p)) goto no_date;
		ok = when_parse_prefix(
		        reading->p, reading->now_ms, NULL, &when, &used, reading->err);
		reading->p += ok ? used : 0;
	}
	if (ok) reading->line->mute.until_ms = when.utc_ms > 1000 ? whole_s(when.utc_ms) : 1000;
	return ok;
no_date:
	return err_set(reading->err, ERR_SYNTAX,
	        "in a file write a date such as 2026-12-01: any other time would move on at each "
	        "start");
}

static bool take_columns(struct reading *reading)
{
	if (!take_word(reading) || !reading->word.len)
		return err_set(reading->err, ERR_SYNTAX, "in which columns?");
	free(reading->line->columns);
	reading->line->columns = xstrdup(reading->word.p);
	return true;
}

/* Take one of the words before the query. *out_more: there may be another. */
static bool take_option(struct reading *reading, bool *out_more)
{
	struct str word = {0};
	bool quoted = false, ok = true;
	const char *after = cmd_word(reading->p, &word, &quoted);
	const char *name = after && !quoted ? str_c(&word) : "";
	bool until = strcmp(name, "until") == 0, fold = strcmp(name, "fold") == 0;
	*out_more = true;
	if (after) after += strspn(after, " \t");
	if (!reading->timed && (until || strcmp(name, "for") == 0)) {
		reading->timed = true;
		reading->p = after;
		ok = until ? take_until(reading) : take_for(reading);
	} else if (!reading->acted && (fold || strcmp(name, "hide") == 0)) {
		reading->acted = true;
		reading->p = after;
		reading->line->mute.action = fold ? MUTE_FOLD : MUTE_HIDE;
	} else if (!reading->placed && strcmp(name, "in") == 0) {
		reading->placed = true;
		reading->p = after;
		ok = take_columns(reading);
	} else {
		*out_more = false;
	}
	str_finish(&word);
	return ok;
}

/* Step over blanks; the bytes that are left without those at the end. */
static size_t trimmed(const char **text)
{
	*text += strspn(*text, " \t\r\n");
	size_t len = strlen(*text);
	while (len && strchr(" \t\r\n", (*text)[len - 1]))
		len--;
	return len;
}

char *mute_id(const char *columns, const char *query)
{
	struct str id = {0};
	if (columns) {
		str_adds(&id, "in ");
		cmd_quote(&id, columns);
		str_addc(&id, ' ');
	}
	str_adds(&id, query);
	return str_take(&id);
}

bool mute_line_read(struct mute_line *out, const char *text, enum mute_place place, int64_t now_ms,
        struct err *err)
{
	*out = (struct mute_line){.mute = {.action = MUTE_USUAL, .made_ms = now_ms}};
	struct reading reading = {.p = text + strspn(text, " \t"),
	        .line = out,
	        .place = place,
	        .now_ms = now_ms,
	        .err = err};
	bool ok = true;
	for (bool more = true; ok && more;)
		ok = take_option(&reading, &more);
	str_finish(&reading.word);
	size_t len = trimmed(&reading.p);
	if (!ok) return false;
	if (!len)
		return err_set(err, ERR_SYNTAX,
		        "what shall be muted? for instance #spam, from:ada or word:cat");
	out->query_at = (size_t)(reading.p - text);
	out->query = xstrndup(reading.p, len);
	out->id = mute_id(out->columns, out->query);
	out->mute.id = out->id;
	out->mute.query = out->query;
	out->mute.columns = out->columns;
	return true;
}

void mute_line_finish(struct mute_line *line)
{
	free(line->id);
	free(line->query);
	free(line->columns);
	*line = (struct mute_line){0};
}

/* Would the query's first word be taken for one of the words before it? */
static bool begins_like_an_option(const char *query)
{
	static const char *const names[] = {"for", "until", "fold", "hide", "in"};
	size_t len = strcspn(query, " \t\r\n");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strlen(names[i]) == len && memcmp(names[i], query, len) == 0) return true;
	}
	return false;
}

void mute_line_print(struct str *out, const struct mute *mute)
{
	char until[32];
	if (mute->until_ms) {
		date_format_rfc3339(until, mute->until_ms);
		str_addf(out, "until %s ", until);
	}
	if (mute->action != MUTE_USUAL)
		str_adds(out, mute->action == MUTE_FOLD ? "fold " : "hide ");
	if (mute->columns) {
		str_adds(out, "in ");
		cmd_quote(out, mute->columns);
		str_addc(out, ' ');
	}
	/* In parentheses it is the same query. */
	str_addf(out, begins_like_an_option(mute->query) ? "(%s)" : "%s", mute->query);
}

void mute_print_left(struct str *out, int64_t until_ms, int64_t now_ms)
{
	static const int64_t hour_ms = 3600000;
	int64_t left = until_ms - now_ms;
	if (!until_ms) {
		str_adds(out, "for good");
		return;
	}
	/* Nobody thinks of two weeks as thirteen days, 23 hours and 59 minutes. */
	int64_t unit = left > 24 * hour_ms ? hour_ms : hour_ms / 60;
	str_adds(out, "for ");
	left = (left + unit / 2) / unit * unit;
	duration_print(out, left > 0 ? left : unit);
}

void mute_value_print(struct str *out, const struct mute *mute)
{
	str_addf(out, "%c%" PRId64 ":%" PRIu64 " ", VALUE_SIGN, mute->made_ms, mute->hits);
	mute_line_print(out, mute);
}

bool mute_value_read(struct mute_line *out, const char *value, struct err *err)
{
	bool old = *value != VALUE_SIGN;
	char *end;
	long long number = strtoll(value + !old, &end, 10);
	unsigned long long hits = !old && *end == ':' ? strtoull(end + 1, &end, 10) : 0;
	const char *text = end + (*end == ' ');
	if (!old) {
		bool ok = mute_line_read(out, text, MUTE_AT_PROMPT, number, err);
		out->mute.hits = hits;
		return ok;
	}
	*out = (struct mute_line){0};
	size_t len = trimmed(&text);
	bool dated = number >= 0 && number <= LAST_MS && *end == ' ';
	if (!len || end == value || !dated) return err_set(err, ERR_FORMAT, "it is damaged");
	out->query = xstrndup(text, len);
	out->id = mute_id(NULL, out->query);
	out->mute = (struct mute){
	        .id = out->id, .query = out->query, .until_ms = number > 0 ? whole_s(number) : 0};
	return true;
}
