#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/paths.h"
#include "base/program.h"
#include "args.h"
#include "commands.h"
#include "out.h"
#include "session.h"

enum { DEMO_LOGIN_MS = 15000 };

const char demo_more[] =
        "The server runs on loopback only, in a throwaway profile: nothing leaves the machine and\n"
        "nothing of yours is touched. Both end with the deck. Without a terminal, or with\n"
        "--snapshot, the deck is printed as text once it has loaded.";

const struct cli_option demo_options[] = {
        {"snapshot", "COLSxROWS", "print the deck as text and end"},
        {"pace", "MS", "how often a post arrives (4000; off for never)"},
        {"seed", "N", "another world of posts"},
        {0},
};

/* What the demo's deck looks like; its config file. */
static const char demo_config[] =
        "# The demo's own configuration, in a profile that is thrown away.\n"
        "column add Home demo/home\n"
        "column add Mentions demo/mentions\n"
        "column add Search 'demo/search:\"aannemer gezocht\"'\n"
        "column add Feeds feeds/all\n"
        "tutorial on\n";

static const char *const demo_feeds[] = {"harbour", "bouwnieuws", "kernel"};

/* Set when somebody asks us to end: the deck is asked in turn. */
static volatile sig_atomic_t asked_to_end;

static void on_signal(int number)
{
	(void)number;
	asked_to_end = 1;
}

struct demo {
	char *dir; /* the throwaway profile */
	pid_t server;
	int server_stdin; /* closing it ends the server */
	char *url;
};

/* The server's program: beside our own, else by PATH. Owned. */
static char *demo_server_path(void)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (n > 0) {
		self[n] = '\0';
		char *slash = strrchr(self, '/');
		if (slash) *slash = '\0';
		char *path = paths_join(self, "stoa-demo-server");
		if (access(path, X_OK) == 0) return path;
		free(path);
	}
	return xstrdup("stoa-demo-server");
}

/* Start the server with a pipe at each end: it ends when we do, and says where it listens. */
static bool demo_start_server(
        struct demo *demo, const char *pace, const char *seed, struct err *err)
{
	int in[2] = {-1, -1}, out[2] = {-1, -1};
	if (pipe(in) != 0 || pipe(out) != 0)
		return err_set(err, ERR_IO, "no pipe: %s", strerror(errno));
	fcntl(in[1], F_SETFD, FD_CLOEXEC);
	fcntl(out[0], F_SETFD, FD_CLOEXEC);
	struct program_files files = {.in = in[0], .out = out[1], .err = PROGRAM_OURS};
	char *path = demo_server_path();
	const char *argv[] = {
	        path, "--port", "0", "--stdin-guard", "--pace", pace, "--seed", seed, NULL};
	bool started = program_start((char **)argv, &files, &demo->server, err);
	close(in[0]);
	close(out[1]);
	demo->server_stdin = in[1];
	FILE *answer = fdopen(out[0], "r");
	char line[256] = "";
	bool ok = started && answer && fgets(line, sizeof(line), answer) &&
	          strncmp(line, "listening ", 10) == 0;
	if (answer) fclose(answer);
	if (!started) demo->server = 0;
	if (started && !ok) err_set(err, ERR_IO, "the demo server (%s) did not start", path);
	free(path);
	if (!ok) return false;
	line[strcspn(line, "\r\n")] = '\0';
	demo->url = xstrdup(line + 10);
	return true;
}

/* Let everything of this process and its children live in the throwaway profile. */
static bool demo_make_profile(struct demo *demo, struct err *err)
{
	static const char *const homes[] = {"XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME",
	        "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"};
	const char *tmp = getenv("TMPDIR");
	struct str path = {0};
	str_addf(&path, "%s/stoa-demo-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(path.p)) {
		err_set(err, ERR_IO, "cannot make a folder like %s: %s", path.p, strerror(errno));
		str_finish(&path);
		return false;
	}
	demo->dir = str_take(&path);
	for (size_t i = 0; i < sizeof(homes) / sizeof(*homes); i++) {
		char *home = paths_join(demo->dir, homes[i]);
		bool ok = paths_mkdir(home, err);
		setenv(homes[i], home, 1);
		free(home);
		if (!ok) return false;
	}
	return true;
}

