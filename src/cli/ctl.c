#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/paths.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "commands.h"
#include "ctl.h"
#include "out.h"

const char ctl_more[] =
        "The words are one command line of the deck, as typed after `:`. What the command says is\n"
        "printed. With several decks running, the one that was started last is meant.";

/* Connect to a deck's socket; -1 when nobody listens there. */
static int ctl_connect(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof(address.sun_path)) return -1;
	memcpy(address.sun_path, path, strlen(path) + 1);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0) return -1;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0) return fd;
	close(fd);
	return -1;
}

/* Call back for each deck that answers, with the time of its socket; takes fd. */
static void ctl_each(const char *dir_path,
        void (*each)(void *ctx, int fd, const struct timespec *made), void *ctx)
{
	DIR *dir = opendir(dir_path);
	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		struct stat info;
		if (strncmp(entry->d_name, "ctl-", 4) != 0) continue;
		char *path = paths_join(dir_path, entry->d_name);
		int fd = ctl_connect(path);
		if (fd >= 0 && stat(path, &info) == 0)
			each(ctx, fd, &info.st_mtim);
		else if (fd >= 0)
			close(fd);
		free(path);
	}
	if (dir) closedir(dir);
}

struct newest {
	int fd; /* -1: none yet */
	struct timespec made;
};

static void keep_newest(void *ctx, int fd, const struct timespec *made)
{
	struct newest *newest = ctx;
	bool newer = newest->fd < 0 || made->tv_sec > newest->made.tv_sec ||
	             (made->tv_sec == newest->made.tv_sec && made->tv_nsec > newest->made.tv_nsec);
	int other = newer ? newest->fd : fd;
	if (other >= 0) close(other);
	if (newer) *newest = (struct newest){.fd = fd, .made = *made};
}

/* The newest deck that answers; -1 when none does. */
static int ctl_find(const char *dir_path)
{
	struct newest newest = {.fd = -1};
	ctl_each(dir_path, keep_newest, &newest);
	return newest.fd;
}

static bool ctl_send(int fd, const struct str *line)
{
	for (size_t at = 0; at < line->len;) {
		ssize_t n = send(fd, line->p + at, line->len - at, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR) continue;
		if (n <= 0) return false;
		at += (size_t)n;
	}
	return true;
}

/* Read the answer to its last line, `ok` or `error: …`. */
static bool ctl_receive(int fd, struct str *out)
{
	char bytes[4096];
	for (;;) {
		ssize_t n = read(fd, bytes, sizeof(bytes));
		if (n < 0 && errno == EINTR) continue;
		if (n <= 0) break;
		str_add(out, bytes, (size_t)n);
		if (out->p[out->len - 1] != '\n') continue;
		const char *last = out->p + out->len - 1;
		while (last > out->p && last[-1] != '\n')
			last--;
		if (strcmp(last, "ok\n") == 0 || strncmp(last, "error: ", 7) == 0) return true;
	}
	return false;
}

/* Print the answer; its last line says how it went. */
static int ctl_report(struct str *answer)
{
	str_cut(answer, answer->len - 1);
	char *last = strrchr(answer->p, '\n');
	char *status = last ? last + 1 : answer->p;
	if (last) {
		*last = '\0';
		out_text(stdout, answer->p);
		fputc('\n', stdout);
	}
	if (strcmp(status, "ok") == 0) return CLI_DONE;
	fputs("stoa: ", stderr);
	out_text(stderr, status + strlen("error: "));
	fputc('\n', stderr);
	return CLI_FAILED;
}

static int ctl_talk(int fd, int argc, char **argv)
{
	struct str line = {0}, answer = {0};
	int status = CLI_FAILED;
	/* One word is a whole line, as in `stoa ctl 'column close; save'`. */
	if (argc == 2)
		str_adds(&line, argv[1]);
	else
		for (int i = 1; i < argc; i++) {
			if (i > 1) str_addc(&line, ' ');
			cmd_quote(&line, argv[i]);
		}
	str_addc(&line, '\n');
	if (ctl_send(fd, &line) && ctl_receive(fd, &answer))
		status = ctl_report(&answer);
	else
		fputs("stoa: the deck went away before it answered\n", stderr);
	str_finish(&line);
	str_finish(&answer);
	return status;
}

/* One line for all decks. */
struct telling {
	const struct str *line;
	size_t told;
};

static void tell_one(void *ctx, int fd, const struct timespec *made)
{
	struct telling *telling = ctx;
	struct str answer = {0};
	(void)made;
	bool heard = ctl_send(fd, telling->line) && ctl_receive(fd, &answer);
	telling->told += heard && strcmp(answer.p, "ok\n") == 0;
	close(fd);
	str_finish(&answer);
}

size_t ctl_tell(const char *runtime_dir, const char *command)
{
	struct str line = {0};
	struct telling telling = {.line = &line};
	str_addf(&line, "%s\n", command);
	ctl_each(runtime_dir, tell_one, &telling);
	str_finish(&line);
	return telling.told;
}

int ctl_run(int argc, char **argv)
{
	struct paths paths = {0};
	struct err err = {0};
	if (argc < 2) {
		fputs("stoa: which command?\nusage: stoa ctl COMMAND…\n", stderr);
		return CLI_USAGE;
	}
	if (!paths_init(&paths, &err)) return out_fail(&err);
	int fd = ctl_find(paths.runtime);
	int status = CLI_FAILED;
	if (fd >= 0)
		status = ctl_talk(fd, argc, argv);
	else
		fprintf(stderr, "stoa: no deck is running (looked in %s)\n", paths.runtime);
	if (fd >= 0) close(fd);
	paths_finish(&paths);
	return status;
}
