#pragma once
#include "demo/exchange.h"

/* Every route's handler, in the file of its name; the table is routes.c. */

/* instance.c */
handler instance_v1, instance_v2, instance_nodeinfo, instance_nodeinfo_links, instance_emojis,
        instance_empty_list, instance_oauth_server, instance_preferences;
/* sign_in.c */
handler sign_in_register, sign_in_authorize, sign_in_token, sign_in_revoke, sign_in_userinfo,
        sign_in_app;
/* accounts.c */
handler accounts_verify, accounts_show, accounts_several, accounts_lookup, accounts_search,
        accounts_statuses, accounts_following, accounts_followers;
/* relations.c */
handler relations_show, relations_follow, relations_unfollow, relations_mute, relations_unmute,
        relations_block, relations_unblock, relations_send_away, relations_note, relations_mutes,
        relations_blocks, relations_requests, relations_authorize, relations_reject,
        relations_hosts, relations_block_host, relations_unblock_host, relations_report;
/* lists.c */
handler lists_index, lists_with, lists_show, lists_create, lists_update, lists_delete,
        lists_members, lists_add, lists_remove;
/* filters.c */
handler filters_index, filters_show, filters_create, filters_update, filters_delete, filters_words,
        filters_add_word, filters_word, filters_change_word, filters_delete_word, filters_statuses,
        filters_add_status, filters_status, filters_delete_status, filters_v1_index,
        filters_v1_show, filters_v1_create, filters_v1_update, filters_v1_delete;
/* timelines.c */
handler timelines_home, timelines_public, timelines_tag, timelines_list, timelines_favourites,
        timelines_bookmarks, timelines_direct;
/* notices.c */
handler notices_index, notices_show, notices_dismiss, notices_clear, notices_count, notices_groups,
        notices_group, notices_group_accounts, notices_group_dismiss, notices_policy;
/* talks.c */
handler talks_index, talks_read, talks_unread, talks_delete;
/* tags.c */
handler tags_show, tags_follow, tags_unfollow, tags_followed, trends_tags, trends_links,
        trends_statuses;
/* The tags that begin with the words, as elements of an open array. */
void tags_put_found(struct exchange *x, const char *words, size_t limit);
/* search.c */
handler search_all;
/* People whom a question finds: by address, by handle, or by the words of their names. */
uint64_t people_found(const struct world *world, const char *question);
/* statuses.c */
handler statuses_create, statuses_show, statuses_several, statuses_context, statuses_source,
        statuses_history, statuses_liked_by, statuses_reposted_by, statuses_quotes, statuses_edit,
        statuses_delete, statuses_favourite, statuses_unfavourite, statuses_reblog,
        statuses_unreblog, statuses_bookmark, statuses_unbookmark, statuses_mute, statuses_unmute,
        statuses_pin, statuses_unpin;
/* polls.c */
handler polls_show, polls_vote;
/* media.c */
handler media_create, media_create_v1, media_show, media_change, media_delete, media_file,
        media_original, media_small;
/* scheduled.c */
handler scheduled_list, scheduled_show, scheduled_move, scheduled_cancel;
/* markers.c */
handler markers_get, markers_set;
/* listen.c */
handler listen_user, listen_notification, listen_public, listen_local, listen_remote, listen_tag,
        listen_tag_local, listen_health, listen_socket;
/* feeds.c */
handler feeds_show, feeds_index;
