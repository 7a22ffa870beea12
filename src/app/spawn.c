#include "app/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/overlay.h"
#include "base/clean.h"
#include "base/mem.h"
#include "base/program.h"
#include "inside.h"

enum { MAX_CHILDREN = 16, MAX_OUTPUT = 256 * 1024, MAX_URL = 2083 };

/* A program that runs beside the deck. */
struct child {
	struct child *next;
	pid_t pid;
	int fd;     /* what it prints; -1: nobody listens, or it is over */
	bool piped; /* somebody waits for what it prints */
	char *name;
	char *input;         /* of one of our own, for `on_end` */
	spawn_ended *on_end; /* NULL: what it printed is shown */
	struct str output;
	bool ended;
	int status;
};

static void child_free(struct child *child)
{
	if (child->fd >= 0) close(child->fd);
	free(child->name);
	free(child->input);
	str_finish(&child->output);
	free(child);
}

void spawn_finish(struct app *app)
{
	while (app->children) {
		struct child *child = app->children;
		app->children = child->next;
		child_free(child);
	}
}

static bool child_add(struct app *app, pid_t pid, int fd, const char *name)
{
	struct child *child = xcalloc(1, sizeof(*child));
	*child = (struct child){.next = app->children,
	        .pid = pid,
	        .fd = fd,
	        .piped = fd >= 0,
	        .name = xstrdup(name)};
	app->children = child;
	return true;
}

static bool has_room(const struct app *app, struct err *err)
{
	size_t n = 0;
	for (const struct child *child = app->children; child; child = child->next)
		n++;
	return n < MAX_CHILDREN ||
	       err_set(err, ERR_TOO_LARGE, "%d programs are still running", MAX_CHILDREN);
}

bool spawn_has_display(void)
{
	static const char *const names[] = {"DISPLAY", "WAYLAND_DISPLAY"};
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *value = getenv(names[i]);
		if (value && *value) return true;
	}
	return false;
}

static bool may_open(const char *url)
{
	static const char *const schemes[] = {"http://", "https://", "gemini://", "mailto:"};
	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++) {
		if (strncmp(url, schemes[i], strlen(schemes[i])) == 0) return true;
	}
	return false;
}

bool spawn_browser(struct app *app, const char *url, struct err *err)
{
	struct str clean = {0};
	clean_out(&clean, CLEAN_URL, url, strlen(url));
	bool ok = has_room(app, err);
	if (ok && (!may_open(str_c(&clean)) || clean.len > MAX_URL))
		ok = err_set(
		        err, ERR_UNSUPPORTED, "this address is not opened: %.120s", str_c(&clean));
	int argc = 0;
	const char *own = open_rules_find(&app->open_rules, str_c(&clean));
	char **words = ok ? cmd_split(own ? own : app->options.browser, &argc, err) : NULL;
	if (words && argc == 0) {
		cmd_words_free(words);
		words = NULL;
		err_set(err, ERR_NOT_FOUND, "the option browser is empty");
	}
	ok = words != NULL;
	if (ok) {
		pid_t pid;
		struct program_files files = {
		        PROGRAM_NOTHING, PROGRAM_NOTHING, PROGRAM_NOTHING, NULL, true};
		char **argv = xcalloc((size_t)argc + 2, sizeof(*argv));
		memcpy(argv, words, (size_t)argc * sizeof(*argv));
		argv[argc] = clean.p;
		ok = program_start(argv, &files, &pid, err) && child_add(app, pid, -1, words[0]);
		free(argv);
	}
	cmd_words_free(words);
	str_finish(&clean);
	return ok;
}

bool spawn_address(struct app *app, const char *url, struct err *err)
{
	bool ours = strcmp(app->options.browser, "xdg-open") == 0 &&
	            !open_rules_find(&app->open_rules, url);
	if (ours && !spawn_has_display()) {
		app->term.ops->copy(app->term.ctx, url);
		app_say(app, TONE_SAYS, "no display here; copied: %s", url);
		return true;
	}
	if (!spawn_browser(app, url, err)) return false;
	app_say(app, TONE_GOOD, "opening %s", url);
	return true;
}

/* The input as a file without a name, so that nobody has to wait until it is read. */
static int input_file(const char *input, size_t len, struct err *err)
{
	FILE *file = tmpfile();
	int fd = -1;
	if (file && fwrite(input, 1, len, file) == len && fflush(file) == 0) {
		rewind(file);
		fd = fcntl(fileno(file), F_DUPFD_CLOEXEC, 3);
	}
	if (fd < 0) err_set(err, ERR_IO, "no temporary file: %s", strerror(errno));
	if (file) fclose(file);
	if (fd >= 0) lseek(fd, 0, SEEK_SET);
	return fd;
}

