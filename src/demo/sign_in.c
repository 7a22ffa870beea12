#include "demo/sign_in.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "demo/handlers.h"
#include "demo/put.h"
#include "demo/sign_in_page.h"

enum { MAX_DOORS = 1000, SECRET_SIZE = 44, APP_DEMO = -1, PERSON_NONE = -1 };
static const int64_t code_lives_ms = 600000, token_lives_s = 3600;
static const char demo_id[] = "demo-client", demo_secret[] = "demo-secret";

struct app {
	char id[SECRET_SIZE], secret[SECRET_SIZE];
	char *name, *website, *redirects; /* redirects: one a line */
	unsigned scopes;
};

struct code {
	char text[SECRET_SIZE];
	char *redirect, *challenge; /* challenge NULL: no PKCE */
	int app, person;
	unsigned scopes;
	int64_t at_ms;
	bool used;
};

struct token {
	char text[SECRET_SIZE], refresh[SECRET_SIZE];
	int app, person;
	unsigned scopes;
	int64_t ends_ms; /* 0: never */
	bool revoked;
};

struct doors {
	struct random random;
	struct app apps[MAX_DOORS];
	struct code codes[MAX_DOORS];
	struct token tokens[MAX_DOORS];
	int napps, ncodes, ntokens;
};

struct doors *doors_new(uint64_t seed)
{
	struct doors *doors = xcalloc(1, sizeof *doors);
	random_init(&doors->random, seed ^ UINT64_C(0x5eed0fd00f5));
	return doors;
}

void doors_free(struct doors *doors)
{
	if (!doors) return;
	for (int i = 0; i < doors->napps; i++) {
		free(doors->apps[i].name);
		free(doors->apps[i].website);
		free(doors->apps[i].redirects);
	}
	for (int i = 0; i < doors->ncodes; i++) {
		free(doors->codes[i].redirect);
		free(doors->codes[i].challenge);
	}
	free(doors);
}

static void make_secret(struct doors *doors, char out[SECRET_SIZE])
{
	static const char digits[] =
	        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	for (int i = 0; i < SECRET_SIZE - 1; i++)
		out[i] = digits[random_below(&doors->random, 64)];
	out[SECRET_SIZE - 1] = '\0';
}

/* --- scopes --- */

static const char *const scope_names[] = {"read", "write", "follow", "push", "profile"};
enum { NSCOPES = sizeof scope_names / sizeof *scope_names, ALL_SCOPES = (1 << NSCOPES) - 1 };

/* "read:statuses" counts as "read"; false when a word is no scope. */
static bool read_scopes(const char *text, unsigned *out)
{
	unsigned found = 0;
	for (const char *p = text; *p;) {
		size_t n = strcspn(p, " +"), area = strcspn(p, ": +");
		unsigned named = 0;
		for (int i = 0; i < NSCOPES; i++) {
			if (strlen(scope_names[i]) == area && strncmp(scope_names[i], p, area) == 0)
				named = 1U << i;
		}
		if (n && !named) return false;
		found |= named;
		p += n;
		p += *p != '\0';
	}
	*out = found;
	return true;
}

static void add_scopes(struct str *out, unsigned scopes)
{
	for (int i = 0; i < NSCOPES; i++) {
		if (!(scopes & 1U << i)) continue;
		if (out->len) str_addc(out, ' ');
		str_adds(out, scope_names[i]);
	}
}

/* --- tokens --- */

static bool demo_person(const struct world *world, const char *token, int *out)
{
	if (strncmp(token, "demo-", 5) != 0) return false;
	for (size_t i = 0; i < npeople; i++) {
		if (strcmp(token + 5, people[i].username) != 0) continue;
		*out = (int)i;
		return person_can_sign_in(world, i);
	}
	return false;
}

static struct token *find_token(const struct world *world, const char *text)
{
	struct doors *doors = world->doors;
	for (int i = 0; i < doors->ntokens; i++) {
		if (strcmp(doors->tokens[i].text, text) == 0) return &doors->tokens[i];
	}
	return NULL;
}

bool doors_open(const struct world *world, const char *token, int *out_person, unsigned *out_barred)
{
	if (!token) return false;
	if (demo_person(world, token, out_person)) {
		*out_barred = 0;
		return true;
	}
	const struct token *it = find_token(world, token);
	if (!it || it->revoked) return false;
	if (it->ends_ms && it->ends_ms <= world_now(world)) return false;
	*out_person = it->person;
	*out_barred = ALL_SCOPES & ~it->scopes;
	return true;
}

/* --- apps --- */

