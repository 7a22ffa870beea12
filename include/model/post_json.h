#pragma once
#include "base/str.h"
#include "model/page.h"

/*
 * A post as the one JSON line that `stoa read --json`, `|` and `stoa filter` know:
 * fields as in the README; what is unknown is null. `source` and `account_handle`
 * may be NULL. `actor` is who reposted it, or NULL.
 */
struct post_json {
	const struct post *post;
	const struct profile *author;
	const struct profile *actor; /* NULL unless reposted */
	enum reason reason;
	const char *network;
	const char *const *sources;  /* canonical names */
	size_t nsources;
	const char *me;              /* the account's own handle, or NULL */
	account_id account;          /* whose viewer gives the flags; 0: any */
	bool unread;
};

void post_json_print(struct str *out, const struct post_json *row); /* one line with LF */
