#include "base/program.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/paths.h"
#include "base/str.h"

extern char **environ;

static void give(posix_spawn_file_actions_t *actions, int fd, int which)
{
	int mode = which == STDIN_FILENO ? O_RDONLY : O_WRONLY;
	if (fd == PROGRAM_NOTHING)
		posix_spawn_file_actions_addopen(actions, which, "/dev/null", mode, 0);
	else if (fd != PROGRAM_OURS)
		posix_spawn_file_actions_adddup2(actions, fd, which);
}

bool program_start(
        char *const *argv, const struct program_files *files, pid_t *out, struct err *err)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t all, none;
	short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
	sigfillset(&all);
	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attr);
	give(&actions, files->in, STDIN_FILENO);
	give(&actions, files->out, STDOUT_FILENO);
	give(&actions, files->err, STDERR_FILENO);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setsigmask(&attr, &none);
	if (files->own_group) {
		posix_spawnattr_setpgroup(&attr, 0);
		flags |= POSIX_SPAWN_SETPGROUP;
	}
	posix_spawnattr_setflags(&attr, flags);
	int failed = posix_spawnp(
	        out, files->path ? files->path : argv[0], &actions, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	return !failed || err_set(err, ERR_IO, "cannot start %s: %s", argv[0], strerror(failed));
}

char *program_find(const char *name, const char *installed)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *path = NULL;
	if (n > 0) {
		self[n] = '\0';
		char *slash = strrchr(self, '/');
		if (slash) *slash = '\0';
		path = paths_join(self, name);
	}
	if (path && access(path, X_OK) == 0) return path;
	free(path);
	return access(installed, X_OK) == 0 ? xstrdup(installed) : NULL;
}

char *program_session_bus(void)
{
	const char *given = getenv("DBUS_SESSION_BUS_ADDRESS"), *run = getenv("XDG_RUNTIME_DIR");
	if (given && *given) return xstrdup(given);
	if (!run || *run != '/') return NULL;
	struct str address = {0};
	char *path = paths_join(run, "bus");
	if (access(path, F_OK) == 0) str_addf(&address, "unix:path=%s", path);
	free(path);
	return address.len ? str_take(&address) : NULL;
}
