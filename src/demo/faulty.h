#pragma once
#include "demo/exchange.h"

/* True when a fault that has been ordered is the answer, or there were too many requests:
 * `used` of them in this window, with this one. */
bool faulty_answer(struct exchange *x, int used);
