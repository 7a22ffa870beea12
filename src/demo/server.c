#include "demo/server.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "demo/exchange.h"
#include "demo/faulty.h"
#include "demo/put.h"
#include "demo/sign_in.h"
#include "demo/stream.h"
#include "demo/websocket.h"

enum { MAX_BODY = 1 << 20, MAX_UPLOAD = 40 << 20, FORM_BUFFER = 4096 };

/* One request under way. */
struct visit {
	struct server *server;
	struct visit *next; /* of those who sleep */
	struct MHD_Connection *connection;
	struct MHD_PostProcessor *form;
	char *target;          /* as sent, with the query */
	char *url, *method;    /* NULL until the headers are in */
	struct str body, part; /* JSON; the form field that is being read */
	char *part_name;
	struct str file; /* the form's last file */
	bool is_file;    /* the part that is being read */
	struct params params;
	size_t taken; /* bytes of the body */
	bool too_long, slept;
	int64_t wake_ms;
};

struct server {
	struct MHD_Daemon *daemon;
	struct world *world;
	struct misbehaviour *faults;
	struct visit *asleep;
	struct server_burst burst;
	int log_fd, epoll;              /* epoll: libmicrohttpd's and the WebSockets */
	int64_t window_ms;              /* start of the window that is counted */
	int used[WORLD_MAX_PEOPLE + 1]; /* requests in it, by person; the last: nobody's */
	bool stopping;
};

/* --- reading the request --- */

static void end_part(struct visit *visit)
{
	if (visit->part_name && visit->is_file) {
		str_finish(&visit->file);
		visit->file = visit->part;
		visit->part = (struct str){0};
	} else if (visit->part_name) {
		params_add(&visit->params, visit->part_name, str_c(&visit->part));
	}
	free(visit->part_name);
	visit->part_name = NULL;
	str_clear(&visit->part);
}

static enum MHD_Result on_part(void *ctx, enum MHD_ValueKind kind, const char *name,
        const char *filename, const char *type, const char *encoding, const char *data,
        uint64_t offset, size_t len)
{
	struct visit *visit = ctx;
	(void)kind, (void)type, (void)encoding;
	if (offset == 0) {
		end_part(visit);
		visit->is_file = filename != NULL;
		visit->part_name = xstrdup(name);
	}
	str_add(&visit->part, data, len);
	return MHD_YES;
}

static enum MHD_Result on_query(
        void *ctx, enum MHD_ValueKind kind, const char *name, const char *value)
{
	(void)kind;
	params_add(ctx, name, value);
	return MHD_YES;
}

/* The request line is there: a visit begins. What is returned is its state. */
static void *on_target(void *ctx, const char *target, struct MHD_Connection *connection)
{
	struct visit *visit = xcalloc(1, sizeof *visit);
	visit->server = ctx;
	visit->connection = connection;
	visit->target = xstrdup(target);
	return visit;
}

static void begin(struct visit *visit, const char *url, const char *method)
{
	struct MHD_Connection *connection = visit->connection;
	visit->url = xstrdup(url);
	visit->method = xstrdup(method);
	MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, on_query, &visit->params);
	if (strcmp(method, "GET") != 0)
		visit->form = MHD_create_post_processor(connection, FORM_BUFFER, on_part, visit);
}

static void visit_free(struct visit *visit)
{
	struct visit **at = &visit->server->asleep;
	while (*at && *at != visit)
		at = &(*at)->next;
	if (*at) *at = visit->next;
	if (visit->form) MHD_destroy_post_processor(visit->form);
	params_finish(&visit->params);
	str_finish(&visit->body);
	str_finish(&visit->part);
	str_finish(&visit->file);
	free(visit->part_name);
	free(visit->target);
	free(visit->url);
	free(visit->method);
	free(visit);
}

static const char *header_of(const struct visit *visit, const char *name)
{
	return MHD_lookup_connection_value(visit->connection, MHD_HEADER_KIND, name);
}

static void take_body(struct visit *visit, const char *data, size_t len)
{
	const char *type = header_of(visit, "Content-Type");
	bool upload = type && strncmp(type, "multipart/", 10) == 0;
	visit->taken += len;
	if (visit->taken > (upload ? MAX_UPLOAD : MAX_BODY)) {
		visit->too_long = true;
		return;
	}
	if (!upload) str_add(&visit->body, data, len);
	if (visit->form) MHD_post_process(visit->form, data, len);
}

