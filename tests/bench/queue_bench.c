/* What a durable row of queue.db costs, in time and in syncs, and 10,000 of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "db/queue_db.h"
#include "db/queue_outbox.h"

enum { ROUNDS = 400, MANY = 10000 };

static unsigned long syncs;

/* In place of libc's: SQLite is linked to this one, and it counts. */
int fdatasync(int fd)
{
	syncs++;
	return fsync(fd);
}

static double now_ms(void)
{
	struct timespec at;
	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double)at.tv_sec * 1000 + (double)at.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static void die(const struct err *err)
{
	fprintf(stderr, "queue_bench: %s\n", err->text);
	exit(1);
}

static struct outgoing *a_post(int i)
{
	struct outgoing *item = xcalloc(1, sizeof(*item));
	char text[400];
	snprintf(text, sizeof(text), "%d %0300d", i, i);
	item->account = 2;
	item->text = xstrdup(text);
	item->key = xstrdup("01234567-89ab-cdef-0123-456789abcdef");
	item->at.utc_ms = 1795000000000 + i * 60000LL;
	item->media = xcalloc(1, sizeof(*item->media));
	return item;
}

/* The way of one post: its row, claimed, sending, sent. */
static void one_by_one(struct queue_db *db)
{
	double times[ROUNDS];
	struct err err = {0};
	unsigned long before = syncs;
	for (int i = 0; i < ROUNDS; i++) {
		struct outgoing *item = a_post(i);
		if (!queue_db_send(db, &item, 1, 0, 1, &err)) die(&err);
		item->state = OUTGOING_CLAIMED;
		queue_db_step(db, item, QUEUE_STEP_LAZY | QUEUE_STEP_UNLESS_HELD, 2, &err);
		item->state = OUTGOING_SENDING;
		double start = now_ms();
		if (queue_db_step(db, item, QUEUE_STEP_UNLESS_HELD, 3, &err) != QUEUE_STEP_DONE)
			die(&err);
		times[i] = now_ms() - start;
		item->state = OUTGOING_SENT;
		queue_db_step(db, item, 0, 4, &err);
		outgoing_free(item);
	}
	qsort(times, ROUNDS, sizeof(*times), by_value);
	printf("queue row, durable: p50 %.3f p99 %.3f ms\n", times[ROUNDS / 2],
	        times[ROUNDS * 99 / 100]);
	printf("syncs a post: %.2f, of which 1 makes its row\n", (double)(syncs - before) / ROUNDS);
}

static void count_one(void *ctx, struct outgoing *item)
{
	++*(size_t *)ctx;
	outgoing_free(item);
}

static void many(const char *path)
{
	struct queue_db *db;
	struct err err = {0};
	struct outgoing **items = xcalloc(MANY, sizeof(*items)), **due = NULL;
	size_t n = 0, ndue = 0;
	int64_t seq = 0, next = 0;
	if (!queue_db_open(path, &db, &err)) die(&err);
	for (int i = 0; i < MANY; i++)
		items[i] = a_post(i);
	double start = now_ms();
	if (!queue_db_send(db, items, MANY, 0, 1, &err)) die(&err);
	printf("%d posts queued at once: %.0f ms\n", MANY, now_ms() - start);
	outgoing_list_free(items, MANY);
	queue_db_close(db);
	start = now_ms();
	if (!queue_db_open(path, &db, &err)) die(&err);
	if (!queue_db_changed(db, &seq, 200, count_one, &n, &err)) die(&err);
	printf("%zu queued posts opened and told: %.0f ms\n", n, now_ms() - start);
	start = now_ms();
	if (!queue_db_due(db, 1795000000000, 256, &due, &ndue, &err) ||
	        !queue_db_next(db, 1795000000000, &next, &err))
		die(&err);
	printf("what is due of them, and the next time: %.3f ms\n", now_ms() - start);
	outgoing_list_free(due, ndue);
	queue_db_close(db);
}

int main(void)
{
	char dir[] = "/tmp/stoa-queue-bench-XXXXXX", path[64];
	struct queue_db *db;
	struct err err = {0};
	if (!mkdtemp(dir)) return 1;
	snprintf(path, sizeof(path), "%s/queue.db", dir);
	if (!queue_db_open(path, &db, &err)) die(&err);
	one_by_one(db);
	queue_db_close(db);
	snprintf(path, sizeof(path), "%s/many.db", dir);
	many(path);
	char command[64];
	snprintf(command, sizeof(command), "rm -r '%s'", dir);
	return system(command) == 0 ? 0 : 1;
}
