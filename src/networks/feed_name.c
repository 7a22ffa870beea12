#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "net/url.h"
#include "networks/feed.h"

enum { MAX_NAME = 32, MIN_NAME = 2 };

/* Letters and digits of it, anything else as one hyphen; nothing at the edges. */
static void add_slug(struct str *out, const char *s)
{
	struct str folded = {0};
	if (s) fold_add(&folded, s, strlen(s));
	for (size_t i = 0; i < folded.len && out->len < MAX_NAME; i++) {
		unsigned char c = (unsigned char)folded.p[i];
		if (c < 0x80 && (isalnum(c) || c == '.' || c == '_'))
			str_addc(out, (char)c);
		else if (c < 0x80 && c != '\'' && out->len > 0 && out->p[out->len - 1] != '-')
			str_addc(out, '-');
	}
	while (out->len > 0 && strchr("-._", out->p[out->len - 1]))
		str_cut(out, out->len - 1);
	size_t lead = 0;
	while (lead < out->len && strchr("-._", out->p[lead]))
		lead++;
	if (lead > 0) {
		char *rest = str_take(out);
		str_adds(out, rest + lead);
		free(rest);
	}
	str_finish(&folded);
}

static void add_host(struct str *out, const char *url)
{
	char *host = url ? url_host(url) : NULL;
	str_clear(out);
	if (host) add_slug(out, strncmp(host, "www.", 4) == 0 ? host + 4 : host);
	free(host);
}

/* The last part of a path, for files. */
static void add_path(struct str *out, const char *url)
{
	const char *slash = url ? strrchr(url, '/') : NULL;
	str_clear(out);
	if (slash) add_slug(out, slash + 1);
}

char *feed_name(
        const char *title, const char *url, bool (*taken)(void *ctx, const char *name), void *ctx)
{
	struct str name = {0};
	add_slug(&name, title);
	if (name.len < MIN_NAME) add_host(&name, url);
	if (name.len < MIN_NAME) add_path(&name, url);
	if (name.len < MIN_NAME) {
		str_clear(&name);
		str_adds(&name, "feed");
	}
	size_t len = name.len;
	for (int i = 2; taken && taken(ctx, str_c(&name)); i++) {
		str_cut(&name, len);
		str_addf(&name, "-%d", i);
	}
	return str_take(&name);
}