static void oauth_error(struct exchange *x, int status, const char *name, const char *sentence)
{
	exchange_error(x, status, name);
	str_cut(&x->body, x->body.len - 1);
	put_str(&x->body, "error_description", sentence);
	put_close(&x->body, '}');
}

static void put_lines(struct str *out, const char *key, const char *lines)
{
	put_open(out, key, '[');
	for (const char *p = lines; *p;) {
		size_t n = strcspn(p, "\n ");
		char *line = xstrndup(p, n);
		if (n) put_str(out, NULL, line);
		free(line);
		p += n;
		p += *p != '\0';
	}
	put_close(out, ']');
}

static void put_app(struct exchange *x, int id, const struct app *app)
{
	struct str scopes = {0};
	add_scopes(&scopes, app->scopes);
	put_strf(&x->body, "id", "%d", id);
	put_str(&x->body, "name", app->name);
	put_str(&x->body, "website", app->website);
	put_lines(&x->body, "scopes", str_c(&scopes));
	put_str(&x->body, "redirect_uri", app->redirects);
	put_lines(&x->body, "redirect_uris", app->redirects);
	put_str(&x->body, "vapid_key", "");
	str_finish(&scopes);
}

static char *redirects_of(const struct exchange *x)
{
	const char *uri;
	struct str all = {0};
	for (size_t i = 0; (uri = params_at(&x->params, "redirect_uris", i)); i++)
		str_addf(&all, "%s%s", i ? "\n" : "", uri);
	return str_take(&all);
}

void sign_in_register(struct exchange *x)
{
	struct doors *doors = x->world->doors;
	const char *name = params_str(&x->params, "client_name");
	const char *asked = params_str(&x->params, "scopes");
	unsigned scopes;
	char *redirects = redirects_of(x);
	const char *problem = NULL;
	if (!*name) problem = "Validation failed: Application name can't be blank";
	if (!*redirects) problem = "Validation failed: Redirect URI can't be blank";
	if (!read_scopes(*asked ? asked : "read", &scopes))
		problem = "Validation failed: Scopes doesn't match configured on the server.";
	if (doors->napps == MAX_DOORS) problem = "Too many applications";
	if (problem) {
		exchange_error(x, 422, problem);
		free(redirects);
		return;
	}
	struct app *app = &doors->apps[doors->napps++];
	*app = (struct app){
	        .name = xstrdup(name),
	        .website = xstrdup(params_get(&x->params, "website")),
	        .redirects = redirects,
	        .scopes = scopes,
	};
	make_secret(doors, app->id);
	make_secret(doors, app->secret);
	put_open(&x->body, NULL, '{');
	put_app(x, doors->napps + 1, app);
	put_str(&x->body, "client_id", app->id);
	put_str(&x->body, "client_secret", app->secret);
	put_int(&x->body, "client_secret_expires_at", 0);
	put_close(&x->body, '}');
	exchange_accept(x, "app", (uint64_t)doors->napps);
}

void sign_in_app(struct exchange *x)
{
	char name[] = "stoa demo", redirects[] = "urn:ietf:wg:oauth:2.0:oob";
	struct app demo = {.name = name, .redirects = redirects, .scopes = ALL_SCOPES};
	const struct token *token = x->token ? find_token(x->world, x->token) : NULL;
	bool known = token && token->app != APP_DEMO;
	put_open(&x->body, NULL, '{');
	put_app(x, known ? token->app + 2 : 1, known ? &x->world->doors->apps[token->app] : &demo);
	put_close(&x->body, '}');
}

/* The app that id (and secret, if not NULL) name; false when there is none. */
static bool find_app(const struct exchange *x, const char *secret, int *out)
{
	const struct doors *doors = x->world->doors;
	const char *id = params_str(&x->params, "client_id");
	*out = APP_DEMO;
	if (strcmp(id, demo_id) == 0) return !secret || strcmp(secret, demo_secret) == 0;
	for (int i = 0; i < doors->napps; i++) {
		if (strcmp(doors->apps[i].id, id) != 0) continue;
		*out = i;
		return !secret || strcmp(doors->apps[i].secret, secret) == 0;
	}
	return false;
}

/* --- authorize --- */

