#include "app/notice_gate.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void gate_finish(struct gate *gate)
{
	free(gate->title);
	free(gate->body);
	*gate = (struct gate){0};
}

static void forget_old(struct gate *gate, int64_t now_ms)
{
	unsigned gone = 0;
	while (gone < gate->ntold && now_ms - gate->told_ms[gone] >= GATE_SPAN_MS)
		gone++;
	gate->ntold -= gone;
	memmove(gate->told_ms, gate->told_ms + gone, gate->ntold * sizeof(*gate->told_ms));
}

static bool open_now(struct gate *gate, int64_t now_ms, bool quiet)
{
	forget_old(gate, now_ms);
	return !quiet && gate->ntold < GATE_MAX;
}

bool gate_pass(struct gate *gate, const char *title, const char *body, int64_t now_ms, bool quiet)
{
	bool may = open_now(gate, now_ms, quiet);
	/* What waits is told first, together with this one. */
	if (may && !gate->held) {
		gate->told_ms[gate->ntold++] = now_ms;
		return true;
	}
	free(gate->title);
	free(gate->body);
	gate->title = xstrdup(title);
	gate->body = xstrdup(body);
	gate->held++;
	gate->hushed |= quiet;
	return false;
}

bool gate_release(
        struct gate *gate, int64_t now_ms, bool quiet, struct str *title, struct str *body)
{
	if (!gate->held || !open_now(gate, now_ms, quiet)) return false;
	str_adds(title, gate->title);
	str_adds(body, gate->body);
	if (gate->held > 1) str_addf(body, " … and %u more", gate->held - 1);
	if (gate->hushed) str_adds(body, " (while it was quiet)");
	gate->told_ms[gate->ntold++] = now_ms;
	gate->held = 0;
	gate->hushed = false;
	return true;
}

int64_t gate_next_ms(const struct gate *gate)
{
	if (!gate->held) return 0;
	return gate->ntold < GATE_MAX ? 1 : gate->told_ms[0] + GATE_SPAN_MS;
}
