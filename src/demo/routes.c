#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demo/handlers.h"
#include "demo/put.h"

/* `:` in a pattern stands for one part of the path. */
static const struct route {
	const char *method, *pattern;
	enum route_need need;
	handler *serve;
} routes[] = {
        {"GET", "/.well-known/nodeinfo", NEED_NOTHING, instance_nodeinfo_links},
        {"GET", "/.well-known/oauth-authorization-server", NEED_NOTHING, instance_oauth_server},
        {"GET", "/api/v1/accounts/:", NEED_NOTHING, accounts_show},
        {"GET", "/api/v1/accounts/:/statuses", NEED_NOTHING, accounts_statuses},
        {"POST", "/api/v1/accounts/:/block", NEED_USER, accounts_block},
        {"POST", "/api/v1/accounts/:/follow", NEED_USER, accounts_follow},
        {"POST", "/api/v1/accounts/:/mute", NEED_USER, accounts_mute},
        {"POST", "/api/v1/accounts/:/unblock", NEED_USER, accounts_unblock},
        {"POST", "/api/v1/accounts/:/unfollow", NEED_USER, accounts_unfollow},
        {"POST", "/api/v1/accounts/:/unmute", NEED_USER, accounts_unmute},
        {"GET", "/api/v1/accounts/lookup", NEED_NOTHING, accounts_lookup},
        {"GET", "/api/v1/accounts/relationships", NEED_USER, accounts_relationships},
        {"GET", "/api/v1/accounts/verify_credentials", NEED_USER, accounts_verify},
        {"GET", "/api/v1/announcements", NEED_USER, instance_empty_list},
        {"POST", "/api/v1/apps", NEED_NOTHING, sign_in_register},
        {"GET", "/api/v1/apps/verify_credentials", NEED_NOTHING, sign_in_app},
        {"GET", "/api/v1/blocks", NEED_USER, accounts_blocks},
        {"GET", "/api/v1/bookmarks", NEED_USER, timelines_bookmarks},
        {"GET", "/api/v1/conversations", NEED_USER, instance_empty_list},
        {"GET", "/api/v1/custom_emojis", NEED_NOTHING, instance_emojis},
        {"GET", "/api/v1/favourites", NEED_USER, timelines_favourites},
        {"GET", "/api/v1/filters", NEED_USER, instance_empty_list},
        {"GET", "/api/v1/followed_tags", NEED_USER, instance_empty_list},
        {"GET", "/api/v1/instance", NEED_NOTHING, instance_v1},
        {"GET", "/api/v1/lists", NEED_USER, accounts_lists},
        {"GET", "/api/v1/lists/:", NEED_USER, accounts_list},
        {"GET", "/api/v1/markers", NEED_USER, markers_get},
        {"POST", "/api/v1/markers", NEED_USER, markers_set},
        {"GET", "/api/v1/mutes", NEED_USER, accounts_mutes},
        {"GET", "/api/v1/notifications", NEED_USER, timelines_notifications},
        {"GET", "/api/v1/notifications/:", NEED_USER, timelines_notification},
        {"GET", "/api/v1/preferences", NEED_USER, instance_preferences},
        {"GET", "/api/v1/scheduled_statuses", NEED_USER, scheduled_list},
        {"GET", "/api/v1/scheduled_statuses/:", NEED_USER, scheduled_show},
        {"PUT", "/api/v1/scheduled_statuses/:", NEED_USER, scheduled_move},
        {"DELETE", "/api/v1/scheduled_statuses/:", NEED_USER, scheduled_cancel},
        {"POST", "/api/v1/statuses", NEED_USER, statuses_create},
        {"GET", "/api/v1/statuses/:", NEED_NOTHING, statuses_show},
        {"PUT", "/api/v1/statuses/:", NEED_USER, statuses_edit},
        {"DELETE", "/api/v1/statuses/:", NEED_USER, statuses_delete},
        {"POST", "/api/v1/statuses/:/bookmark", NEED_USER, statuses_bookmark},
        {"GET", "/api/v1/statuses/:/context", NEED_NOTHING, statuses_context},
        {"POST", "/api/v1/statuses/:/favourite", NEED_USER, statuses_favourite},
        {"POST", "/api/v1/statuses/:/mute", NEED_USER, statuses_mute},
        {"POST", "/api/v1/statuses/:/reblog", NEED_USER, statuses_reblog},
        {"GET", "/api/v1/statuses/:/source", NEED_USER, statuses_source},
        {"POST", "/api/v1/statuses/:/unbookmark", NEED_USER, statuses_unbookmark},
        {"POST", "/api/v1/statuses/:/unfavourite", NEED_USER, statuses_unfavourite},
        {"POST", "/api/v1/statuses/:/unmute", NEED_USER, statuses_unmute},
        {"POST", "/api/v1/statuses/:/unreblog", NEED_USER, statuses_unreblog},
        {"GET", "/api/v1/streaming/hashtag", NEED_USER, listen_tag},
        {"GET", "/api/v1/streaming/hashtag/local", NEED_USER, listen_tag_local},
        {"GET", "/api/v1/streaming/health", NEED_NOTHING, listen_health},
        {"GET", "/api/v1/streaming/public", NEED_USER, listen_public},
        {"GET", "/api/v1/streaming/public/local", NEED_USER, listen_local},
        {"GET", "/api/v1/streaming/public/remote", NEED_USER, listen_remote},
        {"GET", "/api/v1/streaming/user", NEED_USER, listen_user},
        {"GET", "/api/v1/streaming/user/notification", NEED_USER, listen_notification},
        {"GET", "/api/v1/timelines/home", NEED_USER, timelines_home},
        {"GET", "/api/v1/timelines/list/:", NEED_USER, timelines_list},
        {"GET", "/api/v1/timelines/public", NEED_NOTHING, timelines_public},
        {"GET", "/api/v1/timelines/tag/:", NEED_NOTHING, timelines_tag},
        {"GET", "/api/v2/filters", NEED_USER, instance_empty_list},
        {"GET", "/api/v2/instance", NEED_NOTHING, instance_v2},
        {"GET", "/api/v2/search", NEED_USER, timelines_search},
        {"GET", "/feeds", NEED_NOTHING, feeds_index},
        {"GET", "/feeds/:", NEED_NOTHING, feeds_show},
        {"GET", "/nodeinfo/2.0", NEED_NOTHING, instance_nodeinfo},
        {"GET", "/oauth/authorize", NEED_NOTHING, sign_in_authorize},
        {"POST", "/oauth/revoke", NEED_NOTHING, sign_in_revoke},
        {"GET", "/oauth/userinfo", NEED_USER, sign_in_userinfo},
        {"POST", "/oauth/token", NEED_NOTHING, sign_in_token},
};

