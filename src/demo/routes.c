#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "demo/handlers.h"
#include "demo/put.h"
#include "demo/relation.h"
#include "demo/sign_in.h"

/* `:` in a pattern stands for one part of the path. */
static const struct route {
	const char *method, *pattern;
	enum route_need need;
	handler *serve;
} routes[] = {
        {"GET", "/.well-known/nodeinfo", NEED_NOTHING, instance_nodeinfo_links},
        {"GET", "/.well-known/oauth-authorization-server", NEED_NOTHING, instance_oauth_server},
        {"GET", "/api/v1/accounts", NEED_NOTHING, accounts_several},
        {"GET", "/api/v1/accounts/:", NEED_NOTHING, accounts_show},
        {"POST", "/api/v1/accounts/:/block", NEED_USER, relations_block},
        {"POST", "/api/v1/accounts/:/follow", NEED_USER, relations_follow},
        {"GET", "/api/v1/accounts/:/followers", NEED_NOTHING, accounts_followers},
        {"GET", "/api/v1/accounts/:/following", NEED_NOTHING, accounts_following},
        {"GET", "/api/v1/accounts/:/lists", NEED_USER, lists_with},
        {"POST", "/api/v1/accounts/:/mute", NEED_USER, relations_mute},
        {"POST", "/api/v1/accounts/:/note", NEED_USER, relations_note},
        {"POST", "/api/v1/accounts/:/remove_from_followers", NEED_USER, relations_send_away},
        {"GET", "/api/v1/accounts/:/statuses", NEED_NOTHING, accounts_statuses},
        {"POST", "/api/v1/accounts/:/unblock", NEED_USER, relations_unblock},
        {"POST", "/api/v1/accounts/:/unfollow", NEED_USER, relations_unfollow},
        {"POST", "/api/v1/accounts/:/unmute", NEED_USER, relations_unmute},
        {"GET", "/api/v1/accounts/lookup", NEED_NOTHING, accounts_lookup},
        {"GET", "/api/v1/accounts/relationships", NEED_USER, relations_show},
        {"GET", "/api/v1/accounts/search", NEED_USER, accounts_search},
        {"GET", "/api/v1/accounts/verify_credentials", NEED_USER, accounts_verify},
        {"GET", "/api/v1/announcements", NEED_USER, instance_empty_list},
        {"POST", "/api/v1/apps", NEED_NOTHING, sign_in_register},
        {"GET", "/api/v1/apps/verify_credentials", NEED_NOTHING, sign_in_app},
        {"GET", "/api/v1/blocks", NEED_USER, relations_blocks},
        {"GET", "/api/v1/bookmarks", NEED_USER, timelines_bookmarks},
        {"GET", "/api/v1/conversations", NEED_USER, talks_index},
        {"DELETE", "/api/v1/conversations/:", NEED_USER, talks_delete},
        {"POST", "/api/v1/conversations/:/read", NEED_USER, talks_read},
        {"POST", "/api/v1/conversations/:/unread", NEED_USER, talks_unread},
        {"GET", "/api/v1/custom_emojis", NEED_NOTHING, instance_emojis},
        {"GET", "/api/v1/domain_blocks", NEED_USER, relations_hosts},
        {"POST", "/api/v1/domain_blocks", NEED_USER, relations_block_host},
        {"DELETE", "/api/v1/domain_blocks", NEED_USER, relations_unblock_host},
        {"GET", "/api/v1/favourites", NEED_USER, timelines_favourites},
        {"GET", "/api/v1/filters", NEED_USER, filters_v1_index},
        {"POST", "/api/v1/filters", NEED_USER, filters_v1_create},
        {"GET", "/api/v1/filters/:", NEED_USER, filters_v1_show},
        {"PUT", "/api/v1/filters/:", NEED_USER, filters_v1_update},
        {"DELETE", "/api/v1/filters/:", NEED_USER, filters_v1_delete},
        {"GET", "/api/v1/follow_requests", NEED_USER, relations_requests},
        {"POST", "/api/v1/follow_requests/:/authorize", NEED_USER, relations_authorize},
        {"POST", "/api/v1/follow_requests/:/reject", NEED_USER, relations_reject},
        {"GET", "/api/v1/followed_tags", NEED_USER, tags_followed},
        {"GET", "/api/v1/instance", NEED_NOTHING, instance_v1},
        {"GET", "/api/v1/lists", NEED_USER, lists_index},
        {"POST", "/api/v1/lists", NEED_USER, lists_create},
        {"GET", "/api/v1/lists/:", NEED_USER, lists_show},
        {"PUT", "/api/v1/lists/:", NEED_USER, lists_update},
        {"DELETE", "/api/v1/lists/:", NEED_USER, lists_delete},
        {"GET", "/api/v1/lists/:/accounts", NEED_USER, lists_members},
        {"POST", "/api/v1/lists/:/accounts", NEED_USER, lists_add},
        {"DELETE", "/api/v1/lists/:/accounts", NEED_USER, lists_remove},
        {"GET", "/api/v1/markers", NEED_USER, markers_get},
        {"POST", "/api/v1/markers", NEED_USER, markers_set},
        {"POST", "/api/v1/media", NEED_USER, media_create_v1},
        {"GET", "/api/v1/media/:", NEED_USER, media_show},
        {"PUT", "/api/v1/media/:", NEED_USER, media_change},
        {"DELETE", "/api/v1/media/:", NEED_USER, media_delete},
        {"GET", "/api/v1/mutes", NEED_USER, relations_mutes},
        {"GET", "/api/v1/notifications", NEED_USER, notices_index},
        {"GET", "/api/v1/notifications/:", NEED_USER, notices_show},
        {"POST", "/api/v1/notifications/:/dismiss", NEED_USER, notices_dismiss},
        {"POST", "/api/v1/notifications/clear", NEED_USER, notices_clear},
        {"GET", "/api/v1/notifications/requests", NEED_USER, instance_empty_list},
        {"GET", "/api/v1/notifications/unread_count", NEED_USER, notices_count},
        {"GET", "/api/v1/polls/:", NEED_NOTHING, polls_show},
        {"POST", "/api/v1/polls/:/votes", NEED_USER, polls_vote},
        {"GET", "/api/v1/preferences", NEED_USER, instance_preferences},
        {"POST", "/api/v1/reports", NEED_USER, relations_report},
        {"GET", "/api/v1/scheduled_statuses", NEED_USER, scheduled_list},
        {"GET", "/api/v1/scheduled_statuses/:", NEED_USER, scheduled_show},
        {"PUT", "/api/v1/scheduled_statuses/:", NEED_USER, scheduled_move},
        {"DELETE", "/api/v1/scheduled_statuses/:", NEED_USER, scheduled_cancel},
        {"GET", "/api/v1/statuses", NEED_NOTHING, statuses_several},
        {"POST", "/api/v1/statuses", NEED_USER, statuses_create},
        {"GET", "/api/v1/statuses/:", NEED_NOTHING, statuses_show},
        {"PUT", "/api/v1/statuses/:", NEED_USER, statuses_edit},
        {"DELETE", "/api/v1/statuses/:", NEED_USER, statuses_delete},
        {"POST", "/api/v1/statuses/:/bookmark", NEED_USER, statuses_bookmark},
        {"GET", "/api/v1/statuses/:/context", NEED_NOTHING, statuses_context},
        {"POST", "/api/v1/statuses/:/favourite", NEED_USER, statuses_favourite},
        {"GET", "/api/v1/statuses/:/favourited_by", NEED_NOTHING, statuses_liked_by},
        {"GET", "/api/v1/statuses/:/history", NEED_NOTHING, statuses_history},
        {"POST", "/api/v1/statuses/:/mute", NEED_USER, statuses_mute},
        {"POST", "/api/v1/statuses/:/pin", NEED_USER, statuses_pin},
        {"GET", "/api/v1/statuses/:/quotes", NEED_USER, statuses_quotes},
        {"POST", "/api/v1/statuses/:/reblog", NEED_USER, statuses_reblog},
        {"GET", "/api/v1/statuses/:/reblogged_by", NEED_NOTHING, statuses_reposted_by},
        {"GET", "/api/v1/statuses/:/source", NEED_USER, statuses_source},
        {"POST", "/api/v1/statuses/:/unbookmark", NEED_USER, statuses_unbookmark},
        {"POST", "/api/v1/statuses/:/unfavourite", NEED_USER, statuses_unfavourite},
        {"POST", "/api/v1/statuses/:/unmute", NEED_USER, statuses_unmute},
        {"POST", "/api/v1/statuses/:/unpin", NEED_USER, statuses_unpin},
        {"POST", "/api/v1/statuses/:/unreblog", NEED_USER, statuses_unreblog},
        {"GET", "/api/v1/streaming", NEED_USER, listen_socket},
        {"GET", "/api/v1/streaming/hashtag", NEED_USER, listen_tag},
        {"GET", "/api/v1/streaming/hashtag/local", NEED_USER, listen_tag_local},
        {"GET", "/api/v1/streaming/health", NEED_NOTHING, listen_health},
        {"GET", "/api/v1/streaming/public", NEED_USER, listen_public},
        {"GET", "/api/v1/streaming/public/local", NEED_USER, listen_local},
        {"GET", "/api/v1/streaming/public/remote", NEED_USER, listen_remote},
        {"GET", "/api/v1/streaming/user", NEED_USER, listen_user},
        {"GET", "/api/v1/streaming/user/notification", NEED_USER, listen_notification},
        {"GET", "/api/v1/tags/:", NEED_NOTHING, tags_show},
        {"POST", "/api/v1/tags/:/follow", NEED_USER, tags_follow},
        {"POST", "/api/v1/tags/:/unfollow", NEED_USER, tags_unfollow},
        {"GET", "/api/v1/timelines/direct", NEED_USER, timelines_direct},
        {"GET", "/api/v1/timelines/home", NEED_USER, timelines_home},
        {"GET", "/api/v1/timelines/list/:", NEED_USER, timelines_list},
        {"GET", "/api/v1/timelines/public", NEED_NOTHING, timelines_public},
        {"GET", "/api/v1/timelines/tag/:", NEED_NOTHING, timelines_tag},
        {"GET", "/api/v1/trends/links", NEED_NOTHING, trends_links},
        {"GET", "/api/v1/trends/statuses", NEED_NOTHING, trends_statuses},
        {"GET", "/api/v1/trends/tags", NEED_NOTHING, trends_tags},
        {"GET", "/api/v2/filters", NEED_USER, filters_index},
        {"POST", "/api/v2/filters", NEED_USER, filters_create},
        {"GET", "/api/v2/filters/:", NEED_USER, filters_show},
        {"PUT", "/api/v2/filters/:", NEED_USER, filters_update},
        {"DELETE", "/api/v2/filters/:", NEED_USER, filters_delete},
        {"GET", "/api/v2/filters/:/keywords", NEED_USER, filters_words},
        {"POST", "/api/v2/filters/:/keywords", NEED_USER, filters_add_word},
        {"GET", "/api/v2/filters/:/statuses", NEED_USER, filters_statuses},
        {"POST", "/api/v2/filters/:/statuses", NEED_USER, filters_add_status},
        {"GET", "/api/v2/filters/keywords/:", NEED_USER, filters_word},
        {"PUT", "/api/v2/filters/keywords/:", NEED_USER, filters_change_word},
        {"DELETE", "/api/v2/filters/keywords/:", NEED_USER, filters_delete_word},
        {"GET", "/api/v2/filters/statuses/:", NEED_USER, filters_status},
        {"DELETE", "/api/v2/filters/statuses/:", NEED_USER, filters_delete_status},
        {"GET", "/api/v2/instance", NEED_NOTHING, instance_v2},
        {"POST", "/api/v2/media", NEED_USER, media_create},
        {"GET", "/api/v2/notifications", NEED_USER, notices_groups},
        {"GET", "/api/v2/notifications/:", NEED_USER, notices_group},
        {"GET", "/api/v2/notifications/:/accounts", NEED_USER, notices_group_accounts},
        {"POST", "/api/v2/notifications/:/dismiss", NEED_USER, notices_group_dismiss},
        {"GET", "/api/v2/notifications/policy", NEED_USER, notices_policy},
        {"GET", "/api/v2/notifications/unread_count", NEED_USER, notices_count},
        {"GET", "/api/v2/search", NEED_USER, search_all},
        {"GET", "/feeds", NEED_NOTHING, feeds_index},
        {"GET", "/feeds/:", NEED_NOTHING, feeds_show},
        {"GET", "/media/original/:", NEED_NOTHING, media_original},
        {"GET", "/media/small/:", NEED_NOTHING, media_small},
        {"GET", "/media/uploaded/:", NEED_NOTHING, media_file},
        {"GET", "/nodeinfo/2.0", NEED_NOTHING, instance_nodeinfo},
        {"GET", "/oauth/authorize", NEED_NOTHING, sign_in_authorize},
        {"POST", "/oauth/authorize", NEED_NOTHING, sign_in_authorize},
        {"POST", "/oauth/revoke", NEED_NOTHING, sign_in_revoke},
        {"POST", "/oauth/token", NEED_NOTHING, sign_in_token},
        {"GET", "/oauth/userinfo", NEED_USER, sign_in_userinfo},
};

