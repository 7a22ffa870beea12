#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "model/attention.h"
#include "model/page.h"
#include "model/untold.h"

/*
 * A parsed filter such as `from:ada rust -has:media`. Immutable, freely shared on one thread.
 *
 *	query = both { "OR" both }        both = one { one }
 *	one   = "-" one | "(" query ")" | word | "phrase" | /regex/ | #tag | @handle | field:value
 *
 * Words and phrases are found anywhere in the folded text (base/fold.h), regular expressions
 * in the original of title, text, warning, each poll option and each alt text. A value or
 * phrase in quotes may hold \" and \\, a regular expression \/. The empty query matches
 * everything. A term about what is not known does not hold, so its negation does; who must
 * not guess asks query_unknown first.
 */
struct query;

/* Bytes; parentheses and minus signs within each other, also those of saved queries; bytes of all
 * saved queries that it names, as often as it does. */
enum { QUERY_MAX_LEN = 4096, QUERY_MAX_DEPTH = 64, QUERY_MAX_SAVED = 1 << 16 };

/* Everything that a term may ask of a row. Borrowed. */
struct query_row {
	const struct post *post;      /* NULL: a notice; terms about the post do not match it */
	const struct profile *author; /* of a notice: the actor; NULL: unknown */
	const struct profile *actor;  /* who caused the row; NULL: the author */
	enum reason reason;
	const char *network, *account, *source; /* names, or NULL */
	const char *const *sources; /* all that it came by, NULL past the last, when those are more
	                               than account and source say; or NULL */
	enum attention attention;   /* ATTENTION_NONE: nothing is owed */
	bool unread, muted;
	unsigned untold; /* enum untold */
	/* Of the slots that query_bind gave, those that hold for this row, a bit each from bit
	 * 1; NULL: nobody has looked them up, and the query does so itself. */
	const uint64_t *slots;
};

/* What a query may name that is not in it. Borrowed while queries are parsed and matched. */
struct query_env {
	/* The text of a saved query, NULL when there is none; borrowed until the next call. */
	const char *(*saved)(void *ctx, const char *name);
	void *ctx;
	const char *zone; /* of since: and until:, see base/when.h; NULL: the machine's */
	int64_t now_ms;   /* wall clock */
};

/*
 * Returns an owned query in *out, or false with the mistake's column (bytes from
 * the start of `text`) in *err_col. With `typing` an unfinished last term is left
 * out, an open phrase or parenthesis counts as closed.
 */
bool query_parse(const char *text, bool typing, struct query **out, int *err_col, struct err *err);
/* The same where names may be known; query_parse knows of none. A saved query that names itself,
 * by whatever way, is a mistake. env NULL is fine. */
bool query_parse_in(const struct query_env *env, const char *text, bool typing, struct query **out,
        int *err_col, struct err *err);
void query_free(struct query *query);

/* The same query in canonical words: parse of print is the identity. */
void query_print(struct str *out, const struct query *query);

bool query_match(const struct query *query, const struct query_row *row, int64_t now_ms);

/* Up to 64 rows at once, a bit for each. */
struct query_rows {
	const struct query_row *all; /* their slots are not read */
	const uint64_t *holds;       /* by slot of query_bind: the rows that it holds for */
	int64_t now_ms;
};
/* Those of the rows `of` that match. */
uint64_t query_match_some(const struct query *query, const struct query_rows *rows, uint64_t of);

/*
 * True when every row `longer` matches is also matched by `shorter`, as far as
 * their shape tells. Lets a search-as-you-type test only the previous hits.
 */
bool query_narrows(const struct query *longer, const struct query *shorter);

/* The literal words a match is to be marked with, folded; borrowed, NULL past the last. */
const char *query_needle(const struct query *query, size_t i);

/*
 * The places of a text of a post (UTF-8, as it was written) that a search marks: its words and
 * phrases, of word: the whole ones, and what regular expressions find. Whole characters,
 * in no order; they may overlap. At most QUERY_MAX_MARKS of each term.
 */
enum { QUERY_MAX_MARKS = 1000 };
void query_marks(const struct query *query, const char *utf8, size_t len,
        void (*mark)(void *ctx, size_t start, size_t end), void *ctx);

