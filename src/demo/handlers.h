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
handler accounts_verify, accounts_show, accounts_lookup, accounts_statuses, accounts_relationships,
        accounts_follow, accounts_unfollow, accounts_mute, accounts_unmute, accounts_block,
        accounts_unblock, accounts_mutes, accounts_blocks, accounts_lists, accounts_list;
/* timelines.c */
handler timelines_home, timelines_public, timelines_tag, timelines_list, timelines_notifications,
        timelines_notification, timelines_search, timelines_favourites, timelines_bookmarks;
/* statuses.c */
handler statuses_create, statuses_show, statuses_context, statuses_source, statuses_edit,
        statuses_delete, statuses_favourite, statuses_unfavourite, statuses_reblog,
        statuses_unreblog, statuses_bookmark, statuses_unbookmark, statuses_mute, statuses_unmute;
/* scheduled.c */
handler scheduled_list, scheduled_show, scheduled_move, scheduled_cancel;
/* markers.c */
handler markers_get, markers_set;
/* listen.c */
handler listen_user, listen_notification, listen_public, listen_local, listen_remote, listen_tag,
        listen_tag_local, listen_health;
/* feeds.c */
handler feeds_show, feeds_index;
