/* The curl transport against a scripted server on loopback. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "http_server.h"
#include "net/transport.h"
#include "net/websocket.h"

#define AGENT "stoa/test"

struct world {
	struct transport *t;
	struct http_server *server, *other;
};

/* What the hooks of one transfer saw. */
struct seen {
	int done, opened;
	int status;
	struct err err;
	struct str body, headers, chunks, url, moved_to;
	size_t sent, received;
	struct world *world;
	unsigned cancel_at_chunk, cancel_at_progress;
	unsigned number;
	size_t progress, uploaded, upload_size; /* calls, and the last one's */
};

static int setup(void **state)
{
	struct world *world = xcalloc(1, sizeof(*world));
	unsetenv("http_proxy");
	unsetenv("all_proxy");
	world->t = curl_transport_new(AGENT, NULL);
	world->server = http_server_new();
	world->other = http_server_new();
	*state = world;
	return world->t ? 0 : -1;
}

static int teardown(void **state)
{
	struct world *world = *state;
	if (world->t) world->t->ops->free(world->t);
	http_server_free(world->server);
	http_server_free(world->other);
	free(world);
	return 0;
}

static void on_done(void *ctx, const struct response *response)
{
	struct seen *seen = ctx;
	seen->done++;
	seen->status = response->status;
	seen->err = response->err;
	str_add(&seen->body, response->body, response->body_len);
	for (size_t i = 0; i < response->nheaders; i++)
		str_addf(&seen->headers, "%s\n", response->headers[i]);
	str_adds(&seen->url, response->url);
	str_adds(&seen->moved_to, response->moved_to);
	seen->sent = response->bytes_sent;
	seen->received = response->bytes_received;
}

static void on_open(void *ctx)
{
	((struct seen *)ctx)->opened++;
}

static void on_chunk(void *ctx, const char *bytes, size_t len)
{
	struct seen *seen = ctx;
	str_add(&seen->chunks, bytes, len);
	if (seen->cancel_at_chunk) seen->world->t->ops->cancel(seen->world->t, seen->number);
}

static void on_progress(void *ctx, size_t sent, size_t total)
{
	struct seen *seen = ctx;
	assert_true(sent > seen->uploaded && sent <= total);
	seen->progress++;
	seen->uploaded = sent;
	seen->upload_size = total;
	if (seen->cancel_at_progress) seen->world->t->ops->cancel(seen->world->t, seen->number);
}

static void seen_finish(struct seen *seen)
{
	str_finish(&seen->body);
	str_finish(&seen->headers);
	str_finish(&seen->chunks);
	str_finish(&seen->url);
	str_finish(&seen->moved_to);
}

static void turn(struct world *world)
{
	http_server_turn(world->server);
	http_server_turn(world->other);
	world->t->ops->perform(world->t);
	world->t->ops->wait(world->t, 1);
}

static struct request get(char *url)
{
	return (struct request){.method = "GET", .url = url, .allow_local = true, .follow = true};
}

static void start(struct world *world, struct seen *seen, struct request *req)
{
	struct transfer_hooks hooks = {on_done, on_open, on_chunk, on_progress, seen};
	seen->world = world;
	seen->number = world->t->ops->send(world->t, req, &hooks);
	assert_int_not_equal(seen->number, 0);
	assert_null(req->url); /* taken */
	assert_int_equal(seen->done, 0);
}

static void run(struct world *world, struct seen *seen, struct request *req)
{
	start(world, seen, req);
	for (int i = 0; i < 10000 && !seen->done; i++)
		turn(world);
	turn(world);
	assert_int_equal(seen->done, 1);
}

static void fetch(struct world *world, struct seen *seen, const char *path)
{
	struct request req = get(http_server_url(world->server, path));
	run(world, seen, &req);
}

/* An answer that sends the client on to `target`. */
static void redirect(struct http_server *server, const char *path, int status, const char *target)
{
	struct str header = {0};
	str_addf(&header, "Location: %s\r\n", target);
	http_server_answer(server, path, status, header.p, "gone", 4);
	str_finish(&header);
}

