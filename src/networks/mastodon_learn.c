#include "networks/mastodon_learn.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "networks/mastodon_http.h"
#include "networks/mastodon_instance.h"
#include "networks/mastodon_read.h"
#include "networks/mastodon_software.h"
#include "networks/mastodon_work.h"

/*
 * verify_credentials (fact sheet 6) says who we are. Our handle's domain is the one of
 * /api/v2/instance, or of v1 where that is missing, because a server may live on another
 * host than its handles are of. nodeinfo says which program it is: only what it says
 * is believed where a wrong belief would publish a post too early.
 *
 * The place is work->step, because sign-in goes through here too; nodeinfo's path and
 * then the program's name stand in work->other.
 */
enum { ASK_WHO, ASK_INSTANCE, ASK_OLD_INSTANCE, ASK_LINKS, ASK_NODEINFO };

static enum call_next ask(struct call *call, struct request *req, int step)
{
	static const char *const paths[] = {
	        [ASK_WHO] = "/api/v1/accounts/verify_credentials",
	        [ASK_INSTANCE] = "/api/v2/instance",
	        [ASK_OLD_INSTANCE] = "/api/v1/instance",
	        [ASK_LINKS] = "/.well-known/nodeinfo",
	        [ASK_NODEINFO] = NULL,
	};
	struct mastodon_work *work = mastodon_work(call);
	work->step = step;
	mastodon_get(req, call, paths[step] ? paths[step] : work->other, "");
	return CALL_SEND;
}

static enum call_next take_who(struct call *call, const cJSON *who, struct request *req)
{
	struct mastodon_reader reader;
	struct page *page = page_new();
	mastodon_reader_init(&reader, page, call->account);
	bool fine = mastodon_profile(&reader, who) != 0;
	if (fine) {
		struct account *account = account_copy(call->account);
		account_set(&account->handle, page->profiles[0]->handle);
		account_set(&account->uri, page->profiles[0]->uri);
		account_set(&account->remote_id, mastodon_id(who, "id"));
		account_free(call->signed_in);
		call->signed_in = account;
	} else {
		err_set(&call->err, ERR_FORMAT, "%s does not say whose token this is",
		        call->account->host);
	}
	mastodon_reader_finish(&reader);
	page_free(page);
	return fine ? ask(call, req, ASK_INSTANCE) : CALL_FAIL;
}

static enum call_next take_instance(struct call *call, const cJSON *json, struct request *req)
{
	struct mastodon_work *work = mastodon_work(call);
	bool old = work->step == ASK_OLD_INSTANCE;
	if (!json && !old) return ask(call, req, ASK_OLD_INSTANCE);
	if (json) {
		const char *version =
		        mastodon_instance_read(call->signed_in, json, old, &work->streams);
		work->told = true;
		free(work->version);
		work->version = version ? xstrdup(version) : NULL;
	}
	return ask(call, req, ASK_LINKS);
}

/* The name by which it goes from now on. */
static void name_software(struct call *call)
{
	struct mastodon_work *work = mastodon_work(call);
	struct account *account = call->signed_in;
	const char *guess = mastodon_software_guess(work->version);
	char *name = work->other ? work->other : NULL;
	work->other = NULL;
	/* What nodeinfo said once is better than a guess from today. */
	if (!name && !*account->software && work->version)
		name = mastodon_software_name(
		        guess ? guess : "unknown", guess ? NULL : work->version);
	if (name) account_set(&account->software, name);
	free(name);
}

static enum call_next end(struct call *call)
{
	struct mastodon_work *work = mastodon_work(call);
	struct account *account = call->signed_in;
	unsigned translates = account->caps & CAP_TRANSLATE;
	bool named = work->other != NULL;
	name_software(call);
	bool streams = work->told ? work->streams : account->caps & CAP_STREAM;
	if (work->told || named || account->caps == 0)
		account->caps = mastodon_software_caps(account->software, account->api, streams) |
		                translates;
	account->learned_ms = call->now_ms;
	return CALL_DONE;
}

static enum call_next take_links(struct call *call, const cJSON *json, struct request *req)
{
	struct mastodon_work *work = mastodon_work(call);
	free(work->other);
	work->other = mastodon_nodeinfo_path(json);
	return work->other ? ask(call, req, ASK_NODEINFO) : end(call);
}

static enum call_next take_nodeinfo(struct call *call, const cJSON *json)
{
	struct mastodon_work *work = mastodon_work(call);
	free(work->other);
	work->other = mastodon_nodeinfo_software(json);
	return end(call);
}

static enum call_next take(struct call *call, const cJSON *json, struct request *req)
{
	switch (mastodon_work(call)->step) {
	case ASK_WHO:
		return json ? take_who(call, json, req) : CALL_FAIL;
	case ASK_INSTANCE:
	case ASK_OLD_INSTANCE:
		return take_instance(call, json, req);
	case ASK_LINKS:
		return take_links(call, json, req);
	default:
		return take_nodeinfo(call, json);
	}
}

enum call_next mastodon_learn(struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) return ask(call, req, ASK_WHO);
	struct json *json = mastodon_json(call, answer);
	if (mastodon_work(call)->step != ASK_WHO) call->err = (struct err){0};
	enum call_next next = take(call, json_root(json), req);
	json_free(json);
	return next;
}
