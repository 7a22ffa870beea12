#include "model/brief.h"

#include "model/json_pen.h"

/* A brief for programs: one object. What is not known is null. */

static void json_post(struct str *out, const struct brief_post *post)
{
	pen_text(out, "uri", post->uri);
	pen_text(out, "url", post->url);
	pen_text(out, "who", post->who);
	pen_text(out, "text", post->words);
	pen_date(out, "at", post->at_ms);
}

static void json_saved(struct str *out, const struct brief_saved *saved)
{
	pen_open(out, NULL, '{');
	pen_text(out, "name", saved->name);
	pen_text(out, "query", saved->query);
	pen_number(out, "posts", saved->posts);
	pen_number(out, "weeks", saved->weeks);
	if (saved->weeks) {
		pen_number(out, "usual_low", saved->low);
		pen_number(out, "usual_high", saved->high);
	} else {
		pen_text(out, "usual_low", NULL);
		pen_text(out, "usual_high", NULL);
	}
	pen_date(out, "counted_since", saved->first_ms);
	pen_open(out, "said", '[');
	for (size_t i = 0; i < saved->nsaid; i++) {
		pen_open(out, NULL, '{');
		json_post(out, &saved->said[i]);
		str_addc(out, '}');
	}
	str_adds(out, "]}");
}

static void json_owed(struct str *out, const struct brief_owed *owed)
{
	pen_open(out, NULL, '{');
	json_post(out, &owed->post);
	pen_text(out, "account", owed->account_name);
	pen_truth(out, "later", owed->later);
	str_addc(out, '}');
}

static void json_due(struct str *out, const struct brief_due *due)
{
	pen_open(out, NULL, '{');
	pen_number(out, "id", due->id);
	pen_date(out, "at", due->at_ms);
	pen_text(out, "account", due->account);
	pen_text(out, "text", due->words);
	pen_text(out, "state", due->state);
	pen_truth(out, "needs_you", due->needs);
	str_addc(out, '}');
}

static void json_label(struct str *out, const struct brief_label *label)
{
	pen_open(out, NULL, '{');
	pen_text(out, "label", label->label);
	pen_number(out, "posts", label->posts);
	pen_number(out, "looked_at", label->looked);
	pen_number(out, "replies", label->replies);
	pen_number(out, "reposts", label->reposts);
	pen_number(out, "likes", label->likes);
	str_addc(out, '}');
}

static void known_number(struct str *out, const char *name, int64_t n)
{
	if (n < 0)
		pen_text(out, name, NULL);
	else
		pen_number(out, name, n);
}

static void json_account(struct str *out, const struct brief_account *account)
{
	pen_open(out, NULL, '{');
	pen_text(out, "account", account->name);
	known_number(out, "followers", account->followers);
	known_number(out, "followers_before", account->before);
	str_addc(out, '}');
}

static void json_budget(struct str *out, const struct brief *brief)
{
	pen_open(out, "time", '{');
	pen_number(out, "used_seconds", brief->used_s);
	if (brief->budget.ms)
		pen_number(out, "budget_seconds", brief->budget.ms / 1000);
	else
		pen_text(out, "budget_seconds", NULL);
	pen_text(out, "of", brief->budget.daily ? "day" : "week");
	str_addc(out, '}');
}

void brief_print_json(struct str *out, const struct brief *brief)
{
	str_addc(out, '{');
	pen_date(out, "now", brief->now_ms);
	pen_date(out, "since", brief->since_ms);
#define LIST(name, field, count, each)                                                             \
	pen_open(out, name, '[');                                                                  \
	for (size_t i = 0; i < brief->count; i++)                                                  \
		each(out, &brief->field[i]);                                                       \
	str_addc(out, ']')
	LIST("saved", saved, nsaved, json_saved);
	LIST("waiting", owed, nowed, json_owed);
	LIST("due", due, ndue, json_due);
	LIST("labels", labels, nlabels, json_label);
	LIST("accounts", accounts, naccounts, json_account);
#undef LIST
	json_budget(out, brief);
	str_addc(out, '}');
}
