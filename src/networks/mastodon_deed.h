#pragma once
#include "networks/mastodon_body.h"
#include "networks/mastodon_work.h"

/* The requests of a verb, in their order (fact sheet 5 to 8). */

enum deed_flag {
	DEED_OPTIONAL = 1 << 0, /* not every server has it: a 404 without words says so */
	DEED_SOFT = 1 << 1,     /* its failure is none: the action is done, or can do without */
	DEED_KEYED = 1 << 2,    /* sends the action's idempotency key */
};

/*
 * One request. In the path %P is the post's id, %A the profile's, %O another that came
 * up (work->other), %N the action's name, %T the same as a tag.
 */
struct mastodon_deed {
	enum verb verb;
	bool undo;
	const char *method, *path;
	unsigned flags; /* enum deed_flag */
	/* Its parameters; NULL: none. */
	void (*fill)(struct call *call, struct mastodon_body *body);
	/*
	 * Take what an answer tells; it may keep *json and then sets it to NULL. False ends the
	 * action with call->err. NULL: nothing but its status matters.
	 */
	bool (*read)(struct call *call, struct json **json);
	/* Whether this request is wanted; NULL: always. */
	bool (*wanted)(struct call *call);
};

/* The first row of an action from number `from` on that is wanted; -1 when there is none. */
int mastodon_deed_next(struct call *call, int from);
const struct mastodon_deed *mastodon_deed_at(int number);
/* There is a row for it at all. */
bool mastodon_deed_known(enum verb verb, bool undo);

/* mastodon_rewrite.c: an own post is changed, or published anew. */
bool rewrite_keep_status(struct call *call, struct json **json);
bool rewrite_keep_source(struct call *call, struct json **json);
void rewrite_fill_edit(struct call *call, struct mastodon_body *body);
void rewrite_fill_redraft(struct call *call, struct mastodon_body *body);
bool rewrite_published(struct call *call, struct json **json);
bool rewrite_is_whole(struct call *call);  /* the new post has all that the old one had */
bool rewrite_is_spoilt(struct call *call); /* it has not */
bool rewrite_taken_back(struct call *call, struct json **json);