/* What the answer depends on; only these parts of a query_row need be filled. */
enum query_needs {
	QUERY_NEEDS_POST = 1 << 0,
	QUERY_NEEDS_AUTHOR = 1 << 1,
	QUERY_NEEDS_ACTOR = 1 << 2,  /* the reason too */
	QUERY_NEEDS_ORIGIN = 1 << 3, /* network, account, source */
	QUERY_NEEDS_UNREAD = 1 << 4,
	QUERY_NEEDS_ATTENTION = 1 << 5,
	QUERY_NEEDS_MUTED = 1 << 6,
};
unsigned query_needs(const struct query *query); /* 0: the empty query */

/*
 * Looking up once for all queries. An atom is a term that can be found without asking
 * term by term: a literal word or phrase in the folded text, an author, who caused the row,
 * a tag, a link's host, a thread. query_bind asks for the slot of each (0: none is to be had)
 * and keeps it; query_match then reads row->slots. Equal atoms get one slot.
 *
 * X(ID, when it holds for a row). Handles and hosts are compared without ASCII case; of
 * handles `value` has no @ in front.
 */
#define QUERY_ATOMS(X)                                                                             \
	X(TEXT, "`value` (folded) stands in POST_FOLDED; word: and regular expressions ask it "    \
	        "too, and then look closer")                                                       \
	X(FROM, "the author's handle is `value`, or is up to its @")                               \
	X(BY, "the actor's handle, in the same way")                                               \
	X(TAG, "`value` (folded) is the folded target of a tag")                                   \
	X(LINK, "the host of a link or of the card is `value` or ends in a dot and `value`")       \
	X(THREAD, "the post's THREAD, URI or REPLY_TO is `value`, case and all")

#define X(id, when) ATOM_##id,
enum query_atom_kind { QUERY_ATOMS(X) ATOM_NKINDS };
#undef X
struct query_atom {
	enum query_atom_kind kind;
	const char *value; /* folded for TEXT and TAG, as it is for THREAD, else in lower case */
	size_t len;
	bool whole; /* of TEXT: word: asks it */
};
/*
 * Whether POST_FOLDED does not tell where all words of the post's texts end: they have
 * characters that end words there and are gone in it, or stand in it for letters (\u200b, ™).
 */
bool query_edges_hidden(const struct post *post);
/* The host of an address as ATOM_LINK has it, without user and port; NULL: it has none. Borrowed.
 */
const char *query_host(const char *url, size_t *out_len);
void query_bind(
        struct query *query, uint32_t (*slot)(void *ctx, const struct query_atom *atom), void *ctx);
/*
 * Slots of which at least one must hold where the query matches: up to `max` into `out`,
 * their number back. 0: there is no such set, or it is larger; the query has to be asked.
 */
size_t query_required(const struct query *query, uint32_t *out, size_t max);

/* Answers that change by themselves: with time (age:, since:), with counts, with what we do. */
enum query_volatile {
	QUERY_CHANGES_WITH_TIME = 1 << 0,
	QUERY_CHANGES_WITH_COUNTS = 1 << 1,
	QUERY_CHANGES_WITH_VIEWER = 1 << 2, /* liked, bookmarked, waiting, unread, muted ... */
};
unsigned query_volatile(const struct query *query);
/* When the answer for this row may next be another, by time alone; INT64_MAX: never. */
int64_t query_changes_at(const struct query *query, const struct query_row *row, int64_t now_ms);

/* The most times that one of its regular expressions gave up by its limits; from QUERY_MAX_TRIPS
 * on that one is off: it matches nothing more. */
enum { QUERY_MAX_TRIPS = 3 };
unsigned query_trips(const struct query *query);

/*
 * Which term decided, for --explain and "why is this hidden": appended, a sentence such as
 * "matches: word “rust”", "fails at: has:media". True when it matches.
 */
bool query_explain(
        const struct query *query, const struct query_row *row, int64_t now_ms, struct str *out);
/*
 * The field that the query asks and this row does not tell, so that its answer is not known
 * ("likes", "is:unread"; borrowed). NULL: it is known, whatever else the row does not tell.
 */
const char *query_unknown(const struct query *query, const struct query_row *row, int64_t now_ms);

/* The fields, for help, completion and documents: name without its colon; NULL past the last. */
struct query_word {
	const char *name, *help;
	const char *example; /* a query that asks it */
};
const struct query_word *query_field(size_t i);
/* The words that the field takes (`media` of has:); NULL past the last, or when it takes any. */
const struct query_word *query_field_value(const char *field, size_t i);
