#include "acting.h"

#include <string.h>

#include "app/prompt.h"
#include "model/post.h"
#include "model/profile.h"

static int visibility_of(const char *word)
{
	for (int i = 0; i < VIS_COUNT; i++) {
		if (strcmp(word, visibility_name((enum visibility)i)) == 0) return i;
	}
	return -1;
}

/* A word that says it by being there. */
static bool take_flag(struct acting *acting, const char *word)
{
	const struct {
		const char *word;
		bool *flag;
	} flags[] = {
	        {"known", &acting->known},
	        {"no-reposts", &acting->no_reposts},
	        {"notify", &acting->notify},
	        {"off", &acting->off},
	        {"on", &acting->on},
	        {"sure", &acting->sure},
	};
	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		if (strcmp(word, flags[i].word) != 0) continue;
		*flags[i].flag = true;
		return true;
	}
	return false;
}

/* A word that is followed by what it is about. */
static bool take_value(struct acting *acting, const char *word, const char *next)
{
	const struct {
		const char *word, **value;
	} values[] = {
	        {"as", &acting->as},
	        {"at", &acting->at},
	        {"for", &acting->for_},
	        {"tick", &acting->tick},
	};
	for (size_t i = 0; next && i < sizeof(values) / sizeof(*values); i++) {
		if (strcmp(word, values[i].word) != 0) continue;
		*values[i].value = next;
		return true;
	}
	return false;
}

void acting_read(const struct cmd_call *call, struct acting *out)
{
	struct acting acting = {.visibility = -1};
	int i = 1;
	act_verb(call->argv[0], &acting.verb, &acting.undo);
	for (; i < call->argc; i++) {
		const char *word = call->argv[i];
		const char *next = i + 1 < call->argc ? call->argv[i + 1] : NULL;
		if (take_flag(&acting, word)) continue;
		if (visibility_of(word) >= 0)
			acting.visibility = visibility_of(word);
		else if (take_value(&acting, word, next))
			i++;
		else
			break;
	}
	acting.rest = call->argv + i;
	acting.nrest = call->argc - i;
	if (acting.off) acting.undo = true;
	*out = acting;
}

profile_id acting_selected(const struct app *app, struct err *err)
{
	struct row row;
	if (app->overlay == OVERLAY_PROFILE && app->profile.profile) return app->profile.profile;
	if (app->overlay == OVERLAY_ARTICLE) {
		const struct post *post = app_selected(app, err);
		return post ? post->author : 0;
	}
	if (!app_selected_row(app, &row, err)) return 0;
	const struct post *post = store_post(app->store, row.post);
	profile_id who = post ? post->author : row.actor;
	if (!who) err_set(err, ERR_NOT_FOUND, "this row is about nobody");
	return who;
}

bool acting_profile(
        struct app *app, const struct acting *acting, struct acting_profile *out, struct err *err)
{
	profile_id id =
	        acting->at ? store_find_profile(app->store, acting->at) : acting_selected(app, err);
	const struct profile *profile = store_profile(app->store, id);
	if (!profile && !acting->at) return false;
	*out = (struct acting_profile){.id = id, .handle = profile ? profile->handle : acting->at};
	if (strncmp(out->handle, "@", 1) == 0) out->handle++;
	return true;
}

/* The same command once more, with everything said. */
static void print_sure(
        struct str *line, const struct acting *acting, const char *as, const char *at)
{
	const struct verb_row *row = &verbs[acting->verb];
	str_addf(line, "%s%s sure", acting->undo ? row->undo : row->name,
	        !acting->undo && act_toggles(acting->verb) ? " on" : "");
	if (!acting->undo && acting->for_) str_addf(line, " for %s", acting->for_);
	if (!acting->undo && acting->no_reposts) str_adds(line, " no-reposts");
	if (!acting->undo && acting->notify) str_adds(line, " notify");
	if (!acting->undo && acting->visibility >= 0)
		str_addf(line, " %s", visibility_name((enum visibility)acting->visibility));
	str_adds(line, " as ");
	cmd_quote(line, as);
	str_adds(line, " at ");
	cmd_quote(line, at);
	for (int i = 0; i < acting->nrest; i++)
		str_addf(line, " %s", acting->rest[i]);
}

bool acting_asks(struct app *app, const struct acting *acting, const struct account *account,
        const char *at, const char *label)
{
	const struct verb_row *row = &verbs[acting->verb];
	struct str question = {0}, line = {0};
	if (acting->sure || !act_asks(app, acting->verb, acting->undo)) return false;
	str_addf(&question, "%s: %s %s?", account->name, acting->undo ? row->undo : row->name,
	        label);
	print_sure(&line, acting, account->name, at);
	prompt_confirm(app, question.p, line.p);
	str_finish(&question);
	str_finish(&line);
	return true;
}

bool can_act(struct app *app, enum verb verb, struct err *err)
{
	const struct account *account = act_account(app, NULL, err);
	return account && act_can(account, verb, err);
}
