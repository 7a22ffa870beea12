#include <string.h>

#include "demo/handlers.h"
#include "demo/put.h"

/*
 * OAuth as far as a client sees it (fact sheet 1): every app is welcome, and whoever
 * comes to the authorize page is ada, or who `login` names. A code is `code-NAME`, the
 * token that it buys is the fixed one of that person.
 */
static const char out_of_band[] = "urn:ietf:wg:oauth:2.0:oob";

static void put_redirects(struct exchange *x, const char *first)
{
	const char *uri;
	put_str(&x->body, "redirect_uri", first);
	put_open(&x->body, "redirect_uris", '[');
	for (size_t i = 0; (uri = params_at(&x->params, "redirect_uris", i)); i++)
		put_str(&x->body, NULL, uri);
	put_close(&x->body, ']');
}

void sign_in_register(struct exchange *x)
{
	const char *name = params_str(&x->params, "client_name");
	const char *uri = params_at(&x->params, "redirect_uris", 0);
	const char *scopes = params_get(&x->params, "scopes");
	if (!*name || !uri) {
		exchange_error(x, 422, "Validation failed: Application name can't be blank");
		return;
	}
	put_open(&x->body, NULL, '{');
	put_str(&x->body, "id", "1");
	put_str(&x->body, "name", name);
	put_str(&x->body, "website", params_get(&x->params, "website"));
	put_open(&x->body, "scopes", '[');
	put_str(&x->body, NULL, scopes ? scopes : "read");
	put_close(&x->body, ']');
	put_redirects(x, uri);
	put_str(&x->body, "client_id", "demo-client");
	put_str(&x->body, "client_secret", "demo-secret");
	put_int(&x->body, "client_secret_expires_at", 0);
	put_str(&x->body, "vapid_key", "");
	put_close(&x->body, '}');
}

void sign_in_app(struct exchange *x)
{
	str_adds(&x->body,
	        "{\"id\":\"1\",\"name\":\"stoa demo\",\"website\":null,\"scopes\":[\"read\"],"
	        "\"redirect_uri\":\"urn:ietf:wg:oauth:2.0:oob\","
	        "\"redirect_uris\":[\"urn:ietf:wg:oauth:2.0:oob\"],\"vapid_key\":\"\"}");
}

void sign_in_authorize(struct exchange *x)
{
	const char *to = params_str(&x->params, "redirect_uri");
	const char *who = params_get(&x->params, "login");
	if (!who) who = people[0].username;
	if (strcmp(params_str(&x->params, "response_type"), "code") != 0 || !*to) {
		exchange_error(x, 400, "invalid_request");
		return;
	}
	if (strcmp(to, out_of_band) == 0) {
		x->type = "text/html; charset=utf-8";
		str_addf(&x->body,
		        "<!doctype html><title>Code</title><p>Copy this code:</p>"
		        "<code>code-%s</code>",
		        who);
		return;
	}
	x->status = 302;
	x->type = "text/html; charset=utf-8";
	exchange_header(x, "Location: %s%ccode=code-%s&state=%s", to, strchr(to, '?') ? '&' : '?',
	        who, params_str(&x->params, "state"));
}

static const char *token_of(struct exchange *x)
{
	const char *code = params_str(&x->params, "code");
	if (strcmp(params_str(&x->params, "grant_type"), "client_credentials") == 0)
		return "demo-app";
	for (size_t i = 0; i < npeople; i++) {
		if (people[i].token && strncmp(code, "code-", 5) == 0 &&
		        strcmp(code + 5, people[i].username) == 0)
			return people[i].token;
	}
	return NULL;
}

void sign_in_token(struct exchange *x)
{
	const char *scope = params_get(&x->params, "scope"), *token = token_of(x);
	if (strcmp(params_str(&x->params, "client_id"), "demo-client") != 0 ||
	        strcmp(params_str(&x->params, "client_secret"), "demo-secret") != 0) {
		exchange_error(x, 401, "invalid_client");
		return;
	}
	if (!token) {
		exchange_error(x, 400, "invalid_grant");
		return;
	}
	put_open(&x->body, NULL, '{');
	put_str(&x->body, "access_token", token);
	put_str(&x->body, "token_type", "Bearer");
	put_str(&x->body, "scope", scope ? scope : "read");
	put_int(&x->body, "created_at", world_now(x->world) / 1000);
	put_close(&x->body, '}');
}

/* OpenID Connect's question, for clients that may only know who it is. */
void sign_in_userinfo(struct exchange *x)
{
	const struct person *who = &people[x->user];
	put_open(&x->body, NULL, '{');
	put_str(&x->body, "iss", "https://" WORLD_HOST "/");
	put_strf(&x->body, "sub", "https://" WORLD_HOST "/users/%s", who->username);
	put_str(&x->body, "name", who->name);
	put_str(&x->body, "preferred_username", who->username);
	put_strf(&x->body, "profile", "https://" WORLD_HOST "/@%s", who->username);
	put_strf(&x->body, "picture", "https://" WORLD_HOST "/images/avatar/%s.png", who->username);
	put_close(&x->body, '}');
}

void sign_in_revoke(struct exchange *x)
{
	str_adds(&x->body, "{}");
}
