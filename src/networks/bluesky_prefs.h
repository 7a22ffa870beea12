#pragma once
#include "base/json.h"
#include "base/json_raw.h"
#include "networks/network.h"

/*
 * Preferences (fact sheet 7, 8; app.bsky.actor.getPreferences and putPreferences), which the
 * server keeps and every client applies by itself. Muted words, hidden posts and labels
 * that are hidden are filters of the account; what else labels shall do is learned as
 * struct account's `labels`.
 */
call_step bluesky_filters;
/* FILTER_PUT and FILTER_DROP of bluesky_act: one element of the preferences is changed,
 * all others are sent back to the byte. */
call_step bluesky_filter_act;

/* What a filter's id begins with, by where it is kept. */
#define BLUESKY_WORD   "word:"
#define BLUESKY_HIDDEN "hidden-posts"
#define BLUESKY_LABEL  "label:"

#define BLUESKY_PREF "app.bsky.actor.defs#"

/* bluesky_labels.c: all of `labels` from the preferences and, NULL before they are asked for,
 * the definitions of labelers (app.bsky.labeler.getServices). Appended. */
void bluesky_labels_learn(struct str *out, const cJSON *preferences, const cJSON *services);
/* The labelers that the preferences name, as query parameters; false: there are none. */
bool bluesky_labelers(const cJSON *preferences, struct str *query);
/* What such labels warn of, in words, with commas between: for POST_WARNING. Appended. */
void bluesky_labels_warn(struct str *out, const char *labels, const cJSON *on_post);
/* Call back for each label that is hidden: its name in `labels`, and its words. */
void bluesky_labels_hidden(const char *labels,
        void (*each)(void *ctx, const char *name, const char *words), void *ctx);
/* "did:plc:abc, did:plc:def": whose labels the account wants, for atproto-accept-labelers.
 * Appended; nothing when it wants the usual ones. */
void bluesky_labels_from(struct str *out, const char *labels);

/* bluesky_prefs_edit.c: the array of preferences with one thing changed. Appended. */

/* Put `item` (JSON) into the items of the element of this type, instead of the item `old`
 * (p NULL: besides all others), or take `old` out (item NULL). */
void bluesky_prefs_item(struct str *out, struct json_raw prefs, const char *type,
        struct json_raw old, const char *item);
/* Put `element` (JSON) instead of the element `old` (p NULL: after all others). */
void bluesky_prefs_element(
        struct str *out, struct json_raw prefs, struct json_raw old, const char *element);
/* The first element of this type; p NULL: there is none. */
struct json_raw bluesky_prefs_find(struct json_raw prefs, const char *type);
