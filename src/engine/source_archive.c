#include "engine/source.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/saved.h"
#include "query/query.h"

/*
 * Sources that are searches of the archive: nothing is fetched, the archive's thread finds their
 * rows, and new ones as they are saved.
 */

bool source_resolve_archive(struct source *source)
{
	struct query_env env = saved_env(source->core);
	struct query *query = NULL;
	int col = 0;
	source->is_archive = true;
	if (!query_parse_in(&env, source->ref.arg, false, &query, &col, &source->problem))
		return false;
	unsigned needs = query_needs(query);
	query_free(query);
	if (!(needs & (QUERY_NEEDS_UNREAD | QUERY_NEEDS_ATTENTION | QUERY_NEEDS_MUTED)))
		return true;
	return err_set(&source->problem, ERR_UNSUPPORTED,
	        "the archive does not know what is unread, muted or waits for an answer; ask that "
	        "in the column's own query");
}

/* What names in its query mean: archiver.h. */
static char *names(struct core *core)
{
	struct str text = {0};
	const struct saved *saved;
	const struct signin *signin;
	DL_FOREACH(core->saved, saved)
	{
		str_addf(&text, "saved %s\t%s\n", saved->name, saved->text);
	}
	DL_FOREACH(core->signins, signin)
	{
		str_addf(
		        &text, "network %s\t%s\n", signin->account->name, signin->account->network);
	}
	str_adds(&text, "");
	return str_take(&text);
}

void source_search(struct source *source)
{
	char *now = names(source->core);
	if (source->names && strcmp(source->names, now) == 0) {
		free(now);
		return;
	}
	free(source->names);
	source->names = now;
	archiver_search(source->core->archive, source->id, source->name, now, SOURCE_FIRST_ROWS);
}

void sources_search(struct core *core)
{
	struct source *source, *next;
	HASH_ITER(hh, core->sources, source, next)
	{
		if (source_is_archive(&source->ref)) source_search(source);
	}
}