/* The same address; of a loopback address the port does not matter (RFC 8252, 7.3). */
static bool same_redirect(const char *registered, size_t len, const char *asked)
{
	static const char loopback[] = "http://127.0.0.1";
	size_t n = sizeof loopback - 1;
	if (strlen(asked) == len && memcmp(registered, asked, len) == 0) return true;
	if (len < n || strncmp(registered, loopback, n) != 0 || strncmp(asked, loopback, n) != 0)
		return false;
	const char *a = registered + n, *end = registered + len, *b = asked + n;
	if (a < end && *a == ':') a += 1 + strspn(a + 1, "0123456789");
	if (*b == ':') b += 1 + strspn(b + 1, "0123456789");
	return strlen(b) == (size_t)(end - a) && memcmp(a, b, (size_t)(end - a)) == 0;
}

static bool may_go_to(const struct exchange *x, int app, const char *to)
{
	if (app == APP_DEMO) return *to != '\0';
	for (const char *p = x->world->doors->apps[app].redirects; *p;) {
		size_t n = strcspn(p, "\n ");
		if (same_redirect(p, n, to)) return true;
		p += n;
		p += *p != '\0';
	}
	return false;
}

static bool read_question(struct exchange *x, int *out_app, unsigned *out_scopes)
{
	const char *asked = params_str(&x->params, "scope");
	const char *method = params_get(&x->params, "code_challenge_method");
	if (!find_app(x, NULL, out_app)) {
		oauth_error(x, 401, "invalid_client", "Client authentication failed.");
		return false;
	}
	unsigned may = *out_app == APP_DEMO ? ALL_SCOPES : x->world->doors->apps[*out_app].scopes;
	const char *problem = NULL;
	if (strcmp(params_str(&x->params, "response_type"), "code") != 0)
		problem = "The response type is not supported.";
	else if (!may_go_to(x, *out_app, params_str(&x->params, "redirect_uri")))
		problem = "The redirect uri included is not valid.";
	else if (!read_scopes(*asked ? asked : "read", out_scopes) || *out_scopes & ~may)
		problem = "The requested scope is invalid, unknown, or malformed.";
	else if (method && strcmp(method, "S256") != 0)
		problem = "The code challenge method must be S256.";
	if (problem) oauth_error(x, 400, "invalid_request", problem);
	return !problem;
}

void sign_in_authorize(struct exchange *x)
{
	int app, person = PERSON_NONE;
	unsigned scopes;
	struct doors *doors = x->world->doors;
	const char *login = params_get(&x->params, "login");
	if (!read_question(x, &app, &scopes)) return;
	if (!login) {
		sign_in_form(x);
		return;
	}
	for (size_t i = 0; i < npeople; i++) {
		if (person_can_sign_in(x->world, i) && strcmp(people[i].username, login) == 0)
			person = (int)i;
	}
	if (strcmp(params_str(&x->params, "decision"), "deny") == 0) {
		sign_in_send_back(x, "error", "access_denied");
		return;
	}
	if (person == PERSON_NONE || doors->ncodes == MAX_DOORS) {
		exchange_error(x, 401, "Nobody of that name can sign in here");
		return;
	}
	struct code *code = &doors->codes[doors->ncodes++];
	*code = (struct code){
	        .redirect = xstrdup(params_str(&x->params, "redirect_uri")),
	        .challenge = xstrdup(params_get(&x->params, "code_challenge")),
	        .app = app,
	        .person = person,
	        .scopes = scopes,
	        .at_ms = world_now(x->world),
	};
	make_secret(doors, code->text);
	sign_in_send_back(x, "code", code->text);
}

/* --- tokens --- */

/* base64url(SHA-256(verifier)) without padding: 43 characters. */
static bool proves(const char *verifier, const char *challenge)
{
	unsigned char hash[EVP_MAX_MD_SIZE], text[64];
	unsigned len = 0;
	size_t n = strlen(verifier);
	if (n < 43 || n > 128) return false;
	if (!EVP_Digest(verifier, n, hash, &len, EVP_sha256(), NULL)) return false;
	int end = EVP_EncodeBlock(text, hash, (int)len);
	for (int i = 0; i < end; i++) {
		if (text[i] == '+') text[i] = '-';
		if (text[i] == '/') text[i] = '_';
		if (text[i] == '=') text[i] = '\0';
	}
	return strcmp((const char *)text, challenge) == 0;
}

/* The code that the request brings, if it may still be used; else says why not. */
static struct code *take_code(struct exchange *x, int app)
{
	struct doors *doors = x->world->doors;
	const char *text = params_str(&x->params, "code");
	struct code *code = NULL;
	for (int i = 0; i < doors->ncodes; i++) {
		if (strcmp(doors->codes[i].text, text) == 0) code = &doors->codes[i];
	}
	bool good = code && !code->used && code->app == app &&
	            world_now(x->world) - code->at_ms < code_lives_ms &&
	            strcmp(code->redirect, params_str(&x->params, "redirect_uri")) == 0;
	if (good && code->challenge)
		good = proves(params_str(&x->params, "code_verifier"), code->challenge);
	if (code) code->used = true;
	if (good) return code;
	oauth_error(x, 400, "invalid_grant",
	        "The provided authorization grant is invalid, expired, revoked, does not match the "
	        "redirection URI used in the authorization request, or was issued to another "
	        "client.");
	return NULL;
}

