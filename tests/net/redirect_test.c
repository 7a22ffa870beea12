/* The listener for a browser's answer: what it takes, and all that it does not. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/redirect.h"

struct world {
	struct redirect *redirect;
	unsigned port;
	sem_t ended;
	char *code;
	struct err err;
	int times;
};

static void on_end(void *ctx, char *code, const struct err *err)
{
	struct world *world = ctx;
	world->code = code;
	world->err = *err;
	world->times++;
	sem_post(&world->ended);
}

static int open_with(void **state, int wait_ms)
{
	struct world *world = calloc(1, sizeof(*world));
	struct err err = {0};
	sem_init(&world->ended, 0, 0);
	world->redirect = redirect_listen("right", wait_ms, on_end, world, &err);
	if (!world->redirect) return -1;
	*state = world;
	return sscanf(redirect_url(world->redirect), "http://127.0.0.1:%u/callback",
	               &world->port) == 1
	               ? 0
	               : -1;
}

static int setup(void **state)
{
	return open_with(state, 0);
}

static int teardown(void **state)
{
	struct world *world = *state;
	redirect_close(world->redirect);
	sem_destroy(&world->ended);
	free(world->code);
	free(world);
	return 0;
}

static int visit(const struct world *world)
{
	struct sockaddr_in address = {
	        .sin_family = AF_INET, .sin_port = htons((uint16_t)world->port)};
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

/* Send all of it; the answer, until the listener closes. */
static const char *ask(const struct world *world, const char *request)
{
	static char answer[2048];
	int fd = visit(world);
	size_t len = 0;
	send(fd, request, strlen(request), MSG_NOSIGNAL);
	for (ssize_t n; (n = recv(fd, answer + len, sizeof(answer) - 1 - len, 0)) > 0;)
		len += (size_t)n;
	answer[len] = '\0';
	close(fd);
	return answer;
}

#define GET(path) "GET " path " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"

static void the_right_answer(void **state)
{
	struct world *world = *state;
	const char *answer = ask(world, GET("/callback?state=right&code=a%20b%2Bc+d"));
	sem_wait(&world->ended);
	assert_string_equal(world->code, "a b+c d");
	assert_memory_equal(answer, "HTTP/1.1 200 ", 13);
	assert_non_null(strstr(answer, "Content-Type: text/plain"));
	assert_null(strstr(answer, "a b+c d"));
	assert_null(strstr(answer, "right"));
}

static void all_else_changes_nothing(void **state)
{
	static const char *const wrong[] = {
	        GET("/"),
	        GET("/favicon.ico"),
	        GET("/callback"),
	        GET("/callbackx?state=right&code=c"),
	        GET("/callback?code=c"),
	        GET("/callback?state=righ&code=c"),
	        GET("/callback?state=rightt&code=c"),
	        GET("/callback?state=&code=c"),
	        GET("/callback?state=right"),
	        GET("/callback?state=right&code="),
	        GET("/callback?xstate=right&code=c"),
	        GET("/callback?error=denied"),
	        GET("/callback?state=right%00&code=%00"),
	        "POST /callback?state=right&code=c HTTP/1.1\r\n\r\n",
	        "HEAD /callback?state=right&code=c HTTP/1.1\r\n\r\n",
	        "\r\n\r\n",
	        "\x16\x03\x01 nonsense \r\n\r\n",
	};
	struct world *world = *state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		const char *answer = ask(world, wrong[i]);
		assert_memory_equal(answer, "HTTP/1.1 404 ", 13);
		assert_int_equal(world->times, 0);
	}
	ask(world, GET("/callback?code=c&state=right"));
	sem_wait(&world->ended);
	assert_string_equal(world->code, "c");
}

static void a_refusal(void **state)
{
	struct world *world = *state;
	ask(world, GET("/callback?error=access_denied&state=right"));
	sem_wait(&world->ended);
	assert_null(world->code);
	assert_int_equal(world->err.code, ERR_AUTH);
	assert_non_null(strstr(world->err.text, "access_denied"));
}

/* Browsers connect early and say nothing; others say too much. */
static void the_silent_and_the_loud_stop_nobody(void **state)
{
	struct world *world = *state;
	int silent[20];
	for (int i = 0; i < 20; i++)
		silent[i] = visit(world);
	send(silent[19], "GET /callback?st", 16, MSG_NOSIGNAL);
	char *loud = malloc(20001);
	memset(loud, 'x', 20000);
	loud[20000] = '\0';
	assert_string_equal(ask(world, loud), "");
	free(loud);
	ask(world, GET("/callback?code=c&state=right"));
	sem_wait(&world->ended);
	assert_string_equal(world->code, "c");
	for (int i = 0; i < 20; i++)
		close(silent[i]);
}

static void nobody_comes(void **state)
{
	if (open_with(state, 1) != 0) fail();
	struct world *world = *state;
	sem_wait(&world->ended);
	assert_null(world->code);
	assert_int_not_equal(world->err.code, ERR_NONE);
	teardown(state);
}

static void closing_early(void **state)
{
	if (open_with(state, 0) != 0) fail();
	struct world *world = *state;
	int fd = visit(world);
	redirect_close(world->redirect);
	world->redirect = NULL;
	assert_int_equal(world->times, 0);
	close(fd);
	teardown(state);
	redirect_close(NULL);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	        TEST(the_right_answer),
	        TEST(all_else_changes_nothing),
	        TEST(a_refusal),
	        TEST(the_silent_and_the_loud_stop_nobody),
	        cmocka_unit_test(nobody_comes),
	        cmocka_unit_test(closing_early),
	};
#undef TEST
	return cmocka_run_group_tests(tests, NULL, NULL);
}
