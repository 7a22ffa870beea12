#include "demo/software.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const not_in_mastodon[] = {"/api/v1/timelines/direct", NULL};
static const char *const since_mastodon_4_3[] = {"/api/v1/timelines/direct",
        "/api/v2/notifications", "/api/v1/notifications/policy", "/oauth/userinfo", NULL};
static const char *const not_in_gotosocial[] = {"/api/v2/notifications", "/api/v1/trends",
        "/oauth/userinfo", "/api/v1/notifications/requests", NULL};
static const char *const not_in_pleroma[] = {"/api/v2/notifications", "/api/v2/filters",
        "/api/v1/trends", "/oauth/userinfo", "/api/v1/followed_tags",
        "/api/v1/notifications/requests", NULL};
static const char *const not_in_akkoma[] = {"/api/v2/instance", "/api/v2/notifications",
        "/api/v2/filters", "/api/v1/trends", "/oauth/userinfo", "/api/v1/followed_tags",
        "/api/v1/notifications/requests", NULL};
static const char *const not_in_pixelfed[] = {"/api/v2/notifications", "/api/v2/filters",
        "/api/v1/polls", "/api/v1/scheduled_statuses", "/api/v1/streaming", "/oauth/userinfo",
        "/api/v1/followed_tags", "/api/v1/notifications/requests", NULL};
static const char *const not_in_snac[] = {"/api/v2/instance", "/api/v2/notifications",
        "/api/v1/trends", "/api/v1/streaming", "/oauth/userinfo", "/api/v1/domain_blocks",
        "/api/v1/notifications/requests", NULL};

const struct software softwares[] = {
        {.name = "mastodon",
                .version = "4.6.0",
                .api = 10,
                .streams = STREAMS_SSE | STREAMS_WEBSOCKET,
                .discovers = true,
                .keeps_keys = true,
                .schedules = true,
                .max_chars = 500,
                .lacks = not_in_mastodon},
        {.name = "mastodon-4.0",
                .version = "4.0.2",
                .streams = STREAMS_SSE | STREAMS_WEBSOCKET,
                .keeps_keys = true,
                .schedules = true,
                .max_chars = 500,
                .lacks = since_mastodon_4_3},
        {.name = "gotosocial",
                .version = "0.19.1+git-5a3c1f2",
                .ids = ID_ULID,
                .streams = STREAMS_WEBSOCKET,
                .schedules = true,
                .max_chars = 5000,
                .lacks = not_in_gotosocial},
        {.name = "pleroma",
                .version = "2.7.2 (compatible; Pleroma 2.9.1)",
                .ids = ID_FLAKE,
                .streams = STREAMS_WEBSOCKET,
                .keeps_keys = true,
                .expires = true,
                .schedules = true,
                .max_chars = 5000,
                .lacks = not_in_pleroma},
        {.name = "akkoma",
                .version = "2.7.2 (compatible; Akkoma 3.15.2)",
                .ids = ID_FLAKE,
                .streams = STREAMS_WEBSOCKET,
                .keeps_keys = true,
                .expires = true,
                .schedules = true,
                .max_chars = 5000,
                .lacks = not_in_akkoma},
        {.name = "pixelfed",
                .version = "3.5.3 (compatible; Pixelfed 0.12.5)",
                .expires = true,
                .max_chars = 500,
                .lacks = not_in_pixelfed},
        {.name = "snac",
                .version = "4.0.0 (not true; really snac/2.75)",
                .ids = ID_HEX,
                .max_chars = 100000,
                .lacks = not_in_snac},
};
const size_t nsoftwares = sizeof softwares / sizeof *softwares;

const struct software *software_find(const char *name)
{
	for (size_t i = 0; i < nsoftwares; i++) {
		if (strcmp(softwares[i].name, name) == 0) return &softwares[i];
	}
	return NULL;
}

bool software_lacks(const struct software *software, const char *path)
{
	if (!software->discovers && strcmp(path, "/.well-known/oauth-authorization-server") == 0)
		return true;
	for (const char *const *it = software->lacks; *it; it++) {
		if (strncmp(path, *it, strlen(*it)) == 0) return true;
	}
	return false;
}

/* --- ids: one number in several clothes, all of one length but the decimal --- */

static const struct alphabet {
	const char *digits;
	int len;
} alphabets[] = {
        [ID_DECIMAL] = {"0123456789", 0},
        [ID_ULID] = {"0123456789ABCDEFGHJKMNPQRSTVWXYZ", 26},
        [ID_FLAKE] = {"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 18},
        [ID_HEX] = {"0123456789abcdef", 42},
};

void software_print_id(const struct software *software, char out[ID_SIZE], uint64_t id)
{
	const struct alphabet *alphabet = &alphabets[software->ids];
	if (alphabet->len == 0) {
		snprintf(out, ID_SIZE, "%" PRIu64, id);
		return;
	}
	size_t base = strlen(alphabet->digits);
	out[alphabet->len] = '\0';
	for (int i = alphabet->len - 1; i >= 0; i--) {
		out[i] = alphabet->digits[id % base];
		id /= base;
	}
}

uint64_t software_read_id(const struct software *software, const char *text)
{
	const struct alphabet *alphabet = &alphabets[software->ids];
	size_t base = strlen(alphabet->digits), len = strlen(text);
	uint64_t id = 0;
	if (alphabet->len ? len != (size_t)alphabet->len : len > 20) return 0;
	for (size_t i = 0; i < len; i++) {
		const char *digit = strchr(alphabet->digits, text[i]);
		if (!digit) return 0;
		id = id * base + (uint64_t)(digit - alphabet->digits);
	}
	return id;
}
