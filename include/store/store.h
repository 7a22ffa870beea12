#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "model/account.h"
#include "model/attention.h"
#include "model/page.h"
#include "model/server_filter.h"
#include "model/source.h"

/* Every post the session knows, each once, and the rows of every source. UI thread only. */
struct store;

struct store *store_new(const struct clock *clock);
void store_free(struct store *store);

/* The handle of a source by its canonical name (model/source.h); made at first use. */
source_id store_source(struct store *store, const char *name);
const char *store_source_name(const struct store *store, source_id source); /* borrowed, lasting */

/* The accounts we are signed in to; takes `account`, replaces the one with its id. */
void store_put_account(struct store *store, struct account *account);
const struct account *store_account(const struct store *store, account_id id); /* or NULL */
const struct account *store_account_named(
        const struct store *store, const char *name); /* or NULL */
size_t store_accounts(const struct store *store, const struct account *const **out);
void store_drop_account(struct store *store, account_id id); /* signed out; its posts stay */

/*
 * Take in a page: posts are merged into those with the same URI (viewers are
 * joined, counts and texts replaced by newer ones; a stored page never replaces what
 * the network brought, and created_ms stays as first seen), rows join their source
 * without doubles by (post, reason, actor), a gap is remembered below the page's
 * oldest row with `older` as its cursor and forgotten when `fills` names it. All
 * timelines over the source hear of it. Takes `page`.
 */
void store_add_page(struct store *store, struct page *page);

/*
 * Let a post that is here stand in a source too, before its server has said so: a thread
 * that was just opened begins with what is known. New answers to what stands in a thread
 * that some timeline shows join it by themselves, whatever source brought them.
 */
void store_enter(struct store *store, source_id source, post_id post);
/* The post that this one answers; 0: none, or it is not here. */
post_id store_parent(const struct store *store, post_id post);

/* A post was deleted: by the id that `account` knows it by, or wholly. Its rows go. */
void store_gone(struct store *store, account_id account, const char *remote_id);
void store_remove(struct store *store, post_id id);

/* Borrowed until the next call that adds or removes. NULL if gone or 0. */
const struct post *store_post(const struct store *store, post_id id);
const struct profile *store_profile(const struct store *store, profile_id id);
post_id store_find(const struct store *store, const char *uri); /* 0: not here */
/* By the id that an account's server gave it; 0: not here. */
post_id store_find_remote(const struct store *store, account_id account, const char *remote_id);
size_t store_count(const struct store *store); /* resident posts */

/*
 * What one of our accounts just did to a post, shown before its server has said so: put
 * a flag (enum viewer_flag) on or off, and count it. False when it stands so already; so
 * a failed action is taken back by the same call the other way round.
 */
bool store_act(struct store *store, post_id id, account_id account, unsigned flag, bool on);

/*
 * The server forgot a row of a source (source, post, reason and actor name it), or with
 * row NULL all of them: here, too. The posts stay.
 */
struct row;
void store_dismiss(struct store *store, source_id source, const struct row *row);

/*
 * How one of our accounts stands to a profile: NULL as long as no page told. Borrowed
 * until the next put. put: `relation->profile` is the store's; replaces what was known.
 */
const struct relation *store_relation(
        const struct store *store, account_id account, profile_id profile);
void store_put_relation(struct store *store, const struct relation *relation);
/* The profile with this URI, or with this handle (slow: a walk); 0: not here. */
profile_id store_find_profile(const struct store *store, const char *who);

/*
 * Read and unread. A post is read once, wherever it shows. Keys are store_key of
 * the URI, so that what was read lasts longer than the post itself. They are on the
 * disk: FNV-1a, 64 bits, over the URI's bytes, mixed once more (store/table.c); 0 never.
 */
uint64_t store_key(const char *uri);
bool store_is_read(const struct store *store, post_id id);
void store_set_read(struct store *store, post_id id, bool read);
/* What queue.db remembers; may come before or after the posts. */
void store_put_read_keys(struct store *store, const uint64_t *keys, size_t nkeys);

/*
 * Silence: rows that match leave all timelines (or those that `columns` names) at once, by
 * `id`, until removed or until_ms has passed (store_tick looks). *out_rows (may be NULL)
 * counts the rows that are hidden or folded only now, in all timelines. False when `query` is
 * wrong or empty, or asks what is muted. An `id` that is there already is replaced.
 */
