#include "engine/saved.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "engine/source.h"

enum {
	MAX_SAVED = 200,
	RECENT = 16384, /* posts that are remembered; a power of two */
};

static const char prefix[] = "saved/";

static struct saved *find(const struct core *core, const char *name)
{
	struct saved *saved;
	DL_FOREACH(core->saved, saved)
	{
		if (strcmp(saved->name, name) == 0) return saved;
	}
	return NULL;
}

static void drop(struct core *core, struct saved *saved)
{
	DL_DELETE(core->saved, saved);
	query_free(saved->query);
	free(saved->name);
	free(saved->text);
	free(saved);
}

static void put(struct core *core, const char *name, const char *text, bool own)
{
	struct saved *saved = find(core, name);
	if (!saved) {
		saved = xcalloc(1, sizeof(*saved));
		saved->name = xstrdup(name);
		/* Sources have numbers from 1 up. */
		saved->key = -(int64_t)++core->saved_serial;
		DL_APPEND(core->saved, saved);
	}
	char *copy = xstrdup(text);
	free(saved->text);
	saved->text = copy;
	saved->own = own;
}

static const char *text_of(void *ctx, const char *name)
{
	const struct saved *saved = find(ctx, name);
	return saved ? saved->text : NULL;
}

struct query_env saved_env(struct core *core)
{
	return (struct query_env){.saved = text_of, .ctx = core, .now_ms = core_wall(core)};
}

/* They may name each other: when one changes, all are read again. */
void saved_ready(struct core *core)
{
	struct query_env env = saved_env(core);
	struct saved *saved;
	DL_FOREACH(core->saved, saved)
	{
		struct err err = {0};
		int at;
		query_free(saved->query);
		saved->query = NULL;
		if (!query_parse_in(&env, saved->text, false, &saved->query, &at, &err))
			log_put(LOG_WARN, "engine", "saved:%s: %s", saved->name, err.text);
	}
}

void saved_value(struct core *core, const char *key, const char *value)
{
	const char *blank = strchr(value, ' ');
	if (strncmp(key, prefix, sizeof(prefix) - 1) != 0 || !blank) return;
	put(core, key + sizeof(prefix) - 1, blank + 1, strncmp(value, "own ", 4) == 0);
}

static bool keep(struct core *core, const char *name, const char *text, bool own, struct err *err)
{
	struct str key = {0}, value = {0};
	str_addf(&key, "%s%s", prefix, name);
	if (*text) str_addf(&value, "%s %s", own ? "own" : "config", text);
	bool ok = queue_db_put(core->db, key.p, str_c(&value), err);
	str_finish(&key);
	str_finish(&value);
	return ok;
}

/* Nothing yet: from when on it is counted is known by its first hour. */
static void begin_tally(struct core *core, const char *name)
{
	const int64_t hour_ms = 3600000;
	struct err err = {0};
	struct str source = {0};
	str_addf(&source, "saved:%s", name);
	if (!queue_db_tally(core->db, source.p, core_wall(core) / hour_ms * hour_ms, 0, 0, &err))
		log_put(LOG_WARN, "engine", "tally: %s", err.text);
	str_finish(&source);
}

/* How many are there? */
static size_t count(const struct core *core)
{
	const struct saved *saved;
	size_t n = 0;
	DL_FOREACH(core->saved, saved)
	{
		n++;
	}
	return n;
}

enum outcome saved_put(struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	(void)open;
	char *name = job->arg, *text = name ? strchr(name, '\n') : NULL;
	if (!text || text == name) {
		err_set(err, ERR_SYNTAX, "a saved query has a name and a query");
		return OUTCOME_FAILED;
	}
	*text++ = '\0';
	struct saved *saved = find(core, name);
	/* A config says the same at each start. */
	if (saved && saved->own == job->on && strcmp(saved->text, text) == 0) return OUTCOME_OVER;
	if (!saved && *text && count(core) >= MAX_SAVED) {
		err_set(err, ERR_TOO_LARGE, "at most %d queries can be saved", MAX_SAVED);
		return OUTCOME_FAILED;
	}
	if (!keep(core, name, text, job->on, err)) return OUTCOME_FAILED;
	if (!saved && *text) begin_tally(core, name);
	if (*text)
		put(core, name, text, job->on);
	else if (saved)
		drop(core, saved);
	saved_ready(core);
	sources_resolve(core);
	return OUTCOME_OVER;
}

void saved_free(struct core *core)
{
	while (core->saved)
		drop(core, core->saved);
	free(core->saved_recent);
}

bool saved_seen(struct core *core, const char *uri)
{
	uint64_t hash = 14695981039346656037u; /* FNV-1a */
	for (; *uri; uri++)
		hash = (hash ^ (unsigned char)*uri) * 1099511628211u;
	if (!core->saved_recent) core->saved_recent = xcalloc(RECENT, sizeof(uint64_t));
	uint64_t *slot = &core->saved_recent[(hash ^ hash >> 32) & (RECENT - 1)];
	bool seen = *slot == hash;
	*slot = hash;
	return seen;
}
