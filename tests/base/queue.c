#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/queue.h"

static void an_empty_queue_gives_nothing(void **state)
{
	(void)state;
	queue_free(NULL, NULL);
	struct queue *queue = queue_new(NULL, NULL);
	assert_null(queue_pop(queue));
	assert_int_equal(queue_len(queue), 0);
	queue_free(queue, free);
}

static void count(void *ctx)
{
	atomic_fetch_add((atomic_int *)ctx, 1);
}

static void it_wakes_when_it_was_empty(void **state)
{
	atomic_int woken = 0;
	int a, b;

	(void)state;
	struct queue *queue = queue_new(count, &woken);
	queue_push(queue, &a);
	assert_int_equal(woken, 1);
	queue_push(queue, &b);
	assert_int_equal(woken, 1);
	assert_int_equal(queue_len(queue), 2);
	assert_ptr_equal(queue_pop(queue), &a);
	assert_ptr_equal(queue_pop(queue), &b);
	assert_null(queue_pop(queue));
	queue_push(queue, &b);
	assert_int_equal(woken, 2);
	queue_free(queue, NULL);
}

static int freed;

static void free_one(void *msg)
{
	freed++;
	free(msg);
}

static void what_is_left_is_freed(void **state)
{
	(void)state;
	struct queue *queue = queue_new(NULL, NULL);
	for (int i = 0; i < 5; i++)
		queue_push(queue, malloc(1));
	queue_free(queue, free_one);
	assert_int_equal(freed, 5);
}

enum { WRITERS = 4, EACH = 5000 };

struct writer {
	struct queue *queue;
	int id, *numbers; /* EACH of them */
};

static void *write_all(void *arg)
{
	struct writer *writer = arg;

	for (int i = 0; i < EACH; i++) {
		writer->numbers[i] = writer->id * EACH + i;
		queue_push(writer->queue, &writer->numbers[i]);
	}
	return NULL;
}

/* The reader sleeps on this as the real ones do on a pipe. */
struct bell {
	pthread_mutex_t lock;
	pthread_cond_t rung;
	bool ringing;
};

static void ring(void *ctx)
{
	struct bell *bell = ctx;

	pthread_mutex_lock(&bell->lock);
	bell->ringing = true;
	pthread_cond_signal(&bell->rung);
	pthread_mutex_unlock(&bell->lock);
}

static void wait_for(struct bell *bell)
{
	pthread_mutex_lock(&bell->lock);
	while (!bell->ringing)
		pthread_cond_wait(&bell->rung, &bell->lock);
	bell->ringing = false;
	pthread_mutex_unlock(&bell->lock);
}

static void several_writers_lose_nothing_and_keep_their_order(void **state)
{
	struct bell bell = {.lock = PTHREAD_MUTEX_INITIALIZER, .rung = PTHREAD_COND_INITIALIZER};
	pthread_t threads[WRITERS];
	struct writer writers[WRITERS];
	int next[WRITERS] = {0}, got = 0;

	(void)state;
	struct queue *queue = queue_new(ring, &bell);
	for (int i = 0; i < WRITERS; i++) {
		writers[i] = (struct writer){.queue = queue, .id = i};
		writers[i].numbers = calloc(EACH, sizeof(int));
		assert_int_equal(pthread_create(&threads[i], NULL, write_all, &writers[i]), 0);
	}
	while (got < WRITERS * EACH) {
		int *number = queue_pop(queue);
		if (!number) {
			wait_for(&bell);
			continue;
		}
		int writer = *number / EACH;
		assert_int_equal(*number % EACH, next[writer]);
		next[writer]++;
		got++;
	}
	assert_null(queue_pop(queue));
	for (int i = 0; i < WRITERS; i++) {
		pthread_join(threads[i], NULL);
		free(writers[i].numbers);
	}
	queue_free(queue, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(an_empty_queue_gives_nothing),
	        cmocka_unit_test(it_wakes_when_it_was_empty),
	        cmocka_unit_test(what_is_left_is_freed),
	        cmocka_unit_test(several_writers_lose_nothing_and_keep_their_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
