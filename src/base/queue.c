#include "base/queue.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"

struct node {
	struct node *next;
	void *msg;
};

struct queue {
	pthread_mutex_t lock; /* guards the rest but wake and ctx, which never change */
	struct node *first, **end;
	size_t len;
	void (*wake)(void *ctx);
	void *ctx;
};

struct queue *queue_new(void (*wake)(void *ctx), void *ctx)
{
	struct queue *queue = xcalloc(1, sizeof *queue);

	pthread_mutex_init(&queue->lock, NULL);
	queue->end = &queue->first;
	queue->wake = wake;
	queue->ctx = ctx;
	return queue;
}

void queue_free(struct queue *queue, void (*free_msg)(void *msg))
{
	if (!queue) return;
	for (void *msg; (msg = queue_pop(queue));) {
		if (free_msg) free_msg(msg);
	}
	pthread_mutex_destroy(&queue->lock);
	free(queue);
}

void queue_push(struct queue *queue, void *msg)
{
	struct node *node = xmalloc(sizeof *node);

	*node = (struct node){.msg = msg};
	pthread_mutex_lock(&queue->lock);
	bool was_empty = !queue->first;
	*queue->end = node;
	queue->end = &node->next;
	queue->len++;
	pthread_mutex_unlock(&queue->lock);

	if (was_empty && queue->wake) queue->wake(queue->ctx);
}

void *queue_pop(struct queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	struct node *node = queue->first;
	if (node) {
		queue->first = node->next;
		if (!queue->first) queue->end = &queue->first;
		queue->len--;
	}
	pthread_mutex_unlock(&queue->lock);

	void *msg = node ? node->msg : NULL;
	free(node);
	return msg;
}

size_t queue_len(struct queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	size_t len = queue->len;
	pthread_mutex_unlock(&queue->lock);
	return len;
}