static void a_plain_answer(void **state)
{
	struct world *world = *state;
	struct seen seen = {0};
	http_server_answer(world->server, "/a", 200, "ETag: \"x\"\r\nX-Two: b\r\n", "hello", 5);
	fetch(world, &seen, "/a");
	assert_int_equal(seen.status, 200);
	assert_int_equal(seen.err.code, ERR_NONE);
	assert_string_equal(seen.body.p, "hello");
	assert_non_null(strstr(seen.headers.p, "ETag: \"x\"\nX-Two: b\n"));
	const char *request = http_server_request(world->server, 0);
	assert_non_null(strstr(request, "User-Agent: " AGENT "\r\n"));
	assert_non_null(strstr(request, "Accept-Encoding: "));
	assert_non_null(strstr(request, "gzip"));
	assert_int_equal(seen.sent, strlen(request));
	assert_true(seen.received > 5);
	seen_finish(&seen);
}

static void a_post_with_a_body(void **state)
{
	struct world *world = *state;
	struct seen seen = {0};
	http_server_answer(world->server, "/p", 302, "Location: /elsewhere\r\n", "no", 2);
	struct request req = get(http_server_url(world->server, "/p"));
	req.method = "POST";
	req.body = xstrdup("a=b\n");
	req.body_len = 4;
	request_header(&req, "Content-Type: text/plain");
	request_header(&req, "X-Bad: a\r\nEvil: yes");
	run(world, &seen, &req);
	assert_int_equal(seen.status, 302); /* what is sent is never sent twice */
	const char *request = http_server_request(world->server, 0);
	assert_memory_equal(request, "POST /p ", 8);
	assert_non_null(strstr(request, "\r\n\r\na=b\n"));
	assert_non_null(strstr(request, "Content-Type: text/plain\r\n"));
	assert_null(strstr(request, "Evil"));
	assert_int_equal(http_server_requests(world->server), 1);
	seen_finish(&seen);
}

/* A file of `len` bytes, its path to be freed. */
static char *make_file(const char *bytes, size_t len)
{
	char *path = xstrdup("/tmp/stoa-upload-XXXXXX");
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
	return path;
}

static void drop_file(char *path)
{
	unlink(path);
	free(path);
}

static struct request post(struct world *world, const char *path)
{
	struct request req = get(http_server_url(world->server, path));
	req.method = "POST";
	return req;
}

static void parts_of_a_form(void **state)
{
	struct world *world = *state;
	struct seen seen = {0};
	char *path = make_file("P\0NG\r\n", 6);
	http_server_answer(world->server, "/m", 200, "", "{}", 2);
	struct request req = post(world, "/m");
	request_part(&req, "description", "a \"caf\u00e9\"\r\nX: y");
	request_part_file(&req, "file", path, "image/png", "one \"two\".png");
	run(world, &seen, &req);
	assert_int_equal(seen.status, 200);
	const char *request = http_server_request(world->server, 0);
	assert_non_null(strstr(request, "\r\nContent-Type: multipart/form-data; boundary="));
	assert_non_null(
	        strstr(request, "\r\nContent-Disposition: form-data; name=\"description\"\r\n\r\n"
	                        "a \"caf\u00e9\"\r\nX: y\r\n--"));
	const char *file = strstr(request,
	        "\r\nContent-Disposition: form-data; name=\"file\"; "
	        "filename=\"one %22two%22.png\"\r\nContent-Type: image/png\r\n\r\n");
	assert_non_null(file);
	assert_memory_equal(strstr(file, "\r\n\r\n") + 4, "P\0NG\r\n\r\n--", 10);
	assert_true(seen.progress > 0);
	assert_int_equal(seen.uploaded, seen.upload_size);
	seen_finish(&seen);
	drop_file(path);
}

static void a_file_is_a_body(void **state)
{
	struct world *world = *state;
	enum { LEN = 300000 };
	char *bytes = xcalloc(1, LEN);
	for (size_t i = 0; i < LEN; i++)
		bytes[i] = (char)(i * 7);
	char *path = make_file(bytes, LEN);
	struct seen seen = {0};
	http_server_answer(world->server, "/b", 200, "", "{}", 2);
	struct request req = post(world, "/b");
	request_header(&req, "Content-Type: image/jpeg");
	req.body_file = xstrdup(path);
	run(world, &seen, &req);
	assert_int_equal(seen.status, 200);
	const char *request = http_server_request(world->server, 0);
	const char *body = strstr(request, "\r\n\r\n") + 4;
	assert_memory_equal(request, "POST /b ", 8);
	assert_non_null(strstr(request, "\r\nContent-Length: 300000\r\n"));
	assert_non_null(strstr(request, "\r\nContent-Type: image/jpeg\r\n"));
	assert_memory_equal(body, bytes, LEN);
	assert_int_equal(seen.uploaded, LEN);
	assert_int_equal(seen.upload_size, LEN);
	assert_int_equal(seen.sent, (size_t)(body - request) + LEN); /* each byte, each once */
	seen_finish(&seen);
	drop_file(path);
	free(bytes);
}

