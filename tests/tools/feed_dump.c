/*
 * Print what is read from feeds as JSON, one file a line, for comparing with other
 * readers: feed_dump [--url URL] FILE…. A file may simulate headers of its answer in
 * a comment: lines `Header: Name: value` before the first element.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "base/json.h"
#include "base/mem.h"
#include "networks/feed_doc.h"
#include "networks/feed_map.h"

enum { MAX_FILE = 64 * 1024 * 1024, HEAD = 4096 };

static bool read_file(const char *path, struct str *out)
{
	FILE *file = fopen(path, "rb");
	if (!file) return false;
	char chunk[65536];
	for (size_t n; (n = fread(chunk, 1, sizeof chunk, file)) > 0 && out->len < MAX_FILE;)
		str_add(out, chunk, n);
	fclose(file);
	return true;
}

/* The value of a simulated header, owned, or NULL. */
static char *header(const struct str *bytes, const char *name)
{
	size_t n = strlen(name), limit = bytes->len < HEAD ? bytes->len : HEAD;
	for (size_t i = 0; i + 8 < limit; i++) {
		const char *p = bytes->p + i;
		if (strncasecmp(p, "Header:", 7) != 0) continue;
		p += 7;
		while (*p == ' ' || *p == '\t')
			p++;
		if (strncasecmp(p, name, n) != 0 || p[n] != ':') continue;
		p += n + 1;
		while (*p == ' ' || *p == '\t')
			p++;
		return xstrndup(p, strcspn(p, "\r\n"));
	}
	return NULL;
}

static void member(struct str *out, const char *name, const char *value)
{
	if (!value) return;
	if (out->p[out->len - 1] != '{') str_addc(out, ',');
	json_quote(out, name);
	str_addc(out, ':');
	json_quote(out, value);
}

static void date_member(struct str *out, const char *name, const char *raw)
{
	int64_t ms;
	char text[32];
	if (!raw || !feed_date(raw, &ms)) return;
	date_format_rfc3339(text, ms / 1000 * 1000);
	member(out, name, text);
}

static void record(struct str *out, struct feed_doc *doc, const struct feed_record *item,
        const struct feed_input *in)
{
	struct feed_choice c;
	feed_choose(doc, item, in, &c);
	char *title = feed_value_line(c.title);
	struct text body = {0};
	feed_value_text(&body, c.body, c.body ? c.body->base : NULL);
	str_addc(out, '{');
	if (c.title) member(out, "title", title);
	member(out, "link", c.link);
	member(out, "id", c.id);
	member(out, "author",
	        c.author.name    ? c.author.name
	        : c.author.email ? c.author.email
	                         : c.author.uri);
	date_member(out, "published", c.published);
	date_member(out, "updated", c.updated);
	if (c.body) member(out, "body", str_c(&body.utf8));
	str_addc(out, '}');
	text_finish(&body);
	free(title);
}

static void dump(struct str *out, const char *path, const char *url, const struct str *bytes)
{
	char *type = header(bytes, "Content-Type"), *location = header(bytes, "Content-Location");
	struct feed_input in = {.bytes = str_c(bytes),
	        .len = bytes->len,
	        .url = url,
	        .content_type = type,
	        .content_location = location,
	        .now_ms = 4102444800000};
	struct feed_doc doc = {0};
	struct err err = {0};
	bool ok = feed_parse(&in, &doc, &err);
	str_addc(out, '{');
	member(out, "file", path);
	if (ok) {
		member(out, "version", doc.wishes.version);
		member(out, "damaged", doc.wishes.damaged ? "yes" : "no");
		str_adds(out, ",\"feed\":");
		record(out, &doc, NULL, &in);
		str_adds(out, ",\"entries\":[");
		for (size_t i = 0; i < doc.nitems; i++) {
			if (i) str_addc(out, ',');
			record(out, &doc, &doc.items[i], &in);
		}
		str_addc(out, ']');
	} else {
		member(out, "error", err.text);
	}
	str_adds(out, "}\n");
	feed_doc_finish(&doc);
	free(type);
	free(location);
}

int main(int argc, char **argv)
{
	const char *url = "http://127.0.0.1:8097/feed.xml";
	int first = 1;
	if (argc > 2 && strcmp(argv[1], "--url") == 0) {
		url = argv[2];
		first = 3;
	}
	for (int i = first; i < argc; i++) {
		struct str bytes = {0}, line = {0};
		if (!read_file(argv[i], &bytes)) {
			fprintf(stderr, "feed_dump: cannot read %s\n", argv[i]);
			return 1;
		}
		dump(&line, argv[i], url, &bytes);
		fputs(str_c(&line), stdout);
		str_finish(&line);
		str_finish(&bytes);
	}
	return 0;
}
