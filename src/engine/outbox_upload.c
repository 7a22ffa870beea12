#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "engine/media.h"
#include "engine/outbox.h"
#include "engine/outbox_media.h"

/* Attachments leave one by one, before their post is prepared: each made fit, then uploaded. */

enum { TELL_EVERY_MS = 250 };

static void drop_ready(struct errand *errand)
{
	if (errand->ready) unlink(errand->ready);
	free(errand->ready);
	errand->ready = NULL;
}

void errand_drop_upload(struct errand *errand)
{
	struct media_made made;
	if (errand->task) media_task_end(errand->task, &made, NULL);
	errand->task = NULL;
	drop_ready(errand);
}

static void uploaded(struct fetch *fetch, enum call_next how)
{
	struct errand *errand = fetch->errand;
	struct outgoing_media *media = &errand->item->media[errand->publish.upload];
	if (how != CALL_DONE || !errand->publish.made) {
		struct err err = fetch->call.err;
		if (how == CALL_DONE)
			err_set(&err, ERR_SERVER, "%s does not name what was uploaded",
			        errand_host(errand));
		errand_not_sent(errand, &err);
		return;
	}
	drop_ready(errand);
	errand_take(&media->made, &errand->publish.made);
	enum queue_step step =
	        outbox_step(errand->outbox, errand->item, QUEUE_STEP_LAZY | QUEUE_STEP_QUIET);
	if (step != QUEUE_STEP_DONE) {
		errand_refused(errand, step);
		return;
	}
	outbox_point(errand->outbox, "uploaded");
	errand_upload(errand);
}

/* The first attachment that its server does not have. */
static size_t next_media(const struct outgoing *item)
{
	size_t i = 0;
	while (i < item->nmedia && item->media[i].made)
		i++;
	return i;
}

static void on_progress(struct fetch *fetch, size_t sent, size_t total)
{
	struct errand *errand = fetch->errand;
	struct outgoing *item = errand->item;
	int64_t now = core_now(errand->outbox->core);
	double part = total ? (double)sent / (double)total : 0;
	int percent = (int)(((double)errand->publish.upload + part) * 100 / (double)item->nmedia);
	if (percent == item->uploaded || now - errand->told_ms < TELL_EVERY_MS) return;
	errand->told_ms = now;
	item->uploaded = percent;
	outbox_tell_item(errand->outbox, item);
}

static void upload(struct errand *errand, const char *file)
{
	struct outgoing *item = errand->item;
	const struct network *net = errand_network(errand);
	size_t i = next_media(item);
	if (!errand_call(errand, net ? net->upload : NULL, uploaded)) {
		struct err err = {0};
		err_set(&err, ERR_UNSUPPORTED, "%s takes no attachments", errand_host(errand));
		errand_not_sent(errand, &err);
		return;
	}
	errand->publish.upload = i;
	errand->publish.file = file;
	errand->publish.type = item->media[i].type;
	errand->fetch->writes = true;
	errand->fetch->on_progress = on_progress;
	fetch_begin(errand->fetch);
}

/* From the thread that makes an attachment ready. */
static void wake(void *ctx)
{
	struct core *core = ctx;
	queue_push(core->inbox, letter_new(LETTER_QUEUE));
}

static void media_is_ready(struct errand *errand)
{
	struct outgoing_media *media = &errand->item->media[next_media(errand->item)];
	struct media_made made;
	struct err err = {0};
	struct media_task *task = errand->task;
	errand->task = NULL;
	if (!media_task_end(task, &made, &err)) {
		errand_not_sent(errand, &err);
		return;
	}
	free(media->type);
	media->type = xstrdup(made.type);
	media->width = made.width;
	media->height = made.height;
	if (*made.note) outbox_notice(errand->outbox, ERR_NONE, "%s", made.note);
	upload(errand, errand->ready);
}

void errands_media(struct outbox *outbox)
{
	struct errand *errand, *next;
	DL_FOREACH_SAFE(outbox->errands, errand, next)
	{
		if (errand->task && media_task_is_over(errand->task)) media_is_ready(errand);
	}
}

void errand_upload(struct errand *errand)
{
	struct outbox *outbox = errand->outbox;
	struct outgoing *item = errand->item;
	const struct signin *signin = signin_by_id(outbox->core, item->account);
	struct err err = {0};
	size_t i = next_media(item);
	if (i == item->nmedia) {
		errand_prepare(errand);
		return;
	}
	bool fine = media_look(&item->media[i], &err);
	if (fine && outbox->media_program && outbox->lock && signin) {
		errand->task = media_begin(outbox->media_program, outbox->core->state_dir,
		        &item->media[i], signin->account, wake, outbox->core, &errand->ready, &err);
		if (!errand->task) errand_not_sent(errand, &err);
	} else if (fine) {
		upload(errand, item->media[i].path);
	} else {
		errand_not_sent(errand, &err);
	}
}
