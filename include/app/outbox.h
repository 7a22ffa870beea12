#pragma once
#include "app/state.h"
#include "engine/message.h"
#include "model/draft.h"
#include "model/outgoing.h"

/*
 * What the deck knows of drafts and of posts on their way out: kept as the engine tells it.
 * UI thread; what is borrowed is good until the next event.
 */

/* Newest first. */
size_t app_outbox_drafts(const struct app *app, const struct draft *const **out);
const struct draft *app_outbox_draft(const struct app *app, int64_t id); /* or NULL */
/* By id: those made last are the last. */
size_t app_outbox_items(const struct app *app, const struct outgoing *const **out);
const struct outgoing *app_outbox_item(const struct app *app, int64_t id); /* or NULL */

/* Does nothing go out for this account, or (0) for all? */
bool app_outbox_is_held(const struct app *app, account_id account);
/* Who sends what is due, when another process does; NULL: this one. */
const char *app_outbox_sender(const struct app *app);
/* Posts that need somebody: failed, missed, or nobody knows. */
size_t app_outbox_troubles(const struct app *app);
/* Is it one of those? */
bool app_outbox_is_trouble(const struct outgoing *item);

/* "uploading 43 %", while attachments leave; appended, or nothing. */
void app_outbox_print_upload(struct str *out, const struct outgoing *item);

/* Words for the status bar, "held", "uploading 43 %", "2 not sent: gD"; appended, or nothing. */
void app_outbox_print_status(const struct app *app, struct str *out);

/* Draft, outgoing, held, sender: takes what it needs out of the event. */
void app_outbox_take(struct app *app, struct event *event);
void app_outbox_finish(struct app *app);

/*
 * A draft was given to the outbox: for so long as anything of it can be called back, U does
 * so and opens the text again. Copied.
 */
void app_outbox_sent(struct app *app, const struct draft *draft);
/* What U runs. */
bool app_outbox_unsend(struct app *app, int64_t draft, struct err *err);
/* Throw a draft away, as it is here or as it was kept; U brings it back. */
void app_outbox_drop(struct app *app, const struct draft *draft);
bool app_outbox_drop_draft(struct app *app, int64_t draft, struct err *err);
bool app_outbox_keep_draft(struct app *app, int64_t draft, struct err *err);
