#pragma once
#include "atoms.h"
#include "base/mem.h"
#include "hits.h"
#include "idset.h"
#include "query/query.h"
#include "recent.h"
#include "shelf.h"
#include "store/store.h"
#include "store/timeline.h"
#include "table.h"

/* What the files of this folder share. */

/* Posts by id, in blocks that are freed when the last of their posts is gone. */
enum { BLOCK = IDSET_BLOCK };

struct block {
	struct post *posts[BLOCK];
	profile_id authors[BLOCK]; /* beside the posts: an index by author is a walk along them */
	uint32_t uses[BLOCK];      /* entries that point at the post */
	/* Where the folded text begins in the post, and its bytes: a search that reads nothing
	 * else waits less for memory. at 0: ask the post. */
	uint16_t folded_at[BLOCK], folded_len[BLOCK];
	uint32_t live;
	struct shelf shelf; /* where most of the posts lie */
};

/* One row of a source; entries stand by ascending time (item_order). 24 bytes. */
struct source_entry {
	int64_t sort_ms;
	post_id post;
	profile_id actor;
	uint32_t seq; /* when it came, counted in entries */
	uint8_t reason;
	bool seen; /* a repost of what was read already when it came */
};

struct source_gap {
	int64_t sort_ms; /* of the row above it */
	uint32_t seq;
	char *cursor;
};

/* The server's id of an entry that has one of its own. */
struct source_cursor {
	uint32_t seq;
	char *cursor;
};

struct source {
	char *name, *account;
	char *thread;      /* of a thread: the post that it is about; else NULL */
	bool news;         /* tells what others did: reposts there are news */
	unsigned contexts; /* enum filter_context that holds here */
	struct source_entry *entries;
	size_t nentries, cap;
	struct source_gap *gaps;
	size_t ngaps, gaps_cap;
	struct source_cursor *cursors; /* by seq */
	size_t ncursors, cursors_cap;
};

enum {
	ROW_IS_GAP = 1 << 0,
	ROW_IS_NEWS = 1 << 1, /* folded by reason, at its latest place */
	ROW_IS_SEEN = 1 << 6, /* see struct source_entry */
	/* What a timeline makes of the row; known where its level 0 has looked. */
	ROW_IS_MUTED = 1 << 2,    /* hidden */
	ROW_IS_FILTERED = 1 << 3, /* to be warned of */
	ROW_IS_FOLDED = 1 << 4,   /* by a mute, or as a repost of what was read */
	ROW_IS_OVER = 1 << 5,     /* over the quota of who put it here; known of all rows */
	ROW_MARKS = ROW_IS_MUTED | ROW_IS_FILTERED | ROW_IS_FOLDED | ROW_IS_OVER,
	/* It stands in a fold, unless it is hidden. */
	ROW_IS_HELD = ROW_IS_FOLDED | ROW_IS_OVER,
};

/* A row of a lineup. 24 bytes. */
struct line {
	int64_t sort_ms;
	post_id post;
	profile_id actor;
	source_id source;
	uint16_t more; /* stops at its maximum */
	uint8_t reason, flags;
};

/* What came of a source for the lineups; not kept. */
struct item {
	struct line line; /* more 0; flags but for the gap, and what was seen, 0 */
	uint32_t seq;
	bool own_time; /* it is known to stand at the post's own time */
};

struct lineup;
struct filter;
/* Filters that are asked when a slot holds. */
struct watch {
	struct filter **all;
	size_t n, cap;
};
struct ruleset;
struct mute_group;
struct quota;
struct speaker;

struct store {
	const struct clock *clock;
	uint64_t seed; /* of the tables that strangers' strings are hashed into */

	struct block **blocks;
	size_t nblocks, blocks_cap;
	post_id last_post;
	size_t nposts, post_bytes;
	struct idset read;
	struct idset quoting; /* posts that quote another */
	int64_t now_ms;       /* wall clock, when work began: what queries are told */
	post_id loose_floor;  /* posts up to here had their time to get a row */

	struct profile **profiles; /* by id */
	size_t nprofiles, profiles_cap, profile_bytes;

