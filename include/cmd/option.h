#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/duration.h"
#include "base/err.h"
#include "base/hours.h"
#include "base/str.h"

/* BOOL on|off · INT · DURATION as 90s, 30m, 1h, 2d (kept in ms) · SIZE as 500K, 200M, 1G (kept in
 * bytes) · STRING · CHOICE of words · HOURS of the day as 22:00-07:00, or off */
enum option_type {
	OPTION_BOOL,
	OPTION_INT,
	OPTION_DURATION,
	OPTION_SIZE,
	OPTION_STRING,
	OPTION_CHOICE,
	OPTION_HOURS
};

/* X(field, "name", TYPE, "default", "choices or min..max", "help"). Adding an option is adding a
 * line, sorted by name. */
#define OPTIONS(X)                                                                                 \
	X(alt_nag, "alt-nag", BOOL, "on", "", "ask before a picture is posted without alt text")   \
	X(archive_keep, "archive-keep", DURATION, "365d", "1d..36500d",                            \
	        "how long posts stay in the archive")                                              \
	X(ascii, "ascii", BOOL, "off", "",                                                         \
	        "draw with ASCII only, as a terminal without UTF-8 needs")                         \
	X(avatars, "avatars", BOOL, "off", "",                                                     \
	        "put a coloured mark in front of authors' names, their initials")                  \
	X(browser, "browser", STRING, "xdg-open", "",                                              \
	        "program that opens links; run without a shell, the address as its one argument")  \
	X(clipboard, "clipboard", CHOICE, "osc52", "osc52 off",                                    \
	        "how `y` copies: OSC 52 through the terminal, or not at all")                      \
	X(colors, "colors", CHOICE, "auto", "auto none 16 256 truecolor",                          \
	        "how many colours to use; auto asks the terminal")                                 \
	X(column_width, "column-width", INT, "39", "10..500", "cells a column likes to have")      \
	X(confirm, "confirm", STRING, "unfollow,block,delete", "",                                 \
	        "actions that ask first, parted by commas, or nothing")                            \
	X(feed_refresh, "feed-refresh", DURATION, "30m", "15m..7d",                                \
	        "how often a feed is asked at most")                                               \
	X(fold_seen_reposts, "fold-seen-reposts", BOOL, "off", "",                                 \
	        "fold reposts of what was read already")                                           \
	X(layout, "layout", STRING, "cosy", "",                                                    \
	        "how posts are laid out: compact, cosy, wide, or a template of your own")          \
	X(linear, "linear", BOOL, "off", "",                                                       \
	        "for screen readers and calm: one column, plain lines, words for colours and "     \
	        "marks")                                                                           \
	X(mouse, "mouse", BOOL, "on", "", "click, wheel and double click")                         \
	X(notify_by, "notify-by", CHOICE, "auto", "auto desktop osc9 osc99 osc777 bell off",       \
	        "how notices leave the terminal: auto takes the desktop's service, else what the " \
	        "terminal is known to have, else in tmux or screen a bell that marks the window")  \
	X(outbox_settle, "outbox-settle", DURATION, "60s", "50ms..1h",                             \
	        "how long a post of which nobody knows is left alone before the server is asked")  \
	X(outbox_spacing, "outbox-spacing", DURATION, "2m", "0s..1d",                              \
	        "after an outage: how far apart an account's late posts go")                       \
	X(outbox_undo, "outbox-undo", DURATION, "10s", "0s..10m",                                  \
	        "how long a repost waits before it is sent, so that U can take it back")           \
	X(picture_cache, "picture-cache", SIZE, "200M", "0..100G",                                 \
	        "bytes of pictures that are kept; those not looked at for longest go")             \
	X(pictures, "pictures", CHOICE, "demand", "off demand always",                             \
	        "pictures in posts: never, when x opens the post, or always; v shows one large "   \
	        "unless they are off")                                                             \
	X(post_lines, "post-lines", INT, "12", "0..1000",                                          \
	        "lines of a post shown in a column; 0 shows all")                                  \
	X(post_spacing, "post-spacing", DURATION, "10m", "0s..7d",                                 \
	        "how far `next slot` keeps from an account's other scheduled posts")               \
	X(quiet, "quiet", HOURS, "off", "",                                                        \
	        "hours of the day, as 22:00-07:00, in which no notice leaves the terminal and no " \
	        "bell is rung; they are told as one afterwards")                                   \
	X(reader_max, "reader-max", INT, "100000", "100..10000000", "posts kept in memory")        \
	X(refresh, "refresh", DURATION, "90s", "15s..7d",                                          \
	        "how often a source without a stream is asked")                                    \
	X(scroll_off, "scroll-off", INT, "2", "0..50",                                             \
	        "lines kept in view above and below the selected post")                            \
	X(secret_command, "secret-command", STRING, "", "",                                        \
	        "program that prints an account's token; run without a shell, %a is the account")  \
	X(set_title, "set-title", CHOICE, "off", "off on mentions",                                \
	        "put a count in the terminal's title: of all that is unread, or of unread posts "  \
	        "to you")                                                                          \
	X(time_format, "time-format", STRING, "relative", "",                                      \
	        "relative, clock, or a strftime pattern")

struct options {
#define X(field, name, type, def, range, help) OPTION_FIELD_##type(field)
#define OPTION_FIELD_BOOL(f)                   bool f;
#define OPTION_FIELD_INT(f)                    int64_t f;
#define OPTION_FIELD_DURATION(f)               int64_t f; /* ms */
#define OPTION_FIELD_SIZE(f)                   int64_t f; /* bytes */
#define OPTION_FIELD_STRING(f)                 char *f;
#define OPTION_FIELD_CHOICE(f)                 char *f;
#define OPTION_FIELD_HOURS(f)                  struct hours f;
	OPTIONS(X)
#undef X
#undef OPTION_FIELD_BOOL
#undef OPTION_FIELD_INT
#undef OPTION_FIELD_DURATION
#undef OPTION_FIELD_SIZE
#undef OPTION_FIELD_STRING
#undef OPTION_FIELD_CHOICE
#undef OPTION_FIELD_HOURS
};

struct option_row {
	const char *name;
	enum option_type type;
	const char *otherwise, *range, *help;
};
extern const struct option_row option_rows[]; /* ended by a row without a name */

void options_init(struct options *options); /* all defaults */
void options_finish(struct options *options);

/* The sentence in err names the allowed values; an unknown name suggests the nearest. */
bool option_set(struct options *options, const char *name, const char *value, struct err *err);
bool option_print(
        const struct options *options, const char *name, struct str *out); /* as written */
