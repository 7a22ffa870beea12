#include "networks/mastodon_login.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "networks/mastodon_http.h"
#include "networks/mastodon_read.h"

/*
 * verify_credentials (fact sheet 6) says who we are; our handle's domain is the one of
 * /api/v2/instance, or of v1 where that is missing, because a server may live on
 * another host than its handles are of (social.example.org for @ada@example.org). A
 * server that has neither is called by its host.
 */
enum stage { ASK_WHO, ASK_INSTANCE, ASK_OLD_INSTANCE };
enum { MAX_DOMAIN = 253 };

static const unsigned caps =
        CAP_LIKE | CAP_REPOST | CAP_BOOKMARK | CAP_STREAM | CAP_POST | CAP_SEARCH;

static enum call_next ask(struct call *call, struct request *req, enum stage stage)
{
	static const char *const paths[] = {
	        [ASK_WHO] = "/api/v1/accounts/verify_credentials",
	        [ASK_INSTANCE] = "/api/v2/instance",
	        [ASK_OLD_INSTANCE] = "/api/v1/instance",
	};
	call->stage = stage;
	mastodon_get(req, call, paths[stage], "");
	return CALL_SEND;
}

static char *replaced(char *old, const char *with)
{
	free(old);
	return xstrdup(with);
}

static bool take_account(struct call *call, const cJSON *who)
{
	struct mastodon_reader reader;
	struct page *page = page_new();
	mastodon_reader_init(&reader, page, call->account);
	bool fine = mastodon_profile(&reader, who) != 0;
	if (fine) {
		struct account *account = account_copy(call->account);
		account->handle = replaced(account->handle, page->profiles[0]->handle);
		account->uri = replaced(account->uri, page->profiles[0]->uri);
		account->caps = caps;
		call->signed_in = account;
	} else {
		err_set(&call->err, ERR_FORMAT, "%s does not say whose token this is",
		        call->account->host);
	}
	mastodon_reader_finish(&reader);
	page_free(page);
	return fine;
}

/* `name@domain`, when the server has told its domain. */
static void take_domain(struct call *call, const cJSON *instance, const char *member)
{
	const char *domain = json_str(instance, member);
	if (!domain) return;
	const char *scheme = strstr(domain, "://"); /* some old ones tell a URL */
	if (scheme) domain = scheme + 3;
	size_t n = strcspn(domain, "/");
	bool fine = n > 0 && n <= MAX_DOMAIN && strcspn(domain, " \t@<>\"\\") >= n &&
	            clean_is_plain(domain, n);
	struct account *account = call->signed_in;
	char *at = strrchr(account->handle, '@');
	if (!fine || !at) return;
	struct str handle = {0};
	str_add(&handle, account->handle, (size_t)(at - account->handle) + 1);
	str_add(&handle, domain, n);
	free(account->handle);
	account->handle = str_take(&handle);
}

/* The second question is for a nicety: its failure is no failure. */
static enum call_next take_instance(struct call *call, const cJSON *instance, struct request *req)
{
	if (!instance && call->stage == ASK_INSTANCE) return ask(call, req, ASK_OLD_INSTANCE);
	take_domain(call, instance, call->stage == ASK_INSTANCE ? "domain" : "uri");
	return CALL_DONE;
}

enum call_next mastodon_login(struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) return ask(call, req, ASK_WHO);
	struct json *json = mastodon_json(call, answer);
	enum call_next next;
	if (call->stage != ASK_WHO) {
		call->err = (struct err){0};
		next = take_instance(call, json_root(json), req);
	} else if (json && take_account(call, json_root(json))) {
		next = ask(call, req, ASK_INSTANCE);
	} else {
		next = CALL_FAIL;
	}
	json_free(json);
	return next;
}