void exchange_error(struct exchange *x, int status, const char *sentence)
{
	x->status = status;
	str_clear(&x->body);
	put_open(&x->body, NULL, '{');
	put_str(&x->body, "error", sentence);
	put_close(&x->body, '}');
}

void exchange_header(struct exchange *x, const char *fmt, ...)
{
	char line[4096];
	va_list args;
	va_start(args, fmt);
	vsnprintf(line, sizeof line, fmt, args);
	va_end(args);
	str_addf(&x->headers, "%s\n", line);
}

void exchange_accept(struct exchange *x, const char *what, uint64_t id)
{
	put_str(&x->accepted, "accepted", what);
	put_id(&x->accepted, "id", id);
	put_str(&x->accepted, "key", x->key);
}

bool exchange_person(struct exchange *x, size_t *out)
{
	char *end;
	uint64_t id = strtoull(x->args[0], &end, 10);
	if (*x->args[0] && !*end && person_by_id(id, out)) return true;
	exchange_error(x, 404, "Record not found");
	return false;
}

/* Does the path fit? Fills the open parts; more of them literal is a better fit. */
static int fit(const char *pattern, const char *path, char args[2][256])
{
	int literal = 1, open = 0;
	while (*pattern && *path) {
		if (*pattern == ':') {
			size_t n = strcspn(path, "/");
			if (n == 0 || n >= 256 || open == 2) return 0;
			memcpy(args[open], path, n);
			args[open++][n] = '\0';
			path += n;
			pattern++;
			continue;
		}
		if (*pattern++ != *path++) return 0;
		literal++;
	}
	return *pattern || *path ? 0 : literal;
}

void routes_serve(struct exchange *x)
{
	const struct route *best = NULL;
	bool other_method = false;
	int best_fit = 0;
	for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
		char args[2][256] = {"", ""};
		int fits = fit(routes[i].pattern, x->path, args);
		if (fits <= best_fit) continue;
		other_method = true;
		if (strcmp(routes[i].method, x->method) != 0) continue;
		best = &routes[i];
		best_fit = fits;
		memcpy(x->args, args, sizeof args);
	}
	if (!best && other_method)
		exchange_error(x, 405, "Method not allowed");
	else if (!best)
		exchange_error(x, 404, "The page you are looking for isn't here.");
	else if (best->need == NEED_USER && x->user < 0)
		exchange_error(x, 401, "The access token is invalid");
	else
		best->serve(x);
}
