#include "networks/mastodon_software.h"

#include <string.h>
#include <strings.h>

#include "model/account.h"

enum { API_GROUPED = 2, API_QUOTE = 7 };

/* What every server of this kind has had for years. */
static const unsigned basic = CAP_LIKE | CAP_REPOST | CAP_BOOKMARK | CAP_POST | CAP_SEARCH |
                              CAP_FOLLOW | CAP_BLOCK | CAP_POLL | CAP_PIN | CAP_NOTIFICATIONS |
                              CAP_LIST;
static const unsigned usual = CAP_MUTE | CAP_MUTE_THREAD | CAP_EDIT | CAP_REPORT | CAP_FILTERS |
                              CAP_MARKERS | CAP_DIRECT | CAP_FOLLOW_TAG | CAP_BLOCK_DOMAIN;
static const unsigned sse = CAP_STREAM | CAP_STREAM_SSE, ws = CAP_STREAM | CAP_STREAM_WS;

/*
 * CAP_SCHEDULE only where a scheduled post is known to wait for its time and to reach
 * its readers then: elsewhere it goes out at once.
 */
static const struct program {
	const char *name;
	unsigned has;     /* beyond the basics */
	unsigned lacks;   /* of the basics */
	unsigned streams; /* when it tells where */
} programs[] = {
        {"mastodon", usual | CAP_SCHEDULE | CAP_TRENDS, 0, sse | ws},
        {"gotosocial", usual & ~(unsigned)CAP_BLOCK_DOMAIN, 0, ws},
        {"pleroma", usual | CAP_SCHEDULE, 0, ws},
        {"akkoma", usual | CAP_SCHEDULE, 0, ws},
        /* What it takes for muting a thread hides the post. */
        {"snac", CAP_EDIT | CAP_MARKERS, 0, 0},
        {"pixelfed", CAP_MUTE | CAP_EDIT | CAP_MARKERS | CAP_DIRECT | CAP_BLOCK_DOMAIN,
                CAP_POLL | CAP_LIST | CAP_PIN | CAP_NOTIFICATIONS, 0},
};

static const struct {
	uint32_t api;
	unsigned caps;
} since[] = {
        {API_GROUPED, CAP_GROUPED | CAP_PKCE},
        {API_QUOTE, CAP_QUOTE},
};

static const struct program *program_of(const char *software)
{
	size_t n = strcspn(software, " ");
	for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
		const char *name = programs[i].name;
		if (strlen(name) == n && strncasecmp(name, software, n) == 0) return &programs[i];
	}
	return NULL;
}

unsigned mastodon_software_caps(const char *software, uint32_t api, bool streams)
{
	/* Relatives of Mastodon have what it has, but may do otherwise with a scheduled post. */
	const struct program kin = {NULL, usual | CAP_TRENDS, 0, sse | ws};
	const struct program stranger = {NULL, usual, 0, ws};
	const struct program *program = program_of(software ? software : "");
	if (!program) program = api ? &kin : &stranger;
	unsigned caps = (basic | program->has) & ~program->lacks;
	if (streams) caps |= program->streams;
	for (size_t i = 0; i < sizeof since / sizeof *since; i++) {
		if (api >= since[i].api) caps |= since[i].caps;
	}
	return caps;
}

const char *mastodon_software_guess(const char *version)
{
	static const struct {
		const char *word, *name;
	} marks[] = {
	        {"; Pleroma ", "pleroma"},
	        {"; Akkoma ", "akkoma"},
	        {"; Pixelfed ", "pixelfed"},
	        {"really snac/", "snac"},
	};
	for (size_t i = 0; version && i < sizeof marks / sizeof *marks; i++) {
		if (strstr(version, marks[i].word)) return marks[i].name;
	}
	return NULL;
}
