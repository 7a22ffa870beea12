#include "model/account.h"

#include <stdlib.h>

#include "base/mem.h"

struct account *account_copy(const struct account *account)
{
	struct account *copy = xmalloc(sizeof *copy);

	*copy = *account;
	copy->name = xstrdup(account->name ? account->name : "");
	copy->network = xstrdup(account->network ? account->network : "");
	copy->host = xstrdup(account->host ? account->host : "");
	copy->handle = xstrdup(account->handle ? account->handle : "");
	copy->uri = xstrdup(account->uri ? account->uri : "");
	return copy;
}

void account_free(struct account *account)
{
	if (!account) return;
	free(account->name);
	free(account->network);
	free(account->host);
	free(account->handle);
	free(account->uri);
	free(account);
}