static const char *token_of(const struct visit *visit)
{
	const char *auth = header_of(visit, "Authorization");
	const char *protocol = header_of(visit, "Sec-WebSocket-Protocol");
	if (auth && strncmp(auth, "Bearer ", 7) == 0) return auth + 7;
	return protocol ? protocol : params_get(&visit->params, "access_token");
}

/* --- the answer --- */

static void add_headers(struct MHD_Response *response, char *lines)
{
	for (char *line = lines; line && *line;) {
		char *end = strchr(line, '\n'), *colon = strchr(line, ':');
		*end = *colon = '\0';
		MHD_add_response_header(response, line, colon + 2);
		line = end + 1;
	}
}

/* Requests of this window with this one; tells the limits in the headers. */
static int count(struct exchange *x, struct server *server)
{
	const struct world *world = server->world;
	int64_t window_ms = (int64_t)world->window_s * 1000;
	int64_t now = world_now(world), start = now - now % window_ms;
	int limit = (int)world->limit;
	if (start != server->window_ms) memset(server->used, 0, sizeof server->used);
	server->window_ms = start;
	int used = ++server->used[x->user >= 0 ? x->user : WORLD_MAX_PEOPLE];
	char reset[32];
	date_print(reset, start + window_ms);
	reset[strlen(reset) - 1] = '\0';
	exchange_header(x, "X-RateLimit-Limit: %d", limit);
	exchange_header(x, "X-RateLimit-Remaining: %d", used < limit ? limit - used : 0);
	exchange_header(x, "X-RateLimit-Reset: %s000Z", reset);
	return used;
}

static void log_line(struct server *server, struct exchange *x)
{
	struct str line = {0};
	if (server->log_fd < 0) return;
	put_open(&line, NULL, '{');
	put_date(&line, "at", world_now(server->world));
	put_str(&line, "method", x->method);
	put_str(&line, "path", x->path);
	put_str(&line, "query", x->query);
	put_str(&line, "user", x->user >= 0 ? people[x->user].username : NULL);
	put_int(&line, "status", x->status);
	if (x->accepted.len) {
		str_addc(&line, ',');
		str_add(&line, x->accepted.p, x->accepted.len);
	}
	str_adds(&line, "}\n");
	/* One write a line, so that a reader never sees half of it. */
	ssize_t n = write(server->log_fd, line.p, line.len);
	if (n < 0) server->log_fd = -1;
	str_finish(&line);
}

static struct MHD_Response *stream_response(struct exchange *x, struct visit *visit)
{
	struct server *server = visit->server;
	struct hub *hub = server->world->hub;
	const char *value = misbehave_now(server->faults, FAULT_CUT, x->path);
	struct stream_cut cut = value ? hub_cut(hub, value) : (struct stream_cut){0};
	enum channel channel = (enum channel)x->channel;
	if (!x->is_socket)
		return hub_listen(
		        hub, visit->connection, channel, (size_t)x->user, x->channel_arg, cut);
	struct MHD_Response *response =
	        hub_upgrade(hub, channel, (size_t)x->user, x->channel_arg, cut);
	const char *protocol = header_of(visit, "Sec-WebSocket-Protocol");
	char accept[32];
	websocket_accept(x->upgrade_key, accept);
	MHD_add_response_header(response, "Upgrade", "websocket");
	MHD_add_response_header(response, "Sec-WebSocket-Accept", accept);
	if (protocol) MHD_add_response_header(response, "Sec-WebSocket-Protocol", protocol);
	return response;
}

static enum MHD_Result answer(struct exchange *x, struct visit *visit)
{
	struct server *server = visit->server;
	struct MHD_Response *response;
	if (!x->status) x->status = 200;
	log_line(server, x);
	if (x->listens && x->status == 200) {
		if (x->is_socket) x->status = MHD_HTTP_SWITCHING_PROTOCOLS;
		response = stream_response(x, visit);
	} else {
		const char *type = x->type ? x->type : "application/json; charset=utf-8";
		if (misbehave_now(server->faults, FAULT_TRUNCATE, x->path))
			str_cut(&x->body, x->body.len / 2);
		size_t len = x->body.len;
		response = MHD_create_response_from_buffer(
		        len, str_take(&x->body), MHD_RESPMEM_MUST_FREE);
		MHD_add_response_header(response, "Content-Type", type);
		MHD_add_response_header(response, "Cache-Control", "private, no-store");
	}
	add_headers(response, x->headers.p);
	enum MHD_Result result =
	        MHD_queue_response(visit->connection, (unsigned)x->status, response);
	MHD_destroy_response(response);
	return result;
}