	struct table uris, profile_uris, remote_ids, source_names; /* hash to id */
	struct relation *relations;
	size_t nrelations, relations_cap;
	struct table relation_keys; /* account and profile to the place in `relations` */
	struct table parents;       /* post to what it answers, where its own words do not tell */
	struct table answers;       /* hash of what a post answers to it; see thread.c */
	post_id answers_upto;
	struct table entry_keys; /* which entries are there */
	struct table read_keys;

	struct source *sources; /* source_id - 1 */
	size_t nsources, sources_cap;
	uint32_t last_seq;

	const struct account **accounts;
	size_t naccounts, accounts_cap;

	struct mute *mutes;
	struct filter **mute_filters;  /* beside mutes */
	struct mute_group **muting_in; /* likewise: the group that it is in */
	uint32_t *mute_next;           /* likewise: 1 + the next with the same filter; 0: none */
	size_t nmutes, mutes_cap, mute_filters_cap, muting_in_cap, mute_next_cap;
	struct mute_group **mute_groups; /* mutes of the same columns */
	size_t nmute_groups, mute_groups_cap;

	struct quota **quotas;
	const char **quota_handles; /* beside quotas, and their numbers */
	unsigned *quota_days;
	size_t nquotas, quotas_cap, quota_handles_cap, quota_days_cap;
	bool fold_seen;

	struct filter **filters;
	size_t nfilters, filters_cap;
	struct atoms atoms;    /* of all filters */
	struct watch *watches; /* by slot */
	size_t nwatches, watches_cap;
	struct watch always; /* filters that are asked of every post */
	struct slots seen;   /* room for slots_of */
	uint64_t looks;      /* how many posts were looked at */
	struct recent recent;
	post_id filled; /* filters that are kept were asked of posts up to here */

	struct speaker **speakers; /* rules that speak up */
	const struct rule **rules; /* beside speakers */
	size_t nspeakers, speakers_cap, rules_cap;
	struct rule_hit *rule_hits;
	size_t nrule_hits, rule_hits_cap;

	struct saved *saved; /* by name */
	size_t nsaved, saved_cap;

	struct table attentions; /* store_key to enum attention */
	struct table addressed;  /* store_key to post, of posts that are to us */

	struct ruleset **rulesets; /* one an account that has filters at its server */
	size_t nrulesets, rulesets_cap;

	struct lineup **lineups; /* those that some timeline stands over */
	size_t nlineups, lineups_cap;
	struct timeline **timelines;
	size_t ntimelines, timelines_cap;
	/* What came of sources; lineups take it in when a timeline is read (arrive.c). */
	struct item *arrivals;
	size_t narrivals, arrivals_cap;
	uint64_t arrivals_gone; /* so many were there before the first */
	size_t narrivals_sorted;
};

/* --- store.c --- */
struct block *store_block(const struct store *store, post_id id); /* NULL when gone */
profile_id store_author(const struct store *store, post_id id);
/* Take a new post in; returns its id. */
post_id store_put_post(struct store *store, struct post *post);
/* Put a changed copy of the post in its place; takes `post`. */
void store_swap_post(struct store *store, post_id id, struct post *post);
/* Forget a post that no entry and no timeline shows any more. */
void store_drop_post(struct store *store, post_id id);
uint32_t store_hash(const struct store *store, account_id account, const char *s);
/* Look at the clock; called where work begins. */
void store_now(struct store *store);
/* Blocks with few posts left give their memory back. */
void store_tidy(struct store *store);

/* --- source.c --- */
struct source *store_source_row(const struct store *store, source_id source);
void source_finish(struct source *source);
/* The earliest entry that is not before sort_ms. */
size_t source_lower(const struct source *source, int64_t sort_ms);
/* Every item of the source whose seq is above `since`, appended. */
struct item *source_items(const struct store *store, source_id id, uint32_t since,
        struct item *items, size_t *n, size_t *cap);
struct item item_of(source_id id, const struct source_entry *entry);