bool spawn_pipe(
        struct app *app, const char *command, const char *input, size_t len, struct err *err)
{
	int argc, ends[2] = {-1, -1};
	if (!has_room(app, err)) return false;
	char **argv = cmd_split(command, &argc, err);
	if (!argv) return false;
	bool ok = argc > 0 || err_set(err, ERR_SYNTAX, "pipe to which command?");
	int in = ok ? input_file(input, len, err) : -1;
	ok = ok && in >= 0;
	if (ok && pipe(ends) != 0) ok = err_set(err, ERR_IO, "no pipe: %s", strerror(errno));
	if (ok) {
		pid_t pid;
		struct program_files files = {in, ends[1], ends[1], NULL, true};
		fcntl(ends[0], F_SETFD, FD_CLOEXEC);
		fcntl(ends[1], F_SETFD, FD_CLOEXEC);
		fcntl(ends[0], F_SETFL, O_NONBLOCK);
		ok = program_start(argv, &files, &pid, err) &&
		     child_add(app, pid, ends[0], argv[0]);
		close(ends[1]);
		if (!ok) close(ends[0]);
	}
	if (in >= 0) close(in);
	cmd_words_free(argv);
	return ok;
}

bool spawn_helper(
        struct app *app, char *const *argv, char *input, spawn_ended *ended, struct err *err)
{
	pid_t pid;
	int in = has_room(app, err) ? input_file(input, strlen(input), err) : -1;
	struct program_files files = {in, PROGRAM_NOTHING, PROGRAM_NOTHING, NULL, true};
	bool ok = in >= 0 && program_start(argv, &files, &pid, err) &&
	          child_add(app, pid, -1, argv[0]);
	if (in >= 0) close(in);
	if (!ok) {
		free(input);
		return false;
	}
	app->children->input = input;
	app->children->on_end = ended;
	return true;
}

size_t spawn_poll(const struct app *app, struct pollfd *fds, size_t max)
{
	size_t n = 0;
	for (const struct child *child = app->children; child && n < max; child = child->next) {
		if (child->fd >= 0) fds[n++] = (struct pollfd){.fd = child->fd, .events = POLLIN};
	}
	return n;
}

/* Take what a child printed; beyond the limit it is read and thrown away. */
static void take_output(struct child *child)
{
	char bytes[4096];
	while (child->fd >= 0) {
		ssize_t n = read(child->fd, bytes, sizeof(bytes));
		if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
		if (n <= 0) {
			close(child->fd);
			child->fd = -1;
			return;
		}
		size_t room = MAX_OUTPUT - child->output.len;
		str_add(&child->output, bytes, (size_t)n < room ? (size_t)n : room);
	}
}

static void tell_end(struct app *app, const struct child *child)
{
	struct str clean = {0};
	int status = WIFEXITED(child->status) ? WEXITSTATUS(child->status) : -1;
	if (child->on_end) {
		child->on_end(app, child->input, status);
		return;
	}
	clean_out(&clean, CLEAN_PLAIN, str_c(&child->output), child->output.len);
	while (clean.len && clean.p[clean.len - 1] == '\n')
		str_cut(&clean, clean.len - 1);
	if (strchr(str_c(&clean), '\n'))
		overlay_text(app, child->name, clean.p);
	else if (clean.len)
		app_say(app, status ? TONE_ERROR : TONE_SAYS, "%s: %s", child->name, clean.p);
	else if (status > 0)
		app_say(app, TONE_ERROR, "%s ended with status %d", child->name, status);
	else if (status < 0)
		app_say(app, TONE_ERROR, "%s was killed", child->name);
	else if (child->piped)
		app_say(app, TONE_GOOD, "%s is done", child->name);
	str_finish(&clean);
}

void spawn_take(struct app *app)
{
	for (struct child **at = &app->children; *at;) {
		struct child *child = *at;
		take_output(child);
		if (!child->ended && waitpid(child->pid, &child->status, WNOHANG) == child->pid)
			child->ended = true;
		if (!child->ended || child->fd >= 0) {
			at = &child->next;
			continue;
		}
		*at = child->next;
		tell_end(app, child);
		child_free(child);
	}
}
