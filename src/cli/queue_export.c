#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/json.h"
#include "base/mem.h"
#include "fields.h"
#include "model/post.h"
#include "out.h"
#include "queue.h"
#include "sending.h"

/* What waits, as `stoa queue import` reads it again. */

/* One thing said of a post. */
struct said {
	const char *name; /* as in POST_FIELDS, or "text" */
	char *value;      /* owned */
};

struct said_row {
	struct said *said;
	size_t n, cap;
};

static void say(struct said_row *row, const char *name, const char *value)
{
	if (!value || !*value) return;
	row->said = mem_grow(row->said, &row->cap, row->n + 1, sizeof(*row->said));
	row->said[row->n++] = (struct said){name, xstrdup(value)};
}

static void row_finish(struct said_row *row)
{
	for (size_t i = 0; i < row->n; i++)
		free(row->said[i].value);
	free(row->said);
	*row = (struct said_row){0};
}

static const struct outgoing *after(const struct queued *queued, const struct outgoing *item)
{
	for (size_t i = 0; i < queued->nitems; i++) {
		const struct outgoing *next = queued->items[i];
		if (next->after == item->id && queued_is_coming(next)) return next;
	}
	return NULL;
}

/* The parts of a thread are one post again. Polls of later parts have no place in a row. */
static void say_text(
        const struct queue_call *call, struct said_row *row, const struct outgoing *item)
{
	struct str text = {0};
	bool thread = false;
	str_adds(&text, item->text ? item->text : "");
	for (const struct outgoing *next = item; (next = after(&call->queued, next));) {
		thread = true;
		str_addf(&text, "\n---\n%s", next->text ? next->text : "");
		if (next->poll)
			fprintf(stderr,
			        "stoa: %" PRId64 ": the poll of a thread's later part is left "
			        "out\n",
			        next->id);
	}
	say(row, "text", str_c(&text));
	if (thread) say(row, field_rows[FIELD_THREAD].name, "yes");
	str_finish(&text);
}

static void say_poll(struct said_row *row, const struct draft_poll *poll)
{
	struct str text = {0};
	if (!poll) return;
	for (size_t i = 0; i < poll->noptions; i++)
		str_addf(&text, "%s%s", i ? "|" : "", poll->options[i]);
	say(row, field_rows[FIELD_POLL].name, str_c(&text));
	str_clear(&text);
	str_addf(&text, "%" PRId64 "s", poll->for_s);
	say(row, field_rows[FIELD_POLL_FOR].name, str_c(&text));
	if (poll->multiple) say(row, field_rows[FIELD_POLL_MULTIPLE].name, "yes");
	if (poll->hide_totals) say(row, field_rows[FIELD_POLL_HIDE].name, "yes");
	str_finish(&text);
}

static void say_time(struct said_row *row, const struct when *at)
{
	struct str text = {0};
	if (!at->utc_ms || !at->wall[0]) return;
	str_addf(&text, "%s%s", at->wall, at->fold ? " second" : "");
	say(row, field_rows[FIELD_AT].name, str_c(&text));
	say(row, field_rows[FIELD_ZONE].name, at->zone);
	str_finish(&text);
}

/* Each file, when need be with the number of its part before it. */
static void say_files(
        const struct queue_call *call, struct said_row *row, const struct outgoing *item)
{
	bool later = false;
	int part = 1;
	for (const struct outgoing *next = item; (next = after(&call->queued, next));)
		later = later || next->nmedia;
	for (const struct outgoing *next = item; next; next = after(&call->queued, next), part++) {
		char number[16];
		snprintf(number, sizeof(number), "%d", part);
		for (size_t i = 0; i < next->nmedia; i++) {
			if (later) say(row, field_rows[FIELD_PART].name, number);
			say(row, field_rows[FIELD_MEDIA].name, next->media[i].path);
			say(row, field_rows[FIELD_ALT].name, next->media[i].alt);
		}
	}
}

static void say_item(
        const struct queue_call *call, struct said_row *row, const struct outgoing *item)
{
	char buf[32];
	struct str gate = {0};
	say(row, field_rows[FIELD_ACCOUNT].name, sending_name(&call->session, item->account, buf));
	say_time(row, &item->at);
	say_text(call, row, item);
	say(row, field_rows[FIELD_WARNING].name, item->warning);
	say(row, field_rows[FIELD_LANG].name, item->lang);
	if (item->visibility_set)
		say(row, field_rows[FIELD_VISIBILITY].name, visibility_name(item->visibility));
	say(row, field_rows[FIELD_REPLY].name, item->reply_to);
	say(row, field_rows[FIELD_QUOTE].name, item->quote_of);
	say(row, field_rows[FIELD_LABEL].name, item->label);
	say(row, field_rows[FIELD_SELF_LABEL].name, item->self_labels);
	if (item->sensitive) say(row, field_rows[FIELD_SENSITIVE].name, "yes");
	field_print_gate(&gate, item->gate);
	say(row, field_rows[FIELD_GATE].name, str_c(&gate));
	str_finish(&gate);
	if (item->via) say(row, field_rows[FIELD_VIA].name, draft_vias[item->via].name);
	if (item->late) say(row, field_rows[FIELD_LATE].name, draft_lates[item->late].name);
	say_poll(row, item->poll);
	say_files(call, row, item);
}

static bool is_called(const struct said *said, enum post_field field)
{
	return strcmp(said->name, field_rows[field].name) == 0;
}

