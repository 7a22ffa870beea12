/* The WebSocket as bytes: a handshake and what may be wrong with it; frames, good and hostile. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "net/websocket.h"

struct world {
	struct websocket *ws;
	struct response answer;
	struct err err;
	char accept[29];
};

static char *wait_all(struct world *world)
{
	size_t len;
	const char *bytes = websocket_waiting(world->ws, &len);
	char *copy = xstrndup(bytes, len);
	websocket_sent(world->ws, len);
	return copy;
}

/* Begin, and learn from the question what the answer has to be. */
static void ask(struct world *world, const char *url, const char *header)
{
	struct request req = {.method = "GET", .url = xstrdup(url)};
	if (header) request_header(&req, "%s", header);
	world->ws = websocket_new(&req, "stoa/test", &world->answer);
	request_finish(&req);
	assert_non_null(world->ws);
	char *question = wait_all(world), *key = strstr(question, "Sec-WebSocket-Key: ");
	assert_non_null(key);
	key += 19;
	key[24] = '\0';
	websocket_accept(key, world->accept);
	free(question);
}

static int setup(void **state)
{
	struct world *world = xcalloc(1, sizeof *world);
	ask(world, "http://127.0.0.1:8080/api/v1/streaming?stream=user", NULL);
	*state = world;
	return 0;
}

static int teardown(void **state)
{
	struct world *world = *state;
	websocket_free(world->ws);
	response_finish(&world->answer);
	free(world);
	return 0;
}

static bool feed(struct world *world, const char *bytes, size_t len)
{
	return websocket_feed(world->ws, bytes, len, &world->err);
}

/* The server's answer with more headers and more bytes behind it. */
static bool answer(struct world *world, const char *headers)
{
	struct str head = {0};
	str_addf(&head,
	        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
	        "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n%s\r\n",
	        world->accept, headers);
	bool fine = feed(world, head.p, head.len);
	str_finish(&head);
	return fine;
}

static void frame(struct str *out, int first, const char *bytes, size_t len)
{
	str_addc(out, (char)first);
	if (len < 126) {
		str_addc(out, (char)len);
	} else {
		str_addc(out, 126);
		str_addc(out, (char)(len >> 8));
		str_addc(out, (char)(len & 255));
	}
	str_add(out, bytes, len);
}

static void assert_next(struct world *world, const char *text)
{
	size_t len = 0;
	char *came = websocket_next(world->ws, &len);
	assert_non_null(came);
	assert_string_equal(came, text);
	assert_int_equal(len, strlen(text));
	free(came);
}

static void assert_no_more(struct world *world)
{
	size_t len;
	assert_null(websocket_next(world->ws, &len));
}

static void assert_refused(struct world *world, const char *why)
{
	if (!strstr(world->err.text, why)) fail_msg("'%s' has no '%s'", world->err.text, why);
	assert_int_not_equal(world->err.code, ERR_NONE);
}

static void nothing(void **state)
{
	(void)state;
	websocket_free(NULL);
}

static void the_question(void **state)
{
	struct world *world = *state;
	struct request req = {.method = "GET", .url = xstrdup("https://H.example?q=a b#c")};
	struct response none = {0};
	request_header(&req, "Authorization: Bearer t");
	websocket_free(world->ws);
	world->ws = websocket_new(&req, "stoa/test", &none);
	request_finish(&req);
	char *question = wait_all(world);
	assert_memory_equal(question, "GET /?q=a%20b HTTP/1.1\r\nHost: h.example\r\n", 40);
	assert_non_null(strstr(question, "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"));
	assert_non_null(strstr(question, "\r\nSec-WebSocket-Version: 13\r\n"));
	assert_non_null(strstr(question, "\r\nAuthorization: Bearer t\r\n"));
	assert_string_equal(question + strlen(question) - 4, "\r\n\r\n");
	free(question);
	websocket_free(world->ws);
	world->ws = NULL;
}

