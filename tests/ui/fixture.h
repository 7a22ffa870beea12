#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fake_clock.h"
#include "ui/column_view.h"
#include "ui/views.h"

/* A store with one column over one source, at a fixed time: 2026-11-22 12:00 UTC. */
struct fixture {
	struct fake_clock clock;
	struct store *store;
	struct timeline *timeline;
	source_id source;
	struct options options;
	struct ui ui;
	struct column_view view;
	int nposts;
};

enum { FIXTURE_NOW_S = 1795348800 };

static inline void fixture_init(struct fixture *fx)
{
	*fx = (struct fixture){0};
	setenv("TZ", "UTC", 1);
	fake_clock_init(&fx->clock, FIXTURE_NOW_S * 1000LL);
	fx->store = store_new(&fx->clock.clock);
	fx->source = store_source(fx->store, "work/home");
	fx->timeline = timeline_new(fx->store);
	timeline_set_sources(fx->timeline, &fx->source, 1);
	options_init(&fx->options);
	fx->ui = (struct ui){.store = fx->store,
	        .theme = theme_new(),
	        .options = &fx->options,
	        .clock = &fx->clock.clock};
	column_view_init(&fx->view, fx->timeline);
	fx->view.title = "Home";
	fx->view.account = "work";
	fx->view.focused = true;
	fx->view.health.kind = HEALTH_LIVE;
}

static inline void fixture_finish(struct fixture *fx)
{
	column_view_finish(&fx->view);
	timeline_free(fx->timeline);
	store_free(fx->store);
	theme_free(fx->ui.theme);
	arena_finish(&fx->ui.scratch);
	options_finish(&fx->options);
}

static inline void fixture_settle(struct fixture *fx)
{
	while (!timeline_settle(fx->timeline, clock_mono(&fx->clock.clock) + 1000))
		continue;
}

/* What a test says of a post; the rest is filled in. */
struct fixture_post {
	const char *name, *handle; /* author; NULL: Ada */
	const char *actor;         /* name of who caused the row, or NULL */
	enum reason reason;
	int minutes; /* old */
	struct post_parts parts;
};

/* Add one post as a page of its own; returns its id. */
static inline post_id fixture_add(struct fixture *fx, const struct fixture_post *in)
{
	char uri[64], author_uri[128], actor_uri[128];
	struct post_parts parts = in->parts;
	struct page *page = page_new();
	page->source = fx->source;
	const char *name = in->name ? in->name : "Ada Lovelace";
	const char *handle = in->handle ? in->handle : "ada@example.org";
	snprintf(author_uri, sizeof(author_uri), "https://example.org/%.90s", handle);
	parts.author = page_add_profile(
	        page, &(struct profile){
	                      .uri = author_uri, .handle = handle, .name = name, .followers = -1});
	snprintf(uri, sizeof(uri), "https://example.org/post/%d", ++fx->nposts);
	if (!parts.str[POST_URI]) parts.str[POST_URI] = uri;
	parts.created_ms = fx->clock.wall - in->minutes * 60000LL;
	struct entry entry = {.reason = in->reason, .sort_ms = parts.created_ms};
	if (in->actor) {
		snprintf(actor_uri, sizeof(actor_uri), "https://example.org/%.90s", in->actor);
		entry.actor = page_add_profile(page, &(struct profile){.uri = actor_uri,
		                                             .handle = "someone@example.net",
		                                             .name = in->actor,
		                                             .followers = -1});
	}
	snprintf(author_uri, sizeof(author_uri), "%s", parts.str[POST_URI]);
	entry.post = page_add_post(page, &parts);
	page_add_entry(page, &entry);
	store_add_page(fx->store, page);
	fixture_settle(fx);
	return store_find(fx->store, author_uri);
}

/* A post of Ada's with no more than a text. */
static inline post_id fixture_say(struct fixture *fx, int minutes, const char *text)
{
	struct fixture_post post = {.minutes = minutes};
	post.parts.str[POST_BODY] = text;
	return fixture_add(fx, &post);
}

/* The column alone on a screen; owned text. */
static inline char *fixture_screen(struct fixture *fx, int rows, int cols)
{
	struct grid grid;
	struct str out = {0};
	grid_init(&grid, rows, cols);
	grid.ascii = fx->ui.ascii;
	column_view_draw(&fx->view, &fx->ui, &grid, (struct rect){0, 0, rows, cols});
	grid_print(&grid, &out);
	grid_finish(&grid);
	return str_take(&out);
}
