#include "demo/world.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "demo/kept.h"
#include "demo/media.h"
#include "demo/relation.h"
#include "demo/sign_in.h"
#include "demo/stream.h"

struct world *world_new(uint64_t seed, const struct clock *clock)
{
	struct world *world = xcalloc(1, sizeof *world);
	world->clock = clock;
	world->software = &softwares[0];
	world->host = WORLD_HOST;
	world->limit = world->window_s = 300;
	world->max_image_bytes = 16777216;
	world->max_image_pixels = 33177600;
	world->stances = xcalloc(npeople * npeople, sizeof *world->stances);
	world->kept = kept_new();
	world->doors = doors_new(seed);
	random_init(&world->random, seed ? seed : 1);
	return world;
}

void status_free(struct status *status)
{
	if (!status) return;
	if (status->poll) free(status->poll->owned);
	free(status->poll);
	for (size_t i = 0; i < status->nversions; i++) {
		free(status->versions[i].text);
		free(status->versions[i].warning);
	}
	free(status->versions);
	free(status->text);
	free(status->warning);
	free(status);
}

void scheduled_finish(struct scheduled *scheduled)
{
	status_free(scheduled->draft);
	free(scheduled->key);
}

void world_free(struct world *world)
{
	if (!world) return;
	for (size_t i = 0; i < world->nstatuses; i++)
		status_free(world->statuses[i]);
	for (size_t i = 0; i < world->nscheduled; i++)
		scheduled_finish(&world->scheduled[i]);
	media_free(world);
	for (size_t i = 0; i < world->nkeys; i++)
		free(world->keys[i].key);
	for (size_t i = 0; i < npeople; i++) {
		free(world->markers[i][0].last_read);
		free(world->markers[i][1].last_read);
	}
	for (size_t i = 0; i < npeople * npeople; i++)
		free(world->stances[i].note);
	free(world->stances);
	kept_free(world->kept);
	doors_free(world->doors);
	free(world->statuses);
	free(world->notices);
	free(world->scheduled);
	free(world->keys);
	free(world);
}

void world_keep_key(struct world *world, size_t owner, const char *key, uint64_t id)
{
	world->keys =
	        mem_grow(world->keys, &world->keys_cap, world->nkeys + 1, sizeof *world->keys);
	world->keys[world->nkeys++] = (struct used_key){
	        .key = xstrdup(key), .owner = owner, .at_ms = world_now(world), .id = id};
}

int64_t world_now(const struct world *world)
{
	return world->fixed ? world->fixed_ms : clock_wall(world->clock);
}

uint64_t world_id(struct world *world, int64_t at_ms)
{
	uint64_t id = (uint64_t)at_ms << 16;
	id += world->id_offset;
	if (id <= world->last_id) id = world->last_id + 1;
	world->last_id = id;
	return id;
}

/* --- people --- */

static const uint64_t first_person = UINT64_C(109300000000000000), person_step = 10000019;

uint64_t person_id(const struct world *world, size_t person)
{
	return first_person + world->id_offset + person * person_step;
}

bool person_by_id(const struct world *world, uint64_t id, size_t *out)
{
	uint64_t first = first_person + world->id_offset;
	if (id < first || (id - first) % person_step != 0) return false;
	uint64_t person = (id - first) / person_step;
	if (person >= npeople) return false;
	*out = person;
	return true;
}

const char *person_host(size_t person)
{
	return people[person].host ? people[person].host : WORLD_HOST;
}

bool person_is_local(const struct world *world, size_t person)
{
	return strcmp(person_host(person), world->host) == 0;
}

bool person_can_sign_in(const struct world *world, size_t person)
{
	const struct person *who = &people[person];
	return person_is_local(world, person) &&
	       (who->host ? !(who->flags & PERSON_BOT) : who->token != NULL);
}

bool person_by_acct(const char *acct, size_t len, const char *here, size_t *out)
{
	const char *at = memchr(acct, '@', len);
	size_t name_len = at ? (size_t)(at - acct) : len;
	const char *host = at ? at + 1 : here;
	size_t host_len = at ? len - name_len - 1 : strlen(here);
	for (size_t i = 0; i < npeople; i++) {
		if (strlen(people[i].username) != name_len ||
		        memcmp(people[i].username, acct, name_len) != 0)
			continue;
		if (strlen(person_host(i)) != host_len ||
		        memcmp(person_host(i), host, host_len) != 0)
			continue;
		*out = i;
		return true;
	}
	return false;
}

/* --- statuses --- */

void world_add_status(struct world *world, struct status *status)
{
	world->statuses = mem_grow(world->statuses, &world->statuses_cap, world->nstatuses + 1,
	        sizeof *world->statuses);
	world->statuses[world->nstatuses++] = status;
}

size_t world_above(const struct world *world, uint64_t id)
{
	size_t low = 0, high = world->nstatuses;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (world->statuses[middle]->id > id)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

struct status *world_status(const struct world *world, const char *id)
{
	return world_status_by_id(world, software_read_id(world->software, id));
}

struct status *world_status_by_id(const struct world *world, uint64_t number)
{
	size_t i = number ? world_above(world, number - 1) : world->nstatuses;
	if (i >= world->nstatuses || world->statuses[i]->id != number) return NULL;
	return world->statuses[i]->deleted ? NULL : world->statuses[i];
}

bool status_visible(const struct world *world, const struct status *status, int viewer)
{
	if (status->deleted || (status->reblog && status->reblog->deleted)) return false;
	if (status->visibility <= SEEN_UNLISTED) return true;
	if (viewer < 0) return false;
	size_t me = (size_t)viewer;
	if (status->author == me || status->mentioned & BIT(me)) return true;
	return status->visibility == SEEN_BY_FOLLOWERS &&
	       world->following[me] & BIT(status->author);
}

bool status_at_home(const struct world *world, const struct status *status, size_t viewer)
{
	if (status->author != viewer && !(world->following[viewer] & BIT(status->author)))
		return false;
	if (!status_visible(world, status, (int)viewer)) return false;
	if (status->visibility == SEEN_BY_MENTIONED) return false;
	uint64_t hushed = relation_hushed(world, viewer);
	if (hushed & BIT(status->author)) return false;
	if (status->reblog && hushed & BIT(status->reblog->author)) return false;
	if (status->reblog && stance_of(world, viewer, status->author)->without_reposts)
		return false;
	/* A reply shows when one follows both, or it is one's own thread. */
	if (!status->parent || status->author == viewer) return true;
	size_t other = status->parent->author;
	return other == viewer || other == status->author || world->following[viewer] & BIT(other);
}

void world_notify(
        struct world *world, const char *type, size_t to, size_t from, struct status *status)
{
	if (to == from || !person_can_sign_in(world, to)) return;
	bool spared = world->muting[to] & BIT(from) && stance_of(world, to, from)->spares_notices;
	if (!spared && relation_hushed(world, to) & BIT(from)) return;
	int64_t now = world_now(world);
	world->notices = mem_grow(
	        world->notices, &world->notices_cap, world->nnotices + 1, sizeof *world->notices);
	struct notice *notice = &world->notices[world->nnotices++];
	*notice = (struct notice){
	        .id = world_id(world, now),
	        .created_ms = now,
	        .type = type,
	        .to = to,
	        .from = from,
	        .status = status,
	};
	hub_notice(world->hub, notice);
}
