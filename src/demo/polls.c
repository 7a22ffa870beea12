#include "demo/deeds.h"
#include "demo/entity.h"
#include "demo/handlers.h"

/* A poll's id is that of its status. */
static struct status *asked(struct exchange *x)
{
	struct status *status = world_status(x->world, x->args[0]);
	if (status && status->poll && status_visible(x->world, status, x->user)) return status;
	exchange_error(x, 404, "Record not found");
	return NULL;
}

void polls_show(struct exchange *x)
{
	const struct status *status = asked(x);
	if (status) entity_poll(&x->body, NULL, x->world, status, x->user);
}

/* The options that are chosen, as bits; 0 when they cannot be. */
static uint8_t read_choices(const struct exchange *x, const struct poll *poll)
{
	const char *choice;
	uint8_t chosen = 0;
	for (size_t i = 0; (choice = params_at(&x->params, "choices", i)); i++) {
		if (choice[0] < '0' || choice[1] != '\0') return 0;
		size_t option = (size_t)(choice[0] - '0');
		if (option >= poll->noptions || (i > 0 && !poll->multiple)) return 0;
		chosen |= (uint8_t)(1 << option);
	}
	return chosen;
}

void polls_vote(struct exchange *x)
{
	struct status *status = asked(x);
	if (!status) return;
	uint8_t chosen = read_choices(x, status->poll);
	const char *problem = NULL;
	if (status->poll->ends_ms <= world_now(x->world))
		problem = "Validation failed: The poll has already ended";
	else if (status->poll->voters & BIT(x->user))
		problem = "Validation failed: You have already voted on this poll";
	else if ((int)status->author == x->user)
		problem = "Validation failed: You can't vote in your own polls";
	else if (!chosen)
		problem = "Validation failed: Choice is invalid";
	if (problem) {
		exchange_error(x, 422, problem);
		return;
	}
	deed_vote(x->world, (size_t)x->user, status, chosen);
	exchange_accept(x, "vote", status->id);
	entity_poll(&x->body, NULL, x->world, status, x->user);
}
