#pragma once
#include "base/clock.h"

/* A clock that stands still until the test moves it. */
struct fake_clock {
	struct clock clock; /* pass &fake.clock */
	int64_t wall, mono;
};

void fake_clock_init(struct fake_clock *fake, int64_t wall_ms);
void fake_clock_advance(struct fake_clock *fake, int64_t ms);
