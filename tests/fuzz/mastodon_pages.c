/*
 * Fetches and people of the Mastodon network, over several requests: the first byte
 * chooses the source (or a person), the first line is its argument, and the answers
 * follow, parted by 0x1e; each begins with a digit for its status. The last is given
 * again as long as the call asks.
 */
#include "talk.h"

#include "networks/mastodon.h"

enum { PERSON = SOURCE_NKINDS };
static const int statuses[] = {200, 200, 206, 400, 404, 405, 429, 500, 501, 0};

static void check(const struct page *page)
{
	for (size_t i = 0; i < page->nentries; i++) {
		const struct entry *entry = &page->entries[i];
		must(entry->post <= page->nposts && entry->actor <= page->nprofiles);
		must(entry->post || entry->actor);
		must(i == 0 || entry->sort_ms <= page->entries[i - 1].sort_ms);
	}
	for (size_t i = 0; i < page->nposts; i++) {
		const struct post *post = page->posts[i];
		must(post->author && post->author <= page->nprofiles);
		must(*post_str(post, POST_URI) != '\0');
		for (int s = 0; s < POST_NSTRINGS; s++) /* a poll's lines hold tabs */
			if (s != POST_POLL) must_be_clean(post_str(post, s));
	}
	for (size_t i = 0; i < page->nrelations; i++)
		must(page->relations[i].profile && page->relations[i].profile <= page->nprofiles);
}

static void check_person(const struct person *person)
{
	must(person->uri && person->remote_id);
	must_be_clean(person->bio);
	for (size_t i = 0; i < person->nfields; i++)
		must_be_clean(person->fields[i].value);
}

static void check_request(const struct request *req)
{
	must(req->url && strncmp(req->url, "https://h.example/", 18) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (len < 2) return 0;
	unsigned what = bytes[0] % (PERSON + 1);
	char *arg = xstrndup((const char *)bytes + 1, len - 1), *answers = strchr(arg, '\n');
	if (answers) *answers++ = '\0';
	struct account account = {.id = 1,
	        .name = (char *)"a",
	        .network = (char *)"mastodon",
	        .host = (char *)"h.example",
	        .handle = (char *)"ada@h.example",
	        .uri = (char *)"https://h.example/users/ada",
	        .caps = bytes[0] & 1 ? CAP_GROUPED : 0};
	struct source_ref source = {
	        .account = account.name, .kind = (enum source_kind)what, .arg = *arg ? arg : NULL};
	struct fetch_state state = {.newest = bytes[0] & 64 ? xstrdup("7") : NULL,
	        .remote = bytes[0] & 128 ? xstrdup("5") : NULL};
	struct call call = {.account = &account,
	        .token = "t",
	        .source = &source,
	        .state = &state,
	        .now_ms = 1795222800000,
	        .want = (bytes[0] & 192) == 192 ? FETCH_GAP : FETCH_NEWER,
	        .cursor = "limit=40&max_id=9&since_id=%37",
	        .arg = arg,
	        .data = xcalloc(1, network_mastodon.call_size),
	        .out = page_new()};
	bool person = what == PERSON;
	call_step *step = person ? network_mastodon.person : network_mastodon.fetch;
	char *headers[] = {(char *)"Link: <https://x.example/?limit=40&max_id=1>; rel=\"next\", "
	                           "<https://x.example/?min_id=9>; rel=\"prev\""};
	struct talk talk = {.statuses = statuses,
	        .most = 16,
	        .check = check_request,
	        .headers = headers,
	        .nheaders = 1,
	        .last_stays = true,
	        .answers = answers ? answers : (char *)""};
	enum call_next next = talk_through(&talk, &call, step);
	if (person && next == CALL_DONE) check_person(call.person);
	if (!person && next == CALL_DONE) check(call.out);
	network_mastodon.call_finish(&call);
	person_free(call.person);
	page_free(call.out);
	fetch_state_finish(&state);
	free(call.data);
	free(arg);
	return 0;
}
