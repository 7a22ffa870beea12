#pragma once
#include "app/rules.h"

/*
 * What the files of app/rules.h share. Keys of queue.db, with what follows the slash and the value:
 *	mute/ID           as mute_value_print
 *	quota/HANDLE      rows a day
 *	saved/NAME        the engine's own: `own` or `config`, a blank, the query (JOB_SAVED)
 *	rule/MADE_MS LINE "1"; so that they come back in the order in which they were made
 * What a config says has ids that begin with CONFIG_MARK, and is in no database.
 */
#define CONFIG_MARK "config:"

/* Names that somebody holds. Zeroed is empty. */
struct names {
	char **p;
	size_t n, cap;
};
size_t names_find(const struct names *names, const char *name); /* names->n: not there */
bool names_have(const struct names *names, const char *name);
void names_add(struct names *names, const char *name);
void names_drop(struct names *names, const char *name);
void names_finish(struct names *names);

struct kept {
	struct names config_saves, config_quotas; /* said by the config that was run last */
	struct names stale;                       /* saves that it said before it is run anew */
	struct names tried, tried_queries;        /* saved by a config that is tried, in pairs */
	struct names keys, values;                /* what was remembered, until all of it is here */
	struct names hit_ids; /* mutes, and how many rows each had held back when kept last */
	uint64_t *hits;
	size_t hits_cap;
	const char *telling; /* id of the remembered rule whose line is run, or NULL */
};
struct kept *kept_get(struct app *app);

/* Does a file say so? Then it is in that file, and not kept a second time. */
bool kept_by_file(const struct app *app);
/* Remember `value` as KIND/NAME; NULL or "" forgets. */
void kept_remember(struct app *app, const char *kind, const char *name, const char *value);

/* rules.c: keep a mute; and one that was kept so. */
void kept_mute(struct app *app, const struct mute *mute);
void kept_mute_is(struct app *app, const struct mute *mute);

/* saves.c: those among what was remembered. */
void saves_tell(struct app *app);
/* Those that the config said before, and does not say now. */
void saves_drop_stale(struct app *app);
/* Those that it says, to the engine. */
void saves_tell_engine(struct app *app);
