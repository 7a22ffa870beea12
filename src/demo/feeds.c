#include <stdio.h>
#include <string.h>
#include <time.h>

#include "demo/handlers.h"
#include "demo/put.h"

/*
 * Feeds in the three formats that matter. Each has a past of its own, and takes its
 * turn when the world lets a feed item come (world->feed_ms). With ETag and
 * Last-Modified: a feed that has not changed costs a 304.
 */
enum format { RSS, ATOM, JSON_FEED };
enum { PAST = 24, PARTS = 6 };
static const int64_t step_ms = (int64_t)5 * 3600 * 1000;

static const struct feed {
	const char *file;
	enum format format;
	const char *title, *site, *lang, *author;
	const char *subject[PARTS], *event[PARTS], *body;
} feeds[] = {
        {"harbour.xml", RSS, "Harbour Notes", "https://harbour.example", "en", "Mina Okafor",
                {"The curlews", "The lock keeper", "The tide table", "The old crane", "The ferry",
                        "A fog signal"},
                {"came back early", "has a new bell", "was wrong by a minute", "moved in its sleep",
                        "runs again", "got its paint"},
                "Low water was quiet. Somebody had <em>written the time</em> on the quay in chalk, "
                "and the chalk "
                "was right."},
        {"bouwnieuws.xml", ATOM, "Bouwnieuws & Co", "https://bouw.example/nieuws", "nl", "Redactie",
                {"De dakkapel", "Een fundering", "De aannemer", "Het bestek", "De vergunning",
                        "Isolatie"},
                {"kan ook zonder kraan", "vraagt om geduld", "belt voortaan zelf", "in gewone taal",
                        "duurt nu korter", "blijft mensenwerk"},
                "Wij vroegen het drie aannemers en één ervan belde terug. <strong>Dat was meteen "
                "het antwoord."
                "</strong>"},
        {"kernel.xml", RSS, "Small Kernels", "https://code.example/kernels", "en", "Edsger",
                {"poll(2)", "A page fault", "The self-pipe", "An inode", "The scheduler", "errno"},
                {"explained with tea", "before breakfast", "still wins", "and its neighbours",
                        "takes a nap", "is not your enemy"},
                "Consider <code>for (;;)</code>. Now consider leaving it. The rest is "
                "bookkeeping."},
        {"letters.json", JSON_FEED, "Lettres du fournil", "https://pain.example", "fr",
                "Chloé Lefèvre",
                {"Le levain", "La croûte", "Le four", "La farine", "Le sel", "La patience"},
                {"a bon caractère", "chante en refroidissant", "se fait vieux", "vient de loin",
                        "arrive en dernier", "ne se pèse pas"},
                "On pétrit, on attend, on recommence. <a href=\"/recettes/seigle\">La recette du "
                "seigle</a> a "
                "changé."},
};
enum { NFEEDS = sizeof feeds / sizeof *feeds };

/* One item: the past's are numbered downwards from the start, the new ones upwards. */
struct item {
	size_t number;
	int64_t at_ms;
	char title[200];
};

static size_t new_items(const struct world *world, size_t which)
{
	return world->nfeed_ms / NFEEDS + (world->nfeed_ms % NFEEDS > which);
}

static void make_item(const struct world *world, size_t which, size_t number, struct item *out)
{
	const struct feed *feed = &feeds[which];
	out->number = number;
	out->at_ms = number < PAST ? world->start_ms - (int64_t)(PAST - number) * step_ms
	                           : world->feed_ms[(number - PAST) * NFEEDS + which];
	snprintf(out->title, sizeof out->title, "%s %s", feed->subject[number % PARTS],
	        feed->event[(number / PARTS + number) % PARTS]);
}

static void http_date(char out[40], int64_t ms)
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm;
	gmtime_r(&seconds, &tm);
	strftime(out, 40, "%a, %d %b %Y %H:%M:%S GMT", &tm);
}

static void add_xml(struct str *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '&')
			str_adds(out, "&amp;");
		else if (*text == '<')
			str_adds(out, "&lt;");
		else
			str_addc(out, *text);
	}
}

static void add_tag(struct str *out, const char *tag, const char *text)
{
	str_addf(out, "<%s>", tag);
	add_xml(out, text);
	str_addf(out, "</%s>\n", tag);
}

static void add_rss(struct exchange *x, size_t which, size_t n)
{
	const struct feed *feed = &feeds[which];
	struct str *out = &x->body;
	char date[40];
	str_addf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" "
	              "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
	              "xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n<channel>\n");
	add_tag(out, "title", feed->title);
	add_tag(out, "link", feed->site);
	add_tag(out, "description", feed->title);
	add_tag(out, "language", feed->lang);
	for (size_t i = n; i > 0; i--) {
		struct item item;
		make_item(x->world, which, i - 1, &item);
		http_date(date, item.at_ms);
		str_adds(out, "<item>\n");
		add_tag(out, "title", item.title);
		str_addf(out, "<link>%s/%zu</link>\n<guid isPermaLink=\"false\">%s#%zu</guid>\n",
		        feed->site, item.number, feed->file, item.number);
		add_tag(out, "pubDate", date);
		add_tag(out, "dc:creator", feed->author);
		str_addf(out,
		        "<content:encoded><![CDATA[<p>%s.</p><p>%s</p>]]></content:encoded>\n</"
		        "item>\n",
		        item.title, feed->body);
	}
	str_adds(out, "</channel>\n</rss>\n");
}

