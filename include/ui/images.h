#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/ids.h"
#include "model/image.h"

/*
 * The pictures that are on the screen, or were lately: made for it by the engine, kept here by
 * address and size, so that drawing one again is copying cells. Drawing asks for a picture;
 * when it is not here that is noted, the app asks the engine (images_next), and the picture
 * comes into the same place later. UI thread.
 */
struct images;

enum images_when { IMAGES_OFF, IMAGES_DEMAND, IMAGES_ALWAYS };
enum { IMAGES_MAX = 128, IMAGES_MAX_BYTES = 32 << 20 };

/* What a terminal makes of them. */
struct images_look {
	enum images_when when;
	int colors; /* as term_ops.colors: 0 shows none */
	bool sextants;
	uint32_t ground; /* 0xRRGGBB */
};

struct images *images_new(void);
void images_free(struct images *images);

/* All are made anew when they would look otherwise. */
void images_configure(struct images *images, const struct images_look *look);

/* Are pictures shown in a post; `opened`: it was asked to show all of itself? */
bool images_are_shown(const struct images *images, bool opened);
/* Can there be any? Not with the option off, nor without colours. */
bool images_can_be(const struct images *images);

/* One that is wanted. */
struct image_key {
	const char *url;
	account_id account; /* who was told of it */
	int width, height;  /* at most so many cells or pixels */
	enum image_form form;
	int cell_width, cell_height; /* pixels, unless it is of cells */
	bool urgent; /* somebody waits for it */
};

/* Here, or NULL: then it is asked for, and *out_why (may be NULL) says why it will not come, or
 * is NULL. Borrowed until the next call of images_find. */
const struct image *images_find(
        struct images *images, const struct image_key *key, const char **out_why);
/* A number that changes when images_find would say something else; asks for nothing. */
uint64_t images_stamp(const struct images *images, const struct image_key *key);
/* Those that did not come may be asked for again. */
void images_forgive(struct images *images);

/* The next that the engine is to be asked for; false: none. url is borrowed until the next call
 * of images_find. */
bool images_next(struct images *images, struct image_key *out_key, struct image_wish *out_wish,
        size_t *out_place);
void images_asked(struct images *images, size_t place, job_id job);
/* What became of a job. True when it was for a picture of ours. */
bool images_came(struct images *images, job_id job, struct image *image); /* takes */
bool images_failed(struct images *images, job_id job, const char *why);

/* Counted for tests: pictures asked for since the start. */
unsigned images_wanted(const struct images *images);