static void an_upload_that_cannot_be_read(void **state)
{
	static const struct {
		const char *path;
		enum err_code code;
	} cases[] = {{"/nowhere/at/all", ERR_NOT_FOUND}, {"/tmp", ERR_IO}, {"/dev/zero", ERR_IO}};
	struct world *world = *state;
	for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(*cases); i++) {
		struct seen seen = {0};
		struct request req = post(world, "/x");
		if (i % 2)
			request_part_file(&req, "file", cases[i / 2].path, "image/png", "a");
		else
			req.body_file = xstrdup(cases[i / 2].path);
		run(world, &seen, &req);
		assert_int_equal(seen.status, 0);
		assert_int_equal(seen.err.code, cases[i / 2].code);
		assert_non_null(strstr(seen.err.text, cases[i / 2].path));
		assert_int_equal(seen.sent, 0);
		seen_finish(&seen);
	}
	assert_int_equal(http_server_requests(world->server), 0);
}

static void an_upload_is_cancelled_as_it_goes(void **state)
{
	struct world *world = *state;
	struct seen seen = {.cancel_at_progress = 1};
	char *path = make_file("12345678", 8);
	http_server_raw(world->server, "/never", "", 0, false);
	struct request req = post(world, "/never");
	req.body_file = xstrdup(path);
	run(world, &seen, &req);
	assert_int_equal(seen.progress, 1);
	assert_int_equal(seen.err.code, ERR_CANCELLED);
	assert_true(seen.sent > 8); /* it may have arrived */
	seen_finish(&seen);
	drop_file(path);
}

static void a_fresh_connection_each(void **state)
{
	static const char kept[] = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1";
	static const size_t connections[] = {1, 2, 3, 3}; /* the second one's is kept */
	struct world *world = *state;
	http_server_raw(world->server, "/a", kept, sizeof(kept) - 1, false);
	for (int i = 0; i < 4; i++) {
		struct seen seen = {0};
		struct request req = post(world, "/a");
		req.fresh = i == 0 || i == 2;
		run(world, &seen, &req);
		assert_int_equal(seen.status, 200);
		assert_int_equal(http_server_connections(world->server), connections[i]);
		seen_finish(&seen);
	}
}

static void a_post_that_nobody_took(void **state)
{
	struct world *world = *state;
	struct seen seen = {0}, cut = {0};
	struct request req = get(xstrdup("http://127.0.0.1:1/a"));
	req.method = "POST";
	req.body = xstrdup("a=b");
	req.body_len = 3;
	run(world, &seen, &req);
	assert_int_equal(seen.err.code, ERR_NETWORK);
	assert_int_equal(seen.sent, 0);
	http_server_raw(world->server, "/cut", "", 0, true);
	req = post(world, "/cut");
	req.fresh = true;
	req.body = xstrdup("a=b");
	req.body_len = 3;
	run(world, &cut, &req);
	assert_int_equal(cut.err.code, ERR_NETWORK);
	assert_int_equal(cut.sent, strlen(http_server_request(world->server, 0)));
	assert_int_equal(http_server_requests(world->server), 1);
	seen_finish(&seen);
	seen_finish(&cut);
}

/* What reaches a proxy alone did not reach the server. */
static void a_proxy_that_leads_nowhere(void **state)
{
	struct world *world = *state;
	struct seen seen = {0};
	char *proxy = http_server_url(world->server, "");
	http_server_answer(world->server, "example.org:443", 502, "", "no", 2);
	setenv("https_proxy", proxy, 1);
	struct request req = {.method = "POST", .url = xstrdup("https://example.org/api")};
	req.allow_local = true;
	run(world, &seen, &req);
	unsetenv("https_proxy");
	assert_memory_equal(http_server_request(world->server, 0), "CONNECT example.org:443", 23);
	assert_int_equal(seen.status, 0);
	assert_int_equal(seen.sent, 0);
	seen_finish(&seen);
	free(proxy);
}

