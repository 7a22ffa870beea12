#pragma once
#include <stddef.h>

/* A FIFO of owned messages between threads: any writers, one reader. */
struct queue;

/*
 * `wake` is called, on the pushing thread and outside the lock, after a push
 * that made the queue non-empty. It must not block: curl_multi_wakeup() one way,
 * a write to a pipe the other.
 */
struct queue *queue_new(void (*wake)(void *ctx), void *ctx);
void queue_free(struct queue *queue, void (*free_msg)(void *msg));

void queue_push(struct queue *queue, void *msg); /* any thread; takes msg */
void *queue_pop(struct queue *queue);            /* one reader; NULL if empty */
size_t queue_len(struct queue *queue);           /* any thread; a snapshot */
