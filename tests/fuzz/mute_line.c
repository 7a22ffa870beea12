#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "app/mute_line.h"
#include "base/mem.h"
#include "base/utf8.h"

/* A line of mutes that is taken reads back from queue.db as the same; so does any kept value. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void keeps(const struct mute *mute)
{
	struct str once = {0}, twice = {0};
	struct mute_line line;
	mute_value_print(&once, mute);
	assert(mute_value_read(&line, once.p, NULL));
	mute_value_print(&twice, &line.mute);
	assert(strcmp(once.p, twice.p) == 0);
	assert(line.mute.until_ms == mute->until_ms && line.mute.action == mute->action);
	mute_line_finish(&line);
	str_finish(&once);
	str_finish(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int64_t now = 1795348800000;
	struct mute_line line;
	struct err err;
	if (size < 1 || memchr(data, 0, size) || !utf8_valid((const char *)data, size)) return 0;
	char *text = xstrndup((const char *)data + 1, size - 1);
	err = (struct err){0};
	bool value = data[0] & 1;
	enum mute_place place = data[0] & 2 ? MUTE_IN_FILE : MUTE_AT_PROMPT;
	if (value ? mute_value_read(&line, text, &err)
	          : mute_line_read(&line, text, place, now, &err)) {
		assert(*line.query && line.mute.query == line.query);
		assert(value || strncmp(text + line.query_at, line.query, strlen(line.query)) == 0);
		keeps(&line.mute);
	} else {
		assert(err.code != ERR_NONE && err.text[0]);
	}
	mute_line_finish(&line);
	free(text);
	return 0;
}
