#include "model/account.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

const char *capability_name(unsigned cap)
{
#define X(id, what) [CAP_BIT_##id] = (what),
	static const char *const names[CAP_COUNT] = {CAPABILITIES(X)};
#undef X
	for (unsigned bit = 0; bit < CAP_COUNT; bit++) {
		if (cap & 1U << bit) return names[bit];
	}
	return "";
}

struct account *account_new(const char *name, const char *network, const char *host)
{
	const struct account start = {
	        .name = (char *)name, .network = (char *)network, .host = (char *)host};

	return account_copy(&start);
}

/* A host without its scheme and the slash behind it. */
static size_t bare_host(const char **host)
{
	const char *start = strstr(*host, "://");
	if (start) *host = start + 3;
	return strcspn(*host, "/");
}

bool account_is_at(const struct account *account, const char *network, const char *where)
{
	const char *host = account->host, *typed = where + (*where == '@');
	if (strcmp(account->network, network) != 0) return false;
	if (*account->handle && strcmp(account->handle, typed) == 0) return true;
	size_t len = bare_host(&host);
	return bare_host(&typed) == len && len && strncasecmp(host, typed, len) == 0;
}

bool account_is_guest(const struct account *account)
{
	return account->id != ACCOUNT_FEEDS && !*account->handle && !*account->uri;
}

static char *copy_of(const char *s)
{
	return xstrdup(s ? s : "");
}

void account_set(char **field, const char *value)
{
	char *copy = copy_of(value);

	free(*field);
	*field = copy;
}

struct account *account_copy(const struct account *account)
{
	struct account *copy = xmalloc(sizeof *copy);

	*copy = *account;
	copy->name = copy_of(account->name);
	copy->network = copy_of(account->network);
	copy->host = copy_of(account->host);
	copy->handle = copy_of(account->handle);
	copy->uri = copy_of(account->uri);
	copy->remote_id = copy_of(account->remote_id);
	copy->software = copy_of(account->software);
	copy->streaming = copy_of(account->streaming);
	copy->labels = copy_of(account->labels);
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
	free(account->remote_id);
	free(account->software);
	free(account->streaming);
	free(account->labels);
	free(account);
}

void account_add_root(struct str *out, const struct account *account)
{
	if (!strstr(account->host, "://")) str_adds(out, "https://");
	str_adds(out, account->host);
}

char *account_root(const struct account *account)
{
	struct str root = {0};

	account_add_root(&root, account);
	return str_take(&root);
}
