#include "ui/images.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum stage { IMAGE_WANTED, IMAGE_ASKED, IMAGE_HERE, IMAGE_FAILED };

struct item {
	uint64_t hash; /* of the key */
	char *url;
	struct image_key key; /* its url is the one above */
	enum stage stage;
	job_id job;
	struct image *image;
	char *why;
	uint64_t used, stamp;
};

struct images {
	struct images_look look;
	struct item items[IMAGES_MAX];
	size_t nitems, bytes;
	uint64_t uses, stamps;
	unsigned wanted;
};

struct images *images_new(void)
{
	return xcalloc(1, sizeof(struct images));
}

static void drop(struct images *images, size_t at)
{
	struct item *item = &images->items[at];
	if (item->image) images->bytes -= image_bytes(item->image);
	image_free(item->image);
	free(item->url);
	free(item->why);
	*item = images->items[--images->nitems];
}

static void drop_all(struct images *images)
{
	while (images->nitems)
		drop(images, images->nitems - 1);
}

void images_free(struct images *images)
{
	if (!images) return;
	drop_all(images);
	free(images);
}

void images_configure(struct images *images, const struct images_look *look)
{
	const struct images_look *now = &images->look;
	if (look->colors != now->colors || look->sextants != now->sextants ||
	        look->ground != now->ground)
		drop_all(images);
	images->look = *look;
}

bool images_can_be(const struct images *images)
{
	return images && images->look.when != IMAGES_OFF && images->look.colors > 0;
}

bool images_are_shown(const struct images *images, bool opened)
{
	return images_can_be(images) && (opened || images->look.when == IMAGES_ALWAYS);
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 32;
}

static uint64_t hash_of(const struct image_key *key)
{
	uint64_t hash = mix((uint64_t)key->width << 32 | (uint64_t)key->height, key->form);
	for (const unsigned char *p = (const unsigned char *)key->url; *p; p++)
		hash = mix(hash, *p);
	return hash;
}

static bool is_same(const struct image_key *a, const struct image_key *b)
{
	return a->width == b->width && a->height == b->height && a->form == b->form &&
	       strcmp(a->url, b->url) == 0;
}

static struct item *item_of(const struct images *images, const struct image_key *key)
{
	uint64_t hash = hash_of(key);
	for (size_t i = 0; i < images->nitems; i++) {
		const struct item *item = &images->items[i];
		if (item->hash == hash && is_same(&item->key, key)) return (struct item *)item;
	}
	return NULL;
}

/* Room for one more of so many bytes: what was not looked at for longest goes. */
static void make_room(struct images *images, size_t bytes, const struct item *keep)
{
	while (images->nitems >= IMAGES_MAX ||
	        (images->nitems > 1 && images->bytes + bytes > IMAGES_MAX_BYTES)) {
		size_t oldest = SIZE_MAX;
		for (size_t i = 0; i < images->nitems; i++) {
			const struct item *item = &images->items[i];
			if (item != keep &&
			        (oldest == SIZE_MAX || item->used < images->items[oldest].used))
				oldest = i;
		}
		drop(images, oldest);
	}
}

static struct item *item_new(struct images *images, const struct image_key *key)
{
	make_room(images, 0, NULL);
	struct item *item = &images->items[images->nitems++];
	*item = (struct item){.hash = hash_of(key),
	        .url = xstrdup(key->url),
	        .key = *key,
	        .stage = IMAGE_WANTED,
	        .stamp = ++images->stamps};
	item->key.url = item->url;
	images->wanted++;
	return item;
}

const struct image *images_find(
        struct images *images, const struct image_key *key, const char **out_why)
{
	struct item *item = item_of(images, key);
	if (!item) item = item_new(images, key);
	item->used = ++images->uses;
	if (out_why) *out_why = item->stage == IMAGE_FAILED ? item->why : NULL;
	return item->image;
}

uint64_t images_stamp(const struct images *images, const struct image_key *key)
{
	const struct item *item = item_of(images, key);
	return item && item->stage >= IMAGE_HERE ? item->stamp : 0;
}

void images_forgive(struct images *images)
{
	for (size_t i = images->nitems; i-- > 0;) {
		if (images->items[i].stage == IMAGE_FAILED) drop(images, i);
	}
}

bool images_next(struct images *images, struct image_key *out_key, struct image_wish *out_wish,
        size_t *out_place)
{
	for (size_t i = 0; i < images->nitems; i++) {
		const struct item *item = &images->items[i];
		if (item->stage != IMAGE_WANTED) continue;
		const struct images_look *look = &images->look;
		*out_key = item->key;
		*out_wish = (struct image_wish){.width = (uint32_t)item->key.width,
		        .height = (uint32_t)item->key.height,
		        .form = item->key.form,
		        .cell_width = (uint32_t)item->key.cell_width,
		        .cell_height = (uint32_t)item->key.cell_height,
		        .sextants = look->sextants,
		        .colors = look->colors > 256 ? 0 : (unsigned)look->colors,
		        .ground = look->ground};
		*out_place = i;
		return true;
	}
	return false;
}

void images_asked(struct images *images, size_t place, job_id job)
{
	images->items[place].stage = IMAGE_ASKED;
	images->items[place].job = job;
}

static struct item *item_asked(const struct images *images, job_id job)
{
	for (size_t i = 0; i < images->nitems; i++) {
		const struct item *item = &images->items[i];
		if (item->stage == IMAGE_ASKED && item->job == job) return (struct item *)item;
	}
	return NULL;
}

bool images_came(struct images *images, job_id job, struct image *image)
{
	struct item *item = item_asked(images, job);
	if (!item) {
		image_free(image);
		return false;
	}
	item->image = image;
	item->stage = IMAGE_HERE;
	item->stamp = ++images->stamps;
	item->used = ++images->uses; /* the newest of all: it does not go for its own sake */
	images->bytes += image_bytes(image);
	make_room(images, 0, item);
	return true;
}

bool images_failed(struct images *images, job_id job, const char *why)
{
	struct item *item = item_asked(images, job);
	if (!item) return false;
	item->stage = IMAGE_FAILED;
	item->why = xstrdup(why);
	item->stamp = ++images->stamps;
	return true;
}

unsigned images_wanted(const struct images *images)
{
	return images->wanted;
}