/* It is done, and nobody is told: the connection ends. */
static enum MHD_Result hang_up(struct exchange *x, struct server *server)
{
	if (!x->status) x->status = 200;
	log_line(server, x);
	return MHD_NO;
}

/* --- what only the demo has: orders for the server itself --- */

static void obey(struct exchange *x, struct server *server)
{
	struct err err;
	x->type = "text/plain; charset=utf-8";
	if (strcmp(x->path, "/demo/misbehave") == 0) {
		if (!misbehave_set(server->faults, params_str(&x->params, "spec"), &err)) {
			x->status = 422;
			str_addf(&x->body, "%s\n", err.text);
		}
	} else if (strcmp(x->path, "/demo/burst") == 0) {
		server->burst.events = params_id(&x->params, "events");
		server->burst.rate = strtod(params_str(&x->params, "rate"), NULL);
	} else if (strcmp(x->path, "/demo/software") == 0) {
		const struct software *next = software_find(params_str(&x->params, "name"));
		if (next) server->world->software = next;
		x->status = next ? 200 : 422;
	} else if (strcmp(x->path, "/demo/clock") == 0) {
		server->world->fixed_ms += (int64_t)params_id(&x->params, "advance") * 1000;
		x->status = server->world->fixed ? 200 : 422;
	} else {
		x->status = 404;
	}
}

static void serve(struct exchange *x, struct visit *visit)
{
	struct server *server = visit->server;
	const char *type = header_of(visit, "Content-Type");
	struct err err;
	int used = count(x, server);
	bool is_json = type && strncmp(type, "application/json", 16) == 0;
	if (visit->too_long)
		exchange_error(x, 413, "Too large");
	else if (is_json && visit->body.len &&
	         !params_add_json(&visit->params, visit->body.p, visit->body.len, &err))
		exchange_error(x, 400, err.text);
	x->params = visit->params; /* with what the body added */
	if (x->status) return;
	if (strncmp(x->path, "/demo/", 6) == 0 && strcmp(x->method, "POST") == 0)
		obey(x, server);
	else if (!faulty_answer(x, used))
		routes_serve(x);
}

/* True when the answer has to wait; the connection sleeps meanwhile. */
static bool sleeps(struct visit *visit)
{
	const char *ms =
	        visit->slept ? NULL : misbehave_now(visit->server->faults, FAULT_SLOW, visit->url);
	if (!ms) return false;
	visit->slept = true;
	visit->wake_ms = clock_mono(visit->server->world->clock) + atoi(ms);
	visit->next = visit->server->asleep;
	visit->server->asleep = visit;
	MHD_suspend_connection(visit->connection);
	return true;
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection, const char *url,
        const char *method, const char *version, const char *data, size_t *len, void **state)
{
	struct server *server = ctx;
	struct visit *visit = *state;
	(void)version, (void)connection;
	if (!visit->url) {
		begin(visit, url, method);
		return MHD_YES;
	}
	if (*len) {
		take_body(visit, data, *len);
		*len = 0;
		return MHD_YES;
	}
	if (!server->stopping && sleeps(visit)) return MHD_YES;
	end_part(visit);
	const char *host = header_of(visit, "Host");
	struct str base = {0};
	str_addf(&base, "http://%s", host ? host : WORLD_HOST);
	struct exchange x = {
	        .world = server->world,
	        .method = visit->method,
	        .path = visit->url,
	        .base = str_c(&base),
	        .query = "",
	        .params = visit->params,
	        .user = -1,
	        .token = token_of(visit),
	        .key = header_of(visit, "Idempotency-Key"),
	        .etag = header_of(visit, "If-None-Match"),
	        .modified = header_of(visit, "If-Modified-Since"),
	        .file = visit->file,
	        .faults = server->faults,
	        .upgrade_key = header_of(visit, "Sec-WebSocket-Key"),
	};
	visit->file = (struct str){0};
	doors_open(server->world, x.token, &x.user, &x.barred);
	const char *query = strchr(visit->target, '?');
	if (query) x.query = query + 1;
	serve(&x, visit);
	bool lost = x.accepted.len && misbehave_now(server->faults, FAULT_UNTOLD, x.path);
	enum MHD_Result result = lost ? hang_up(&x, server) : answer(&x, visit);
	str_finish(&x.file);
	str_finish(&x.body);
	str_finish(&x.headers);
	str_finish(&x.accepted);
	str_finish(&base);
	return result;
}

