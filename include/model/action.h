#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "model/account.h"
#include "model/post.h"

/*
 * Something done in the name of an account. One row a verb; commands, the command
 * line's verbs and each network's requests are derived from it.
 *
 * X(ID, "name", "undo's name" or NULL, TARGET, CAP, "what it does")
 * TARGET says what the action's fields name; see struct action.
 */
#define VERBS(X)                                                                                   \
	X(LIKE, "like", "unlike", POST, CAP_LIKE, "like a post")                                   \
	X(REPOST, "repost", "unrepost", POST, CAP_REPOST, "repost a post")                         \
	X(BOOKMARK, "bookmark", "unbookmark", POST, CAP_BOOKMARK, "keep a post at the server")     \
	X(PIN, "pin", "unpin", POST, CAP_PIN, "pin an own post to the profile")                    \
	X(MUTE_THREAD, "mute-thread", "unmute-thread", POST, CAP_MUTE_THREAD,                      \
	        "no more notifications of a conversation")                                         \
	X(VOTE, "vote", NULL, POST, CAP_POLL, "vote in a poll")                                    \
	X(EDIT, "edit", NULL, POST, CAP_EDIT, "change an own post")                                \
	X(DELETE, "delete", NULL, POST, CAP_POST, "delete an own post")                            \
	X(REDRAFT, "redraft", NULL, POST, CAP_POST,                                                \
	        "publish a changed post in place of an own one")                                   \
	X(FOLLOW, "follow", "unfollow", PROFILE, CAP_FOLLOW, "follow somebody")                    \
	X(MUTE, "account-mute", "account-unmute", PROFILE, CAP_MUTE,                               \
	        "mute somebody at the server")                                                     \
	X(BLOCK, "block", "unblock", PROFILE, CAP_BLOCK, "block somebody")                         \
	X(REPORT, "report", NULL, PROFILE, CAP_REPORT, "report somebody to the moderators")        \
	X(ACCEPT, "accept", "reject", PROFILE, CAP_FOLLOW, "let somebody follow who asked to")     \
	X(LIST_ADD, "list-add", "list-remove", PROFILE, CAP_LIST, "put somebody on a list")        \
	X(BLOCK_DOMAIN, "block-domain", "unblock-domain", NAME, CAP_BLOCK_DOMAIN, "hide a host")   \
	X(FOLLOW_TAG, "follow-tag", "unfollow-tag", NAME, CAP_FOLLOW_TAG, "follow a tag")          \
	X(LIST_MAKE, "list-make", "list-delete", NAME, CAP_LIST, "make a list")                    \
	X(LIST_RENAME, "list-rename", NULL, NAME, CAP_LIST, "give a list another title")           \
	X(MUTE_LIST, "mute-list", "unmute-list", NAME, CAP_MODLIST,                                \
	        "mute everybody on a list, and who will be")                                       \
	X(BLOCK_LIST, "block-list", "unblock-list", NAME, CAP_MODLIST,                             \
	        "block everybody on a list, and who will be")                                      \
	X(DISMISS, "dismiss", NULL, NAME, CAP_NOTIFICATIONS,                                       \
	        "forget a notification, or all of them")                                           \
	X(FILTER_PUT, "filter-put", NULL, FILTER, CAP_FILTERS,                                     \
	        "make or change a filter at the server")                                           \
	X(FILTER_DROP, "filter-drop", NULL, NAME, CAP_FILTERS, "remove a filter at the server")    \
	X(UNSCHEDULE, "unschedule", NULL, NAME, CAP_SCHEDULE, "cancel a post that the server keeps")

#define X(id, name, undo, target, cap, help) VERB_##id,
enum verb { VERBS(X) VERB_COUNT };
#undef X

enum verb_target { TARGET_POST, TARGET_PROFILE, TARGET_NAME, TARGET_FILTER };

struct verb_row {
	const char *name, *undo, *help;
	enum verb_target target;
	unsigned cap; /* enum capability */
};
extern const struct verb_row verbs[VERB_COUNT];

/* One action. Owned strings, each NULL when the verb does not use it. */
struct action {
	enum verb verb;
	bool undo;
	/* A post: how the network knows it. Without remote_id the server is asked to look the
	 * address up first, so a bare URL from the command line is enough. */
	char *uri, *remote_id;
	/* A profile: any of its handle ("ada@host"), uri or URL; without remote_id looked up. */
	char *profile, *profile_id;
	/* A host, tag or id; of REPORT the category, of LIST_ADD the list's id, of LIST_MAKE its
	 * title (undone: id), of MUTE_LIST a list's id or address, of DISMISS a row's cursor (NULL:
	 * all of them). */
	char *name;
	char *text, *warning;
	char *key;                    /* idempotency key, made by whoever made the action */
	int64_t seconds;              /* of a mute or a filter; 0: for good */
	uint32_t choices;             /* of a vote: bit i: option i */
	int visibility;               /* of a repost: enum visibility; -1: the server's default */
	bool reposts;                 /* FOLLOW: show their reposts */
	bool notify;                  /* FOLLOW: tell of each post; MUTE: notifications too */
	struct server_filter *filter; /* FILTER_PUT; id NULL: a new one */
};

struct action *action_new(enum verb verb, bool undo);
struct action *action_copy(const struct action *action); /* owned */
void action_free(struct action *action);
