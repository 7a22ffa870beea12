/*
 * Fetches and people of the Mastodon network, over several requests: the first byte
 * chooses the source (or a person), the first line is its argument, and the answers
 * follow, parted by 0x1e; each begins with a digit for its status. The last is given
 * again as long as the call asks.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "networks/mastodon.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { MOST_REQUESTS = 16, PERSON = SOURCE_NKINDS };
static const int statuses[] = {200, 200, 206, 400, 404, 405, 429, 500, 501, 0};

static void check(const struct page *page)
{
	for (size_t i = 0; i < page->nentries; i++) {
		const struct entry *entry = &page->entries[i];
		if (entry->post > page->nposts || entry->actor > page->nprofiles) abort();
		if (!entry->post && !entry->actor) abort();
		if (i > 0 && entry->sort_ms > page->entries[i - 1].sort_ms) abort();
	}
	for (size_t i = 0; i < page->nposts; i++) {
		const struct post *post = page->posts[i];
		if (post->author == 0 || post->author > page->nprofiles) abort();
		if (!*post_str(post, POST_URI)) abort();
		for (size_t s = 0; s < POST_NSTRINGS; s++) {
			for (const char *p = post_str(post, (enum post_string)s); *p; p++) {
				bool fine = (unsigned char)*p >= 32 || *p == '\n' || *p == '\t';
				if (!fine || *p == 127) abort();
			}
		}
	}
	for (size_t i = 0; i < page->nrelations; i++) {
		uint32_t whose = page->relations[i].profile;
		if (whose == 0 || whose > page->nprofiles) abort();
	}
}

static void check_person(const struct person *person)
{
	if (!person->uri || !person->remote_id) abort();
	for (const char *p = person->bio ? person->bio : ""; *p; p++) {
		if ((unsigned char)*p < 32 && *p != '\n') abort();
	}
	for (size_t i = 0; i < person->nfields; i++) {
		for (const char *p = person->fields[i].value; *p; p++) {
			if ((unsigned char)*p < 32 || *p == 127) abort();
		}
	}
}

/* The next answer of *p; the last stays. */
static struct response next_answer(char **p, char *link)
{
	char *body = *p, *end = strchr(body, 0x1e);
	struct response answer = {.status = 200};
	size_t len = end ? (size_t)(end - body) : strlen(body);
	if (end) *p = end + 1;
	if (len > 0 && *body >= '0' && *body <= '9') {
		answer.status = statuses[*body - '0'];
		body++;
		len--;
	}
	answer.body = xstrndup(body, len);
	answer.body_len = len;
	static char *headers[1];
	headers[0] = link;
	answer.headers = headers;
	answer.nheaders = answer.status == 206 ? 0 : 1;
	return answer;
}

static enum call_next run(struct call *call, call_step *step, char *answers)
{
	struct request req = {0};
	char *link = xstrdup("Link: <https://x.example/?limit=40&max_id=1>; rel=\"next\", "
	                     "<https://x.example/?min_id=9>; rel=\"prev\"");
	enum call_next next = step(call, NULL, &req);
	for (int i = 0; i < MOST_REQUESTS && next == CALL_SEND; i++) {
		if (!req.url || strncmp(req.url, "https://h.example/", 18) != 0) abort();
		request_finish(&req);
		req = (struct request){0};
		struct response answer = next_answer(&answers, link);
		next = step(call, &answer, &req);
		free(answer.body);
	}
	if (next == CALL_SEND) abort(); /* it asks for ever */
	if (next == CALL_FAIL && !*call->err.text) abort();
	request_finish(&req);
	free(link);
	return next;
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
	enum call_next next = run(&call, step, answers ? answers : (char *)"");
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
