#include "synth.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WORDS = 50000, POSTS_AN_AUTHOR = 20, MAX_FACETS = 8 };
static const int64_t first_ms = INT64_C(1767225600000);

/* A well mixed number of two. */
static uint64_t mix(uint64_t a, uint64_t b)
{
	uint64_t x = a * 0x9e3779b97f4a7c15u ^ (b + 1) * 0xbf58476d1ce4e5b9u;
	x ^= x >> 30;
	x *= 0xbf58476d1ce4e5b9u;
	x ^= x >> 27;
	x *= 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

/* Rank r comes about as often as 1 / r. */
static uint64_t zipf(uint64_t seed)
{
	double unit = (double)(seed >> 11) / 9007199254740992.0;
	return (uint64_t)exp(unit * log(WORDS)) - 1;
}

static const char *const latin[] = {"ta", "re", "no", "li", "sé", "da", "mon", "ver", "ing", "op",
        "el", "ka", "stra", "ñu", "bel", "ö", "ti", "gra", "is", "ex"};
static const char *const cyrillic[] = {"на", "то", "по", "ре", "ни", "ла", "ём", "стр", "да", "ко",
        "ви", "за", "ой", "ми", "чи", "жу", "ле", "ра", "со", "щи"};
static const char *const arabic[] = {"ال", "من", "في", "كت", "با", "رد", "سل", "ام", "نو", "ها",
        "قد", "يا", "مد", "رس", "لة", "حب", "عل", "شم", "وق", "فر"};
static const char *const emoji[] = {
        "🙂", "🎉", "👩‍💻", "🇳🇱", "❤️", "🐈", "👍🏽", "🚲", "☕", "🌧️"};

void synth_word(struct str *out, int script, uint64_t rank)
{
	static const char *const *const syllables[] = {latin, cyrillic, arabic};
	if (script == 3) {
		char two[8];
		uint32_t cp = 0x4e00 + (uint32_t)(mix(rank, 3) % 6000);
		two[0] = (char)(0xe0 | cp >> 12);
		two[1] = (char)(0x80 | (cp >> 6 & 63));
		two[2] = (char)(0x80 | (cp & 63));
		str_add(out, two, 3);
		return;
	}
	for (uint64_t left = rank + 1; left > 0; left /= 20)
		str_adds(out, syllables[script][(left + mix(rank, 7) % 3) % 20]);
}

static int script_of(uint64_t n)
{
	uint64_t chance = mix(n, 11) % 100;
	return chance < 65 ? 0 : chance < 80 ? 1 : chance < 88 ? 2 : 3;
}

void synth_text(struct str *out, uint64_t n)
{
	size_t start = out->len, want = 60 + mix(n, 1) % 430;
	int script = script_of(n);
	for (uint64_t i = 0; out->len - start < want; i++) {
		synth_word(out, script, zipf(mix(n, 100 + i)));
		uint64_t after = mix(n, 5000 + i) % 60;
		if (script == 3)
			str_adds(out, after < 6 ? "，" : "");
		else
			str_adds(out, after < 3    ? ". "
			              : after < 6  ? ", "
			              : after == 7 ? "\n"
			                           : " ");
		if (after == 8) str_addf(out, "%s ", emoji[mix(n, 9000 + i) % 10]);
	}
	str_addf(out, " %" PRIx64, mix(n, 2) >> 40);
}

int64_t synth_time(uint64_t n)
{
	return first_ms + (int64_t)n * 3600 + (int64_t)(mix(n, 12) % 60000);
}

static uint32_t add_author(struct page *page, uint64_t number)
{
	char uri[96], handle[64], url[96];
	struct str name = {0}, bio = {0};
	unsigned host = (unsigned)(mix(number, 21) % 200);
	snprintf(uri, sizeof uri, "https://social%u.example/users/person%" PRIu64, host, number);
	snprintf(url, sizeof url, "https://social%u.example/@person%" PRIu64, host, number);
	snprintf(handle, sizeof handle, "person%" PRIu64 "@social%u.example", number, host);
	synth_word(&name, script_of(number), mix(number, 22) % WORDS);
	synth_text(&bio, number + (UINT64_C(1) << 40));
	struct profile profile = {.uri = uri,
	        .handle = handle,
	        .name = str_c(&name),
	        .url = url,
	        .bio = str_c(&bio),
	        .followers = (int64_t)(mix(number, 23) % 5000)};
	uint32_t place = page_add_profile(page, &profile);
	str_finish(&name);
	str_finish(&bio);
	return place;
}

/* A link at the end of every third post, and a tag before it. */
static size_t add_facets(struct str *body, uint64_t n, struct facet *facets, char *tag, char *link)
{
	if (mix(n, 31) % 3 != 0) return 0;
	snprintf(tag, 32, "tag%u", (unsigned)(zipf(mix(n, 32)) % 2000));
	snprintf(link, 96, "https://news%u.example/%" PRIx64, (unsigned)(mix(n, 33) % 300),
	        mix(n, 34) >> 24);
	str_adds(body, " #");
	size_t start = body->len - 1;
	str_adds(body, tag);
	facets[0] = (struct facet){FACET_TAG, (uint32_t)start, (uint32_t)body->len, tag};
	str_addc(body, ' ');
	start = body->len;
	str_adds(body, link);
	facets[1] = (struct facet){FACET_LINK, (uint32_t)start, (uint32_t)body->len, link};
	return 2;
}

static uint32_t add_post(struct page *page, uint64_t n, uint64_t author, const char *id)
{
	struct str body = {0}, alt = {0};
	struct facet facets[MAX_FACETS];
	char uri[128], url[128], tag[32], link[96], picture[128];
	unsigned host = (unsigned)(mix(author, 21) % 200);
	snprintf(uri, sizeof uri, "https://social%u.example/users/person%" PRIu64 "/statuses/%s",
	        host, author, id);
	snprintf(url, sizeof url, "https://social%u.example/@person%" PRIu64 "/%s", host, author,
	        id);
	snprintf(picture, sizeof picture, "https://files%u.example/media/%s.webp", host, id);
	synth_text(&body, n);
	size_t nfacets = add_facets(&body, n, facets, tag, link);
	synth_word(&alt, script_of(n), mix(n, 41) % WORDS);
	struct media media = {
	        .kind = MEDIA_IMAGE, .url = picture, .alt = str_c(&alt), .type = "image/webp"};
	struct viewer viewer = {.account = SYNTH_ACCOUNT, .remote_id = id};
	struct post_parts parts = {
	        .str = {[POST_URI] = uri,
	                [POST_URL] = url,
	                [POST_BODY] = str_c(&body),
	                [POST_LANG] = "en",
	                [POST_WARNING] = mix(n, 42) % 20 ? NULL : "long"},
	        .facets = facets,
	        .nfacets = nfacets,
	        .media = &media,
	        .nmedia = mix(n, 43) % 8 == 0,
	        .viewers = &viewer,
	        .nviewers = 1,
	        .author = add_author(page, author),
	        .created_ms = synth_time(n),
	        .seen_ms = synth_time(n) + 20000,
	        .replies = (uint32_t)(mix(n, 44) % 5),
	        .reposts = (uint32_t)(mix(n, 45) % 9),
	        .likes = (uint32_t)(mix(n, 46) % 30),
	        .quotes = POST_UNKNOWN,
	};
	uint32_t place = page_add_post(page, &parts);
	str_finish(&body);
	str_finish(&alt);
	return place;
}

struct account *synth_account(void)
{
	struct account *account = account_new("work", "mastodon", "social1.example");

	account->id = SYNTH_ACCOUNT;
	return account;
}

struct page *synth_page(uint64_t first, size_t n)
{
	struct page *page = page_new();
	for (uint64_t i = first + n; i-- > first;) {
		char id[32], row[32];
		uint64_t author = mix(i / POSTS_AN_AUTHOR, 51) % (1 + i / POSTS_AN_AUTHOR);
		int64_t when = synth_time(i);
		snprintf(id, sizeof id, "%" PRIu64, ((uint64_t)when << 16) + i % 65536);
		snprintf(row, sizeof row, "%" PRIu64, ((uint64_t)when << 16) + i % 65536 + 1);
		bool repost = mix(i, 52) % 7 == 0;
		struct entry entry = {.post = add_post(page, i, author, id),
		        .reason = repost ? REASON_REPOSTED : REASON_POSTED,
		        .actor = repost ? add_author(page, author / 2) : 0,
		        .sort_ms = when,
		        .cursor = repost ? row : id};
		page_add_entry(page, &entry);
	}
	page_sort(page);
	return page;
}
