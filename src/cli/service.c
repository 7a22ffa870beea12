#include "service.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/program.h"

static const char unit_name[] = "stoa.service";

/* -- where and whether -- */

/* $XDG_CONFIG_HOME/systemd/user, owned; NULL without a home. */
static char *unit_dir(void)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	struct str dir = {0};
	if (config && *config == '/')
		str_addf(&dir, "%s/systemd/user", config);
	else if (home && *home == '/')
		str_addf(&dir, "%s/.config/systemd/user", home);
	return dir.len ? str_take(&dir) : NULL;
}

bool service_is_installed(char **out_path)
{
	char *dir = unit_dir();
	if (out_path) *out_path = NULL;
	if (!dir) return false;
	char *path = paths_join(dir, unit_name);
	bool there = access(path, F_OK) == 0;
	free(dir);
	if (out_path)
		*out_path = path;
	else
		free(path);
	return there;
}

bool service_has_systemd(void)
{
	/* As sd_booted(3) has it. */
	return access("/run/systemd/system", F_OK) == 0;
}

bool service_lingers(void)
{
	const struct passwd *user = getpwuid(getuid());
	if (!user || strchr(user->pw_name, '/')) return false;
	char *path = paths_join("/var/lib/systemd/linger", user->pw_name);
	bool lingers = access(path, F_OK) == 0;
	free(path);
	return lingers;
}

void service_warn(struct str *out, bool keyring)
{
	if (!service_has_systemd()) {
		str_adds(out, "this machine is not run by systemd: start `stoa daemon` some other "
		              "way, for instance by cron's @reboot\n");
	} else if (!service_lingers()) {
		str_adds(out,
		        "lingering is off: the daemon ends with your last login, and nothing is "
		        "sent then; `loginctl enable-linger` keeps it going\n");
	}
	if (keyring)
		str_adds(out, "a token is in the keyring, which opens when you log in: before that "
		              "nothing is sent; sign in with `secret-command` set, or without a "
		              "keyring, to have it in a file\n");
}

/* -- the unit -- */

/* systemd reads % and quotes within a value. */
static void add_quoted(struct str *out, const char *value)
{
	str_addc(out, '"');
	for (const char *p = value; *p; p++) {
		if (*p == '"' || *p == '\\') str_addc(out, '\\');
		if (*p == '%') str_addc(out, '%');
		str_addc(out, *p);
	}
	str_addc(out, '"');
}

/* Directories that are not where the unit would look for them. */
static void add_environment(struct str *out)
{
	static const char *const names[] = {
	        "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"};
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *value = getenv(names[i]);
		struct str pair = {0};
		if (!value || !*value || strpbrk(value, "\n\r")) continue;
		str_addf(&pair, "%s=%s", names[i], value);
		str_adds(out, "Environment=");
		add_quoted(out, str_c(&pair));
		str_addc(out, '\n');
		str_finish(&pair);
	}
}

static bool add_unit(struct str *out, struct err *err)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (n <= 0) return err_set(err, ERR_IO, "where stoa is cannot be found out");
	self[n] = '\0';
	str_adds(out,
	        "# Written by `stoa daemon --install`; `stoa daemon --remove` takes it away.\n"
	        "[Unit]\n"
	        "Description=stoa sends scheduled posts\n"
	        "Documentation=man:stoa(1)\n"
	        "\n"
	        "[Service]\n"
	        "ExecStart=");
	add_quoted(out, self);
	str_adds(out, " daemon\n");
	add_environment(out);
	str_adds(out, "Restart=on-failure\n"
	              "RestartSec=30\n"
	              "NoNewPrivileges=yes\n"
	              "\n"
	              "[Install]\n"
	              "WantedBy=default.target\n");
	return true;
}

static bool run_quietly(char *const *argv)
{
	struct program_files files = {
	        PROGRAM_NOTHING, PROGRAM_NOTHING, PROGRAM_NOTHING, NULL, false};
	pid_t pid;
	int status = 0;
	if (!program_start(argv, &files, &pid, NULL)) return false;
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR) return false;
	}
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool systemctl(const char *verb, const char *option, const char *unit)
{
	char *argv[] = {(char *)"systemctl", (char *)"--user", (char *)verb, (char *)option,
	        (char *)unit, NULL};
	return run_quietly(argv);
}

bool service_install(struct str *said, struct err *err)
{
	struct str unit = {0};
	char *path = NULL, *dir = unit_dir();
	if (!dir) return err_set(err, ERR_IO, "neither HOME nor XDG_CONFIG_HOME is set");
	service_is_installed(&path);
	bool ok = add_unit(&unit, err) && paths_mkdir(dir, err) &&
	          paths_write(path, unit.p, unit.len, 0644, err);
	if (ok) {
		str_addf(said, "wrote %s\n", path);
		if (systemctl("daemon-reload", NULL, NULL) &&
		        systemctl("enable", "--now", unit_name))
			str_adds(said, "enabled and started it\n");
		else
			str_addf(
			        said, "to start it: systemctl --user enable --now %s\n", unit_name);
	}
	free(dir);
	free(path);
	str_finish(&unit);
	return ok;
}

bool service_remove(struct str *said, struct err *err)
{
	char *path = NULL;
	if (!service_is_installed(&path)) {
		free(path);
		return err_set(err, ERR_NOT_FOUND, "no unit is installed");
	}
	systemctl("disable", "--now", unit_name);
	bool ok = unlink(path) == 0;
	if (ok)
		str_addf(said, "removed %s\n", path);
	else
		err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
	systemctl("daemon-reload", NULL, NULL);
	free(path);
	return ok;
}

/* -- one daemon -- */

static int lock_open(const struct paths *paths, int flags, struct err *err)
{
	char *path = paths_join(paths->state, "daemon.lock");
	int fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0) err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
	free(path);
	return fd;
}

static long lock_pid(int fd)
{
	char text[32] = "";
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	return n > 0 ? strtol(text, NULL, 10) : 0;
}

bool daemon_lock_take(struct daemon_lock *lock, const struct paths *paths, struct err *err)
{
	char text[32];
	lock->fd = -1;
	int fd = lock_open(paths, O_RDWR | O_CREAT, err);
	if (fd < 0) return false;
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		err_set(err, ERR_REFUSED, "a daemon runs already, process %ld", lock_pid(fd));
		close(fd);
		return false;
	}
	int n = snprintf(text, sizeof(text), "%ld\n", (long)getpid());
	if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)n, 0) != n) {
		err_set(err, ERR_IO, "daemon.lock: %s", strerror(errno));
		close(fd);
		return false;
	}
	lock->fd = fd;
	return true;
}

void daemon_lock_drop(struct daemon_lock *lock)
{
	if (lock->fd >= 0) close(lock->fd);
	lock->fd = -1;
}

bool daemon_is_running(const struct paths *paths, long *out_pid)
{
	int fd = lock_open(paths, O_RDONLY, NULL);
	if (fd < 0) return false;
	bool runs = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
	*out_pid = runs ? lock_pid(fd) : 0;
	close(fd);
	return runs;
}
