#pragma once

/*
 * What of a row nobody told, where its fields cannot say so themselves (a count does, by
 * POST_UNKNOWN; language and program, by being empty). Bits.
 */
enum untold {
	UNTOLD_TEXT = 1 << 0,   /* the body */
	UNTOLD_FACETS = 1 << 1, /* its links, tags and mentions */
	UNTOLD_MEDIA = 1 << 2,
	UNTOLD_VISIBILITY = 1 << 3,
	UNTOLD_FLAGS = 1 << 4, /* sensitive, and what our accounts did with it */
	UNTOLD_OWN = 1 << 5,   /* whether one of our accounts wrote it */
	UNTOLD_TO_ME = 1 << 6,
	UNTOLD_REPLY_NAME = 1 << 7, /* it answers somebody: whom? */
	UNTOLD_UNREAD = 1 << 8,
	UNTOLD_ATTENTION = 1 << 9,
	UNTOLD_MUTED = 1 << 10,
	UNTOLD_BOT = 1 << 11,
};