static void give(struct exchange *x, int app, int person, unsigned scopes)
{
	struct doors *doors = x->world->doors;
	if (doors->ntokens == MAX_DOORS) {
		exchange_error(x, 503, "Too many tokens");
		return;
	}
	struct token *token = &doors->tokens[doors->ntokens++];
	*token = (struct token){.app = app, .person = person, .scopes = scopes};
	make_secret(doors, token->text);
	make_secret(doors, token->refresh);
	bool expires = x->world->software->expires && person != PERSON_NONE;
	struct str names = {0};
	add_scopes(&names, scopes);
	put_open(&x->body, NULL, '{');
	put_str(&x->body, "access_token", token->text);
	put_str(&x->body, "token_type", "Bearer");
	put_str(&x->body, "scope", str_c(&names));
	put_int(&x->body, "created_at", world_now(x->world) / 1000);
	if (expires) {
		token->ends_ms = world_now(x->world) + token_lives_s * 1000;
		put_int(&x->body, "expires_in", token_lives_s);
		put_str(&x->body, "refresh_token", token->refresh);
	}
	put_close(&x->body, '}');
	str_finish(&names);
	exchange_accept(x, "token", (uint64_t)doors->ntokens);
}

static void refresh(struct exchange *x, int app)
{
	struct doors *doors = x->world->doors;
	const char *text = params_str(&x->params, "refresh_token");
	for (int i = 0; i < doors->ntokens; i++) {
		struct token *token = &doors->tokens[i];
		if (strcmp(token->refresh, text) != 0 || token->revoked || token->app != app)
			continue;
		token->revoked = true;
		give(x, app, token->person, token->scopes);
		return;
	}
	oauth_error(x, 400, "invalid_grant", "The refresh token is not known.");
}

void sign_in_token(struct exchange *x)
{
	int app;
	unsigned scopes;
	const char *grant = params_str(&x->params, "grant_type");
	const char *asked = params_str(&x->params, "scope");
	if (!find_app(x, params_str(&x->params, "client_secret"), &app)) {
		oauth_error(x, 401, "invalid_client",
		        "Client authentication failed due to unknown client, no client "
		        "authentication included, or unsupported authentication method.");
		return;
	}
	if (strcmp(grant, "authorization_code") == 0) {
		const struct code *code = take_code(x, app);
		if (code) give(x, app, code->person, code->scopes);
	} else if (strcmp(grant, "client_credentials") == 0 &&
	           read_scopes(*asked ? asked : "read", &scopes)) {
		give(x, app, PERSON_NONE, scopes);
	} else if (strcmp(grant, "refresh_token") == 0 && x->world->software->expires) {
		refresh(x, app);
	} else {
		oauth_error(x, 400, "unsupported_grant_type",
		        "The authorization grant type is not supported.");
	}
}

void sign_in_revoke(struct exchange *x)
{
	int app;
	struct token *token = find_token(x->world, params_str(&x->params, "token"));
	bool known = find_app(x, params_str(&x->params, "client_secret"), &app);
	if (!known || (token && token->app != app)) {
		oauth_error(x, 403, "unauthorized_client",
		        "You are not authorized to revoke this token");
		return;
	}
	if (token) {
		token->revoked = true;
		exchange_accept(x, "revoke", (uint64_t)(token - x->world->doors->tokens) + 1);
	}
	str_adds(&x->body, "{}");
}

/* OpenID Connect's question, for clients that may only know who it is. */
void sign_in_userinfo(struct exchange *x)
{
	const struct person *who = &people[x->user];
	const char *host = x->world->host;
	put_open(&x->body, NULL, '{');
	put_strf(&x->body, "iss", "https://%s/", host);
	put_strf(&x->body, "sub", "https://%s/users/%s", host, who->username);
	put_str(&x->body, "name", who->name);
	put_str(&x->body, "preferred_username", who->username);
	put_strf(&x->body, "profile", "https://%s/@%s", host, who->username);
	put_strf(&x->body, "picture", "https://%s/images/avatar/%s.png", host, who->username);
	put_close(&x->body, '}');
}
