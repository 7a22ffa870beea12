/* What it costs to turn the HTML of a post into text and facets: html_bench (quality.md P13). */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/str.h"
#include "networks/html.h"
#include "synth.h"

enum { POSTS = 1000, ROUNDS = 5 };

static double now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* A post's body as Mastodon writes it: a paragraph, a mention, a tag and a link. */
static void body(struct str *out, unsigned n)
{
	str_adds(out, "<p>");
	synth_text(out, n);
	str_addf(out,
	        " <span class=\"h-card\"><a href=\"https://stoa.example/@p%u\" class=\"u-url "
	        "mention\">"
	        "@<span>p%u</span></a></span> <a href=\"https://stoa.example/tags/t%u\" "
	        "class=\"mention hashtag\" rel=\"tag\">#<span>t%u</span></a></p><p><a "
	        "href=\"https://news%u.example/a/long/way/to/an/article\" rel=\"nofollow "
	        "noopener\">"
	        "<span class=\"invisible\">https://</span><span "
	        "class=\"ellipsis\">news%u.example/a/long"
	        "</span><span class=\"invisible\">/way/to/an/article</span></a></p>",
	        n, n, n, n, n, n);
}

int main(void)
{
	struct str posts[POSTS] = {0};
	size_t bytes = 0, facets = 0;
	double best = 1e12;
	for (unsigned i = 0; i < POSTS; i++) {
		body(&posts[i], i);
		bytes += posts[i].len;
	}
	for (int round = 0; round < ROUNDS; round++) {
		double before = now_us();
		for (size_t i = 0; i < POSTS; i++) {
			struct text text = {0};
			html_text(&text, posts[i].p, posts[i].len, &(struct html_options){0});
			facets += text.nfacets;
			text_finish(&text);
		}
		double took = now_us() - before;
		if (took < best) best = took;
	}
	printf("html text-and-facets %.1f us/post (%zu bytes, %.1f facets a post) goal 25\n",
	        best / POSTS, bytes / POSTS, (double)facets / POSTS / ROUNDS);
	for (size_t i = 0; i < POSTS; i++)
		str_finish(&posts[i]);
	return 0;
}
