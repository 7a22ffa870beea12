#pragma once
#include <stdbool.h>
#include <stdint.h>

/*
 * What a Bluesky server's runtime knows of characters, which is newer than what utf8proc
 * knows (base/utf8.h): it alone decides how long a post is and where a tag ends.
 */

/* Grapheme_Cluster_Break, with Indic_Conjunct_Break told apart (UAX #29, rules GB9c and GB11). */
enum bluesky_break {
	BREAK_OTHER,
	BREAK_CONTROL, /* also CR and LF */
	BREAK_EXTEND,
	BREAK_JOINING, /* EXTEND that a conjunct may hold */
	BREAK_LINKER,  /* EXTEND that makes one: a virama */
	BREAK_ZWJ,
	BREAK_SPACING,
	BREAK_PREPEND,
	BREAK_CONSONANT, /* of a script with conjuncts */
	BREAK_PICTURE,
	BREAK_REGION, /* half of a flag */
	BREAK_L,      /* Hangul */
	BREAK_V,
	BREAK_T,
	BREAK_LV,
	BREAK_LVT,
};
enum bluesky_break bluesky_break(int32_t code);

/* General category P. */
bool bluesky_is_punctuation(int32_t code);