static void a_permanent_chain_is_told(void **state)
{
	struct world *world = *state;
	struct seen seen = {0};
	char *target = http_server_url(world->server, "/c");
	redirect(world->server, "/a", 301, "/b");
	redirect(world->server, "/b", 308, target);
	http_server_answer(world->server, "/c", 200, "", "end", 3);
	fetch(world, &seen, "/a");
	assert_int_equal(seen.status, 200);
	assert_string_equal(seen.body.p, "end");
	assert_string_equal(seen.url.p, target);
	assert_string_equal(seen.moved_to.p, target);
	seen_finish(&seen);
	free(target);
}

static void a_passing_redirect_ends_the_chain(void **state)
{
	struct world *world = *state;
	struct seen seen = {0};
	char *moved = http_server_url(world->server, "/b");
	redirect(world->server, "/a", 301, "/b");
	redirect(world->server, "/b", 302, "/c");
	redirect(world->server, "/c", 301, "/d");
	http_server_answer(world->server, "/d", 200, "", "end", 3);
	fetch(world, &seen, "/a");
	assert_int_equal(seen.status, 200);
	assert_string_equal(seen.moved_to.p, moved);
	seen_finish(&seen);
	free(moved);
}

static void redirects_have_an_end(void **state)
{
	struct world *world = *state;
	struct seen seen = {0};
	redirect(world->server, "/a", 302, "/a");
	fetch(world, &seen, "/a");
	assert_int_equal(seen.status, 0);
	assert_int_equal(seen.err.code, ERR_SERVER);
	assert_int_equal(http_server_requests(world->server), 6);
	seen_finish(&seen);
}

static void redirects_stay_on_the_web(void **state)
{
	static const char *const targets[] = {"file:///etc/hostname", "gopher://127.0.0.1/",
	        "ftp://127.0.0.1/a", "javascript:alert(1)", "http://"};
	struct world *world = *state;
	for (size_t i = 0; i < sizeof(targets) / sizeof(*targets); i++) {
		struct seen seen = {0};
		char path[] = "/0";
		path[1] = (char)('0' + i);
		redirect(world->server, path, 302, targets[i]);
		fetch(world, &seen, path);
		assert_int_equal(seen.status, 0);
		assert_int_not_equal(seen.err.code, ERR_NONE);
		seen_finish(&seen);
	}
}

static void authorization(struct world *world, const char *target, bool stays)
{
	struct seen seen = {0};
	struct http_server *end = stays ? world->server : world->other;
	redirect(world->server, "/a", 302, target);
	http_server_answer(end, "/b", 200, "", "ok", 2);
	struct request req = get(http_server_url(world->server, "/a"));
	request_header(&req, "Authorization: Bearer CANARY");
	request_header(&req, "X-Kept: yes");
	run(world, &seen, &req);
	assert_int_equal(seen.status, 200);
	assert_non_null(strstr(http_server_request(world->server, 0), "CANARY"));
	const char *second = http_server_request(end, http_server_requests(end) - 1);
	assert_non_null(strstr(second, "X-Kept: yes"));
	assert_int_equal(strstr(second, "CANARY") != NULL, stays);
	seen_finish(&seen);
}

static void authorization_stays_with_its_origin(void **state)
{
	authorization(*state, "/b", true);
}

static void authorization_goes_to_no_other_port(void **state)
{
	struct world *world = *state;
	char *target = http_server_url(world->other, "/b");
	authorization(world, target, false);
	free(target);
}

static void a_body_past_the_limit(void **state)
{
	struct world *world = *state;
	for (size_t max = 4; max <= 5; max++) {
		struct seen seen = {0};
		http_server_answer(world->server, "/a", 200, "", "12345", 5);
		struct request req = get(http_server_url(world->server, "/a"));
		req.max_body = max;
		run(world, &seen, &req);
		assert_int_equal(seen.err.code, max == 5 ? ERR_NONE : ERR_TOO_LARGE);
		assert_int_equal(seen.status, max == 5 ? 200 : 0);
		seen_finish(&seen);
	}
}

