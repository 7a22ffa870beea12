#pragma once
#include <stddef.h>

#include "demo/world.h"

/* The words of the demo. Everything else is drawn from these by the seed. */

/* One post as it was thought up. */
struct line {
	size_t author;
	const char *text, *warning;
	int picture, card;   /* row + 1; 0: none */
	int answers, quotes; /* so many lines back; 0: none */
	enum visibility visibility;
	const char *options[4]; /* of a poll */
};
extern const struct line lines[];
extern const size_t nlines;

/* Beginnings, middles and ends that make a sentence of a language together. */
enum { STOCK_PARTS = 8 };
struct stock {
	const char *lang;
	const char *first[STOCK_PARTS], *middle[STOCK_PARTS], *last[STOCK_PARTS];
};
extern const struct stock stocks[];
extern const size_t nstocks;

/* Posts that a search for "aannemer gezocht" finds. */
extern const char *const wanted[];
extern const size_t nwanted;

/* What the noisy account is told to say; `%u` is a number. */
extern const char *const headlines[];
extern const size_t nheadlines;

/* Answers to ada and brecht. */
extern const char *const answers[];
extern const size_t nanswers;