static bool demo_sign_in(struct demo *demo, struct err *err)
{
	struct session session;
	struct str arg = {0};
	bool ok = session_start(&session, err);
	if (ok) {
		struct job *job = job_new(JOB_LOGIN);
		str_addf(&arg, "mastodon\n%s\ndemo\ndemo-ada", demo->url);
		job->arg = str_take(&arg);
		ok = session_do(&session, job, DEMO_LOGIN_MS, err);
	}
	for (size_t i = 0; ok && i < sizeof(demo_feeds) / sizeof(*demo_feeds); i++) {
		struct job *job = job_new(JOB_SUBSCRIBE);
		struct str url = {0};
		str_addf(&url, "%s/feeds/%s.xml", demo->url, demo_feeds[i]);
		job->feed = feed_copy(&(struct feed){
		        .name = (char *)demo_feeds[i],
		        .url = url.p,
		        .title = (char *)"",
		        .groups = (char *)"demo",
		        .site = (char *)"",
		});
		str_finish(&url);
		ok = session_do(&session, job, DEMO_LOGIN_MS, err);
	}
	if (ok) {
		char *path = paths_join(session.paths.config, "config");
		ok = paths_mkdir(session.paths.config, err) &&
		     paths_write(path, demo_config, strlen(demo_config), 0600, err);
		free(path);
	}
	session_finish(&session);
	return ok;
}

/* Run the deck as a program of its own, so that whatever happens to it we clean up. */
static int demo_deck(const char *snapshot, struct err *err)
{
	const char *argv[] = {"stoa", snapshot ? "--snapshot" : NULL, snapshot, NULL};
	pid_t pid;
	int status = 0;
	struct program_files files = {
	        PROGRAM_OURS, PROGRAM_OURS, PROGRAM_OURS, "/proc/self/exe", false};
	if (!program_start((char **)argv, &files, &pid, err)) return CLI_FAILED;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
		if (asked_to_end) kill(pid, SIGTERM);
		asked_to_end = 0;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : CLI_FAILED;
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
	(void)info;
	(void)kind;
	(void)walk;
	return remove(path);
}

static void demo_end(struct demo *demo)
{
	if (demo->server) {
		close(demo->server_stdin);
		kill(demo->server, SIGTERM);
		waitpid(demo->server, NULL, 0);
	}
	if (demo->dir) nftw(demo->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(demo->dir);
	free(demo->url);
}

int demo_run(int argc, char **argv)
{
	const struct cli_command *self = cli_find("demo");
	struct args args;
	struct err err = {0};
	struct demo demo = {0};
	if (!args_read(&args, self, argc, argv)) return CLI_USAGE;
	if (args.nwords) return args_usage(self, "it takes no words");
	const char *snapshot = args_value(&args, "snapshot");
	if (!snapshot && !isatty(STDOUT_FILENO)) snapshot = "160x45";
	const char *pace = args_value(&args, "pace"), *seed = args_value(&args, "seed");
	/* Keys and hang-ups are the deck's business; when it ends, we tidy up. */
	struct sigaction action = {.sa_handler = on_signal};
	sigaction(SIGHUP, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGQUIT, &action, NULL);
	int status = CLI_FAILED;
	if (demo_make_profile(&demo, &err) &&
	        demo_start_server(&demo, pace ? pace : "4000", seed ? seed : "1", &err) &&
	        demo_sign_in(&demo, &err))
		status = demo_deck(snapshot, &err);
	if (err.code != ERR_NONE) out_fail(&err);
	demo_end(&demo);
	return status;
}