static void add_atom(struct exchange *x, size_t which, size_t n)
{
	const struct feed *feed = &feeds[which];
	struct str *out = &x->body;
	char date[32];
	struct item newest;
	make_item(x->world, which, n - 1, &newest);
	date_print(date, newest.at_ms);
	str_addf(out,
	        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"%s\">\n<id>%s/</id>\n"
	        "<link href=\"%s\"/>\n",
	        feed->lang, feed->site, feed->site);
	add_tag(out, "title", feed->title);
	add_tag(out, "updated", date);
	str_addf(out, "<author><name>%s</name></author>\n", feed->author);
	for (size_t i = n; i > 0; i--) {
		struct item item;
		make_item(x->world, which, i - 1, &item);
		date_print(date, item.at_ms);
		str_addf(out, "<entry>\n<id>%s/%zu</id>\n<link href=\"%s/%zu\"/>\n", feed->site,
		        item.number, feed->site, item.number);
		add_tag(out, "title", item.title);
		add_tag(out, "updated", date);
		str_adds(out, "<content type=\"html\">");
		add_xml(out, "<p>");
		add_xml(out, item.title);
		add_xml(out, ".</p><p>");
		add_xml(out, feed->body);
		add_xml(out, "</p>");
		str_adds(out, "</content>\n</entry>\n");
	}
	str_adds(out, "</feed>\n");
}

static void add_json(struct exchange *x, size_t which, size_t n)
{
	const struct feed *feed = &feeds[which];
	struct str *out = &x->body;
	put_open(out, NULL, '{');
	put_str(out, "version", "https://jsonfeed.org/version/1.1");
	put_str(out, "title", feed->title);
	put_str(out, "home_page_url", feed->site);
	put_str(out, "language", feed->lang);
	put_open(out, "items", '[');
	for (size_t i = n; i > 0; i--) {
		struct item item;
		make_item(x->world, which, i - 1, &item);
		put_open(out, NULL, '{');
		put_strf(out, "id", "%s#%zu", feed->file, item.number);
		put_strf(out, "url", "%s/%zu", feed->site, item.number);
		put_str(out, "title", item.title);
		put_strf(out, "content_html", "<p>%s.</p><p>%s</p>", item.title, feed->body);
		put_date(out, "date_published", item.at_ms);
		put_open(out, "authors", '[');
		put_open(out, NULL, '{');
		put_str(out, "name", feed->author);
		put_close(out, '}');
		put_close(out, ']');
		put_close(out, '}');
	}
	put_close(out, ']');
	put_close(out, '}');
}

static const struct {
	const char *type;
	void (*add)(struct exchange *x, size_t which, size_t n);
} formats[] = {
        [RSS] = {"application/rss+xml; charset=utf-8", add_rss},
        [ATOM] = {"application/atom+xml; charset=utf-8", add_atom},
        [JSON_FEED] = {"application/feed+json", add_json},
};

void feeds_show(struct exchange *x)
{
	size_t which = 0;
	while (which < NFEEDS && strcmp(feeds[which].file, x->args[0]) != 0)
		which++;
	if (which == NFEEDS) {
		exchange_error(x, 404, "There is no such feed");
		return;
	}
	size_t n = PAST + new_items(x->world, which);
	struct item newest;
	make_item(x->world, which, n - 1, &newest);
	char etag[40], modified[40];
	snprintf(etag, sizeof etag, "\"%s-%zu\"", feeds[which].lang, n);
	http_date(modified, newest.at_ms);
	exchange_header(x, "ETag: %s", etag);
	exchange_header(x, "Last-Modified: %s", modified);
	x->type = formats[feeds[which].format].type;
	bool same = x->etag ? strcmp(x->etag, etag) == 0
	                    : x->modified && strcmp(x->modified, modified) == 0;
	if (same)
		x->status = 304;
	else
		formats[feeds[which].format].add(x, which, n);
}

void feeds_index(struct exchange *x)
{
	x->type = "text/html; charset=utf-8";
	str_adds(&x->body, "<!doctype html><html><head><title>Feeds of the demo</title>\n");
	for (size_t i = 0; i < NFEEDS; i++) {
		char type[40];
		snprintf(type, sizeof type, "%.*s",
		        (int)strcspn(formats[feeds[i].format].type, ";"),
		        formats[feeds[i].format].type);
		str_addf(&x->body,
		        "<link rel=\"alternate\" type=\"%s\" href=\"/feeds/%s\" title=\"", type,
		        feeds[i].file);
		add_xml(&x->body, feeds[i].title);
		str_adds(&x->body, "\">\n");
	}
	str_adds(&x->body, "</head><body><p>Each link above is a feed.</p></body></html>\n");
}