static void on_done(void *ctx, struct MHD_Connection *connection, void **state,
        enum MHD_RequestTerminationCode how)
{
	(void)ctx, (void)connection, (void)how;
	if (*state) visit_free(*state);
	*state = NULL;
}

/* --- the loop's side --- */

struct server *server_new(struct world *world, struct misbehaviour *faults, int log_fd,
        unsigned port, struct err *err)
{
	struct server *server = xcalloc(1, sizeof *server);
	server->world = world;
	server->faults = faults;
	server->log_fd = log_fd;
	struct sockaddr_in here = {
	        .sin_family = AF_INET,
	        .sin_port = htons((uint16_t)port),
	        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	server->epoll = epoll_create1(EPOLL_CLOEXEC);
	world->hub = hub_new(world, server->epoll);
	server->daemon =
	        MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_ALLOW_UPGRADE,
	                (uint16_t)port, NULL, NULL, on_request, server, MHD_OPTION_SOCK_ADDR,
	                (struct sockaddr *)&here, MHD_OPTION_URI_LOG_CALLBACK, on_target, server,
	                MHD_OPTION_NOTIFY_COMPLETED, on_done, server, MHD_OPTION_END);
	const union MHD_DaemonInfo *info =
	        server->daemon ? MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD)
	                       : NULL;
	struct epoll_event event = {.events = EPOLLIN};
	if (info && epoll_ctl(server->epoll, EPOLL_CTL_ADD, info->epoll_fd, &event) == 0)
		return server;
	err_set(err, ERR_IO, "cannot listen on 127.0.0.1:%u", port);
	server_free(server);
	return NULL;
}

static void wake(struct server *server, bool all)
{
	int64_t now = clock_mono(server->world->clock);
	for (struct visit **at = &server->asleep; *at;) {
		struct visit *visit = *at;
		if (!all && visit->wake_ms > now) {
			at = &visit->next;
			continue;
		}
		*at = visit->next;
		MHD_resume_connection(visit->connection);
	}
}

void server_free(struct server *server)
{
	if (!server) return;
	server->stopping = true;
	wake(server, true);
	if (server->daemon) MHD_run(server->daemon); /* WebSockets that are promised come now */
	hub_end(server->world->hub);
	if (server->daemon) {
		MHD_run(server->daemon);
		MHD_stop_daemon(server->daemon);
	}
	hub_free(server->world->hub);
	server->world->hub = NULL;
	close(server->epoll);
	free(server);
}

unsigned server_port(const struct server *server)
{
	const union MHD_DaemonInfo *info =
	        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
	return info ? info->port : 0;
}

int server_fd(const struct server *server)
{
	return server->epoll;
}

int server_run(struct server *server)
{
	wake(server, false);
	hub_beat(server->world->hub, clock_mono(server->world->clock));
	MHD_run(server->daemon);
	hub_run(server->world->hub);
	MHD_UNSIGNED_LONG_LONG wait = 1000;
	if (MHD_get_timeout(server->daemon, &wait) == MHD_NO || wait > 1000) wait = 1000;
	int64_t now = clock_mono(server->world->clock);
	for (struct visit *it = server->asleep; it; it = it->next) {
		if (it->wake_ms - now < (int64_t)wait)
			wait = it->wake_ms > now ? (MHD_UNSIGNED_LONG_LONG)(it->wake_ms - now) : 0;
	}
	return (int)wait;
}

struct server_burst server_take_burst(struct server *server)
{
	struct server_burst burst = server->burst;
	server->burst = (struct server_burst){0};
	return burst;
}
