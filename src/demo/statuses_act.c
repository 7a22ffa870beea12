#include "demo/deeds.h"
#include "demo/handlers.h"
#include "demo/statuses.h"

/* Small deeds; the answer is always the status. */

enum { MAX_PINS = 5 };

static struct status *act(struct exchange *x, const char *what)
{
	struct status *status = status_asked(x);
	if (!status) return NULL;
	if (status->reblog) status = status->reblog;
	exchange_accept(x, what, status->id);
	return status;
}

void statuses_favourite(struct exchange *x)
{
	struct status *status = act(x, "favourite");
	if (!status) return;
	deed_like(x->world, (size_t)x->user, status);
	status_answer(x, status);
}

void statuses_unfavourite(struct exchange *x)
{
	struct status *status = act(x, "unfavourite");
	if (!status) return;
	status->liked &= ~BIT(x->user);
	status_answer(x, status);
}

void statuses_reblog(struct exchange *x)
{
	struct status *status = act(x, "reblog");
	if (!status) return;
	const char *name = params_str(&x->params, "visibility");
	enum visibility visibility = status->visibility;
	bool known = !*name || status_visibility(name, &visibility);
	if (!known || visibility == SEEN_BY_MENTIONED) {
		exchange_error(x, 422, "Validation failed: Visibility is not included in the list");
		return;
	}
	if (status->visibility > SEEN_UNLISTED && (int)status->author != x->user) {
		exchange_error(x, 403, "This action is not allowed");
		return;
	}
	if (visibility < status->visibility) visibility = status->visibility;
	status_answer(x, deed_repost(x->world, (size_t)x->user, status, visibility));
}

void statuses_unreblog(struct exchange *x)
{
	struct status *status = act(x, "unreblog");
	if (!status) return;
	deed_unrepost(x->world, (size_t)x->user, status);
	status_answer(x, status);
}

static size_t pins_of(const struct world *world, size_t person)
{
	size_t n = 0;
	for (size_t i = 0; i < world->nstatuses; i++) {
		const struct status *it = world->statuses[i];
		n += it->author == person && it->pinned && !it->deleted;
	}
	return n;
}

void statuses_pin(struct exchange *x)
{
	struct status *status = status_asked(x);
	if (!status) return;
	const char *problem = NULL;
	if ((int)status->author != x->user)
		problem = "Validation failed: Someone else's post cannot be pinned";
	else if (status->reblog)
		problem = "Validation failed: A boost cannot be pinned";
	else if (!status->pinned && pins_of(x->world, status->author) >= MAX_PINS)
		problem = "Validation failed: You have already pinned the maximum number of posts";
	if (problem) {
		exchange_error(x, 422, problem);
		return;
	}
	status->pinned = true;
	exchange_accept(x, "pin", status->id);
	status_answer(x, status);
}

void statuses_unpin(struct exchange *x)
{
	struct status *status = status_asked_own(x);
	if (!status) return;
	status->pinned = false;
	exchange_accept(x, "unpin", status->id);
	status_answer(x, status);
}

static void set_mark(
        struct exchange *x, const char *what, uint64_t *(*marks)(struct status *), bool on)
{
	struct status *status = act(x, what);
	if (!status) return;
	if (on)
		*marks(status) |= BIT(x->user);
	else
		*marks(status) &= ~BIT(x->user);
	status_answer(x, status);
}

static uint64_t *bookmarks_of(struct status *status)
{
	return &status->bookmarked;
}

static uint64_t *mutes_of(struct status *status)
{
	return &status->muted;
}

void statuses_bookmark(struct exchange *x)
{
	set_mark(x, "bookmark", bookmarks_of, true);
}

void statuses_unbookmark(struct exchange *x)
{
	set_mark(x, "unbookmark", bookmarks_of, false);
}

void statuses_mute(struct exchange *x)
{
	set_mark(x, "mute", mutes_of, true);
}

void statuses_unmute(struct exchange *x)
{
	set_mark(x, "unmute", mutes_of, false);
}
