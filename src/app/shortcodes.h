#pragma once

/* Emoji by the short names that people know them by; sorted, ended by a row without a name. */
struct shortcode {
	const char *name, *emoji;
};
extern const struct shortcode shortcodes[];