/* A gzip file of `n` runs of 258 zeros: one block with fixed codes, 13 bits a run. */
static void gzip_bomb(struct str *out, size_t n)
{
	static const char head[10] = {0x1f, (char)0x8b, 8, 0, 0, 0, 0, 0, 0, 3};
	uint64_t bits = 0;
	int count = 0;
	str_add(out, head, sizeof(head));
#define PUT(value, width)                                                                          \
	do {                                                                                       \
		bits |= (uint64_t)(value) << count;                                                \
		count += (width);                                                                  \
		for (; count >= 8; count -= 8, bits >>= 8)                                         \
			str_addc(out, (char)(bits & 255));                                         \
	} while (0)
	PUT(3, 3);    /* last block, fixed codes */
	PUT(0x0c, 8); /* literal 0: code 00110000, most significant bit first */
	for (size_t i = 0; i < n; i++) {
		PUT(0xa3, 8); /* 285, length 258: code 11000101 */
		PUT(0, 5);    /* distance 1 */
	}
	PUT(0, 7);
	PUT(0, 7);
#undef PUT
}

static void a_bomb_is_stopped(void **state)
{
	struct world *world = *state;
	struct seen seen = {0};
	struct str bomb = {0};
	gzip_bomb(&bomb, 80000); /* 130 kB for 20 MB */
	http_server_answer(
	        world->server, "/a", 200, "Content-Encoding: gzip\r\n", bomb.p, bomb.len);
	fetch(world, &seen, "/a");
	assert_int_equal(seen.err.code, ERR_TOO_LARGE);
	assert_true(seen.received < bomb.len);
	str_finish(&bomb);
	seen_finish(&seen);
}

static void packed_answers_are_unpacked(void **state)
{
	/* "hello" by gzip */
	static const unsigned char packed[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xcb, 0x48, 0xcd,
	        0xc9, 0xc9, 7, 0, 0x86, 0xa6, 0x10, 0x36, 5, 0, 0, 0};
	struct world *world = *state;
	struct seen seen = {0};
	http_server_answer(
	        world->server, "/a", 200, "Content-Encoding: gzip\r\n", packed, sizeof(packed));
	fetch(world, &seen, "/a");
	assert_string_equal(seen.body.p, "hello");
	seen_finish(&seen);
}

static void headers_have_a_limit(void **state)
{
	struct world *world = *state;
	struct seen seen = {0};
	struct str raw = {0};
	str_adds(&raw, "HTTP/1.1 200 OK\r\n");
	for (int i = 0; i < 8000; i++)
		str_addf(&raw, "X-Header-%d: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n", i);
	str_adds(&raw, "Content-Length: 0\r\n\r\n");
	http_server_raw(world->server, "/a", raw.p, raw.len, true);
	fetch(world, &seen, "/a");
	assert_int_equal(seen.err.code, ERR_TOO_LARGE);
	str_finish(&raw);
	seen_finish(&seen);
}

static void nonsense_is_no_answer(void **state)
{
	static const char *const raws[] = {"", "garbage\r\n\r\n",
	        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "HTTP/9.9 200\r\n\r\n",
	        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
	        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"};
	struct world *world = *state;
	for (size_t i = 0; i < sizeof(raws) / sizeof(*raws); i++) {
		struct seen seen = {0};
		char path[] = "/0";
		path[1] = (char)('0' + i);
		http_server_raw(world->server, path, raws[i], strlen(raws[i]), true);
		fetch(world, &seen, path);
		assert_int_equal(seen.status, 0);
		assert_int_not_equal(seen.err.code, ERR_NONE);
		assert_true(strlen(seen.err.text) > 10);
		assert_true(seen.sent > 0);
		seen_finish(&seen);
	}
}

static void nobody_listens(void **state)
{
	struct world *world = *state;
	struct seen seen = {0};
	char *url = http_server_url(world->other, "/a");
	http_server_free(world->other);
	world->other = http_server_new();
	struct request req = get(url);
	run(world, &seen, &req);
	assert_int_equal(seen.err.code, ERR_NETWORK);
	assert_int_equal(seen.sent, 0);
	seen_finish(&seen);
}

static void what_is_refused_unasked(void **state)
{
	static const struct {
		const char *url;
		bool allow_http, allow_local;
	} cases[] = {
	        {"http://192.0.2.1/", false, true},   /* plain http to another machine */
	        {"http://127.0.0.1:1/", true, false}, /* local, and nobody typed it */
	        {"http://localhost:1/", true, false},
	        {"http://[::1]:1/", true, false},
	        {"http://[::ffff:127.0.0.1]:1/", true, false},
	        {"http://0x7f.1:1/", true, false},
	        {"http://2130706433:1/", true, false},
	        {"https://169.254.169.254/", true, false},
	        {"https://10.1.2.3/", true, false},
	        {"gopher://192.0.2.1/", true, true},
	        {"ftp://192.0.2.1/", true, true},
	        {"/etc/passwd", true, true},
	        {"", true, true},
	};
	struct world *world = *state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct seen seen = {0};
		struct request req = get(xstrdup(cases[i].url));
		req.allow_http = cases[i].allow_http;
		req.allow_local = cases[i].allow_local;
		run(world, &seen, &req);
		assert_int_equal(seen.status, 0);
		assert_int_equal(seen.err.code, ERR_UNSUPPORTED);
		assert_int_equal(seen.sent, 0);
		seen_finish(&seen);
	}
}

