/*
 * What text costs: cleaning, folding and measuring 300 bytes of it, a post in memory and
 * on the disk. The best of several rounds, because other programs only make it slower.
 * Lines `name value unit goal`.
 */
#include <locale.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clean.h"
#include "base/fold.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "synth.h"

enum { TEXTS = 2000, ROUNDS = 15 };

/* A set of texts, and what is done to one of them. */
struct corpus {
	struct str texts[TEXTS];
	size_t bytes;
};

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void fold_one(struct str *out, const struct str *text)
{
	str_clear(out);
	fold_add(out, str_c(text), text->len);
}

static void clean_one(struct str *out, const struct str *text)
{
	str_clear(out);
	clean_in(out, CLEAN_BODY, str_c(text), text->len);
}

static void measure_one(struct str *out, const struct str *text)
{
	str_clear(out);
	if (utf8_width(str_c(text), text->len) == 0) str_addc(out, '0');
}

/* Microseconds for 300 bytes. */
static double best(const struct corpus *corpus, void (*one)(struct str *, const struct str *))
{
	struct str out = {0};
	double least = 1e9;

	for (int round = 0; round < ROUNDS; round++) {
		double start = now_us();
		for (int i = 0; i < TEXTS; i++)
			one(&out, &corpus->texts[i]);
		double us = (now_us() - start) * 300 / (double)corpus->bytes;
		if (us < least) least = us;
	}
	str_finish(&out);
	return least;
}

static void say(const char *name, double value, const char *unit, const char *goal)
{
	printf("%-28s %10.3f %-6s %s\n", name, value, unit, goal);
}

static void bench_texts(const char *kind, const struct corpus *corpus, const char *goal)
{
	char name[64];

	snprintf(name, sizeof name, "fold_300_bytes_%s", kind);
	say(name, best(corpus, fold_one), "us", goal);
	snprintf(name, sizeof name, "clean_300_bytes_%s", kind);
	say(name, best(corpus, clean_one), "us", "-");
	snprintf(name, sizeof name, "width_300_bytes_%s", kind);
	say(name, best(corpus, measure_one), "us", "-");
}

static void bench_posts(void)
{
	struct page *page = synth_page(0, TEXTS);
	struct str bytes = {0};
	size_t memory = 0, disk = 0, text = 0;
	double encode = 1e9, decode = 1e9;

	for (int round = 0; round < ROUNDS; round++) {
		double in_encode = 0, in_decode = 0;
		memory = disk = text = 0;
		for (size_t i = 0; i < page->nposts; i++) {
			double start = now_us();
			str_clear(&bytes);
			post_encode(&bytes, page->posts[i]);
			double middle = now_us();
			struct post *post = post_decode(bytes.p, bytes.len);
			in_encode += middle - start;
			in_decode += now_us() - middle;
			memory += post->size;
			disk += bytes.len;
			text += post_len(post, POST_BODY);
			free(post);
		}
		if (in_encode < encode) encode = in_encode;
		if (in_decode < decode) decode = in_decode;
	}
	double n = (double)page->nposts;
	say("post_body", (double)text / n, "bytes", "-");
	say("post_in_memory", (double)memory / n, "bytes", "-");
	say("post_on_disk", (double)disk / n, "bytes", "-");
	say("post_encode", encode / n, "us", "-");
	say("post_decode_and_fold", decode / n, "us", "-");
	str_finish(&bytes);
	page_free(page);
}

int main(void)
{
	struct corpus *ascii = xcalloc(1, sizeof *ascii), *mixed = xcalloc(1, sizeof *mixed);

	setlocale(LC_ALL, "C.UTF-8");
	for (int i = 0; i < TEXTS; i++) {
		synth_text(&mixed->texts[i], (uint64_t)i);
		mixed->bytes += mixed->texts[i].len;
		while (ascii->texts[i].len < 300) {
			synth_word(&ascii->texts[i], 0, (uint64_t)i * 31 + ascii->texts[i].len);
			str_adds(&ascii->texts[i], i % 9 ? " " : ". The ");
		}
		for (size_t k = 0; k < ascii->texts[i].len; k++) {
			if (ascii->texts[i].p[k] & 0x80) ascii->texts[i].p[k] = 'e';
		}
		ascii->bytes += ascii->texts[i].len;
	}
	bench_texts("ascii", ascii, "<=0.3");
	bench_texts("mixed", mixed, "<=9");
	bench_posts();
	for (int i = 0; i < TEXTS; i++) {
		str_finish(&ascii->texts[i]);
		str_finish(&mixed->texts[i]);
	}
	free(ascii);
	free(mixed);
	return 0;
}
