#pragma once
#include <stddef.h>

/* A feed that the user follows: a row of queue.db. */
struct feed {
	char *name;   /* short, unique, [a-z0-9._-]: the arg of feeds/feed:NAME */
	char *url;    /* http, https or file */
	char *title;  /* as the user or the feed calls it; "" when unknown */
	char *groups; /* names with LF between, sorted; "" when none */
	char *site;   /* web page, or "" */
};

struct feed *feed_copy(const struct feed *feed); /* owned, free with feed_free */
void feed_free(struct feed *feed);