static void a_stream(void **state)
{
	struct world *world = *state;
	struct seen seen = {0};
	static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
	http_server_raw(world->server, "/s", head, sizeof(head) - 1, false);
	struct request req = get(http_server_url(world->server, "/s"));
	req.stream = true;
	start(world, &seen, &req);
	for (int i = 0; i < 10000 && !seen.opened; i++)
		turn(world);
	assert_int_equal(seen.opened, 1);
	assert_int_equal(seen.chunks.len, 0);
	http_server_push(world->server, "/s", "data: 1\n\n");
	for (int i = 0; i < 10000 && !seen.chunks.len; i++)
		turn(world);
	assert_string_equal(seen.chunks.p, "data: 1\n\n");
	assert_int_equal(seen.done, 0);
	http_server_push(world->server, "/s", NULL);
	for (int i = 0; i < 10000 && !seen.done; i++)
		turn(world);
	assert_int_equal(seen.done, 1);
	assert_int_equal(seen.opened, 1);
	assert_int_equal(seen.status, 200);
	seen_finish(&seen);
}

static void a_stream_that_is_refused(void **state)
{
	struct world *world = *state;
	struct seen seen = {0};
	http_server_answer(world->server, "/s", 401, "", "{}", 2);
	struct request req = get(http_server_url(world->server, "/s"));
	req.stream = true;
	run(world, &seen, &req);
	assert_int_equal(seen.opened, 0);
	assert_int_equal(seen.status, 401);
	assert_int_equal(seen.chunks.len, 0);
	assert_string_equal(seen.body.p, "{}");
	seen_finish(&seen);
}

static void cancel_from_within_a_hook(void **state)
{
	struct world *world = *state;
	struct seen seen = {.cancel_at_chunk = 1};
	static const char head[] = "HTTP/1.1 200 OK\r\n\r\none";
	http_server_raw(world->server, "/s", head, sizeof(head) - 1, false);
	struct request req = get(http_server_url(world->server, "/s"));
	req.stream = true;
	run(world, &seen, &req);
	assert_int_equal(seen.err.code, ERR_CANCELLED);
	assert_string_equal(seen.chunks.p, "one");
	seen_finish(&seen);
}

static void cancel_ends_once(void **state)
{
	struct world *world = *state;
	struct seen seen = {0};
	struct request req = get(http_server_url(world->server, "/never"));
	http_server_raw(world->server, "/never", "", 0, false);
	start(world, &seen, &req);
	for (int i = 0; i < 5; i++)
		turn(world);
	world->t->ops->cancel(world->t, seen.number);
	assert_int_equal(seen.done, 1);
	assert_int_equal(seen.err.code, ERR_CANCELLED);
	world->t->ops->cancel(world->t, seen.number);
	world->t->ops->cancel(world->t, 999999);
	turn(world);
	assert_int_equal(seen.done, 1);
	seen_finish(&seen);
}