/* RFC 6455, section 1.3. */
static void the_known_key(void **state)
{
	(void)state;
	char accept[29];
	websocket_accept("dGhlIHNhbXBsZSBub25jZQ==", accept);
	assert_string_equal(accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

static void it_opens(void **state)
{
	struct world *world = *state;
	assert_false(websocket_is_open(world->ws));
	assert_false(websocket_say(world->ws, "x", 1));
	assert_true(feed(world, "HTTP/1.1 103 Early\r\nA: b\r\n\r\n", 28));
	assert_true(answer(world, "X-Two: b\r\n"));
	assert_true(websocket_is_open(world->ws));
	assert_int_equal(world->answer.status, 101);
	assert_string_equal(response_header(&world->answer, "x-two"), "b");
	assert_no_more(world);
}

/* The head and a frame, a byte at a time and all at once. */
static void bytes_may_come_in_any_way(void **state)
{
	struct world *world = *state;
	struct str all = {0};
	str_addf(&all,
	        "HTTP/1.1 101 OK\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
	        "Sec-WebSocket-Accept: %s\r\n\r\n",
	        world->accept);
	frame(&all, 0x81, "hello", 5);
	for (size_t i = 0; i < all.len; i++)
		assert_true(feed(world, all.p + i, 1));
	assert_next(world, "hello");
	assert_no_more(world);
	teardown(state);
	setup(state);
	world = *state;
	str_clear(&all);
	str_addf(&all,
	        "HTTP/1.1 101 OK\r\nUpgrade: WebSocket\r\nConnection: upgrade\r\n"
	        "Sec-WebSocket-Accept: %s\r\n\r\n",
	        world->accept);
	frame(&all, 0x81, "a", 1);
	frame(&all, 0x81, "", 0);
	frame(&all, 0x81, "b", 1);
	assert_true(feed(world, all.p, all.len));
	assert_next(world, "a");
	assert_next(world, "");
	assert_next(world, "b");
	assert_no_more(world);
	str_finish(&all);
}

static void wrong_answers(void **state)
{
	static const struct {
		const char *head, *why;
	} rows[] = {
	        {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "something else than HTTP"},
	        {"HTTP/1.1 101 X\r\nConnection: upgrade\r\n\r\n", "switches"},
	        {"HTTP/1.1 101 X\r\nUpgrade: websocket\r\n\r\n", "does not upgrade"},
	        {"HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n", "question"},
	        {"HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
	         "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
	                "question"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world *world = *state;
		assert_false(feed(world, rows[i].head, strlen(rows[i].head)));
		assert_refused(world, rows[i].why);
		assert_false(websocket_is_open(world->ws));
		teardown(state);
		setup(state);
	}
	struct world *world = *state;
	assert_false(answer(world, "Sec-WebSocket-Extensions: permessage-deflate\r\n"));
	assert_refused(world, "extensions");
}

static void only_the_protocol_that_was_asked_for(void **state)
{
	struct world *world = *state;
	assert_false(answer(world, "Sec-WebSocket-Protocol: chat\r\n"));
	assert_refused(world, "protocol");
	teardown(state);
	world = *state = xcalloc(1, sizeof *world);
	ask(world, "http://127.0.0.1/", "Sec-WebSocket-Protocol: t0ken");
	assert_true(answer(world, "Sec-WebSocket-Protocol: t0ken\r\n"));
}

static void an_answer_that_is_no_101(void **state)
{
	struct world *world = *state;
	const char *head = "HTTP/1.1 429 Slow\r\nRetry-After: 9\r\nContent-Length: 2\r\n\r\nno";
	assert_false(feed(world, head, strlen(head)));
	assert_int_equal(world->err.code, ERR_NONE);
	assert_int_equal(world->answer.status, 429);
	assert_string_equal(response_header(&world->answer, "Retry-After"), "9");
}

static void headers_without_end(void **state)
{
	struct world *world = *state;
	char line[1024];
	memset(line, 'a', sizeof line);
	bool fine = true;
	size_t fed = 0;
	for (; fine && fed < 1 << 20; fed += sizeof line)
		fine = feed(world, line, sizeof line);
	assert_false(fine);
	assert_in_range(fed, 60000, 70000);
	assert_int_equal(world->err.code, ERR_TOO_LARGE);
}

static void fragments_and_pings(void **state)
{
	struct world *world = *state;
	struct str bytes = {0};
	answer(world, "");
	frame(&bytes, 0x01, "one ", 4);
	frame(&bytes, 0x89, "beat", 4); /* between the parts of a message */
	frame(&bytes, 0x00, "two ", 4);
	frame(&bytes, 0x80, "three", 5);
	frame(&bytes, 0x82, "binary", 6);
	frame(&bytes, 0x8a, "", 0); /* a pong that nobody asked for */
	assert_true(feed(world, bytes.p, bytes.len));
	assert_next(world, "");
	assert_next(world, "one two three");
	assert_next(world, "");
	assert_next(world, "");
	assert_no_more(world);
	size_t len;
	const char *pong = websocket_waiting(world->ws, &len);
	assert_int_equal(len, 2 + 4 + 4);
	assert_int_equal((unsigned char)pong[0], 0x8a);
	assert_int_equal((unsigned char)pong[1], 0x80 | 4);
	for (int i = 0; i < 4; i++)
		assert_int_equal(pong[6 + i] ^ pong[2 + i], "beat"[i]);
	str_finish(&bytes);
}

static void what_is_said_is_masked(void **state)
{
	struct world *world = *state;
	answer(world, "");
	assert_true(websocket_say(world->ws, "{\"a\":1}", 7));
	char *said = wait_all(world);
	assert_int_equal((unsigned char)said[0], 0x81);
	assert_int_equal((unsigned char)said[1], 0x80 | 7);
	for (int i = 0; i < 7; i++)
		assert_int_equal(said[6 + i] ^ said[2 + i % 4], "{\"a\":1}"[i]);
	free(said);
	assert_true(websocket_say(world->ws, "", 0));
	said = wait_all(world);
	assert_int_equal((unsigned char)said[0], 0x89);
	free(said);
}

static void a_close_is_answered(void **state)
{
	struct world *world = *state;
	struct str bytes = {0};
	answer(world, "");
	frame(&bytes, 0x81, "last", 4);
	frame(&bytes, 0x88,
	        "\x03\xe9"
	        "bye",
	        5);
	assert_false(feed(world, bytes.p, bytes.len));
	assert_int_equal(world->err.code, ERR_NONE);
	assert_next(world, "last");
	char *said = wait_all(world);
	assert_int_equal((unsigned char)said[0], 0x88);
	free(said);
	str_finish(&bytes);
}

static void hostile_frames(void **state)
{
	static const struct {
		const char *bytes, *why;
		size_t len;
	} rows[] = {
	        {"\x81\x85\1\2\3\4hello", "break the protocol", 11}, /* masked */
	        {"\xc1\x05hello", "break the protocol", 7},          /* a reserved bit */
	        {"\x83\x05hello", "break the protocol", 7},          /* an unknown opcode */
	        {"\x80\x05hello", "break the protocol", 7},          /* goes on with nothing */
	        {"\x09\x01x", "break the protocol", 3},              /* a ping in parts */
	        {"\x89\x7e\x00\x7e", "break the protocol", 4},       /* a long ping */
	        {"\x81\x7e\x00\x05hello", "break the protocol", 9},  /* a length spelled too long */
	        {"\x01\x01x\x81\x01y", "break the protocol", 6},     /* a message within one */
	        {"\x81\x02\xff\xfe", "no UTF-8", 4},
	        {"\x81\x7f\x00\x00\x00\x00\x00\xa0\x00\x01x", "10 MiB", 11},
	        {"\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff", "break the protocol", 10},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world *world = *state;
		answer(world, "");
		if (feed(world, rows[i].bytes, rows[i].len)) fail_msg("row %zu passes", i);
		assert_refused(world, rows[i].why);
		assert_no_more(world);
		teardown(state);
		setup(state);
	}
}

static void crumbs(void **state)
{
	struct world *world = *state;
	struct str bytes = {0};
	answer(world, "");
	frame(&bytes, 0x01, "", 0);
	for (int i = 0; i < 1023; i++)
		frame(&bytes, 0x00, "", 0);
	assert_true(feed(world, bytes.p, bytes.len));
	assert_false(feed(world, "\x80\x00", 2));
	assert_refused(world, "too many fragments");
	str_finish(&bytes);
}

static void pings_that_nobody_takes_back(void **state)
{
	struct world *world = *state;
	struct str bytes = {0};
	char ping[100];
	answer(world, "");
	memset(ping, 'x', sizeof ping);
	for (int i = 0; i < 100; i++)
		frame(&bytes, 0x89, ping, sizeof ping);
	bool fine = true;
	int fed = 0;
	for (; fine && fed < 1000; fed++) {
		fine = feed(world, bytes.p, bytes.len);
		size_t len;
		for (char *came; (came = websocket_next(world->ws, &len));)
			free(came);
	}
	assert_in_range(fed, 90, 110);
	assert_refused(world, "never reads");
	str_finish(&bytes);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(nothing),
	        TEST(the_question),
	        cmocka_unit_test(the_known_key),
	        TEST(it_opens),
	        TEST(bytes_may_come_in_any_way),
	        TEST(wrong_answers),
	        TEST(only_the_protocol_that_was_asked_for),
	        TEST(an_answer_that_is_no_101),
	        TEST(headers_without_end),
	        TEST(fragments_and_pings),
	        TEST(what_is_said_is_masked),
	        TEST(a_close_is_answered),
	        TEST(hostile_frames),
	        TEST(crumbs),
	        TEST(pings_that_nobody_takes_back),
	};
#undef TEST
	return cmocka_run_group_tests(tests, NULL, NULL);
}
