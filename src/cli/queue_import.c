#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/csv.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "fields.h"
#include "out.h"
#include "post_trial.h"
#include "queue.h"
#include "sending.h"

/* Many posts at once from a table: all of them or, when one is wrong, none. */

enum {
	IMPORT_MAX_BYTES = 64 << 20,
	IMPORT_MAX_ROWS = 100000,
	IMPORT_TOLD = 50, /* mistakes that are told one by one */
	IMPORT_MS = 120000,
	FIELD_TEXT = FIELD_COUNT, /* besides those of POST_FIELDS */
};

struct import {
	struct queue_call *call;
	struct fields_world world;
	const char *name; /* of the file */
	const char *zone; /* where a row has none; or NULL */
	struct draft **drafts;
	size_t ndrafts, cap, wrong;
	/* The row that is being read. */
	struct fields fields;
	size_t line;
	bool row_wrong, has_zone;
};

/* `plan.csv:3: at: sentence` */
static void complain(struct import *import, const char *field, const char *sentence)
{
	import->row_wrong = true;
	if (import->wrong++ >= IMPORT_TOLD) return;
	struct str line = {0};
	str_addf(&line, "%s:%zu: ", import->name, import->line);
	if (field) str_addf(&line, "%s: ", field);
	str_addf(&line, "%s\n", sentence);
	out_text(stderr, str_c(&line));
	str_finish(&line);
}

/* -- a row, whatever it is written as -- */

static const char *field_name(int field)
{
	return field == FIELD_TEXT ? "text" : field_rows[field].name;
}

/* The field of a name; -1 after a complaint. */
static int find_field(struct import *import, const char *name)
{
	const char *near = NULL;
	struct str sentence = {0};
	struct nearest text = {.given = name};
	if (strcmp(name, "text") == 0) return FIELD_TEXT;
	enum post_field field = field_find(name, &near);
	if (field != FIELD_COUNT) return (int)field;
	nearest_offer(&text, "text");
	if (text.best) near = text.best;
	str_addf(&sentence, "there is no such field%s%s%s", near ? "; is it '" : "",
	        near ? near : "; `stoa post --help` has them", near ? "'?" : "");
	complain(import, name, str_c(&sentence));
	str_finish(&sentence);
	return -1;
}

static void row_begin(struct import *import, size_t line)
{
	import->fields = (struct fields){.world = &import->world};
	import->line = line;
	import->row_wrong = import->has_zone = false;
}

static void row_set(struct import *import, int field, const char *value)
{
	struct err err = {0};
	bool ok = field == FIELD_TEXT
	                  ? fields_text(&import->fields, value, strlen(value), &err)
	                  : fields_set(&import->fields, (enum post_field)field, value, &err);
	if (field == FIELD_ZONE) import->has_zone = true;
	if (!ok) complain(import, field_name(field), err.text);
}

static void row_look(struct import *import)
{
	struct fields *fields = &import->fields;
	for (size_t t = 0; t < fields->ntargets; t++) {
		for (size_t part = 0; part < fields->draft->nparts; part++) {
			struct err err = {0}, why = {0};
			if (post_fits(fields, t, part, &err)) continue;
			err_set(&why, err.code, "%s: %s", fields->targets[t]->name, err.text);
			complain(import, NULL, why.text);
		}
	}
}

static void row_end(struct import *import)
{
	struct err err = {0};
	if (import->zone && !import->has_zone) row_set(import, FIELD_ZONE, import->zone);
	/* What comes of the rest is only worth telling when each thing could be read. */
	if (!import->row_wrong && !fields_done(&import->fields, &err))
		complain(import, NULL, err.text);
	if (!import->row_wrong) row_look(import);
	if (!import->row_wrong) {
		import->drafts = mem_grow(
		        import->drafts, &import->cap, import->ndrafts + 1, sizeof(*import->drafts));
		import->drafts[import->ndrafts++] = import->fields.draft;
		import->fields.draft = NULL;
	}
	fields_finish(&import->fields);
}

/* -- CSV -- */

struct header {
	int fields[CSV_MAX_FIELDS];
	size_t n;
};

static void read_header(struct import *import, const struct csv *csv, struct header *header)
{
	import->line = csv->line;
	for (size_t i = 0; i < csv->nfields; i++) {
		char name[64];
		const char *given = csv_field(csv, i);
		size_t len = 0;
		given += strspn(given, " ");
		for (; given[len] && len + 1 < sizeof(name); len++)
			name[len] = (char)tolower((unsigned char)given[len]);
		while (len > 0 && name[len - 1] == ' ')
			len--;
		name[len] = '\0';
		header->fields[header->n++] = find_field(import, name);
	}
}