/* A file, its part before it, what it shows behind it: one object of the list `media`. */
static size_t print_media(struct str *line, const struct said_row *row, size_t i)
{
	bool begun = false;
	const char *before = "\"media\":[{";
	for (; i < row->n; i++) {
		const struct said *said = &row->said[i];
		bool part = is_called(said, FIELD_PART), media = is_called(said, FIELD_MEDIA);
		bool opens = part || (media && !begun);
		str_adds(line, opens ? before : ",");
		before = "},{";
		begun = part;
		str_adds(line, part ? "\"part\":" : media ? "\"path\":" : "\"alt\":");
		if (part)
			str_adds(line, said->value);
		else
			json_quote(line, said->value);
	}
	str_adds(line, "}]");
	return i;
}

/* Files stand last, so that they are one list. */
static void print_json(const struct said_row *row)
{
	struct str line = {0};
	for (size_t i = 0; i < row->n;) {
		const struct said *said = &row->said[i];
		str_addc(&line, i ? ',' : '{');
		if (is_called(said, FIELD_PART) || is_called(said, FIELD_MEDIA)) {
			i = print_media(&line, row, i);
			continue;
		}
		json_quote(&line, said->name);
		str_addc(&line, ':');
		json_quote(&line, said->value);
		i++;
	}
	str_adds(&line, "}\n");
	fwrite(line.p, 1, line.len, stdout);
	str_finish(&line);
}

/* How many of a name a row has. */
static size_t count(const struct said_row *row, const char *name)
{
	size_t n = 0;
	for (size_t i = 0; i < row->n; i++)
		n += strcmp(row->said[i].name, name) == 0;
	return n;
}

static const char *nth(const struct said_row *row, const char *name, size_t nth)
{
	for (size_t i = 0; i < row->n; i++) {
		if (strcmp(row->said[i].name, name) == 0 && nth-- == 0) return row->said[i].value;
	}
	return "";
}

/* What stands before (-1) or behind (1) a file: not each has a part, or says what it shows. */
static const char *beside(const struct said_row *row, size_t file, int side, enum post_field field)
{
	for (size_t i = 0; i < row->n; i++) {
		if (!is_called(&row->said[i], FIELD_MEDIA) || file-- > 0) continue;
		size_t at = side < 0 ? i - 1 : i + 1; /* before the first: beyond all */
		return at < row->n && is_called(&row->said[at], field) ? row->said[at].value : "";
	}
	return "";
}

static bool is_of_files(int field)
{
	return field == FIELD_PART || field == FIELD_MEDIA || field == FIELD_ALT;
}

static void print_csv_row(const struct said_row *row, size_t files)
{
	struct str line = {0};
	csv_put(&line, row ? nth(row, "text", 0) : "text");
	for (int field = 0; field < FIELD_COUNT; field++) {
		const char *name = field_rows[field].name;
		if (is_of_files(field)) continue;
		str_addc(&line, ',');
		csv_put(&line, row ? nth(row, name, 0) : name);
	}
	for (size_t i = 0; i < files; i++) {
		str_addc(&line, ',');
		csv_put(&line, row ? beside(row, i, -1, FIELD_PART) : field_rows[FIELD_PART].name);
		str_addc(&line, ',');
		csv_put(&line, row ? nth(row, field_rows[FIELD_MEDIA].name, i)
		                   : field_rows[FIELD_MEDIA].name);
		str_addc(&line, ',');
		csv_put(&line, row ? beside(row, i, 1, FIELD_ALT) : field_rows[FIELD_ALT].name);
	}
	str_adds(&line, "\r\n");
	fwrite(line.p, 1, line.len, stdout);
	str_finish(&line);
}

static void print_csv(const struct said_row *rows, size_t n)
{
	size_t files = 0;
	for (size_t i = 0; i < n; i++) {
		size_t of_row = count(&rows[i], field_rows[FIELD_MEDIA].name);
		if (of_row > files) files = of_row;
	}
	print_csv_row(NULL, files);
	for (size_t i = 0; i < n; i++)
		print_csv_row(&rows[i], files);
}

/* Later parts of a thread go with its first, as long as that waits too. */
static bool stands_alone(const struct queued *queued, const struct outgoing *item)
{
	const struct outgoing *before = item->after ? queued_item(queued, item->after) : NULL;
	return !before || !queued_is_coming(before);
}

int queue_export(struct queue_call *call, struct err *err)
{
	const char *format = args_value(call->args, "format");
	bool csv = format && strcmp(format, "csv") == 0;
	if (format && !csv && strcmp(format, "json") != 0) {
		err_set(err, ERR_SYNTAX, "there is no format '%s': csv or json", format);
		return out_fail(err);
	}
	if (!queue_open(call, NULL, err)) return out_fail(err);
	struct said_row *rows = xcalloc(call->queued.nitems + 1, sizeof(*rows));
	size_t n = 0;
	for (size_t i = 0; i < call->queued.nitems; i++) {
		const struct outgoing *item = call->queued.items[i];
		if (queued_is_coming(item) && stands_alone(&call->queued, item))
			say_item(call, &rows[n++], item);
	}
	if (csv) print_csv(rows, n);
	for (size_t i = 0; i < n; i++) {
		if (!csv) print_json(&rows[i]);
		row_finish(&rows[i]);
	}
	free(rows);
	return ferror(stdout) ? CLI_FAILED : CLI_DONE;
}
