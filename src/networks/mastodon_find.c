#include "networks/mastodon_find.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "net/url.h"
#include "networks/mastodon_http.h"
#include "networks/mastodon_read.h"

enum { MAX_WRITTEN = 2048, MAX_RESULTS = 40 };

static bool is_url(const char *written)
{
	return strstr(written, "://") != NULL;
}

static const char *bare(const char *handle)
{
	return handle + strspn(handle, "@");
}

/* --- asking --- */

static enum mastodon_found ask_search(
        struct call *call, struct request *req, enum mastodon_want want, const char *written)
{
	static const char *const types[] = {
	        [WANT_POST] = "&type=statuses",
	        [WANT_PROFILE] = "&type=accounts",
	        [WANT_ANY] = "",
	};
	struct str query = {0};
	str_adds(&query, "q=");
	mastodon_add_id(&query, written);
	str_addf(&query, "&resolve=true&limit=5%s", types[want]);
	mastodon_get(req, call, "/api/v2/search", str_c(&query));
	str_finish(&query);
	mastodon_work(call)->searching = true;
	return FIND_ASKED;
}

static enum mastodon_found ask_lookup(struct call *call, struct request *req, const char *written)
{
	struct str query = {0};
	str_adds(&query, "acct=");
	mastodon_add_id(&query, bare(written));
	mastodon_get(req, call, "/api/v1/accounts/lookup", str_c(&query));
	str_finish(&query);
	mastodon_work(call)->searching = false;
	return FIND_ASKED;
}

static enum mastodon_found refuse(struct call *call, enum err_code code, const char *why)
{
	err_set(&call->err, code, "%s", why);
	return FIND_FAILED;
}

/* Our own id is known since the server was learned about. */
static bool is_self(const struct call *call, const char *written)
{
	const struct account *me = call->account;
	if (!me->remote_id || !*me->remote_id || !*me->handle) return false;
	return strcasecmp(bare(written), me->handle) == 0 || strcmp(written, me->uri) == 0;
}

static enum mastodon_found begin(
        struct call *call, struct request *req, enum mastodon_want want, const char *written)
{
	if (!written || !*bare(written))
		return refuse(call, ERR_SYNTAX,
		        want == WANT_POST ? "which post is meant?" : "who is meant?");
	if (strlen(written) > MAX_WRITTEN)
		return refuse(call, ERR_TOO_LARGE, "that is too long for an address");
	if (want == WANT_PROFILE && is_self(call, written)) {
		mastodon_work(call)->profile = xstrdup(call->account->remote_id);
		return FIND_DONE;
	}
	if (is_url(written)) return ask_search(call, req, want, written);
	if (want != WANT_POST) return ask_lookup(call, req, written);
	mastodon_work(call)->post = xstrdup(written);
	return FIND_DONE;
}

/* --- comparing --- */

/* Without what leads to a place within the page, and without a slash at the end. */
static size_t address_len(const char *url)
{
	size_t n = strcspn(url, "#");
	while (n > 0 && url[n - 1] == '/')
		n--;
	return n;
}

static bool same_address(const char *a, const char *b)
{
	size_t n = address_len(b);
	return a && address_len(a) == n && strncmp(a, b, n) == 0;
}

/* Our own server's page of somebody else's post: https://own.example/@ada@far.example/12 */
static bool is_our_view(const struct call *call, const char *written, const char *id)
{
	struct str root = {0};
	account_add_root(&root, call->account);
	bool ours = url_same_origin(str_c(&root), written);
	str_finish(&root);
	size_t n = address_len(written), len = id ? strlen(id) : 0;
	return ours && len && n > len && written[n - len - 1] == '/' &&
	       strncmp(written + n - len, id, len) == 0;
}

static bool same_handle(struct mastodon_reader *reader, const cJSON *account, const char *written)
{
	const char *acct = json_str(account, "acct");
	const char *is = acct ? mastodon_handle(reader, acct) : "";
	const char *wanted = mastodon_handle(reader, bare(written));
	return *is && strcasecmp(is, wanted) == 0;
}

static bool is_meant(struct call *call, const cJSON *item, const char *written)
{
	const char *id = mastodon_id(item, "id");
	if (!id) return false;
	if (is_url(written))
		return same_address(json_str(item, "uri"), written) ||
		       same_address(json_str(item, "url"), written) ||
		       is_our_view(call, written, id);
	struct mastodon_reader reader;
	mastodon_reader_init(&reader, mastodon_out(call), call->account);
	bool same = same_handle(&reader, item, written);
	mastodon_reader_finish(&reader);
	return same;
}

/* Mastodon answers an address with what it leads to and nothing else. */
static bool is_trusted(const struct call *call)
{
	const char *software = call->account->software;
	return software && strncmp(software, "mastodon", 8) == 0;
}

/* snac finds reposts: what was reposted is meant. */
static const cJSON *original(const cJSON *item)
{
	const cJSON *reblog = json_obj(item, "reblog");
	return reblog ? reblog : item;
}

static const cJSON *choose(struct call *call, const cJSON *list, const char *written)
{
	int n = 0;
	json_each (item, list) {
		if (is_meant(call, original(item), written)) return original(item);
		if (++n == MAX_RESULTS) break;
	}
	const cJSON *only = n == 1 && is_trusted(call) ? original(list->child) : NULL;
	return only && mastodon_id(only, "id") ? only : NULL;
}

/* --- taking --- */

/* Takes json. */
static enum mastodon_found take(
        struct call *call, struct json *json, const cJSON *item, bool is_post)
{
	struct mastodon_work *work = mastodon_work(call);
	char **id = is_post ? &work->post : &work->profile;
	free(*id);
	*id = xstrdup(mastodon_id(item, "id"));
	mastodon_keep(call, is_post ? KEPT_STATUS : KEPT_ACCOUNT, json, item);
	return FIND_DONE;
}

static enum mastodon_found nothing(struct call *call, enum mastodon_want want, const char *written)
{
	const char *what = want == WANT_POST      ? "post"
	                   : want == WANT_PROFILE ? "profile"
	                                          : "post or profile";
	err_set(&call->err, ERR_NOT_FOUND, "%s finds no %s at %.120s", call->account->host, what,
	        written);
	return FIND_FAILED;
}

/* Takes json. */
static enum mastodon_found take_results(
        struct call *call, struct json *json, enum mastodon_want want, const char *written)
{
	const cJSON *root = json_root(json), *found = NULL;
	if (want != WANT_PROFILE) found = choose(call, json_arr(root, "statuses"), written);
	if (found) return take(call, json, found, true);
	if (want != WANT_POST) found = choose(call, json_arr(root, "accounts"), written);
	if (found) return take(call, json, found, false);
	json_free(json);
	return nothing(call, want, written);
}

enum mastodon_found mastodon_find(struct call *call, const struct response *answer,
        struct request *req, enum mastodon_want want, const char *written)
{
	if (!answer) return begin(call, req, want, written);
	if (mastodon_work(call)->searching) {
		struct json *json = mastodon_json(call, answer);
		return json ? take_results(call, json, want, written) : FIND_FAILED;
	}
	/* Nobody whom the server knows, or it is an old one: it may find out. */
	if (answer->status == 404 || answer->status == 400 || answer->status == 405)
		return ask_search(call, req, want, written);
	struct json *json = mastodon_json(call, answer);
	if (json && mastodon_id(json_root(json), "id"))
		return take(call, json, json_root(json), false);
	json_free(json);
	return call->err.code ? FIND_FAILED : nothing(call, want, written);
}
