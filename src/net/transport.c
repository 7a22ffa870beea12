#include "net/transport.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"

void request_finish(struct request *req)
{
	if (!req) return;
	free(req->url);
	for (size_t i = 0; i < req->nheaders; i++)
		free(req->headers[i]);
	free(req->headers);
	free(req->body);
	for (size_t i = 0; i < req->nparts; i++) {
		struct request_part *part = &req->parts[i];
		free(part->name);
		free(part->value);
		free(part->file);
		free(part->type);
		free(part->title);
	}
	free(req->parts);
	free(req->body_file);
	*req = (struct request){0};
}

void request_header(struct request *req, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	va_list again;
	va_copy(again, args);
	int len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len < 0) {
		va_end(again);
		return;
	}
	char *line = xmalloc((size_t)len + 1);
	vsnprintf(line, (size_t)len + 1, fmt, again);
	va_end(again);
	if (strpbrk(line, "\r\n")) {
		free(line); /* somebody's value would become a header of its own */
		return;
	}
	req->headers = xrealloc(req->headers, (req->nheaders + 1) * sizeof(*req->headers));
	req->headers[req->nheaders++] = line;
}

static struct request_part *add_part(struct request *req, const char *name)
{
	assert(req->nparts < REQUEST_MAX_PARTS);
	req->parts = xrealloc(req->parts, (req->nparts + 1) * sizeof(*req->parts));
	struct request_part *part = &req->parts[req->nparts++];
	*part = (struct request_part){.name = xstrdup(name)};
	return part;
}

void request_part(struct request *req, const char *name, const char *value)
{
	add_part(req, name)->value = xstrdup(value);
}

void request_part_file(struct request *req, const char *name, const char *path, const char *type,
        const char *title)
{
	struct request_part *part = add_part(req, name);
	part->file = xstrdup(path);
	part->type = xstrdup(type);
	part->title = xstrdup(title);
}

const char *response_header(const struct response *response, const char *name)
{
	size_t len = strlen(name);
	for (size_t i = 0; response && i < response->nheaders; i++) {
		const char *line = response->headers[i];
		if (strncasecmp(line, name, len) == 0 && line[len] == ':')
			return line + len + 1 + strspn(line + len + 1, " \t");
	}
	return NULL;
}

void response_finish(struct response *response)
{
	if (!response) return;
	for (size_t i = 0; i < response->nheaders; i++)
		free(response->headers[i]);
	free(response->headers);
	free(response->body);
	free(response->url);
	free(response->moved_to);
	*response = (struct response){0};
}