enum mute_action {
	MUTE_USUAL, /* gone; but what is to one of our accounts, or direct, is only folded */
	MUTE_FOLD,  /* folded: one grey line for rows that follow one another; a row without a
	               post, which no fold could be opened by, is gone */
	MUTE_HIDE,  /* gone, whatever it is */
};
struct mute {
	const char *id;    /* unique; chosen by the caller */
	const char *query; /* the query language: "from:ada@example.org" */
	int64_t until_ms;  /* wall clock; 0: for good */
	int64_t made_ms;   /* wall clock */
	enum mute_action action;
	const char *columns; /* names of timelines, with commas between; NULL: all */
	uint64_t hits;       /* given: what was counted before. The store adds the rows that it
	                        held back when it came, and from then on each post or row that
	                        comes fresh, not from the archive */
};
bool store_mute(struct store *store, const struct mute *mute, size_t *out_rows, struct err *err);
bool store_unmute(struct store *store, const char *id);
size_t store_mutes(const struct store *store, const struct mute **out); /* borrowed */
/* What a mute would do: of the `max` newest posts that are here, how many it would match. */
bool store_try_mute(struct store *store, const char *query, size_t max, size_t *out_hits,
        size_t *out_looked, struct err *err);

/*
 * Somebody may put so many rows a day (by the machine's days) into each timeline, posts and
 * reposts; the oldest of those that it shows stay, the rest is folded. What is addressed to us
 * and news do not count. 0: as many as they like. `handle` as in from:.
 */
void store_put_quota(struct store *store, const char *handle, unsigned per_day);
size_t store_quotas(const struct store *store, const char *const **out_handles,
        const unsigned **out_per_day); /* borrowed */
/* Reposts that bring only what was read before they came are folded. */
void store_fold_seen_reposts(struct store *store, bool on);

/*
 * Rules that speak up: a highlight gives rows a look, a notice tells of new rows. They are
 * tested with all other queries when a post comes.
 */
enum rule_kind { RULE_HIGHLIGHT, RULE_NOTICE };
struct rule {
	const char *id; /* unique; chosen by the caller */
	enum rule_kind kind;
	const char *query;
	const char *columns; /* as in struct mute */
	const char *role;    /* of a highlight: the theme's role */
	unsigned over;       /* of a notice: only when more than this ... */
	int64_t per_ms;      /* ... came in this time; 0: each one */
	bool bell;
};
bool store_put_rule(struct store *store, const struct rule *rule, struct err *err);
bool store_drop_rule(struct store *store, const char *id);
/* For whom a rule or a mute is: `columns` are names with commas between, NULL: all. */
bool columns_name(const char *columns, const char *name);
size_t store_rules(const struct store *store, const struct rule *const **out); /* borrowed */
/*
 * A notice that is due: of rows that came fresh, above all that their source had, and that
 * some timeline (of those that `columns` names) shows; of each post once. A rate is told
 * again when its time has passed and it still holds.
 */
struct rule_hit {
	const struct rule *rule; /* borrowed until the rules change */
	post_id post;            /* the newest */
	unsigned count;          /* so many in rule->per_ms; 1 where it has none */
};
bool store_next_hit(struct store *store, struct rule_hit *out); /* false: none is left */

/*
 * What saved: names; "" or NULL forgets. False when `query` is wrong, or when what is to be
 * forgotten is still named by something. All filters that name it change at once.
 */
bool store_put_saved(struct store *store, const char *name, const char *query, struct err *err);
const char *store_saved(const struct store *store, const char *name); /* NULL: none; borrowed */
const char *store_saved_name(const struct store *store, size_t i);    /* NULL past the last */

/* What we owe a post (model/attention.h), by store_key of its URI; may come before it. */
void store_put_attention(struct store *store, uint64_t key, enum attention attention);
enum attention store_attention(const struct store *store, post_id id);

/*
 * The filters that an account keeps at its server, as they are now; takes `filters` (NULL
 * with 0: there are none). They hold for rows of the account's sources in the contexts that
 * each names: home and lists; notifications and mentions; local, federated, tags, searches
 * and trends; threads; profiles. What is to be hidden leaves all timelines at once, what
 * is to be warned of stands as struct row's `filtered`; hiding goes before warning. Posts
 * of the account itself stay. A filter whose time has come is passed over (store_tick).
 */
void store_put_filters(
        struct store *store, account_id account, struct server_filter *filters, size_t n);
size_t store_filters(const struct store *store, account_id account); /* how many */
/* Number i of them, or NULL; borrowed until the next put. */
const struct server_filter *store_filter(const struct store *store, account_id account, size_t i);

/* End mutes and filters whose time has come, and ask anew what time alone has changed (age:).
 * Returns true when something changed. */
bool store_tick(struct store *store);

/*
 * When there are more than `max` posts (option reader-max), forget the oldest rows of
 * all sources and the posts that no row is left of, down to a sixteenth (4,096 at most)
 * below `max`, so that it need not be done for each page. Posts that a timeline keeps
 * (timeline_keep) or that a resident post quotes stay.
 */
void store_trim(struct store *store, size_t max);

/* Bytes held, for `stoa doctor` and benchmarks. */
size_t store_memory(const struct store *store);
