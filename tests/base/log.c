#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/paths.h"

static char dir[] = "/tmp/stoa-log-XXXXXX";
static char *path;

static int make_dir(void **state)
{
	(void)state;
	if (!mkdtemp(dir)) return -1;
	path = paths_join(dir, "log");
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	unlink(path);
	free(path);
	return rmdir(dir);
}

static char *read_log(void)
{
	char *text = NULL;
	unsigned long len;

	assert_true(paths_read(path, 1 << 20, &text, &len, NULL));
	return text;
}

static void a_closed_log_takes_anything(void **state)
{
	struct err err;

	(void)state;
	log_close();
	log_put(LOG_ERROR, "test", "nobody hears %d", 1);
	assert_false(log_open("/nonexistent/log", LOG_INFO, &err));
	assert_int_equal(err.code, ERR_IO);
	assert_false(log_open(dir, LOG_INFO, NULL));
}

static void lines_have_time_level_and_area(void **state)
{
	struct stat st;

	(void)state;
	assert_true(log_open(path, LOG_INFO, NULL));
	log_put(LOG_INFO, "net", "hello %s", "world");
	log_put(LOG_DEBUG, "net", "too small to tell");
	log_put(LOG_ERROR, "net", "esc \x1b[31m \xc2\x9b nl\nLF");
	log_close();
	char *text = read_log();
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	char *first = strstr(text, " info net: hello world\n");
	assert_non_null(first);
	assert_int_equal(text[4], '-');
	assert_non_null(strstr(text, " error net: esc [31m  nl LF\n"));
	assert_null(strstr(text, "too small"));
	free(text);
	unlink(path);
}

static void an_open_file_is_made_private_and_a_link_refused(void **state)
{
	struct stat st;
	char *target = paths_join(dir, "target");

	(void)state;
	fclose(fopen(path, "w"));
	chmod(path, 0644);
	assert_true(log_open(path, LOG_INFO, NULL));
	log_close();
	stat(path, &st);
	assert_int_equal(st.st_mode & 0777, 0600);
	unlink(path);
	assert_int_equal(symlink(target, path), 0);
	assert_false(log_open(path, LOG_INFO, NULL));
	assert_int_not_equal(access(target, F_OK), 0);
	unlink(path);
	free(target);
}

static void *chat(void *arg)
{
	for (int i = 0; i < 200; i++)
		log_put(LOG_WARN, arg, "%s line %d ends", (char *)arg, i);
	return NULL;
}

static void lines_of_two_threads_do_not_mix(void **state)
{
	static char first[] = "aaa", second[] = "bbb";
	pthread_t a, b;
	size_t lines = 0;

	(void)state;
	assert_true(log_open(path, LOG_DEBUG, NULL));
	pthread_create(&a, NULL, chat, first);
	pthread_create(&b, NULL, chat, second);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	log_close();
	char *text = read_log();
	for (char *line = text, *end; *line; line = end + 1, lines++) {
		end = strchr(line, '\n');
		assert_non_null(end);
		assert_memory_equal(end - 4, "ends", 4);
	}
	assert_int_equal(lines, 400);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_closed_log_takes_anything),
	        cmocka_unit_test(lines_have_time_level_and_area),
	        cmocka_unit_test(an_open_file_is_made_private_and_a_link_refused),
	        cmocka_unit_test(lines_of_two_threads_do_not_mix),
	};
	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
