#pragma once
#include "app/state.h"
#include "model/page.h"

/*
 * Markers: up to where a server thinks that home or notifications were read. What it says
 * becomes read here; what was read here moves it on, never back.
 */

/* The server says so. */
void marker_take(struct app *app, source_id source, const char *cursor, int64_t at_ms);

/*
 * A page of rows comes: those below the marker that are new here were read elsewhere. Before
 * it joins the store, and after; rows that were here stay as they are.
 */
struct marker_news {
	source_id source;
	char **uris;
	size_t n, cap;
};
void marker_before(struct app *app, const struct page *page, struct marker_news *out);
void marker_after(struct app *app, struct marker_news *news);

/* Posts were read: tell how far, where that moved. */
void marker_tell(struct app *app);
