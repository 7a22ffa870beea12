/*
 * All steps of the Bluesky network but posting: three bytes choose the step, the source,
 * collection or verb, and what is known already; the first line is what is written (a handle,
 * a URI, a code), and the answers follow, parted by 0x1e; each begins with a digit for its
 * status. Requests must be well-formed and what is read clean, whatever was answered.
 */
#include "talk.h"

#include "networks/bluesky.h"

enum { OLDER = 1, UNDOES = 2, KNOWS = 4, FIRST = 8, HASHED = 16 };
static const int statuses[] = {200, 200, 200, 400, 401, 404, 429, 500, 502, 0};

static void check_request(const struct request *req)
{
	must(strncmp(req->url, "http", 4) == 0);
	must_be_visible(req->url, "");
	for (size_t i = 0; i < req->nheaders; i++)
		must_be_visible(req->headers[i], " ");
	if (req->body) must_be_json(req->body, req->body_len);
}

static void check_page(const struct page *page)
{
	for (size_t i = 0; page && i < page->nposts; i++) {
		const struct post *post = page->posts[i];
		must(post->author && post->author <= page->nprofiles);
		must(*post_str(post, POST_URI) != '\0');
		for (int s = 0; s < POST_NSTRINGS; s++)
			must_be_clean(post_str(post, s));
	}
	for (size_t i = 0; page && i < page->nentries; i++) {
		must(page->entries[i].post <= page->nposts);
		must(page->entries[i].actor <= page->nprofiles);
	}
	for (size_t i = 0; page && i < page->nrelations; i++)
		must(page->relations[i].profile && page->relations[i].profile <= page->nprofiles);
}

static void check_results(const struct call *call)
{
	check_page(call->out);
	for (size_t i = 0; call->items && i < call->items->nitems; i++) {
		must_be_clean(call->items->items[i].id);
		must_be_clean(call->items->items[i].title);
		must_be_clean(call->items->items[i].detail);
	}
	for (size_t i = 0; i < call->nfilters; i++)
		must(call->filters[i].id && call->filters[i].title);
	if (call->sign_in->secret) must_be_visible(call->sign_in->secret, " ");
	if (call->marker->cursor) must_be_visible(call->marker->cursor, "");
}

/* --- a call --- */

static struct action *action_of(enum verb verb, unsigned known, const char *written)
{
	struct action *action = action_new(verb, known & UNDOES && verbs[verb].undo);
	action->uri = xstrdup(known & KNOWS ? "at://did:plc:bob/app.bsky.feed.post/3k" : written);
	action->remote_id = xstrdup("bafy");
	action->profile = xstrdup(written);
	if (known & KNOWS) action->profile_id = xstrdup("did:plc:bob");
	action->name = xstrdup(written);
	action->text = xstrdup("said\nso");
	struct filter_keyword keyword = {NULL, (char *)written, false};
	const struct server_filter filter = {.id = known & HASHED ? (char *)"3" : NULL,
	        .title = (char *)written,
	        .contexts = FILTER_IN_HOME,
	        .keywords = &keyword,
	        .nkeywords = 1};
	action->filter = server_filter_copy(&filter);
	return action;
}

static struct account *account_with(unsigned known)
{
	struct account *account = account_new("a", "bluesky", "h.example");
	account_set(&account->uri, "did:plc:ada");
	account_set(&account->handle, "ada.example");
	account->id = 1;
	if (known & FIRST) account->caps = CAP_MARKERS;
	return account;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const struct network *net = &network_bluesky;
	call_step *const steps[] = {net->fetch, net->act, net->lookup, net->items, net->person,
	        net->filters, net->login, net->learn, net->refresh, net->sign_out, net->marker_read,
	        net->marker_write};
	if (len < 3) return 0;
	unsigned which = bytes[1], known = bytes[2];
	char *written = xstrndup((const char *)bytes + 3, len - 3),
	     *answers = strchr(written, '\n');
	if (answers) *answers++ = '\0';
	call_step *step = steps[bytes[0] % (sizeof steps / sizeof *steps)];
	struct account *account = account_with(known);
	if (step == net->login) account_set(&account->host, written);
	struct source_ref source = {
	        .kind = (enum source_kind)(which % SOURCE_NKINDS), .arg = written};
	struct fetch_state state = {
	        .newest = known & HASHED ? xstrdup("1795222800000 0 at://x ") : NULL};
	struct action *action = action_of((enum verb)(which % VERB_COUNT), known, written);
	struct marker marker = {.cursor = xstrdup("c"), .at_ms = known & OLDER ? 1795222800000 : 0};
	struct sign_in sign_in = {.code = known & KNOWS ? "code" : NULL};
	struct call call = {.account = account,
	        .token = "t",
	        .client = known & KNOWS ? "r" : NULL,
	        .source = &source,
	        .want = known & OLDER ? FETCH_OLDER : FETCH_NEWER,
	        .cursor = known & OLDER ? written : NULL,
	        .state = &state,
	        .now_ms = 1795222800000,
	        .action = action,
	        .collection = (enum collection)(which % COLLECTION_COUNT),
	        .arg = written,
	        .marker = &marker,
	        .sign_in = &sign_in,
	        .out = page_new(),
	        .data = xcalloc(1, net->call_size)};
	struct talk talk = {.statuses = statuses,
	        .most = 40,
	        .check = check_request,
	        .answers = answers ? answers : (char *)""};
	talk_through(&talk, &call, step);
	check_results(&call);
	talk_finish(net, &call);
	fetch_state_finish(&state);
	action_free(action);
	account_free(account);
	free(written);
	return 0;
}
