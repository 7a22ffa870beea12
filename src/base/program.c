#include "base/program.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <unistd.h>

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
