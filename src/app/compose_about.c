#include <stdlib.h>
#include <string.h>

#include "app/act.h"
#include "base/mem.h"
#include "composing.h"
#include "engine/measure.h"
#include "inside.h"
#include "model/post.h"
#include "model/profile.h"

/* How a post begins: for whom, in answer to what, and who has to be named. */

static const struct post *post_at(const struct app *app, const char *uri)
{
	return uri ? store_post(app->store, store_find(app->store, uri)) : NULL;
}

/* "@ada" and the text for people; of a post that is not here, its address. */
static void describe(const struct app *app, const char *uri, char **by, char **text)
{
	const struct post *post = post_at(app, uri);
	const struct profile *author = post ? store_profile(app->store, post->author) : NULL;
	struct str name = {0}, body = {0};
	free(*by);
	free(*text);
	*by = *text = NULL;
	if (!uri) return;
	if (author)
		str_addf(&name, "@%s", author->handle);
	else
		str_adds(&name, uri);
	if (post && post_len(post, POST_WARNING))
		str_addf(&body, "[%s] ", post_str(post, POST_WARNING));
	if (post) str_adds(&body, post_str(post, POST_BODY));
	*by = str_take(&name);
	*text = str_take(&body);
}

void composer_about(const struct app *app, struct composer *composer)
{
	const struct post *parent = post_at(app, composer->draft->reply_to);
	describe(app, composer->draft->reply_to, &composer->about_by, &composer->about);
	describe(app, composer->draft->quote_of, &composer->quote_by, &composer->quote);
	composer->widest = parent ? (enum visibility)parent->visibility : VIS_PUBLIC;
}

/* -- who has to be named -- */

struct naming {
	const struct app *app;
	struct str text;
	char **seen; /* handles named so far */
	size_t nseen, cap;
};

static bool is_ours(const struct app *app, const char *handle)
{
	const struct account *const *accounts;
	size_t n = store_accounts(app->store, &accounts);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(accounts[i]->handle, handle) == 0) return true;
	}
	return false;
}

static void name_handle(struct naming *naming, const char *handle)
{
	if (*handle == '@') handle++;
	if (!*handle || is_ours(naming->app, handle)) return;
	for (size_t i = 0; i < naming->nseen; i++) {
		if (strcmp(naming->seen[i], handle) == 0) return;
	}
	naming->seen =
	        mem_grow(naming->seen, &naming->cap, naming->nseen + 1, sizeof(*naming->seen));
	naming->seen[naming->nseen++] = xstrdup(handle);
	str_addf(&naming->text, "@%s ", handle);
}

/*
 * A mention of a text by its profile; where that is not here, by its words and the host of
 * its address: "@bob" at https://sea.example/users/bob is bob@sea.example.
 */
static void name_facet(struct naming *naming, const struct post *post, const struct facet *facet)
{
	profile_id id = facet->target ? store_find_profile(naming->app->store, facet->target) : 0;
	const struct profile *profile = store_profile(naming->app->store, id);
	if (profile) {
		name_handle(naming, profile->handle);
		return;
	}
	struct str handle = {0};
	const char *body = post_str(post, POST_BODY) + facet->start;
	size_t len = facet->end - facet->start;
	if (len && *body == '@') body++, len--;
	str_add(&handle, body, len);
	const char *host = facet->target ? strstr(facet->target, "://") : NULL;
	if (host && !strchr(str_c(&handle), '@')) {
		host += 3;
		str_addc(&handle, '@');
		str_add(&handle, host, strcspn(host, "/?#"));
	}
	name_handle(naming, str_c(&handle));
	str_finish(&handle);
}

/* "@author @others ": whoever the post is between, but for ourselves. Owned. */
static char *names_for(const struct app *app, const struct post *post)
{
	struct naming naming = {.app = app};
	const struct profile *author = store_profile(app->store, post->author);
	if (author) name_handle(&naming, author->handle);
	for (size_t i = 0; i < post->nfacets; i++) {
		struct facet facet = post_facet(post, i);
		if (facet.kind == FACET_MENTION) name_facet(&naming, post, &facet);
	}
	for (size_t i = 0; i < naming.nseen; i++)
		free(naming.seen[i]);
	free(naming.seen);
	return str_take(&naming.text);
}

/* -- beginning -- */

static struct draft *draft_for(const struct account *account, const char *text)
{
	struct draft *draft = draft_new();
	draft_add_account(draft, account->id);
	if (text) {
		free(draft->parts[0].text);
		draft->parts[0].text = xstrdup(text);
	}
	return draft;
}

void compose_new(struct app *app, const struct account *account, const char *text)
{
	compose_open(app, draft_for(account, text));
}

/* No more may see it than saw what it is about. */
static void narrow(struct draft *draft, const struct post *post)
{
	if (post->visibility == VIS_PUBLIC) return;
	draft->visibility = (enum visibility)post->visibility;
	draft->visibility_set = true;
}

/* The account's own id is not needed: networks look an address up themselves. */
void compose_reply(struct app *app, const struct account *account, const struct post *post)
{
	char *names = measure_names_people(account) ? names_for(app, post) : NULL;
	struct draft *draft = draft_for(account, names);
	const char *warning = post_str(post, POST_WARNING);
	free(names);
	draft->reply_to = xstrdup(post_str(post, POST_URI));
	if (*warning) draft->warning = xstrdup(warning);
	narrow(draft, post);
	compose_open(app, draft);
}

void compose_quote(struct app *app, const struct account *account, const struct post *post)
{
	struct draft *draft = draft_for(account, NULL);
	draft->quote_of = xstrdup(post_str(post, POST_URI));
	compose_open(app, draft);
}

/* -- who posts it -- */

/* The network that knows the post: that of whoever has seen it. NULL: any may. */
static const char *network_of(const struct app *app, const char *uri)
{
	const struct post *post = post_at(app, uri);
	for (size_t i = 0; post && i < post->nviewers; i++) {
		const struct account *account =
		        store_account(app->store, post_viewer(post, i).account);
		if (account && account->id != ACCOUNT_FEEDS) return account->network;
	}
	return NULL;
}

bool compose_can(const struct app *app, const struct account *account, const struct draft *draft,
        struct err *err)
{
	if (!measure_can_post(account, err)) return false;
	if (!draft) return true;
	const char *network = network_of(app, draft->reply_to ? draft->reply_to : draft->quote_of);
	if (!network || strcmp(network, account->network) == 0) return true;
	return err_set(err, ERR_UNSUPPORTED, "%s is on %s: it cannot %s a post of %s",
	        account->name, account->network, draft->reply_to ? "answer" : "quote", network);
}

bool compose_target(struct app *app, const struct account *account, bool on, struct err *err)
{
	struct draft *draft = app->composer->draft;
	size_t at = 0;
	while (at < draft->naccounts && draft->accounts[at] != account->id)
		at++;
	bool there = at < draft->naccounts;
	if (on && !there) {
		if (!compose_can(app, account, draft, err)) return false;
		if (draft->naccounts >= DRAFT_MAX_ACCOUNTS)
			return err_set(err, ERR_TOO_LARGE, "at most %d accounts post one text",
			        DRAFT_MAX_ACCOUNTS);
		draft_add_account(draft, account->id);
	} else if (!on && there) {
		memmove(draft->accounts + at, draft->accounts + at + 1,
		        (--draft->naccounts - at) * sizeof(*draft->accounts));
	}
	if (on != there) composer_touch(app, app->composer);
	return true;
}
