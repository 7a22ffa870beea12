#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/mem.h"
#include "inside.h"

/*
 * The socket that `stoa ctl` talks to: each line in is a command; out come what it says,
 * line by line, and then `ok` or `error: SENTENCE`. In a directory of mode 0700, so that
 * only its owner gets here.
 */

enum { MAX_CLIENTS = 8, MAX_PENDING = 1 << 20 };

struct client {
	int fd; /* -1: free */
	struct str in, out;
};

struct control {
	int fd;
	char *path;
	struct client clients[MAX_CLIENTS];
};

static bool set_flags(int fd)
{
	return fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0;
}

static int listen_at(const char *path, struct err *err)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof(address.sun_path)) {
		err_set(err, ERR_TOO_LARGE, "the path %s is too long for a socket", path);
		return -1;
	}
	memcpy(address.sun_path, path, strlen(path) + 1);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	unlink(path); /* left by an older process with our number */
	if (fd >= 0 && set_flags(fd) &&
	        bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
	        chmod(path, 0600) == 0 && listen(fd, MAX_CLIENTS) == 0)
		return fd;
	err_set(err, ERR_IO, "cannot listen at %s: %s", path, strerror(errno));
	if (fd >= 0) close(fd);
	return -1;
}

struct control *control_open(const struct app *app, struct err *err)
{
	if (!paths_mkdir(app->paths->runtime, err)) return NULL;
	struct str name = {0};
	str_addf(&name, "ctl-%ld.sock", (long)getpid());
	char *path = paths_join(app->paths->runtime, name.p);
	str_finish(&name);
	int fd = listen_at(path, err);
	if (fd < 0) {
		free(path);
		return NULL;
	}
	struct control *control = xcalloc(1, sizeof(*control));
	control->fd = fd;
	control->path = path;
	for (size_t i = 0; i < MAX_CLIENTS; i++)
		control->clients[i].fd = -1;
	return control;
}

static void client_close(struct client *client)
{
	if (client->fd >= 0) close(client->fd);
	str_finish(&client->in);
	str_finish(&client->out);
	client->fd = -1;
}

void control_close(struct control *control)
{
	if (!control) return;
	for (size_t i = 0; i < MAX_CLIENTS; i++)
		client_close(&control->clients[i]);
	close(control->fd);
	unlink(control->path);
	free(control->path);
	free(control);
}

size_t control_poll(const struct control *control, struct pollfd *fds, size_t max)
{
	if (!control || max < MAX_CLIENTS + 1) return 0;
	fds[0] = (struct pollfd){.fd = control->fd, .events = POLLIN};
	for (size_t i = 0; i < MAX_CLIENTS; i++) {
		const struct client *client = &control->clients[i];
		/* Who does not read its answers gets no further commands run. */
		fds[i + 1] = (struct pollfd){
		        .fd = client->fd, .events = client->out.len ? POLLOUT : POLLIN};
	}
	return MAX_CLIENTS + 1;
}

static void accept_one(struct control *control)
{
	int fd = accept(control->fd, NULL, NULL);
	if (fd < 0) return;
	for (size_t i = 0; i < MAX_CLIENTS; i++) {
		if (control->clients[i].fd >= 0 || !set_flags(fd)) continue;
		control->clients[i].fd = fd;
		return;
	}
	close(fd);
}

static void run_line(struct app *app, struct client *client, const char *line)
{
	struct str said = {0};
	struct err err = {0};
	app->commands_run++;
	bool ok = cmd_run(app->commands, app, line, CMD_CTL, false, &said, &err);
	if (said.len) {
		str_add(&client->out, said.p, said.len);
		if (said.p[said.len - 1] != '\n') str_addc(&client->out, '\n');
	}
	if (ok)
		str_adds(&client->out, "ok\n");
	else
		str_addf(&client->out, "error: %s\n", err.text);
	str_finish(&said);
}

static void run_lines(struct app *app, struct client *client)
{
	size_t at = 0;
	while (at < client->in.len) {
		char *lf = memchr(client->in.p + at, '\n', client->in.len - at);
		if (!lf) break;
		*lf = '\0';
		run_line(app, client, client->in.p + at);
		at = (size_t)(lf - client->in.p) + 1;
	}
	struct str rest = {0};
	str_add(&rest, str_c(&client->in) + at, client->in.len - at);
	str_finish(&client->in);
	client->in = rest;
}

static void client_read(struct app *app, struct client *client)
{
	char bytes[4096];
	ssize_t n = read(client->fd, bytes, sizeof(bytes));
	if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
	if (n > 0) str_add(&client->in, bytes, (size_t)n);
	if (n <= 0 || client->in.len > MAX_PENDING) {
		client_close(client);
		return;
	}
	run_lines(app, client);
}

static void client_write(struct client *client)
{
	if (client->fd < 0 || !client->out.len) return;
	ssize_t n = send(client->fd, client->out.p, client->out.len, MSG_NOSIGNAL);
	if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
	if (n < 0) {
		client_close(client);
		return;
	}
	struct str rest = {0};
	str_add(&rest, client->out.p + n, client->out.len - (size_t)n);
	str_finish(&client->out);
	client->out = rest;
}

void control_take(struct app *app, const struct pollfd *fds, size_t n)
{
	struct control *control = app->control;
	if (!control || n == 0) return;
	for (size_t i = 1; i < n; i++) {
		struct client *client = &control->clients[i - 1];
		if (client->fd < 0 || !fds[i].revents) continue;
		if (!client->out.len) client_read(app, client);
		client_write(client);
	}
	if (fds[0].revents) accept_one(control);
}
