#pragma once

/*
 * The name that somebody most likely meant. Offer it every name there is, then ask:
 *	struct nearest nearest = {.given = "hoem"};
 *	nearest_offer(&nearest, "home");
 *	… nearest.best
 */
struct nearest {
	const char *given; /* as typed; borrowed */
	const char *best;  /* borrowed from nearest_offer; NULL while none is near */
	int distance;      /* of best */
};

/* Near is: at most a third of its letters differ (case aside; a swap counts one), or it begins so.
 */
void nearest_offer(struct nearest *nearest, const char *name);
