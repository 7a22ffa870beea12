#include "net/redirect.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

/* Browsers open connections before they know what for, so several are held at once. */
enum {
	MAX_VISITORS = 8,
	MAX_REQUEST = 8192,
	VISITOR_MS = 10000, /* one that says nothing for so long is let go */
};

static const char own_path[] = "/callback";

struct visitor {
	int fd; /* -1: free */
	int64_t until_ms;
	size_t len;
	char request[MAX_REQUEST + 1];
};

struct redirect {
	pthread_t thread;
	int fd, stop[2];
	char url[48];
	char *state;
	int64_t until_ms;
	void (*on_end)(void *ctx, char *code, const struct err *err);
	void *ctx;
	struct visitor visitors[MAX_VISITORS];
};

/* -- one request -- */

static int hex(char c)
{
	if (c >= '0' && c <= '9') return c - '0';
	if (c >= 'a' && c <= 'f') return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* application/x-www-form-urlencoded, in place; what would be no text is dropped. */
static void decode(char *s)
{
	char *out = s;
	for (; *s; s++) {
		char c = *s == '+' ? ' ' : *s;
		if (*s == '%' && hex(s[1]) >= 0 && hex(s[2]) >= 0) {
			c = (char)(hex(s[1]) * 16 + hex(s[2]));
			s += 2;
		}
		if (c != '\0') *out++ = c;
	}
	*out = '\0';
}

/* The value of a parameter; owned, NULL when there is none. */
static char *param(const char *query, const char *name)
{
	size_t len = strlen(name);
	for (const char *at = query; *at;) {
		size_t n = strcspn(at, "&");
		if (n > len && strncmp(at, name, len) == 0 && at[len] == '=') {
			char *value = xstrndup(at + len + 1, n - len - 1);
			decode(value);
			return value;
		}
		at += n + (at[n] == '&');
	}
	return NULL;
}

/* As long for a near miss as for a far one. */
static bool is_same(const char *a, const char *b)
{
	size_t n = strlen(a);
	if (strlen(b) != n) return false;
	unsigned char difference = 0;
	for (size_t i = 0; i < n; i++)
		difference |= (unsigned char)a[i] ^ (unsigned char)b[i];
	return difference == 0;
}

/* The query of a GET of our path, cut out of the request; NULL when it is something else. */
static char *query_of(char *request)
{
	size_t path = sizeof(own_path) - 1;
	if (strncmp(request, "GET ", 4) != 0 || strncmp(request + 4, own_path, path) != 0)
		return NULL;
	char *query = request + 4 + path;
	if (*query != '?') return NULL;
	query++;
	query[strcspn(query, " \r\n")] = '\0';
	return query;
}

static void answer(int fd, const char *status, const char *sentence)
{
	char text[512];
	int n = snprintf(text, sizeof(text),
	        "HTTP/1.1 %s\r\nContent-Type: text/plain; charset=utf-8\r\n"
	        "Content-Length: %zu\r\nCache-Control: no-store\r\n"
	        "Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n"
	        "Connection: close\r\n\r\n%s\n",
	        status, strlen(sentence) + 1, sentence);
	for (ssize_t sent, at = 0; at < n; at += sent) {
		sent = send(fd, text + at, (size_t)(n - at), MSG_NOSIGNAL);
		if (sent <= 0) return; /* it does not want to know */
	}
}

/* True when it was the one that is waited for; then *out_code, or *err. */
static bool attend(
        const struct redirect *redirect, struct visitor *visitor, char **out_code, struct err *err)
{
	char *query = query_of(visitor->request);
	if (!query) {
		answer(visitor->fd, "404 Not Found", "There is nothing here.");
		return false;
	}
	char *state = param(query, "state"), *code = param(query, "code");
	char *refusal = param(query, "error");
	bool ours = state && is_same(state, redirect->state) && ((code && *code) || refusal);
	if (!ours) {
		answer(visitor->fd, "404 Not Found",
		        "This is not the sign-in that stoa began; nothing was done.");
	} else if (refusal) {
		err_set(err, ERR_AUTH, "the server says that the sign-in was refused (%s)",
		        refusal);
		answer(visitor->fd, "200 OK", "Nothing was signed in. You can close this page.");
	} else {
		answer(visitor->fd, "200 OK",
		        "stoa has what it needs. You can close this page and go back to the "
		        "terminal.");
		*out_code = code;
		code = NULL;
	}
	free(state);
	free(refusal);
	free(code);
	return ours;
}

/* -- the thread -- */

static void dismiss(struct visitor *visitor)
{
	if (visitor->fd < 0) return;
	memset(visitor->request, 0, visitor->len);
	shutdown(visitor->fd, SHUT_WR);
	close(visitor->fd);
	visitor->fd = -1;
}

static void welcome(struct redirect *redirect, int64_t now_ms)
{
	int fd = accept(redirect->fd, NULL, NULL);
	if (fd < 0) return;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	/* When all places are taken, the one that was quiet for longest goes. */
	struct visitor *place = redirect->visitors;
	for (int i = 0; i < MAX_VISITORS; i++) {
		struct visitor *visitor = &redirect->visitors[i];
		if (visitor->fd < 0) {
			place = visitor;
			break;
		}
		if (visitor->until_ms < place->until_ms) place = visitor;
	}
	dismiss(place);
	*place = (struct visitor){.fd = fd, .until_ms = now_ms + VISITOR_MS};
}

/* Read on. True when the sign-in has come to its end. */
static bool listen_to(
        struct redirect *redirect, struct visitor *visitor, char **out_code, struct err *err)
{
	ssize_t n =
	        recv(visitor->fd, visitor->request + visitor->len, MAX_REQUEST - visitor->len, 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR)) return false;
	if (n > 0) {
		visitor->len += (size_t)n;
		visitor->request[visitor->len] = '\0';
		bool whole = strstr(visitor->request, "\r\n\r\n") != NULL;
		if (!whole && visitor->len < MAX_REQUEST) return false;
		if (whole && attend(redirect, visitor, out_code, err)) return true;
	}
	dismiss(visitor);
	return false;
}

