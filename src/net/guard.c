#include "net/guard.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "net/address.h"
#include "net/url.h"

bool guard_url(const struct request *req, const char *url, bool may_be_local, struct err *err)
{
	struct url_facts facts = url_look(url);
	if (!facts.web) return err_set(err, ERR_UNSUPPORTED, "%s is no http or https address", url);
	bool plain = strncasecmp(url, "http:", 5) == 0;
	if (plain && !req->allow_http && !facts.loopback)
		return err_set(
		        err, ERR_UNSUPPORTED, "plain http to another machine is refused: %s", url);
	if (!may_be_local && facts.local)
		return err_set(err, ERR_UNSUPPORTED,
		        "%s is a local address, which only you may name", url);
	return true;
}

/* The port of the proxy that this URL would use, or 0: its address may be a local one. */
static int proxy_port(const char *url)
{
	static const char *const http[] = {"http_proxy", "all_proxy", "ALL_PROXY"};
	static const char *const https[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
	bool secure = strncasecmp(url, "https:", 6) == 0;
	const char *const *names = secure ? https : http;
	const char *proxy = NULL;
	for (size_t i = 0; !proxy && i < (secure ? 4u : 3u); i++) {
		proxy = getenv(names[i]);
		if (proxy && !*proxy) proxy = NULL;
	}
	const char *colon = proxy ? strrchr(proxy, ':') : NULL;
	if (!proxy) return 0;
	int port = colon ? atoi(colon + 1) : 0;
	return port > 0 ? port : 1080;
}

static int address_port(const struct sockaddr *address)
{
	/* sin_port and sin6_port stand at the same place: after the family. */
	unsigned char port[2];
	memcpy(port, (const char *)address + 2, 2);
	return port[0] << 8 | port[1];
}

bool guard_address(const char *url, const struct sockaddr *address)
{
	return !address_is_local(address) || proxy_port(url) == address_port(address);
}

void guard_drop_credentials(struct request *req)
{
	size_t kept = 0;
	for (size_t i = 0; i < req->nheaders; i++) {
		if (strncasecmp(req->headers[i], "Authorization:", 14) == 0 ||
		        strncasecmp(req->headers[i], "Cookie:", 7) == 0)
			free(req->headers[i]);
		else
			req->headers[kept++] = req->headers[i];
	}
	req->nheaders = kept;
}
