#include "http_server.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "base/str.h"

enum { MAX_CONNECTIONS = 64, MAX_ANSWERS = 64, MAX_REQUESTS = 256 };

struct connection {
	int fd; /* -1: free */
	struct str in, out;
	size_t sent;
	char *path; /* of the last request */
	bool close; /* when all is sent */
};

struct answer {
	char *path;
	struct str bytes;
	bool close, used;
};

struct http_server {
	int fd, port;
	struct connection connections[MAX_CONNECTIONS];
	struct answer answers[MAX_ANSWERS];
	size_t nanswers;
	char *requests[MAX_REQUESTS];
	size_t nrequests, accepted;
};

static void nonblocking(int fd)
{
	fcntl(fd, F_SETFL, O_NONBLOCK);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
}

struct http_server *http_server_new(void)
{
	struct http_server *server = xcalloc(1, sizeof(*server));
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t len = sizeof(address);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	server->fd = socket(AF_INET, SOCK_STREAM, 0);
	int ok = bind(server->fd, (struct sockaddr *)&address, sizeof(address));
	ok += listen(server->fd, MAX_CONNECTIONS);
	ok += getsockname(server->fd, (struct sockaddr *)&address, &len);
	assert(server->fd >= 0 && ok == 0);
	server->port = ntohs(address.sin_port);
	nonblocking(server->fd);
	for (int i = 0; i < MAX_CONNECTIONS; i++)
		server->connections[i].fd = -1;
	return server;
}

static void hang_up(struct connection *c)
{
	if (c->fd >= 0) close(c->fd);
	str_finish(&c->in);
	str_finish(&c->out);
	free(c->path);
	*c = (struct connection){.fd = -1};
}

void http_server_free(struct http_server *server)
{
	if (!server) return;
	for (int i = 0; i < MAX_CONNECTIONS; i++)
		hang_up(&server->connections[i]);
	for (size_t i = 0; i < server->nanswers; i++) {
		free(server->answers[i].path);
		str_finish(&server->answers[i].bytes);
	}
	for (size_t i = 0; i < server->nrequests; i++)
		free(server->requests[i]);
	close(server->fd);
	free(server);
}

char *http_server_url(const struct http_server *server, const char *path)
{
	struct str url = {0};
	str_addf(&url, "http://127.0.0.1:%d%s", server->port, path);
	return str_take(&url);
}

void http_server_raw(
        struct http_server *server, const char *path, const void *bytes, size_t len, bool close)
{
	assert(server->nanswers < MAX_ANSWERS);
	struct answer *answer = &server->answers[server->nanswers++];
	answer->path = xstrdup(path);
	answer->close = close;
	str_add(&answer->bytes, bytes, len);
}

void http_server_answer(struct http_server *server, const char *path, int status,
        const char *headers, const void *body, size_t len)
{
	struct str raw = {0};
	str_addf(&raw, "HTTP/1.1 %d Status\r\nContent-Length: %zu\r\n%s\r\n", status, len, headers);
	str_add(&raw, body, len);
	http_server_raw(server, path, raw.p, raw.len, false);
	str_finish(&raw);
}

void http_server_push(struct http_server *server, const char *path, const char *bytes)
{
	for (int i = 0; i < MAX_CONNECTIONS; i++) {
		struct connection *c = &server->connections[i];
		if (c->fd < 0 || !c->path || strcmp(c->path, path) != 0) continue;
		str_adds(&c->out, bytes);
		c->close = !bytes;
	}
}

static struct answer *find_answer(struct http_server *server, const char *path)
{
	struct answer *last = NULL;
	for (size_t i = 0; i < server->nanswers; i++) {
		struct answer *answer = &server->answers[i];
		if (strcmp(answer->path, path) != 0) continue;
		last = answer;
		if (!answer->used) break;
	}
	if (last) last->used = true;
	return last;
}

/* Bytes of a whole request at the start of `in`, or 0. */
static size_t request_len(const struct str *in)
{
	const char *end = in->len ? strstr(in->p, "\r\n\r\n") : NULL;
	if (!end) return 0;
	size_t len = (size_t)(end - in->p) + 4;
	for (const char *line = in->p; line < end; line = strstr(line, "\r\n") + 2) {
		if (strncasecmp(line, "Content-Length:", 15) == 0)
			len += strtoul(line + 15, NULL, 10);
	}
	return in->len >= len ? len : 0;
}

static void answer_request(struct http_server *server, struct connection *c, size_t len)
{
	static const char lost[] = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
	assert(server->nrequests < MAX_REQUESTS);
	char *request = xstrndup(c->in.p, len);
	server->requests[server->nrequests++] = request;
	size_t rest = c->in.len - len;
	memmove(c->in.p, c->in.p + len, rest);
	str_cut(&c->in, rest);
	const char *path = strchr(request, ' ') + 1;
	free(c->path);
	c->path = xstrndup(path, strcspn(path, " "));
	struct answer *answer = find_answer(server, c->path);
	if (!answer) {
		str_add(&c->out, lost, sizeof(lost) - 1);
		return;
	}
	str_add(&c->out, answer->bytes.p, answer->bytes.len);
	c->close = answer->close;
}

static void serve(struct http_server *server, struct connection *c)
{
	char bytes[16384];
	ssize_t n = recv(c->fd, bytes, sizeof(bytes), MSG_DONTWAIT);
	if (n == 0) {
		hang_up(c);
		return;
	}
	if (n > 0) str_add(&c->in, bytes, (size_t)n);
	for (size_t len; (len = request_len(&c->in)) > 0;)
		answer_request(server, c, len);
	while (c->sent < c->out.len) {
		n = send(c->fd, c->out.p + c->sent, c->out.len - c->sent,
		        MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n <= 0) return;
		c->sent += (size_t)n;
	}
	if (c->close) hang_up(c);
}

void http_server_turn(struct http_server *server)
{
	for (int i = 0; i < MAX_CONNECTIONS; i++) {
		struct connection *c = &server->connections[i];
		if (c->fd < 0) {
			c->fd = accept(server->fd, NULL, NULL);
			if (c->fd < 0) break;
			nonblocking(c->fd);
			server->accepted++;
		}
	}
	for (int i = 0; i < MAX_CONNECTIONS; i++) {
		if (server->connections[i].fd >= 0) serve(server, &server->connections[i]);
	}
}

size_t http_server_requests(const struct http_server *server)
{
	return server->nrequests;
}

const char *http_server_request(const struct http_server *server, size_t i)
{
	return i < server->nrequests ? server->requests[i] : "";
}

size_t http_server_connections(const struct http_server *server)
{
	return server->accepted;
}
