#include "demo/roster.h"

#include "demo/entity.h"
#include "demo/page.h"

static const uint64_t first_cursor = 700001, cursor_step = 3;

uint64_t roster_cursor(const struct exchange *x, size_t i)
{
	(void)x;
	return first_cursor + cursor_step * i;
}

static bool is_in(const struct exchange *x, size_t i)
{
	return (x->people & BIT(i)) != 0;
}

static void put_person(struct exchange *x, size_t i)
{
	entity_account(&x->body, NULL, x->world, i);
}

void roster_serve(struct exchange *x, uint64_t people_shown, size_t limit, size_t most)
{
	struct listing listing = {npeople, roster_cursor, is_in, put_person, "since_id"};
	x->people = people_shown;
	page_serve(x, &listing, limit, most);
}
