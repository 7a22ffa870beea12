#include "model/action.h"

#include <stdlib.h>

#include "base/mem.h"
#include "model/server_filter.h"

#define X(id, name, undo, target, cap, help) {name, undo, help, TARGET_##target, cap},
const struct verb_row verbs[VERB_COUNT] = {VERBS(X)};
#undef X

struct action *action_new(enum verb verb, bool undo)
{
	struct action *action = xcalloc(1, sizeof *action);

	action->verb = verb;
	action->undo = undo;
	action->visibility = -1;
	action->reposts = true;
	return action;
}

static char *copy_of(const char *s)
{
	return s ? xstrdup(s) : NULL;
}

struct action *action_copy(const struct action *action)
{
	struct action *copy = xmalloc(sizeof *copy);

	*copy = *action;
	copy->uri = copy_of(action->uri);
	copy->remote_id = copy_of(action->remote_id);
	copy->profile = copy_of(action->profile);
	copy->profile_id = copy_of(action->profile_id);
	copy->name = copy_of(action->name);
	copy->text = copy_of(action->text);
	copy->warning = copy_of(action->warning);
	copy->key = copy_of(action->key);
	copy->filter = action->filter ? server_filter_copy(action->filter) : NULL;
	return copy;
}

void action_free(struct action *action)
{
	if (!action) return;
	free(action->uri);
	free(action->remote_id);
	free(action->profile);
	free(action->profile_id);
	free(action->name);
	free(action->text);
	free(action->warning);
	free(action->key);
	server_filter_free(action->filter);
	free(action);
}
