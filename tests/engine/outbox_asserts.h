#pragma once
/* What is told of posts on their way, compared. After cmocka.h. */
#include "outbox_world.h"

static inline void assert_state(struct world *world, const char *text, enum outgoing_state state)
{
	const struct outgoing *item = told(world, text);
	assert_non_null(item);
	if (item->state != state)
		print_error("%s is %s: %s\n", text, outgoing_states[item->state].name,
		        item->cause ? item->cause : "");
	assert_int_equal(item->state, state);
}

static inline void assert_done(struct world *world, job_id id, enum err_code code)
{
	const struct event *done = done_of(world, id);
	assert_non_null(done);
	if (done->err.code != code) print_error("%s\n", done->err.text);
	assert_int_equal(done->err.code, code);
}