/* --- mark.c: how servers know rows --- */
/* Note the cursor of a new entry, if it is not the post's own id. */
void cursor_note(struct store *store, const struct line *line, uint32_t seq, const char *cursor);
void cursors_sweep(struct source *source); /* forget those of entries that are gone */
void cursors_finish(struct source *source);

/* --- entry.c: rows of a source stand once --- */

/* Note a new entry; false when the source has it already. Before it joins the source. */
bool entry_note(struct store *store, const struct line *line);
void entry_forget(struct store *store, source_id source, const struct source_entry *entry);

/* --- page.c --- */
/* A post is not what it was: whoever shows it or asked about it looks again. */
void store_tell_changed(struct store *store, post_id id);

/* --- relation.c --- */
void relations_drop(struct store *store, profile_id profile);
void relations_finish(struct store *store);

/* --- profile.c --- */
/* The id of a profile by its URI; made or brought up to date from `profile`. */
profile_id store_put_profile(struct store *store, const struct profile *profile, bool stored);
void store_drop_profile(struct store *store, profile_id id);

/* --- filter.c: a query kept evaluated, shared by all who ask the same --- */
enum filter_use {
	FILTER_ASKED, /* of posts as they come */
	FILTER_KEPT,  /* its answers are kept, too */
};
struct filter *filter_get(
        struct store *store, enum filter_use use, const char *text, int *err_col, struct err *err);
void filter_put(struct store *store, enum filter_use use, struct filter *filter); /* or NULL */
const struct query *filter_query(const struct filter *filter);
unsigned filter_needs(const struct filter *filter); /* enum query_needs */
/* The answer depends on the post (or who is the author of a notice) alone, not on the row. */
bool filter_by_post(const struct filter *filter);
bool filter_test(struct store *store, struct filter *filter, const struct line *row);
/* The answers themselves, right for posts above *out_since; NULL: they are not kept so. */
const struct idset *filter_answers(
        struct store *store, const struct filter *filter, post_id *out_since);
/* A post is new (`fresh`: mutes count it), or not what it was: ask all filters. */
void filters_look_new(struct store *store, post_id id, bool fresh);
void filters_look(struct store *store, post_id id);
void watches_finish(struct store *store);
void filters_look_author(struct store *store, profile_id id);
/* A saved query is another: all who name it ask anew. */
void filters_reread(struct store *store, const char *saved);
/* Does any name the saved query? */
bool filters_name(const struct store *store, const char *saved);
void filters_drop_block(struct store *store, size_t block);
/* Answers whose time has come; true when there were some. */
bool filters_tick(struct store *store);
/* Fill in what `needs` names of a row. */
void query_row_fill(
        const struct store *store, unsigned needs, const struct line *row, struct query_row *out);
/* query_parse_in with what is saved here. */
bool store_parse(struct store *store, const char *text, bool typing, struct query **out,
        int *err_col, struct err *err);
size_t filters_memory(const struct store *store);

/* --- thread.c --- */
/* A post is new, or answers another: what stands below it may belong to another thread. */
void threads_note(struct store *store, post_id id);

/* --- mute.c --- */
/* The filter of a mute with this query, to be put as FILTER_ASKED; NULL: no mute can be that. */
struct filter *mute_filter(struct store *store, const char *query, struct err *err);
/* These filters of mutes match a post, and no others do: note it in the mutes' groups. */
void mutes_note(
        struct store *store, post_id id, struct filter *const *filters, size_t n, bool fresh);
/* Queries of theirs are others. */
void mutes_reread(struct store *store);
void mutes_drop_block(struct store *store, size_t block);
void mutes_finish(struct store *store);
bool mutes_tick(struct store *store);
size_t mutes_memory(const struct store *store);
/* To one of our accounts, or direct. */
bool post_is_to_us(const struct store *store, post_id post);
/* Count an entry that has just come for mutes that ask about rows. */
void mutes_count(struct store *store, const struct line *row);

