#include "fake_clock.h"

static int64_t wall(void *ctx)
{
	return ((struct fake_clock *)ctx)->wall;
}

static int64_t mono(void *ctx)
{
	return ((struct fake_clock *)ctx)->mono;
}

void fake_clock_init(struct fake_clock *fake, int64_t wall_ms)
{
	fake->wall = wall_ms;
	fake->mono = 1000;
	fake->clock = (struct clock){.wall_ms = wall, .mono_ms = mono, .ctx = fake};
}

void fake_clock_advance(struct fake_clock *fake, int64_t ms)
{
	fake->wall += ms;
	fake->mono += ms;
}
