#include "engine/measure.h"

#include <string.h>

#include "base/utf8.h"
#include "networks/network.h"

bool measure_can_post(const struct account *account, struct err *err)
{
	const char *software = *account->software ? account->software : account->network;
	if (account->caps & CAP_POST) return true;
	return err_set(err, ERR_UNSUPPORTED, "%s (%s) cannot %s", account->name, software,
	        capability_name(CAP_POST));
}

void measure_item(const struct account *account, const struct outgoing *item, struct measure *out)
{
	const struct network *network = network_find(account->network);
	const char *text = item->text ? item->text : "";
	size_t len = strlen(text);
	*out = (struct measure){.unit = "characters",
	        .count = (uint32_t)utf8_clusters(text, len),
	        .bytes = (uint32_t)len,
	        .fits = len};
	if (network && network->measure) network->measure(account, item, out);
}

bool measure_is_over(const struct measure *measure)
{
	return (measure->limit && measure->count > measure->limit) ||
	       (measure->byte_max && measure->bytes > measure->byte_max);
}

void measure_detect(const struct account *account, const char *text, size_t len,
        void (*each)(void *ctx, const struct facet *facet), void *ctx)
{
	const struct network *network = network_find(account->network);
	if (network && network->detect) network->detect(account, text, len, each, ctx);
}

bool measure_check(const struct account *account, const struct outgoing *item, struct err *err)
{
	const struct network *network = network_find(account->network);
	if (!measure_can_post(account, err)) return false;
	return !network || !network->check || network->check(account, item, err);
}

bool measure_names_people(const struct account *account)
{
	/* On Bluesky the author of the parent is told of each reply, and names take room. */
	return strcmp(account->network, "bluesky") != 0;
}

bool measure_can_keep(const struct account *account)
{
	const struct network *network = network_find(account->network);
	return network && network->can_keep && network->can_keep(account);
}
