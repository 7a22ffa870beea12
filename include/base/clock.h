#pragma once
#include <stdint.h>

/* The only way to learn the time. Tests pass a clock they can set. */
struct clock {
	int64_t (*wall_ms)(void *ctx); /* ms since the Unix epoch, UTC */
	int64_t (*mono_ms)(void *ctx); /* ms, never steps back; for timers */
	void *ctx;
};

extern const struct clock clock_system;

int64_t clock_wall(const struct clock *clock);
int64_t clock_mono(const struct clock *clock);
