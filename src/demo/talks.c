#include "demo/entity.h"
#include "demo/handlers.h"
#include "demo/kept.h"
#include "demo/page.h"
#include "demo/put.h"

/* Conversations: direct statuses by thread. They are paged by their last statuses. */

static struct kept_talk *talk_of(const struct exchange *x, const struct status *last)
{
	struct kept *kept = x->world->kept;
	for (size_t i = 0; last->visibility == SEEN_BY_MENTIONED && i < kept->ntalks; i++) {
		if (kept->talks[i].owner == (size_t)x->user && kept->talks[i].last == last)
			return &kept->talks[i];
	}
	return NULL;
}

static void put_talk(struct exchange *x, const struct kept_talk *talk)
{
	const struct status *last = talk->last;
	uint64_t others = (last->mentioned | BIT(last->author)) & ~BIT(x->user);
	put_open(&x->body, NULL, '{');
	entity_id(&x->body, "id", x->world, talk->id);
	put_bool(&x->body, "unread", talk->unread);
	put_open(&x->body, "accounts", '[');
	for (size_t i = 0; i < npeople; i++) {
		if (others & BIT(i)) entity_account(&x->body, NULL, x->world, i);
	}
	put_close(&x->body, ']');
	if (last->deleted)
		put_null(&x->body, "last_status");
	else
		entity_status(&x->body, "last_status", x->world, last, x->user);
	put_close(&x->body, '}');
}

static uint64_t last_id(const struct exchange *x, size_t i)
{
	return x->world->statuses[i]->id;
}

static bool is_last(const struct exchange *x, size_t i)
{
	return talk_of(x, x->world->statuses[i]) != NULL;
}

static void put_row(struct exchange *x, size_t i)
{
	put_talk(x, talk_of(x, x->world->statuses[i]));
}

void talks_index(struct exchange *x)
{
	struct listing listing = {x->world->nstatuses, last_id, is_last, put_row, "min_id"};
	page_serve(x, &listing, 20, 40);
}

static struct kept_talk *asked(struct exchange *x)
{
	struct kept *kept = x->world->kept;
	uint64_t id = exchange_id(x, x->args[0]);
	for (size_t i = 0; i < kept->ntalks; i++) {
		if (kept->talks[i].id == id && kept->talks[i].owner == (size_t)x->user)
			return &kept->talks[i];
	}
	exchange_error(x, 404, "Record not found");
	return NULL;
}

static void mark(struct exchange *x, bool unread)
{
	struct kept_talk *talk = asked(x);
	if (!talk) return;
	talk->unread = unread;
	exchange_accept(x, unread ? "conversation unread" : "conversation read", talk->id);
	put_talk(x, talk);
}

void talks_read(struct exchange *x)
{
	mark(x, false);
}

void talks_unread(struct exchange *x)
{
	mark(x, true);
}

void talks_delete(struct exchange *x)
{
	struct kept_talk *talk = asked(x);
	if (!talk) return;
	exchange_accept(x, "conversation gone", talk->id);
	kept_drop_talk(x->world->kept, talk);
	str_adds(&x->body, "{}");
}
