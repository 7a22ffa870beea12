/*
 * All steps of the Mastodon network that are no fetches: three bytes choose the step, the
 * verb or collection, and what is known already; the first line is what is written (a
 * URL, a code, a name), and the answers follow, parted by 0x1e; each begins with a digit
 * for its status. Requests must be well-formed whatever was answered.
 */
#include "talk.h"

#include "networks/mastodon.h"

enum { NKEYWORDS = 2 };
enum { KNOWS_ID = 1, UNDOES = 2, SNAC = 4, GROUPED = 8, LATER = 16, CHANGES = 32 };
static const int statuses[] = {200, 200, 422, 400, 404, 405, 401, 500, 409, 0};
static const char root[] = "https://h.example/";

/* --- what must hold --- */

static void check_request(const struct request *req)
{
	must(req->url && strncmp(req->url, root, sizeof root - 1) == 0);
	must_be_visible(req->url, "");
	if (!req->body) return;
	must(strcmp(req->method, "GET") != 0 && req->body_len == strlen(req->body));
	if (*req->body == '{') {
		must_be_json(req->body, req->body_len);
	} else {
		must_be_visible(req->body, "");
	}
}

static void check_page(const struct page *page)
{
	for (size_t i = 0; page && i < page->nposts; i++) {
		must(page->posts[i]->author && page->posts[i]->author <= page->nprofiles);
		must_be_clean(post_str(page->posts[i], POST_BODY));
	}
	for (size_t i = 0; page && i < page->nrelations; i++)
		must(page->relations[i].profile && page->relations[i].profile <= page->nprofiles);
}

static void check_lists(const struct call *call)
{
	const struct items *items = call->items;
	for (size_t i = 0; items && i < items->nitems; i++) {
		must_be_clean(items->items[i].id);
		must_be_clean(items->items[i].title);
		must_be_clean(items->items[i].detail);
	}
	if (items && items->older) must_be_visible(items->older, "");
	for (size_t i = 0; i < call->nfilters; i++) {
		must(call->filters[i].id && call->filters[i].title && call->filters[i].contexts);
		must_be_clean(call->filters[i].title);
		for (size_t k = 0; k < call->filters[i].nkeywords; k++)
			must_be_clean(call->filters[i].keywords[k].text);
	}
}

static void check_sign_in(const struct sign_in *sign_in, const struct account *account)
{
	if (sign_in->url) {
		must(strncmp(sign_in->url, root, sizeof root - 1) == 0);
		must_be_visible(sign_in->url, "");
	}
	if (sign_in->client) must_be_visible(sign_in->client, " ");
	if (sign_in->secret) must_be_visible(sign_in->secret, " ");
	if (!account) return;
	must_be_visible(account->software, " ");
	must_be_clean(account->streaming);
	must((account->caps & ~network_mastodon.caps) == 0);
}

/* --- a call --- */

static struct action *action_of(enum verb verb, unsigned known, const char *written)
{
	bool undo = known & UNDOES && verbs[verb].undo;
	struct action *action = action_new(verb, undo);
	if (known & KNOWS_ID) {
		action->remote_id = xstrdup("12");
		action->profile_id = xstrdup("9");
	}
	action->uri = xstrdup(written);
	action->profile = xstrdup(written);
	action->name = xstrdup(known & LATER && verb == VERB_DISMISS ? NULL : written);
	action->text = xstrdup(known & LATER ? NULL : "new\ntext");
	action->warning = xstrdup(known & GROUPED ? "w" : NULL);
	action->key = xstrdup("key");
	action->choices = 3;
	struct filter_keyword keywords[NKEYWORDS] = {
	        {(char *)"31", (char *)"film", true}, {NULL, (char *)written, false}};
	const struct server_filter filter = {.id = known & CHANGES ? (char *)"3" : NULL,
	        .title = (char *)written,
	        .contexts = FILTER_IN_HOME,
	        .keywords = keywords,
	        .nkeywords = NKEYWORDS};
	action->filter = server_filter_copy(&filter);
	return action;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const struct network *net = &network_mastodon;
	call_step *const steps[] = {net->act, net->lookup, net->items, net->filters,
	        net->marker_read, net->marker_write, net->sign_in_begin, net->sign_in_finish,
	        net->refresh, net->sign_out, net->learn};
	if (len < 3) return 0;
	unsigned which = bytes[1] % 64, known = bytes[2] % 64;
	char *written = xstrndup((const char *)bytes + 3, len - 3),
	     *answers = strchr(written, '\n');
	if (answers) *answers++ = '\0';
	struct account account = {.id = 1,
	        .name = (char *)"a",
	        .network = (char *)"mastodon",
	        .host = (char *)"h.example",
	        .handle = (char *)"ada@h.example",
	        .uri = (char *)"https://h.example/users/ada",
	        .remote_id = (char *)"109",
	        .software = (char *)(known & SNAC      ? "snac 2"
	                             : known & CHANGES ? "mastodon 4"
	                                               : ""),
	        .streaming = (char *)"",
	        .caps = known & GROUPED ? CAP_GROUPED : 0};
	struct source_ref source = {.kind = which % 3 ? SOURCE_HOME : SOURCE_NOTIFICATIONS};
	struct action *action = action_of((enum verb)(which % VERB_COUNT), known, written);
	struct marker marker = {.cursor = xstrdup("8"), .at_ms = known & LATER ? 1795226400000 : 0};
	struct sign_in sign_in = {.redirect = known & KNOWS_ID ? "http://127.0.0.1:1/" : NULL,
	        .state = "st",
	        .verifier = "v",
	        .challenge = "c",
	        .code = written,
	        .again = known & UNDOES,
	        .client = xstrdup("id s S256")};
	struct call call = {.account = &account,
	        .token = "t",
	        .client = known & KNOWS_ID ? "id s r%20r" : written,
	        .source = &source,
	        .now_ms = 1795222800000,
	        .action = action,
	        .collection = (enum collection)(which % COLLECTION_COUNT),
	        .arg = written,
	        .cursor = known & LATER ? written : NULL,
	        .marker = &marker,
	        .sign_in = &sign_in,
	        .data = xcalloc(1, net->call_size)};
	char *headers[] = {(char *)"Link: <https://x.example/?limit=40&max_id=1>; rel=\"next\""};
	struct talk talk = {.statuses = statuses,
	        .most = 20,
	        .check = check_request,
	        .headers = headers,
	        .nheaders = 1,
	        .last_stays = true,
	        .answers = answers ? answers : (char *)""};
	talk_through(&talk, &call, steps[bytes[0] % (sizeof steps / sizeof *steps)]);
	check_page(call.out);
	check_lists(&call);
	check_sign_in(&sign_in, call.signed_in);
	talk_finish(net, &call);
	action_free(action);
	free(written);
	return 0;
}
