#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/overlay.h"
#include "base/date.h"
#include "base/mem.h"
#include "base/paths.h"
#include "tables.h"

/* What stoa said, and what it wrote down. */

enum { LOG_END = 65536, LOG_LINES = 500, STAMP_MAX = 40 };

static void add_empty(struct list_view *list, const char *text)
{
	if (list->nitems == 0) list_view_add(list, &(struct list_item){.text = (char *)text});
}

/* -- what was said on the status bar -- */

static bool messages(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	(void)err;
	struct list_view list = {.title = xstrdup("Messages")};
	for (size_t i = app->nmessages; i-- > 0;) {
		char at[16] = "";
		time_t seconds = (time_t)(app->messages[i].at_ms / 1000);
		struct tm tm;
		if (localtime_r(&seconds, &tm)) strftime(at, sizeof(at), "%H:%M:%S", &tm);
		struct list_item item = {.key = at, .text = app->messages[i].text};
		list_view_add(&list, &item);
	}
	add_empty(&list, "nothing was said yet");
	overlay_list(app, &list);
	return true;
}

/* -- the log file -- */

static const struct list_key log_keys[] = {
        {"r", "look again", "log", true},
        {"m", "messages", "messages", true},
        {0},
};

/* "22 Nov 13:05:07" by the machine's clocks; the log has UTC. */
static bool local_time(const char *stamp, char out[32])
{
	int64_t ms;
	struct tm tm;
	if (!date_parse_rfc3339(stamp, &ms)) return false;
	time_t seconds = (time_t)(ms / 1000);
	return localtime_r(&seconds, &tm) && strftime(out, 32, "%d %b %H:%M:%S", &tm) > 0;
}

/* "TIME LEVEL AREA: TEXT" */
static void add_entry(struct list_view *list, const char *line, size_t len)
{
	const char *blank = memchr(line, ' ', len);
	char stamp[STAMP_MAX] = "", when[32] = "";
	size_t time_len = blank ? (size_t)(blank - line) : len;
	if (blank && time_len < sizeof(stamp)) memcpy(stamp, line, time_len);
	bool timed = local_time(stamp, when);
	const char *from = timed ? blank + 1 : line;
	char *text = xstrndup(from, (size_t)(line + len - from));
	list_view_add(list, &(struct list_item){.key = timed ? when : NULL, .text = text});
	free(text);
}

/* The newest first. */
static void add_entries(struct list_view *list, const char *text, size_t len)
{
	while (len > 0 && list->nitems < LOG_LINES) {
		size_t end = len;
		if (text[end - 1] == '\n') end--;
		size_t begin = end;
		while (begin > 0 && text[begin - 1] != '\n')
			begin--;
		if (end > begin) add_entry(list, text + begin, end - begin);
		len = begin;
	}
}

/* The last part of the file, from the first whole line on. Owned; NULL: there is no such file. */
static char *read_end(const char *path, size_t *out_len)
{
	FILE *file = fopen(path, "r");
	if (!file) return NULL;
	char *text = xcalloc(1, LOG_END + 1);
	long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : 0;
	bool cut = size > LOG_END;
	size_t len = 0;
	if (fseek(file, cut ? size - LOG_END : 0, SEEK_SET) == 0)
		len = fread(text, 1, LOG_END, file);
	fclose(file);
	char *lf = cut ? memchr(text, '\n', len) : NULL;
	if (lf) {
		size_t skip = (size_t)(lf + 1 - text);
		memmove(text, lf + 1, len - skip);
		len -= skip;
	}
	*out_len = len;
	return text;
}

static bool log_end(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	size_t len = 0;
	if (!app->paths) return err_set(err, ERR_NOT_FOUND, "nothing is kept here, and no log");
	char *path = paths_join(app->paths->state, "log"), *text = read_end(path, &len);
	struct str title = {0};
	str_addf(&title, "Log: the end of %s", path);
	struct list_view list = {
	        .title = str_take(&title), .keys = log_keys, .again = xstrdup("log")};
	if (text) add_entries(&list, text, len);
	add_empty(&list, "nothing went wrong yet");
	overlay_list(app, &list);
	free(text);
	free(path);
	return true;
}

const struct cmd log_commands[] = {
        {"log", "", "the end of the log file: what went wrong, the newest first", ANYWHERE, log_end,
                NULL},
        {"messages", "", "list what was said on the status bar", ANYWHERE, messages, NULL},
        {0},
};
