#include "teller.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/notice_gate.h"
#include "app/notice_way.h"
#include "base/clean.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/program.h"

/* A program ends by itself after ten seconds; the end of quiet hours is looked for by the minute.
 */
enum { TELLER_PROGRAMS = GATE_MAX + 1, TELLER_BODY = 1000, MINUTE_MS = 60000 };

struct teller {
	const struct options *options;
	struct notice_ways ways;
	struct gate gate;
	pid_t programs[TELLER_PROGRAMS]; /* 0: none */
};

struct teller *teller_new(const struct options *options)
{
	struct teller *teller = xcalloc(1, sizeof(*teller));
	teller->options = options;
	notice_ways_find(&teller->ways);
	return teller;
}

void teller_free(struct teller *teller)
{
	if (!teller) return;
	notice_ways_finish(&teller->ways);
	gate_finish(&teller->gate);
	free(teller);
}

/* A title's line and a text, into a pipe that holds all of it (src/notify). */
static bool write_input(int fd, const char *title, const char *body)
{
	struct str input = {0}, text = {0};
	clean_out(&input, CLEAN_CELL, title, strlen(title));
	str_addc(&input, '\n');
	clean_out(&text, CLEAN_PLAIN, body, strlen(body));
	str_add(&input, str_c(&text), text.len < TELLER_BODY ? text.len : TELLER_BODY);
	bool ok = write(fd, input.p, input.len) == (ssize_t)input.len;
	str_finish(&input);
	str_finish(&text);
	return ok;
}

static void start(struct teller *teller, const char *title, const char *body)
{
	char show[] = "show";
	char *const argv[] = {teller->ways.helper, show, NULL};
	size_t free_place = 0;
	int ends[2];
	while (free_place < TELLER_PROGRAMS && teller->programs[free_place])
		free_place++;
	if (free_place == TELLER_PROGRAMS || pipe(ends) != 0) return;
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	struct program_files files = {ends[0], PROGRAM_NOTHING, PROGRAM_NOTHING, NULL, true};
	if (write_input(ends[1], title, body) &&
	        !program_start(argv, &files, &teller->programs[free_place], NULL))
		teller->programs[free_place] = 0;
	close(ends[0]);
	close(ends[1]);
}

static bool is_quiet(const struct teller *teller)
{
	return hours_hold(&teller->options->quiet, clock_wall(&clock_system));
}

void teller_tell(struct teller *teller, const char *title, const char *body)
{
	if (notice_way_of(&teller->ways, teller->options->notify_by, false) != WAY_DESKTOP) return;
	if (gate_pass(&teller->gate, title, body, clock_mono(&clock_system), is_quiet(teller)))
		start(teller, title, body);
}

void teller_turn(struct teller *teller)
{
	struct str title = {0}, body = {0};
	for (size_t i = 0; i < TELLER_PROGRAMS; i++) {
		pid_t pid = teller->programs[i];
		if (pid && waitpid(pid, NULL, WNOHANG) != 0) teller->programs[i] = 0;
	}
	if (gate_release(&teller->gate, clock_mono(&clock_system), is_quiet(teller), &title, &body))
		start(teller, str_c(&title), str_c(&body));
	str_finish(&title);
	str_finish(&body);
}

int teller_wait_ms(const struct teller *teller)
{
	int64_t now = clock_mono(&clock_system), next = gate_next_ms(&teller->gate);
	if (!next) return -1;
	if (is_quiet(teller)) return MINUTE_MS;
	return next > now ? (int)(next - now) : 0;
}