/* Let the silent go. Returns how long to wait, in ms. */
static int patience(struct redirect *redirect, int64_t now_ms)
{
	int64_t until = redirect->until_ms;
	for (int i = 0; i < MAX_VISITORS; i++) {
		struct visitor *visitor = &redirect->visitors[i];
		if (visitor->fd >= 0 && visitor->until_ms <= now_ms) dismiss(visitor);
		if (visitor->fd >= 0 && visitor->until_ms < until) until = visitor->until_ms;
	}
	return until > now_ms ? (int)(until - now_ms) : 0;
}

/* Until a code or a refusal came (true), or it was closed (false). */
static bool serve(struct redirect *redirect, char **out_code, struct err *err)
{
	for (;;) {
		int64_t now = clock_mono(&clock_system);
		if (now >= redirect->until_ms)
			return err_set(err, ERR_NETWORK, "nobody signed in within the time"), true;
		int timeout = patience(redirect, now);
		struct pollfd fds[2 + MAX_VISITORS] = {{.fd = redirect->stop[0], .events = POLLIN},
		        {.fd = redirect->fd, .events = POLLIN}};
		for (int i = 0; i < MAX_VISITORS; i++)
			fds[2 + i] =
			        (struct pollfd){.fd = redirect->visitors[i].fd, .events = POLLIN};
		if (poll(fds, 2 + MAX_VISITORS, timeout) <= 0) continue;
		if (fds[0].revents) return false;
		for (int i = 0; i < MAX_VISITORS; i++) {
			struct visitor *visitor = &redirect->visitors[i];
			if (fds[2 + i].revents && visitor->fd >= 0 &&
			        listen_to(redirect, visitor, out_code, err))
				return true;
		}
		if (fds[1].revents) welcome(redirect, now);
	}
}

static void *thread_main(void *ctx)
{
	struct redirect *redirect = ctx;
	char *code = NULL;
	struct err err = {0};
	bool ended = serve(redirect, &code, &err);
	for (int i = 0; i < MAX_VISITORS; i++)
		dismiss(&redirect->visitors[i]);
	if (ended) redirect->on_end(redirect->ctx, code, &err);
	return NULL;
}

/* -- start and stop -- */

static bool open_socket(struct redirect *redirect, struct err *err)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t len = sizeof(address);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	redirect->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (redirect->fd < 0 || pipe(redirect->stop) != 0 ||
	        bind(redirect->fd, (struct sockaddr *)&address, len) != 0 ||
	        listen(redirect->fd, MAX_VISITORS) != 0 ||
	        getsockname(redirect->fd, (struct sockaddr *)&address, &len) != 0)
		return err_set(
		        err, ERR_IO, "cannot listen for the browser's answer: %s", strerror(errno));
	int fds[] = {redirect->fd, redirect->stop[0], redirect->stop[1]};
	for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++)
		fcntl(fds[i], F_SETFD, FD_CLOEXEC);
	fcntl(redirect->fd, F_SETFL, O_NONBLOCK);
	snprintf(redirect->url, sizeof(redirect->url), "http://127.0.0.1:%u%s",
	        (unsigned)ntohs(address.sin_port), own_path);
	return true;
}

static void redirect_free(struct redirect *redirect)
{
	int fds[] = {redirect->fd, redirect->stop[0], redirect->stop[1]};
	for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++) {
		if (fds[i] >= 0) close(fds[i]);
	}
	free(redirect->state);
	free(redirect);
}

struct redirect *redirect_listen(const char *state, int wait_ms,
        void (*on_end)(void *ctx, char *code, const struct err *err), void *ctx, struct err *err)
{
	struct redirect *redirect = xcalloc(1, sizeof(*redirect));
	redirect->stop[0] = redirect->stop[1] = -1;
	for (int i = 0; i < MAX_VISITORS; i++)
		redirect->visitors[i].fd = -1;
	redirect->state = xstrdup(state);
	redirect->on_end = on_end;
	redirect->ctx = ctx;
	redirect->until_ms = clock_mono(&clock_system) + (wait_ms ? wait_ms : REDIRECT_WAIT_MS);
	if (!open_socket(redirect, err)) goto fail;

	/* Signals are for the main thread. */
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int code = pthread_create(&redirect->thread, NULL, thread_main, redirect);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (code == 0) return redirect;
	err_set(err, ERR_IO, "no thread for the browser's answer: %s", strerror(code));
fail:
	redirect_free(redirect);
	return NULL;
}

const char *redirect_url(const struct redirect *redirect)
{
	return redirect->url;
}

void redirect_close(struct redirect *redirect)
{
	if (!redirect) return;
	ssize_t n;
	do {
		n = write(redirect->stop[1], "", 1);
	} while (n < 0 && errno == EINTR);
	pthread_join(redirect->thread, NULL);
	redirect_free(redirect);
}
