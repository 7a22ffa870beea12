#include "app/mute_file.h"

#include <stdlib.h>
#include <string.h>

#include "app/mute_line.h"
#include "base/paths.h"
#include "cmd/cmd.h"

enum { MAX_BYTES = 4 << 20, MAX_PER_DAY = 100000 };

/* What the lines' commands run on. */
struct reading {
	const struct mute_sink *sink;
	size_t taken;
};

bool quota_read(const char *word, unsigned *out, struct err *err)
{
	char *end;
	long n = strtol(word, &end, 10);
	bool off = strcmp(word, "off") == 0;
	if (!off && (*end || end == word || n < 1 || n > MAX_PER_DAY))
		return err_set(err, ERR_SYNTAX, "a quota is 1 to %d rows a day, or off; not '%s'",
		        MAX_PER_DAY, word);
	*out = off ? 0 : (unsigned)n;
	return true;
}

static bool mute(const struct cmd_call *call, struct err *err)
{
	struct reading *reading = call->app;
	struct mute_line line;
	bool ok = mute_line_read(&line, call->argv[1], MUTE_AT_PROMPT, reading->sink->now_ms, err);
	bool over = ok && line.mute.until_ms && line.mute.until_ms <= reading->sink->now_ms;
	/* What was over before it came is no mistake, and nothing to take in. */
	if (ok && !over) ok = reading->sink->mute(reading->sink->ctx, &line.mute, err);
	reading->taken += ok && !over;
	mute_line_finish(&line);
	return ok;
}

static bool quota(const struct cmd_call *call, struct err *err)
{
	struct reading *reading = call->app;
	const char *handle = call->argv[1] + (*call->argv[1] == '@');
	unsigned per_day;
	if (!quota_read(call->argv[2], &per_day, err)) return false;
	if (!reading->sink->quota(reading->sink->ctx, handle, per_day, err)) return false;
	reading->taken++;
	return true;
}

/* Nothing else: a file of mutes may come from a stranger. */
static const struct cmd commands[] = {
        {"mute", "QUERY", "", 0, mute, NULL},
        {"quota", "WHO N", "", 0, quota, NULL},
        {0},
};

static void on_mistake(void *ctx, const char *sentence)
{
	const struct reading *reading = ctx;
	reading->sink->mistake(reading->sink->ctx, sentence);
}

bool mute_file_read(const char *path, const struct mute_sink *sink, size_t *out_taken,
        size_t *out_wrong, struct err *err)
{
	const struct cmd *const tables[] = {commands, NULL};
	const struct cmd_set set = {tables};
	struct reading reading = {.sink = sink};
	char *text = NULL;
	unsigned long len = 0;
	if (!paths_read(path, MAX_BYTES, &text, &len, err)) return false;
	*out_wrong = (size_t)cmd_source(&set, &reading, path, text, len, 0, on_mistake, &reading);
	*out_taken = reading.taken;
	free(text);
	return true;
}

size_t mute_file_print(struct str *out, const struct store *store)
{
	const struct mute *mutes;
	const char *const *handles;
	const unsigned *per_day;
	size_t n = store_mutes(store, &mutes);
	size_t nquotas = store_quotas(store, &handles, &per_day);
	for (size_t i = 0; i < n; i++) {
		str_adds(out, "mute ");
		mute_line_print(out, &mutes[i]);
		str_addc(out, '\n');
	}
	for (size_t i = 0; i < nquotas; i++)
		str_addf(out, "quota %s %u\n", handles[i], per_day[i]);
	return n + nquotas;
}