/* A cell may name several accounts. */
static void set_accounts(struct import *import, const char *value)
{
	for (const char *at = value + strspn(value, ",; "); *at;) {
		size_t len = strcspn(at, ",; ");
		char *name = xstrndup(at, len);
		row_set(import, FIELD_ACCOUNT, name);
		free(name);
		at += len;
		at += strspn(at, ",; ");
	}
}

static void read_record(struct import *import, const struct csv *csv, const struct header *header)
{
	row_begin(import, csv->line);
	for (size_t i = 0; i < csv->nfields; i++) {
		const char *value = csv_field(csv, i);
		if (i >= header->n) {
			if (*value) complain(import, NULL, "more cells than the first line names");
			break;
		}
		if (!*value) continue;
		if (header->fields[i] == FIELD_ACCOUNT)
			set_accounts(import, value);
		else
			row_set(import, header->fields[i], value);
	}
	row_end(import);
}

static bool read_csv(struct import *import, const char *text, size_t len, struct err *err)
{
	struct csv csv = {.text = text, .len = len};
	struct header header = {0};
	bool more = false, ok = csv_next(&csv, &more, err);
	if (ok && more) read_header(import, &csv, &header);
	/* A wrong header would make every row wrong. */
	more = more && !import->wrong;
	while (ok && more && (ok = csv_next(&csv, &more, err)) && more) {
		if (import->ndrafts == IMPORT_MAX_ROWS)
			ok = err_set(err, ERR_TOO_LARGE, "more than %d rows", (int)IMPORT_MAX_ROWS);
		else
			read_record(import, &csv, &header);
	}
	csv_finish(&csv);
	return ok;
}

/* -- JSON lines -- */

static void set_value(struct import *import, int field, const cJSON *value);

/* {"path": …, "alt": …}, of a later post of a thread with "part". */
static void set_file(struct import *import, const cJSON *file)
{
	const char *path = json_str(file, "path"), *alt = json_str(file, "alt");
	if (!path) {
		complain(import, "media", "a file has a `path`");
		return;
	}
	const cJSON *part = cJSON_GetObjectItemCaseSensitive(file, "part");
	if (part) set_value(import, FIELD_PART, part);
	row_set(import, FIELD_MEDIA, path);
	if (alt) row_set(import, FIELD_ALT, alt);
}

static void set_value(struct import *import, int field, const cJSON *value)
{
	char number[32];
	if (cJSON_IsNull(value)) return;
	if (cJSON_IsString(value)) {
		row_set(import, field, value->valuestring);
	} else if (cJSON_IsBool(value)) {
		row_set(import, field, cJSON_IsTrue(value) ? "yes" : "no");
	} else if (cJSON_IsNumber(value)) {
		snprintf(number, sizeof(number), "%.15g", value->valuedouble);
		row_set(import, field, number);
	} else if (cJSON_IsArray(value)) {
		json_each (item, value) {
			if (cJSON_IsArray(item)) {
				complain(import, field_name(field), "a list within a list");
				return;
			}
			set_value(import, field, item);
		}
	} else if (field == FIELD_MEDIA) {
		set_file(import, value);
	} else {
		complain(import, field_name(field), "that cannot be an object");
	}
}

static void read_object(struct import *import, const char *line, size_t len, size_t number)
{
	struct err err = {0};
	struct json *doc = json_parse(line, len, &err);
	row_begin(import, number);
	if (!doc)
		complain(import, NULL, err.text);
	else if (!cJSON_IsObject(json_root(doc)))
		complain(import, NULL, "a line is one JSON object");
	else
		json_each (member, json_root(doc)) {
			int field = find_field(import, member->string);
			if (field >= 0) set_value(import, field, member);
		}
	row_end(import);
	json_free(doc);
}

static bool read_json(struct import *import, const char *text, size_t len, struct err *err)
{
	size_t number = 0;
	for (const char *at = text, *end = text + len; at < end;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t n = (size_t)((stop ? stop : end) - at), blank = 0;
		number++;
		while (blank < n && isspace((unsigned char)at[blank]))
			blank++;
		if (import->ndrafts == IMPORT_MAX_ROWS)
			return err_set(
			        err, ERR_TOO_LARGE, "more than %d rows", (int)IMPORT_MAX_ROWS);
		if (blank < n) read_object(import, at, n, number);
		at += n + (stop != NULL);
	}
	return true;
}

/* -- all of it -- */

