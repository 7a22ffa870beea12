#include "networks/mastodon_body.h"

#include <assert.h>
#include <string.h>

#include "base/json.h"
#include "net/url.h"

void mastodon_body_init(struct mastodon_body *body, const struct account *account)
{
	*body = (struct mastodon_body){
	        .form = account->software && strncmp(account->software, "snac", 4) == 0};
	if (!body->form) str_addc(&body->text, '{');
}

void mastodon_body_init_json(struct mastodon_body *body)
{
	*body = (struct mastodon_body){0};
	str_addc(&body->text, '{');
}

char *mastodon_body_take(struct mastodon_body *body)
{
	str_finish(&body->path);
	str_addc(&body->text, '}');
	return str_take(&body->text);
}

static void begin_json(struct mastodon_body *body, const char *name)
{
	char last = body->text.p[body->text.len - 1];
	if (last != '{' && last != '[') str_addc(&body->text, ',');
	if (!name) return;
	json_quote(&body->text, name);
	str_addc(&body->text, ':');
}

/* Append to a form's path what `name` is called there. */
static void step(struct mastodon_body *body, const char *name)
{
	if (body->path.len == 0)
		str_adds(&body->path, name);
	else
		str_addf(&body->path, "[%s]", name ? name : "");
}

static void begin_form(struct mastodon_body *body, const char *name)
{
	size_t len = body->path.len;
	if (body->text.len) str_addc(&body->text, '&');
	step(body, name);
	url_encode(&body->text, body->path.p, body->path.len);
	str_cut(&body->path, len);
	str_addc(&body->text, '=');
}

static void begin(struct mastodon_body *body, const char *name)
{
	body->count++;
	if (body->form)
		begin_form(body, name);
	else
		begin_json(body, name);
}

void mastodon_body_str(struct mastodon_body *body, const char *name, const char *value)
{
	if (!value) return;
	begin(body, name);
	if (body->form)
		url_encode(&body->text, value, strlen(value));
	else
		json_quote(&body->text, value);
}

void mastodon_body_int(struct mastodon_body *body, const char *name, int64_t value)
{
	begin(body, name);
	str_addf(&body->text, "%lld", (long long)value);
}

void mastodon_body_bool(struct mastodon_body *body, const char *name, bool value)
{
	begin(body, name);
	str_adds(&body->text, value ? "true" : "false");
}

void mastodon_body_none(struct mastodon_body *body, const char *name)
{
	begin(body, name);
	if (!body->form) str_adds(&body->text, "null");
}

void mastodon_body_open(struct mastodon_body *body, const char *name, char kind)
{
	assert(body->depth < (int)(sizeof body->marks / sizeof *body->marks));
	body->marks[body->depth++] = body->path.len;
	if (body->form) {
		step(body, name);
	} else {
		begin_json(body, name);
		str_addc(&body->text, kind);
	}
}

void mastodon_body_close(struct mastodon_body *body, char kind)
{
	size_t mark = body->marks[--body->depth];
	if (body->form)
		str_cut(&body->path, mark);
	else
		str_addc(&body->text, kind == '[' ? ']' : '}');
}

void mastodon_body_end(struct mastodon_body *body, struct request *req)
{
	bool form = body->form && body->count;
	str_finish(&body->path);
	if (body->count == 0) str_clear(&body->text);
	if (body->count == 0 && body->form) str_adds(&body->text, "{");
	if (body->text.len == 0) {
		str_finish(&body->text);
		return;
	}
	if (!form) str_addc(&body->text, '}');
	request_header(req, "Content-Type: %s",
	        form ? "application/x-www-form-urlencoded" : "application/json");
	req->body_len = body->text.len;
	req->body = str_take(&body->text);
}