static void the_end_ends_all(void **state)
{
	struct world *world = *state;
	struct seen seen[3] = {0};
	http_server_raw(world->server, "/never", "", 0, false);
	for (int i = 0; i < 3; i++) {
		struct request req = get(http_server_url(world->server, "/never"));
		start(world, &seen[i], &req);
	}
	turn(world);
	world->t->ops->free(world->t);
	world->t = NULL;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(seen[i].done, 1);
		assert_int_equal(seen[i].err.code, ERR_CANCELLED);
		seen_finish(&seen[i]);
	}
}

static void connections_are_kept(void **state)
{
	struct world *world = *state;
	static const char last[] = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1";
	http_server_raw(world->server, "/a", last, sizeof(last) - 1, false);
	for (int i = 0; i < 3; i++) {
		struct seen seen = {0};
		fetch(world, &seen, "/a");
		assert_int_equal(seen.status, 200);
		seen_finish(&seen);
	}
	assert_int_equal(http_server_connections(world->server), 1);
}

static void files(void **state)
{
	struct world *world = *state;
	char dir[] = "/tmp/stoa-file-XXXXXX", path[64], url[80], fifo[64];
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/a feed", dir);
	snprintf(fifo, sizeof(fifo), "%s/fifo", dir);
	snprintf(url, sizeof(url), "file://%s/a%%20feed", dir);
	FILE *file = fopen(path, "w");
	fputs("<rss/>", file);
	fclose(file);
	assert_int_equal(mkfifo(fifo, 0600), 0);

	struct seen first = {0}, second = {0}, large = {0}, bad[4] = {0};
	struct request req = get(xstrdup(url));
	run(world, &first, &req);
	assert_int_equal(first.status, 200);
	assert_string_equal(first.body.p, "<rss/>");
	assert_memory_equal(first.headers.p, "ETag: ", 6);

	req = get(xstrdup(url));
	request_header(&req, "If-None-Match: %.*s", (int)strcspn(first.headers.p + 6, "\n"),
	        first.headers.p + 6);
	run(world, &second, &req);
	assert_int_equal(second.status, 304);
	assert_int_equal(second.body.len, 0);

	req = get(xstrdup(url));
	req.max_body = 5;
	run(world, &large, &req);
	assert_int_equal(large.err.code, ERR_TOO_LARGE);

	const char *names[4] = {"/dev/zero", "/nowhere/at/all", dir, fifo};
	for (int i = 0; i < 4; i++) {
		struct str name = {0};
		str_addf(&name, "file://%s", names[i]);
		req = get(str_take(&name));
		run(world, &bad[i], &req);
		assert_int_equal(bad[i].status, 0);
		assert_int_equal(bad[i].err.code, i == 1 ? ERR_NOT_FOUND : ERR_IO);
		seen_finish(&bad[i]);
	}
	seen_finish(&first);
	seen_finish(&second);
	seen_finish(&large);
	unlink(path);
	unlink(fifo);
	rmdir(dir);
}

/* A WebSocket that is open, over a server that answers by hand. */
static void open_socket(struct world *world, struct seen *seen)
{
	struct request req = get(http_server_url(world->server, "/ws"));
	struct str head = {0};
	char accept[29], key[25] = "";
	req.stream = req.websocket = true;
	http_server_raw(world->server, "/ws", "", 0, false);
	start(world, seen, &req);
	for (int i = 0; i < 10000 && http_server_requests(world->server) == 0; i++)
		turn(world);
	const char *question = http_server_request(world->server, 0);
	memcpy(key, strstr(question, "Sec-WebSocket-Key: ") + 19, 24);
	websocket_accept(key, accept);
	str_addf(&head,
	        "HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
	        "Sec-WebSocket-Accept: %s\r\n\r\n\x81\x05"
	        "first",
	        accept);
	assert_false(world->t->ops->say(world->t, seen->number, "early", 5));
	http_server_push(world->server, "/ws", head.p);
	for (int i = 0; i < 10000 && !seen->opened; i++)
		turn(world);
	str_finish(&head);
	assert_int_equal(seen->opened, 1);
}

