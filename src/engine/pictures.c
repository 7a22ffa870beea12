#include "engine/pictures.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/paths.h"
#include "engine/fetch.h"
#include "engine/media.h"
#include "engine/picture_cache.h"
#include "engine/picture_task.h"
#include "engine/signin.h"
#include "net/url.h"

/* Servers send a page of posts and expect that its pictures are asked for. */
enum { PICTURE_BURST = 24 };

/* One that is wanted, from its job to its DONE. */
struct picture_order {
	job_id job;
	char *url;
	struct image_wish wish;
	bool urgent;
	enum { ORDER_FETCHES, ORDER_WAITS, ORDER_DECODES } stage;
	struct picture_task *task; /* while it decodes */
	struct picture_order *prev, *next;
};

struct pictures {
	struct core *core;
	struct picture_cache *cache;
	char *program;                /* NULL: it was not built, or is not there */
	struct picture_order *orders; /* a list, the oldest first */
	size_t norders;
};

struct pictures *pictures_new(
        struct core *core, const char *cache_dir, int64_t max_bytes, const char *program)
{
	struct pictures *pictures = xcalloc(1, sizeof(*pictures));
	char *dir = paths_join(cache_dir, "pictures");
	pictures->core = core;
	pictures->cache = picture_cache_new(dir, max_bytes);
	pictures->program = program ? xstrdup(program) : media_program();
	free(dir);
	return pictures;
}

static void order_free(struct pictures *pictures, struct picture_order *order)
{
	DL_DELETE(pictures->orders, order);
	pictures->norders--;
	if (order->task) image_free(picture_task_end(order->task, NULL));
	free(order->url);
	free(order);
}

void pictures_free(struct pictures *pictures)
{
	if (!pictures) return;
	while (pictures->orders)
		order_free(pictures, pictures->orders);
	picture_cache_free(pictures->cache);
	free(pictures->program);
	free(pictures);
}

void pictures_limit(struct pictures *pictures, int64_t max_bytes)
{
	if (pictures) picture_cache_limit(pictures->cache, max_bytes);
}

static void order_fail(
        struct pictures *pictures, struct picture_order *order, const struct err *why)
{
	jobs_done(pictures->core, order->job, why);
	order_free(pictures, order);
}

/* -- the network's part -- */

/* What a fetch of a picture needs besides (call->data). */
struct picture_call {
	struct picture_cache *cache; /* borrowed */
};

static enum call_next ask(struct call *call, struct request *req)
{
	req->method = "GET";
	req->url = xstrdup(call->url);
	req->follow = true;
	req->max_body = PICTURE_MAX_BYTES;
	request_header(req, "Accept: image/webp, image/jpeg, image/png, image/gif");
	return CALL_SEND;
}

static enum call_next picture_step(
        struct call *call, const struct response *answer, struct request *req)
{
	const struct picture_call *mine = call->data;
	if (!answer) return ask(call, req);
	if (answer->status == 0)
		call->err = answer->err;
	else if (answer->status != 200)
		err_set(&call->err, ERR_SERVER, "the server answers %d", answer->status);
	else if (answer->body_len == 0)
		err_set(&call->err, ERR_SERVER, "the server sent nothing");
	else if (picture_cache_put(
	                 mine->cache, call->url, answer->body, answer->body_len, &call->err))
		return CALL_DONE;
	return CALL_FAIL;
}

static const struct network picture_network = {
        .name = "pictures",
        .call_size = sizeof(struct picture_call),
};

static void fetched(struct fetch *fetch, enum call_next how)
{
	struct pictures *pictures = fetch->core->pictures;
	struct picture_order *order, *next;
	DL_FOREACH_SAFE(pictures->orders, order, next)
	{
		if (order->stage != ORDER_FETCHES || strcmp(order->url, fetch->call.url) != 0)
			continue;
		if (how == CALL_DONE)
			order->stage = ORDER_WAITS;
		else
			order_fail(pictures, order, &fetch->call.err);
	}
}

/* On the very server that somebody signed in at by its local address? */
static bool may_be_local(struct core *core, account_id account, const char *url)
{
	const struct signin *signin = signin_by_id(core, account);
	if (!signin || signin->account->id == ACCOUNT_FEEDS) return false;
	char *root = account_root(signin->account);
	bool may = url_is_local(root) && url_same_origin(root, url);
	free(root);
	return may;
}

static void begin_fetch(
        struct pictures *pictures, const struct picture_order *order, account_id account)
{
	struct account *nobody = account_new(picture_network.name, picture_network.name, "");
	struct fetch_plan plan = {
	        .net = &picture_network,
	        .step = picture_step,
	        .account = nobody,
	        .typed = order->url,
	        .typed_local = may_be_local(pictures->core, account, order->url),
	        .priority = order->urgent ? PACE_USER : PACE_LATER,
	        .on_end = fetched,
	};
	struct fetch *fetch = fetch_new(pictures->core, &plan);
	fetch->account = nobody;
	fetch->url = xstrdup(order->url);
	fetch->call.url = fetch->url;
	fetch->burst = PICTURE_BURST;
	((struct picture_call *)fetch->call.data)->cache = pictures->cache;
	fetch_begin(fetch);
}

