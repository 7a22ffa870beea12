#include <assert.h>
#include <locale.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/clean.h"
#include "base/fold.h"
#include "base/utf8.h"

/*
 * Whatever the bytes: cleaned text is valid, cleaning is idempotent, clusters cover the
 * text, what is shown is as wide as libc says, folding's map leads back.
 */

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return setlocale(LC_ALL, "C.UTF-8") ? 0 : -1;
}

static void check_clean(const char *p, size_t len, int kind, int is_in)
{
	struct str once = {0}, twice = {0};

	if (is_in) {
		clean_in(&once, (enum clean_in)kind, p, len);
		clean_in(&twice, (enum clean_in)kind, str_c(&once), once.len);
	} else {
		clean_out(&once, (enum clean_out)kind, p, len);
		clean_out(&twice, (enum clean_out)kind, str_c(&once), once.len);
	}
	assert(utf8_valid(str_c(&once), once.len));
	assert(once.len <= len * 8);
	assert(once.len == twice.len);
	assert(memcmp(str_c(&once), str_c(&twice), once.len) == 0);
	for (size_t i = 0; i < once.len; i++) {
		unsigned char b = (unsigned char)once.p[i];
		assert(b >= 0x20 || b == '\n' || b == '\t');
		assert(b != 0x7f);
	}
	str_finish(&once);
	str_finish(&twice);
}

static void check_moving(const char *p, size_t len)
{
	struct str plain = {0}, moving = {0};
	size_t offsets[8];

	for (size_t i = 0; i < 8; i++)
		offsets[i] = len * i / 7;
	clean_in(&plain, CLEAN_BODY, p, len);
	clean_in_moving(&moving, CLEAN_BODY, p, len, offsets, 8);
	assert(plain.len == moving.len);
	for (size_t i = 0; i < 8; i++) {
		assert(offsets[i] <= moving.len);
		assert(i == 0 || offsets[i - 1] <= offsets[i]);
	}
	str_finish(&plain);
	str_finish(&moving);
}

static void check_shown(const char *p, size_t len)
{
	char shown[15];
	int width, first, sum = 0;
	size_t n = utf8_show(shown, p, len, &width);

	assert(n <= sizeof shown && width <= 2 && (width > 0) == (n > 0));
	for (size_t i = 0; i < n;) {
		int32_t cp;
		i += utf8_decode(shown + i, n - i, &cp);
		assert(wcwidth((wchar_t)cp) >= 0);
		sum += wcwidth((wchar_t)cp);
	}
	assert(sum == width);
	utf8_spacing(shown, n, &first);
	assert(first <= width);
	assert(utf8_ascii(shown, p, len, width) == (size_t)width);
}

static void check_clusters(const char *p, size_t len)
{
	size_t cells = 0, clusters = 0;

	for (size_t i = 0; i < len; clusters++) {
		struct cluster cluster = utf8_cluster(p + i, len - i);
		assert(cluster.len > 0 && cluster.len <= len - i);
		check_shown(p + i, cluster.len);
		cells += (size_t)cluster.width;
		i += cluster.len;
		assert(i != len / 2 || utf8_prefix(p, len, i) == i);
	}
	assert(cells == utf8_width(p, len));
	assert(clusters == utf8_clusters(p, len));
}

static void check_fold(const char *p, size_t len)
{
	struct str plain = {0}, mapped = {0};
	uint32_t *map;

	fold_add(&plain, p, len);
	fold_map(&mapped, &map, p, len);
	assert(plain.len == mapped.len && memcmp(str_c(&plain), str_c(&mapped), plain.len) == 0);
	assert(utf8_valid(str_c(&plain), plain.len));
	assert(map[mapped.len] == len);
	for (size_t i = 0; i < mapped.len; i++)
		assert(map[i] <= map[i + 1]);
	free(map);
	str_finish(&plain);
	str_finish(&mapped);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data;

	for (int kind = CLEAN_BODY; kind <= CLEAN_NAME; kind++)
		check_clean(p, size, kind, 1);
	for (int kind = CLEAN_CELL; kind <= CLEAN_URL; kind++)
		check_clean(p, size, kind, 0);
	check_moving(p, size);
	check_clusters(p, size);
	check_fold(p, size);
	return 0;
}