/* --- verdict.c --- */
enum verdict { VERDICT_SHOW, VERDICT_FOLD, VERDICT_HIDE };
/* What the mutes that hold in a timeline of this name say. */
enum verdict mutes_verdict(struct store *store, const char *name, const struct line *row);
/* Mute number i hits the row (whether it holds there or not), and what it does to it. */
enum verdict mute_verdict(struct store *store, size_t i, const struct line *row);
/* What it does to what it hits. */
enum verdict mute_act(const struct store *store, size_t i, post_id post);
/* Mutes, the server's filters, reposts seen; and whether it is to be warned of. */
enum verdict line_verdict(
        struct store *store, const char *name, const struct line *row, bool *out_filtered);

/* A repost that brings only what was read before it came, where such are folded. */
bool is_seen_repost(const struct store *store, const struct line *row);

/* --- quota.c --- */
/* Of who put the row there; NULL: as much as they like. */
const struct quota *quota_of(const struct store *store, const struct line *row);
const char *quota_word(const struct quota *quota); /* "quota of 3 a day for ada@example.org" */
unsigned quota_per_day(const struct quota *quota);
void quotas_finish(struct store *store);

/* --- speak.c: highlights and notices --- */
void speakers_finish(struct store *store);
/* 1 + place of the first highlight that matches; 0: none. */
uint8_t highlight_of(struct store *store, const char *name, const struct line *row);
/* A row came fresh. */
void speakers_hear(struct store *store, const struct line *row);

/* --- saved.c --- */
void saved_finish(struct store *store);

/* --- attention.c --- */
/* A post came, or has other viewers. */
void attention_note(struct store *store, post_id id);
void attention_forget(struct store *store, post_id id);

/* --- rule.c: filters that accounts keep at their servers --- */
/* The one that holds for a row, hiding before warning; NULL: none. Reads each post once. */
const struct server_filter *rule_for(struct store *store, const struct line *row);
/* An account follows somebody now, or no more. */
void rules_followed(struct store *store, account_id account, profile_id author);
void rules_forget_post(struct store *store, post_id id);
void rules_drop_block(struct store *store, size_t block);
bool rules_tick(struct store *store, int64_t now_ms); /* true when something changed */
void rules_finish(struct store *store);

/* --- arrive.c: what came of sources, until lineups take it in --- */
void arrivals_add(struct store *store, const struct item *items, size_t n);
/* Take in what came since the last time. Whatever reads or changes rows begins with this. */
void lineup_catch_up(struct lineup *lineup);
void lineups_catch_up(const struct store *store);
void timeline_catch_up(const struct timeline *timeline);
void timelines_catch_up(const struct store *store);

/* --- told.c: what timelines are told --- */
bool timeline_has_source(const struct timeline *timeline, source_id source);
void timelines_post_changed(struct store *store, post_id post);
void timelines_author_changed(struct store *store, profile_id author);
void timelines_read_changed(struct store *store, post_id post, bool read);
/* Reposts of these posts count as seen before. */
void timelines_seen_before(struct store *store, const struct idset *posts);
/* Mutes or answers are others: look at these posts' rows anew, or at all rows that match (only
 * those without a post, when `notices`; of those with one only what `actors` put there, where
 * it is not NULL). Both return how many rows left. */
size_t timeline_look_posts(struct timeline *timeline, const post_id *posts, size_t n);
size_t timeline_look_rows(
        struct timeline *timeline, struct filter *filter, bool notices, const struct idset *actors);
const char *timeline_name(const struct timeline *timeline);
/* Whose quota is how large is another. */
void timeline_quotas_changed(struct timeline *timeline);
/* Something that is drawn with its rows is another. */
void timeline_touch(struct timeline *timeline);
/* Its stored query lets the row in. */
bool timeline_takes(const struct timeline *timeline, const struct line *row);
/* Its live search has answers whose time has come. */
bool timeline_tick(struct timeline *timeline);
/* What hides or warns is another: look at all rows anew. */
void timeline_refilter(struct timeline *timeline);
post_id timeline_kept(const struct timeline *timeline);
/* --- tree.c --- */
/* The thread that this post belongs to, when the timeline shows one; 0: none. */
source_id tree_wants(const struct timeline *timeline, post_id post);

void timeline_drop_block(struct timeline *timeline, size_t block);
size_t timeline_memory(const struct timeline *timeline);