static void a_websocket(void **state)
{
	struct world *world = *state;
	struct seen seen = {0};
	open_socket(world, &seen);
	assert_string_equal(seen.chunks.p, "first");
	assert_true(world->t->ops->say(world->t, seen.number, "", 0));
	http_server_push(world->server, "/ws", "\x81\x01x\x81\x01y");
	for (int i = 0; i < 10000 && seen.chunks.len < 7; i++)
		turn(world);
	assert_string_equal(seen.chunks.p, "firstxy");
	assert_int_equal(seen.done, 0);
	http_server_push(world->server, "/ws", "\x88\x02\x03\xe9");
	for (int i = 0; i < 10000 && !seen.done; i++)
		turn(world);
	assert_int_equal(seen.done, 1);
	assert_int_equal(seen.status, 101);
	assert_int_equal(seen.err.code, ERR_NONE);
	assert_true(seen.received > 100 && seen.sent > 100);
	assert_false(world->t->ops->say(world->t, seen.number, "late", 4));
	seen_finish(&seen);
}

static void a_websocket_breaks_off(void **state)
{
	struct world *world = *state;
	struct seen seen = {0};
	open_socket(world, &seen);
	http_server_push(world->server, "/ws", NULL);
	for (int i = 0; i < 10000 && !seen.done; i++)
		turn(world);
	assert_int_equal(seen.done, 1);
	assert_int_equal(seen.status, 0);
	assert_int_equal(seen.err.code, ERR_NETWORK);
	seen_finish(&seen);
}

static void a_websocket_is_cancelled(void **state)
{
	struct world *world = *state;
	struct seen seen = {0};
	open_socket(world, &seen);
	seen.cancel_at_chunk = 1;
	http_server_push(world->server, "/ws", "\x81\x01x\x81\x01y");
	for (int i = 0; i < 10000 && !seen.done; i++)
		turn(world);
	assert_int_equal(seen.err.code, ERR_CANCELLED);
	assert_string_equal(seen.chunks.p, "firstx"); /* none after it */
	seen_finish(&seen);
}

static void a_websocket_is_refused(void **state)
{
	struct world *world = *state;
	struct seen seen = {0};
	struct request req = get(http_server_url(world->server, "/no"));
	req.stream = req.websocket = true;
	http_server_answer(world->server, "/no", 404, "X-Why: never\r\n", "no", 2);
	run(world, &seen, &req);
	assert_int_equal(seen.status, 404);
	assert_int_equal(seen.err.code, ERR_NONE);
	assert_int_equal(seen.opened, 0);
	assert_non_null(strstr(seen.headers.p, "X-Why: never\n"));
	seen_finish(&seen);
	struct seen nobody = {0};
	req = get(xstrdup("http://127.0.0.1:1/ws"));
	req.stream = req.websocket = true;
	run(world, &nobody, &req);
	assert_int_equal(nobody.err.code, ERR_NETWORK);
	seen_finish(&nobody);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	        TEST(a_plain_answer),
	        TEST(a_post_with_a_body),
	        TEST(parts_of_a_form),
	        TEST(a_file_is_a_body),
	        TEST(an_upload_that_cannot_be_read),
	        TEST(an_upload_is_cancelled_as_it_goes),
	        TEST(a_fresh_connection_each),
	        TEST(a_post_that_nobody_took),
	        TEST(a_proxy_that_leads_nowhere),
	        TEST(a_permanent_chain_is_told),
	        TEST(a_passing_redirect_ends_the_chain),
	        TEST(redirects_have_an_end),
	        TEST(redirects_stay_on_the_web),
	        TEST(authorization_stays_with_its_origin),
	        TEST(authorization_goes_to_no_other_port),
	        TEST(a_body_past_the_limit),
	        TEST(a_bomb_is_stopped),
	        TEST(packed_answers_are_unpacked),
	        TEST(headers_have_a_limit),
	        TEST(nonsense_is_no_answer),
	        TEST(nobody_listens),
	        TEST(what_is_refused_unasked),
	        TEST(a_stream),
	        TEST(a_stream_that_is_refused),
	        TEST(cancel_from_within_a_hook),
	        TEST(cancel_ends_once),
	        TEST(the_end_ends_all),
	        TEST(connections_are_kept),
	        TEST(a_websocket),
	        TEST(a_websocket_breaks_off),
	        TEST(a_websocket_is_cancelled),
	        TEST(a_websocket_is_refused),
	        TEST(files),
	};
#undef TEST
	return cmocka_run_group_tests(tests, NULL, NULL);
}