static bool is_json(
        const struct import *import, const char *text, size_t len, bool *out, struct err *err)
{
	const char *format = args_value(import->call->args, "format");
	const char *dot = strrchr(import->name, '.');
	if (format && strcmp(format, "csv") != 0 && strcmp(format, "json") != 0)
		return err_set(err, ERR_SYNTAX, "there is no format '%s': csv or json", format);
	size_t blank = 0;
	while (blank < len && isspace((unsigned char)text[blank]))
		blank++;
	if (format)
		*out = strcmp(format, "json") == 0;
	else if (dot && strcmp(dot, ".csv") == 0)
		*out = false;
	else
		*out = blank < len && text[blank] == '{';
	return true;
}

static char *read_whole(const char *name, size_t *out_len, struct err *err)
{
	char *text = NULL;
	unsigned long len = 0;
	if (strcmp(name, "-") == 0) {
		struct str all = {0};
		char part[65536];
		for (size_t n; all.len <= IMPORT_MAX_BYTES &&
		               (n = fread(part, 1, sizeof(part), stdin)) > 0;)
			str_add(&all, part, n);
		*out_len = all.len;
		if (all.len <= IMPORT_MAX_BYTES) return str_take(&all);
		str_finish(&all);
		err_set(err, ERR_TOO_LARGE, "more than %d MB", IMPORT_MAX_BYTES >> 20);
		return NULL;
	}
	if (!paths_read(name, IMPORT_MAX_BYTES, &text, &len, err)) return NULL;
	*out_len = len;
	return text;
}

static bool read_all(struct import *import, struct err *err)
{
	size_t len = 0;
	bool json = false;
	char *text = read_whole(import->call->words[0], &len, err);
	if (!text) return false;
	bool ok = is_json(import, text, len, &json, err) &&
	          (json ? read_json(import, text, len, err) : read_csv(import, text, len, err));
	free(text);
	return ok;
}

static void print_plan(const struct import *import)
{
	for (size_t i = 0; i < import->ndrafts; i++) {
		const struct draft *draft = import->drafts[i];
		struct str line = {0};
		char buf[32];
		for (size_t a = 0; a < draft->naccounts; a++)
			str_addf(&line, "%s%s", a ? ", " : "",
			        sending_name(&import->call->session, draft->accounts[a], buf));
		str_adds(&line, ": ");
		if (draft->at.utc_ms)
			when_print(&line, &draft->at, import->world.now_ms);
		else
			str_adds(&line, "at once");
		str_addc(&line, '\n');
		out_text(stdout, str_c(&line));
		str_finish(&line);
	}
}

static bool take_all(struct import *import, struct err *err)
{
	struct job *job = job_new(JOB_IMPORT);
	job->drafts = import->drafts;
	job->ndrafts = import->ndrafts;
	import->drafts = NULL;
	import->ndrafts = 0;
	return session_do(&import->call->session, job, IMPORT_MS, err);
}

static int finish_import(struct import *import, struct err *err)
{
	size_t n = import->ndrafts;
	if (import->wrong > IMPORT_TOLD)
		fprintf(stderr, "stoa: and %zu mistakes more\n", import->wrong - IMPORT_TOLD);
	if (import->wrong) {
		fprintf(stderr, "stoa: %zu mistake%s: nothing was taken\n", import->wrong,
		        import->wrong == 1 ? "" : "s");
		return CLI_FAILED;
	}
	if (n == 0) {
		err_set(err, ERR_FORMAT, "%s: there is no post in it", import->name);
		return out_fail(err);
	}
	if (args_has(import->call->args, "dry-run")) {
		print_plan(import);
		printf("%zu would be taken\n", n);
		return CLI_DONE;
	}
	if (!take_all(import, err)) return out_fail(err);
	printf("%zu taken, %" PRId64 " posts for accounts\n", n, import->call->session.number);
	return CLI_DONE;
}

int queue_import(struct queue_call *call, struct err *err)
{
	struct import import = {.call = call,
	        .name = strcmp(call->words[0], "-") == 0 ? "standard input" : call->words[0],
	        .zone = args_value(call->args, "zone")};
	if (!queue_open(call, NULL, err)) return out_fail(err);
	import.world = (struct fields_world){.session = &call->session,
	        .queued = &call->queued,
	        .now_ms = clock_wall(&clock_system)};
	int status;
	if (read_all(&import, err)) {
		status = finish_import(&import, err);
	} else {
		struct err why = *err;
		err_set(err, why.code, "%s: %s", import.name, why.text);
		status = out_fail(err);
	}
	for (size_t i = 0; i < import.ndrafts; i++)
		draft_free(import.drafts[i]);
	free(import.drafts);
	fields_world_finish(&import.world);
	return status;
}