void exchange_error(struct exchange *x, int status, const char *sentence)
{
	x->status = status;
	str_clear(&x->body);
	put_open(&x->body, NULL, '{');
	put_str(&x->body, "error", sentence);
	put_close(&x->body, '}');
}

const char *exchange_fault(struct exchange *x, enum fault fault)
{
	return x->faults ? misbehave_now(x->faults, fault, x->path) : NULL;
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

uint64_t exchange_id(const struct exchange *x, const char *text)
{
	return software_read_id(x->world->software, text);
}

bool exchange_person(struct exchange *x, size_t *out)
{
	if (person_by_id(x->world, exchange_id(x, x->args[0]), out)) return true;
	/* Some take a handle where an id belongs. */
	bool handles = x->world->software->ids == ID_FLAKE;
	if (handles && person_by_acct(x->args[0], strlen(x->args[0]), x->world->host, out))
		return true;
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

/* Has the token no scope for this? */
static bool is_barred(const struct exchange *x)
{
	bool reads = strcmp(x->method, "GET") == 0;
	bool about_me = strcmp(x->path, "/api/v1/accounts/verify_credentials") == 0 ||
	                strcmp(x->path, "/oauth/userinfo") == 0;
	if (about_me && !(x->barred & SCOPE_PROFILE)) return false;
	return (x->barred & (unsigned)(reads ? SCOPE_READ : SCOPE_WRITE)) != 0;
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
	relation_expire(x->world);
	if (software_lacks(x->world->software, x->path)) best = NULL, other_method = false;
	if (!best && other_method)
		exchange_error(x, 405, "Method not allowed");
	else if (!best)
		exchange_error(x, 404, "The page you are looking for isn't here.");
	else if (best->need == NEED_USER && x->user < 0)
		exchange_error(x, 401, "The access token is invalid");
	else if (best->need == NEED_USER && is_barred(x))
		exchange_error(x, 403, "This action is outside the authorized scopes");
	else
		best->serve(x);
}
