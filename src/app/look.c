#include "app/look.h"

#include <stdlib.h>
#include <string.h>

#include "app/ask.h"
#include "app/overlay.h"
#include "base/mem.h"

/* What the view borrows. */
struct looking {
	char *who;
	struct person *person;
	char *trouble;
	job_id job;
};

void look_close(struct app *app)
{
	struct looking *looking = app->looking;
	if (!looking) return;
	app->looking = NULL;
	app_ask_no_more(app, looking->job);
	person_free(looking->person);
	free(looking->who);
	free(looking->trouble);
	free(looking);
	app->profile = (struct profile_view){0};
}

static char *copy_of(const char *s)
{
	return s ? xstrdup(s) : NULL;
}

/* The event is only lent. */
static struct person *person_copy(const struct person *person)
{
	struct person *copy = person_new();
	*copy = *person;
	copy->fields = NULL;
	copy->pinned = NULL;
	copy->nfields = copy->npinned = 0;
	copy->uri = copy_of(person->uri);
	copy->remote_id = copy_of(person->remote_id);
	copy->bio = copy_of(person->bio);
	copy->moved_to = copy_of(person->moved_to);
	copy->note = copy_of(person->note);
	for (size_t i = 0; i < person->nfields; i++) {
		const struct person_field *field = &person->fields[i];
		person_add_field(copy, field->name, field->value, field->verified_ms);
	}
	for (size_t i = 0; i < person->npinned; i++)
		person_add_pinned(copy, person->pinned[i]);
	return copy;
}

/* Their profile is in the store when the question has ended. */
static void on_done(struct app *app, struct looking *looking, const struct err *err)
{
	looking->job = 0;
	if (looking->person && looking->person->uri)
		app->profile.profile = store_find_profile(app->store, looking->person->uri);
	if (err->code == ERR_NONE || looking->person) return;
	looking->trouble = xstrdup(err->text);
	app->profile.trouble = looking->trouble;
}

static bool on_answer(struct app *app, const struct event *event, void *ctx)
{
	struct looking *looking = app->looking;
	(void)ctx;
	if (!looking || looking->job != event->reply_to) return true;
	app->dirty = true;
	if (event->kind == EVENT_DONE) {
		on_done(app, looking, &event->err);
		return true;
	}
	if (event->kind != EVENT_PERSON || !event->person) return false;
	person_free(looking->person);
	looking->person = person_copy(event->person);
	app->profile.person = looking->person;
	return true;
}

void look_open(struct app *app, const struct account *account, const char *who)
{
	overlay_close_all(app);
	struct looking *looking = xcalloc(1, sizeof(*looking));
	looking->who = xstrdup(*who == '@' ? who + 1 : who);
	app->looking = looking;
	app->overlay = OVERLAY_PROFILE;
	app->profile = (struct profile_view){.account = account->id,
	        .who = looking->who,
	        .profile = store_find_profile(app->store, looking->who)};
	struct job *job = job_new(JOB_PERSON);
	job->account = account->id;
	job->arg = xstrdup(looking->who);
	looking->job = app_ask(app, job, on_answer, NULL);
	app->dirty = true;
}