/* -- orders -- */

static bool is_being_fetched(const struct pictures *pictures, const struct picture_order *mine)
{
	const struct picture_order *order;
	DL_FOREACH(pictures->orders, order)
	{
		if (order != mine && order->stage == ORDER_FETCHES &&
		        strcmp(order->url, mine->url) == 0)
			return true;
	}
	return false;
}

static bool can_want(const struct pictures *pictures, const struct job *job, struct err *err)
{
	const struct image_wish *wish = &job->wish;
	uint32_t most = wish->form ? IMAGE_MAX_PIXELS : IMAGE_MAX_CELLS;
	if (!pictures) return err_set(err, ERR_UNSUPPORTED, "there is no place to keep pictures");
	if (!pictures->program)
		return err_set(
		        err, ERR_UNSUPPORTED, "the program that decodes pictures is missing");
	if (!job->arg || !url_is_web(job->arg))
		return err_set(err, ERR_SYNTAX, "a picture has an http or https address");
	if (!wish->width || !wish->height || wish->width > most || wish->height > most)
		return err_set(err, ERR_TOO_LARGE, "a picture of %u times %u is not drawn",
		        wish->width, wish->height);
	return pictures->norders < PICTURES_MAX_WAITING ||
	       err_set(err, ERR_TOO_LARGE, "%d pictures are waited for", PICTURES_MAX_WAITING);
}

enum outcome pictures_want(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	struct pictures *pictures = core->pictures;
	if (!can_want(pictures, job, err)) return OUTCOME_FAILED;
	struct picture_order *order = xcalloc(1, sizeof(*order));
	*order = (struct picture_order){
	        .job = open->id, .url = job->arg, .wish = job->wish, .urgent = job->at_ms != 0};
	job->arg = NULL;
	DL_APPEND(pictures->orders, order);
	pictures->norders++;
	if (picture_cache_has(pictures->cache, order->url))
		order->stage = ORDER_WAITS;
	else if (!is_being_fetched(pictures, order))
		begin_fetch(pictures, order, job->account);
	return OUTCOME_PENDING;
}

void pictures_forget(struct pictures *pictures, job_id job)
{
	struct picture_order *order, *next;
	DL_FOREACH_SAFE(pictures ? pictures->orders : NULL, order, next)
	{
		/* One that is fetched stays: others may want it too, and it will be kept. */
		if (order->job == job && order->stage == ORDER_WAITS) order_free(pictures, order);
	}
}

static void wake(void *ctx)
{
	struct transport *http = ((struct pictures *)ctx)->core->http;
	http->ops->wakeup(http);
}

static void deliver(struct pictures *pictures, struct picture_order *order)
{
	struct core *core = pictures->core;
	struct err err = {0};
	struct image *image = picture_task_end(order->task, &err);
	order->task = NULL;
	if (!image) {
		/* What cannot be decoded is not worth keeping. */
		char *path = picture_cache_path(pictures->cache, order->url);
		unlink(path);
		free(path);
		order_fail(pictures, order, &err);
		return;
	}
	if (jobs_find(core, order->job)) {
		struct event *event = event_new(EVENT_PICTURE);
		event->reply_to = order->job;
		event->image = image;
		core->emit(core->emit_ctx, event);
	} else {
		image_free(image);
	}
	jobs_done(core, order->job, NULL);
	order_free(pictures, order);
}

/* The next to be decoded: what somebody waits for, else the oldest. */
static struct picture_order *next_waiting(struct pictures *pictures)
{
	struct picture_order *order, *best = NULL;
	DL_FOREACH(pictures->orders, order)
	{
		if (order->stage == ORDER_WAITS && (!best || (order->urgent && !best->urgent)))
			best = order;
	}
	return best;
}

void pictures_tick(struct pictures *pictures)
{
	if (!pictures) return;
	int running = 0;
	struct picture_order *order, *next;
	DL_FOREACH_SAFE(pictures->orders, order, next)
	{
		if (!order->task) continue;
		if (picture_task_is_over(order->task))
			deliver(pictures, order);
		else
			running++;
	}
	for (; running < PICTURES_AT_ONCE && (order = next_waiting(pictures)); running++) {
		char *path = picture_cache_path(pictures->cache, order->url);
		order->stage = ORDER_DECODES;
		order->task =
		        picture_task_start(pictures->program, path, &order->wish, wake, pictures);
		free(path);
	}
}
