#include "model/health.h"

const char *health_name(enum health_kind kind)
{
#define X(id, word) [HEALTH_##id] = (word),
	static const char *const names[HEALTH_COUNT] = {HEALTHS(X)};
#undef X
	return (unsigned)kind < HEALTH_COUNT ? names[kind] : "";
}
