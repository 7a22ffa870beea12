#include "demo/sign_in_page.h"

#include <ctype.h>
#include <string.h>

static const char out_of_band[] = "urn:ietf:wg:oauth:2.0:oob";

static void add_escaped(struct str *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("<>&\"'", *text))
			str_addf(out, "&#%d;", *text);
		else
			str_addc(out, *text);
	}
}

static void add_hidden(struct exchange *x, const char *name)
{
	str_addf(&x->body, "<input type=\"hidden\" name=\"%s\" value=\"", name);
	add_escaped(&x->body, params_str(&x->params, name));
	str_adds(&x->body, "\">\n");
}

void sign_in_form(struct exchange *x)
{
	static const char *const carried[] = {"response_type", "client_id", "redirect_uri", "scope",
	        "state", "code_challenge", "code_challenge_method"};
	x->type = "text/html; charset=utf-8";
	str_addf(&x->body,
	        "<!doctype html><html lang=\"en\"><title>Sign in</title><h1>%s</h1>\n"
	        "<form method=\"post\" action=\"/oauth/authorize\">\n",
	        x->world->host);
	for (size_t i = 0; i < sizeof carried / sizeof *carried; i++)
		add_hidden(x, carried[i]);
	str_adds(&x->body, "<label>Who are you? <select name=\"login\">\n");
	for (size_t i = 0; i < npeople; i++) {
		if (person_can_sign_in(x->world, i))
			str_addf(&x->body, "<option>%s</option>\n", people[i].username);
	}
	str_adds(&x->body, "</select></label>\n"
	                   "<button name=\"decision\" value=\"allow\">Authorize</button>\n"
	                   "<button name=\"decision\" value=\"deny\">Deny</button>\n"
	                   "</form></html>\n");
}

static void add_query_value(struct str *out, const char *value)
{
	for (; *value; value++) {
		unsigned char c = (unsigned char)*value;
		if (isalnum(c) || strchr("-._~", c))
			str_addc(out, *value);
		else
			str_addf(out, "%%%02X", c);
	}
}

void sign_in_send_back(struct exchange *x, const char *name, const char *value)
{
	const char *to = params_str(&x->params, "redirect_uri");
	const char *state = params_get(&x->params, "state");
	x->type = "text/html; charset=utf-8";
	if (strcmp(to, out_of_band) == 0) {
		str_addf(&x->body,
		        "<!doctype html><html lang=\"en\"><title>Sign in</title>"
		        "<p>Copy this %s:</p>\n<code>%s</code></html>\n",
		        name, value);
		return;
	}
	struct str location = {0};
	str_addf(&location, "%s%c%s=", to, strchr(to, '?') ? '&' : '?', name);
	add_query_value(&location, value);
	if (state) {
		str_adds(&location, "&state=");
		add_query_value(&location, state);
	}
	x->status = 302;
	exchange_header(x, "Location: %s", str_c(&location));
	str_finish(&location);
}
