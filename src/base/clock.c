#include "base/clock.h"

#include <time.h>

static int64_t now(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int64_t system_wall(void *ctx)
{
	(void)ctx;
	return now(CLOCK_REALTIME);
}

static int64_t system_mono(void *ctx)
{
	(void)ctx;
	return now(CLOCK_MONOTONIC);
}

const struct clock clock_system = {.wall_ms = system_wall, .mono_ms = system_mono};

int64_t clock_wall(const struct clock *clock)
{
	return clock->wall_ms(clock->ctx);
}

int64_t clock_mono(const struct clock *clock)
{
	return clock->mono_ms(clock->ctx);
}
