#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "inside.h"

/*
 * A signal becomes a byte in a pipe that the loop polls. The handler may know nothing but
 * the pipe's end, which therefore is the one thing here that is not in struct app.
 */
static volatile sig_atomic_t pipe_end = -1;

static const int handled[] = {SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT, SIGCHLD};
enum { HANDLED = sizeof(handled) / sizeof(*handled) };

static void on_signal(int number)
{
	int saved = errno;
	unsigned char byte = (unsigned char)number;
	if (pipe_end >= 0 && write(pipe_end, &byte, 1) < 0) errno = 0; /* full: it will be read */
	errno = saved;
}

static void catch (int number, void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
	sigemptyset(&action.sa_mask);
	sigaction(number, &action, NULL);
}

bool signals_start(struct app *app, struct err *err)
{
	int ends[2];
	if (pipe(ends) != 0) return err_set(err, ERR_IO, "no pipe: %s", strerror(errno));
	for (int i = 0; i < 2; i++) {
		fcntl(ends[i], F_SETFD, FD_CLOEXEC);
		fcntl(ends[i], F_SETFL, O_NONBLOCK);
	}
	app->signal_fd = ends[0];
	pipe_end = ends[1];
	for (int i = 0; i < HANDLED; i++)
		catch (handled[i], on_signal);
	catch (SIGPIPE, SIG_IGN);
	return true;
}

void signals_stop(struct app *app)
{
	if (app->signal_fd < 0) return;
	for (int i = 0; i < HANDLED; i++)
		catch (handled[i], SIG_DFL);
	int end = pipe_end;
	pipe_end = -1;
	close(end);
	close(app->signal_fd);
	app->signal_fd = -1;
}

void app_suspend(struct app *app)
{
	app->term.ops->suspend(app->term.ctx);
	catch (SIGTSTP, SIG_DFL);
	raise(SIGTSTP);
	/* Here again: somebody said `fg`. */
	catch (SIGTSTP, on_signal);
	app->term.ops->resume(app->term.ctx);
	app->term.ops->redraw(app->term.ctx);
	app->dirty = app->stale_layout = true;
	app->minute_ms = 0;
	app_post(app, job_new(JOB_RESUMED));
}

void signals_take(struct app *app)
{
	unsigned char bytes[64];
	ssize_t n;
	while ((n = read(app->signal_fd, bytes, sizeof(bytes))) > 0) {
		for (ssize_t i = 0; i < n; i++) {
			switch (bytes[i]) {
			case SIGHUP:
				app->hung_up = true;
				app_quit(app, 0);
				break;
			case SIGTERM:
			case SIGINT:
				app_quit(app, 0);
				break;
			case SIGTSTP:
				app_suspend(app);
				break;
			case SIGCONT:
				/* Stopped by force, with the screen as it was: it may be anything
				 * now. */
				app->term.ops->redraw(app->term.ctx);
				app->dirty = true;
				app->minute_ms = 0;
				break;
			default:
				break; /* SIGCHLD: spawn_take looks after children each turn */
			}
		}
	}
}
