#include "notices.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/notice_way.h"
#include "base/program.h"

/* Who shows notices on the session bus. Its program ends by itself when nobody answers. */
static bool ask_desktop(const char *helper, char *name, int size)
{
	const char *argv[] = {helper, "check", NULL};
	int ends[2], status = -1;
	pid_t pid;
	if (pipe(ends) != 0) return false;
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	struct program_files files = {PROGRAM_NOTHING, ends[1], PROGRAM_NOTHING, NULL, true};
	bool started = program_start((char *const *)argv, &files, &pid, NULL);
	close(ends[1]);
	FILE *out = fdopen(ends[0], "r");
	bool said = started && out && fgets(name, size, out);
	if (out)
		fclose(out);
	else
		close(ends[0]);
	if (started) waitpid(pid, &status, 0);
	if (said) name[strcspn(name, "\n")] = '\0';
	return said && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool say_desktop(const struct notice_ways *ways, struct str *says)
{
	char name[128];
	bool there = ways->helper && ways->bus && ask_desktop(ways->helper, name, sizeof(name));
	str_addf(says, "desktop: %s",
	        there           ? name
	        : !ways->helper ? "stoa-notify is not installed"
	        : !ways->bus    ? "no session bus"
	                        : "nobody on the session bus shows notices");
	return there;
}

static void say_terminal(const struct notice_ways *ways, const char *by, struct str *says)
{
	enum osc_form form = notice_form_of(ways, by);
	str_adds(says, "; terminal: ");
	if (form != OSC_NONE)
		str_addf(says, "%s%s", osc_form_name(form),
		        ways->mux == OSC_MUX_TMUX ? ", which tmux passes on with allow-passthrough"
		                                  : "");
	else
		str_adds(says, "not known to have any");
	if (ways->mux == OSC_MUX_TMUX) str_adds(says, "; tmux marks the window on a bell");
	if (ways->mux == OSC_MUX_SCREEN) str_adds(says, "; screen marks the window on a bell");
}

bool notices_say(const struct options *options, struct str *says, struct str *advice)
{
	static const char *const takes[] = {[WAY_NONE] = "stay on the status bar",
	        [WAY_DESKTOP] = "take the desktop",
	        [WAY_TERMINAL] = "take the terminal",
	        [WAY_MARK] = "ring the bell"};
	struct notice_ways ways;
	const char *by = options->notify_by;
	notice_ways_find(&ways);
	bool desktop = say_desktop(&ways, says);
	say_terminal(&ways, by, says);
	enum notice_way way = notice_way_of(&ways, by, true);
	if (way == WAY_DESKTOP && !desktop) way = notice_way_after_desktop(&ways, by, true);
	str_addf(says, "; notices %s", takes[way]);
	if (options->quiet.from != options->quiet.to) {
		str_adds(says, ", not in the hours ");
		hours_print(says, &options->quiet);
	}
	bool ok = desktop || strcmp(by, "desktop") != 0;
	if (!ok)
		str_adds(
		        advice, "`set notify-by auto` takes another way where there is no desktop");
	notice_ways_finish(&ways);
	return ok;
}
