#include "networks/feed_element.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Addresses as compared: lower case, without what a trailing slash or a wrong host may change. */
static const struct {
	const char *uri;
	enum feed_ns ns;
} namespaces[] = {
        {"http://www.w3.org/2005/atom", NS_ATOM},
        {"https://www.w3.org/2005/atom", NS_ATOM},
        {"http://purl.org/atom/ns#", NS_ATOM},
        {"http://purl.org/net/rss1.1#", NS_RSS},
        {"http://purl.org/rss/1.0", NS_RSS},
        {"http://my.netscape.com/rdf/simple/0.9", NS_RSS},
        {"http://channel.netscape.com/rdf/simple/0.9", NS_RSS},
        {"http://my.netscape.com/publish/formats/rss-0.91.dtd", NS_RSS},
        {"http://www.w3.org/1999/02/22-rdf-syntax-ns#", NS_RSS},
        {"http://purl.org/rss/1.0/modules/content", NS_CONTENT},
        {"http://purl.org/dc/elements/1.0", NS_DC},
        {"http://purl.org/dc/elements/1.1", NS_DC},
        {"http://purl.org/dc/terms", NS_DCTERMS},
        {"http://rssnamespace.org/feedburner/ext/1.0", NS_FEEDBURNER},
        {"http://www.itunes.com/dtds/podcast-1.0.dtd", NS_ITUNES},
        {"http://example.com/dtds/podcast-1.0.dtd", NS_ITUNES},
        {"http://itunes.apple.com/dtds/podcast-1.0.dtd", NS_ITUNES},
        {"http://search.yahoo.com/mrss", NS_MEDIA},
        {"https://search.yahoo.com/mrss", NS_MEDIA},
        {"http://video.search.yahoo.com/mrss", NS_MEDIA},
        {"http://www.rssboard.org/media-rss", NS_MEDIA},
        {"http://purl.org/rss/1.0/modules/slash", NS_SLASH},
        {"http://purl.org/rss/1.0/modules/syndication", NS_SY},
        {"http://purl.org/syndication/thread/1.0", NS_THR},
        {"http://www.w3.org/1999/xhtml", NS_XHTML},
};

/* Prefixes that everybody writes, for documents that forgot to declare them. */
static const struct {
	const char *prefix;
	enum feed_ns ns;
} prefixes[] = {
        {"atom", NS_ATOM},
        {"atom10", NS_ATOM},
        {"content", NS_CONTENT},
        {"dc", NS_DC},
        {"dcterms", NS_DCTERMS},
        {"feedburner", NS_FEEDBURNER},
        {"itunes", NS_ITUNES},
        {"media", NS_MEDIA},
        {"rdf", NS_RSS},
        {"rss", NS_RSS},
        {"slash", NS_SLASH},
        {"sy", NS_SY},
        {"thr", NS_THR},
        {"xhtml", NS_XHTML},
};

enum feed_ns feed_ns_of(const char *uri, const char *prefix)
{
	size_t len = uri ? strlen(uri) : 0;
	while (len > 0 && uri[len - 1] == '/')
		len--;
	for (size_t i = 0; len > 0 && i < sizeof namespaces / sizeof *namespaces; i++) {
		if (strlen(namespaces[i].uri) == len &&
		        strncasecmp(namespaces[i].uri, uri, len) == 0)
			return namespaces[i].ns;
	}
	/* A default namespace nobody knows is some RSS of old (backend.userland.com/rss2). */
	if (!prefix) return NS_RSS;
	for (size_t i = 0; len == 0 && i < sizeof prefixes / sizeof *prefixes; i++) {
		if (strcasecmp(prefix, prefixes[i].prefix) == 0) return prefixes[i].ns;
	}
	return NS_OTHER;
}

#define TEXT(ns, name, where, slot, as)                                                            \
	{                                                                                          \
		ns, name, where, DO_SLOT, slot, as                                                 \
	}
#define ACT(ns, name, where, does)                                                                 \
	{                                                                                          \
		ns, name, where, does, SLOT_COUNT, AS_PLAIN                                        \
	}

static const struct feed_element elements[] = {
        /* RSS 0.9x, 1.0, 2.0 and, as far as it needs no more words, CDF */
        ACT(NS_RSS, "channel", IN_RECORD, DO_FEED),
        ACT(NS_RSS, "item", IN_FEED, DO_ITEM),
        TEXT(NS_RSS, "title", IN_RECORD, SLOT_TITLE, AS_GUESS),
        TEXT(NS_RSS, "link", IN_RECORD, SLOT_LINK, AS_PLAIN),
        TEXT(NS_RSS, "description", IN_RECORD, SLOT_DESCRIPTION, AS_HTML),
        TEXT(NS_RSS, "abstract", IN_RECORD, SLOT_DESCRIPTION, AS_HTML),
        TEXT(NS_RSS, "guid", IN_ITEM, SLOT_GUID, AS_PLAIN),
        TEXT(NS_RSS, "pubdate", IN_RECORD, SLOT_PUB_DATE, AS_PLAIN),
        TEXT(NS_RSS, "lastbuilddate", IN_FEED, SLOT_BUILD_DATE, AS_PLAIN),
        ACT(NS_RSS, "author", IN_RECORD, DO_PERSON),
        TEXT(NS_RSS, "managingeditor", IN_RECORD, SLOT_EDITOR, AS_PLAIN),
        TEXT(NS_RSS, "comments", IN_ITEM, SLOT_COMMENTS, AS_PLAIN),
        TEXT(NS_RSS, "language", IN_RECORD, SLOT_LANGUAGE, AS_PLAIN),
        TEXT(NS_RSS, "fullitem", IN_ITEM, SLOT_FULLITEM, AS_HTML),
        ACT(NS_RSS, "category", IN_RECORD, DO_CATEGORY),
        ACT(NS_RSS, "enclosure", IN_ITEM, DO_ENCLOSURE),
        ACT(NS_RSS, "ttl", IN_FEED, DO_TTL),
        ACT(NS_RSS, "skiphours", IN_FEED, DO_HOURS),
        ACT(NS_RSS, "hour", IN_HOURS, DO_HOUR),
        ACT(NS_RSS, "skipdays", IN_FEED, DO_DAYS),
        ACT(NS_RSS, "day", IN_DAYS, DO_DAY),
        /* Atom 1.0 and 0.3 */
        ACT(NS_ATOM, "feed", IN_RECORD, DO_FEED),
        ACT(NS_ATOM, "entry", IN_FEED, DO_ITEM),
        ACT(NS_ATOM, "source", IN_ITEM, DO_SOURCE),
        ACT(NS_ATOM, "author", IN_RECORD | IN_SOURCE, DO_PERSON),
        ACT(NS_ATOM, "link", IN_RECORD, DO_LINK),
        ACT(NS_ATOM, "category", IN_RECORD, DO_CATEGORY),
        TEXT(NS_ATOM, "id", IN_RECORD, SLOT_ID, AS_PLAIN),
        TEXT(NS_ATOM, "title", IN_RECORD, SLOT_TITLE, AS_TYPED),
        TEXT(NS_ATOM, "content", IN_ITEM, SLOT_CONTENT, AS_TYPED),
        TEXT(NS_ATOM, "summary", IN_ITEM, SLOT_SUMMARY, AS_TYPED),
        TEXT(NS_ATOM, "subtitle", IN_FEED, SLOT_SUBTITLE, AS_TYPED),
        TEXT(NS_ATOM, "tagline", IN_FEED, SLOT_SUBTITLE, AS_TYPED),
        TEXT(NS_ATOM, "published", IN_RECORD, SLOT_PUBLISHED, AS_PLAIN),
        TEXT(NS_ATOM, "issued", IN_RECORD, SLOT_ISSUED, AS_PLAIN),
        TEXT(NS_ATOM, "created", IN_RECORD, SLOT_CREATED, AS_PLAIN),
        TEXT(NS_ATOM, "modified", IN_RECORD, SLOT_MODIFIED, AS_PLAIN),
        TEXT(NS_ATOM, "updated", IN_RECORD, SLOT_UPDATED, AS_PLAIN),
        ACT(NS_ATOM, "name", IN_PERSON, DO_NAME),
        ACT(NS_ATOM, "email", IN_PERSON, DO_EMAIL),
        ACT(NS_ATOM, "uri", IN_PERSON, DO_URI),
        ACT(NS_ATOM, "url", IN_PERSON, DO_URI),
        ACT(NS_ATOM, "homepage", IN_PERSON, DO_URI),
        /* Modules */
        TEXT(NS_CONTENT, "encoded", IN_ITEM, SLOT_CONTENT, AS_HTML),
        TEXT(NS_XHTML, "body", IN_ITEM, SLOT_XHTML_BODY, AS_TYPED),
        TEXT(NS_DC, "title", IN_RECORD, SLOT_DC_TITLE, AS_GUESS),
        TEXT(NS_DC, "description", IN_RECORD, SLOT_DC_DESCRIPTION, AS_HTML),
        TEXT(NS_DC, "creator", IN_RECORD, SLOT_CREATOR, AS_PLAIN),
        TEXT(NS_DC, "author", IN_RECORD, SLOT_DC_AUTHOR, AS_PLAIN),
        TEXT(NS_DC, "date", IN_RECORD, SLOT_DC_DATE, AS_PLAIN),
        TEXT(NS_DC, "language", IN_RECORD, SLOT_LANGUAGE, AS_PLAIN),
        ACT(NS_DC, "subject", IN_RECORD, DO_TAG),
        TEXT(NS_DCTERMS, "issued", IN_RECORD, SLOT_DC_ISSUED, AS_PLAIN),
        TEXT(NS_DCTERMS, "created", IN_RECORD, SLOT_DC_CREATED, AS_PLAIN),
        TEXT(NS_DCTERMS, "modified", IN_RECORD, SLOT_DC_MODIFIED, AS_PLAIN),
        TEXT(NS_FEEDBURNER, "origlink", IN_ITEM, SLOT_ORIG_LINK, AS_PLAIN),
        TEXT(NS_ITUNES, "author", IN_RECORD, SLOT_ITUNES_AUTHOR, AS_PLAIN),
        TEXT(NS_ITUNES, "summary", IN_RECORD, SLOT_ITUNES_SUMMARY, AS_HTML),
        TEXT(NS_ITUNES, "subtitle", IN_RECORD, SLOT_ITUNES_SUBTITLE, AS_HTML),
        ACT(NS_ITUNES, "keywords", IN_RECORD, DO_KEYWORDS),
        ACT(NS_ITUNES, "image", IN_ITEM, DO_THUMBNAIL),
        ACT(NS_MEDIA, "group", IN_ITEM, DO_GROUP),
        ACT(NS_MEDIA, "content", IN_ITEM | IN_GROUP, DO_MEDIUM),
        ACT(NS_MEDIA, "thumbnail", IN_ITEM | IN_GROUP | IN_MEDIUM, DO_THUMBNAIL),
        TEXT(NS_MEDIA, "title", IN_ITEM | IN_GROUP, SLOT_MEDIA_TITLE, AS_GUESS),
        TEXT(NS_MEDIA, "description", IN_ITEM | IN_GROUP, SLOT_MEDIA_DESCRIPTION, AS_GUESS),
        ACT(NS_MEDIA, "description", IN_MEDIUM, DO_ALT),
        ACT(NS_MEDIA, "keywords", IN_ITEM | IN_GROUP, DO_KEYWORDS),
        ACT(NS_SLASH, "comments", IN_ITEM, DO_COMMENT_COUNT),
        ACT(NS_THR, "total", IN_ITEM, DO_COMMENT_COUNT),
        ACT(NS_SY, "updateperiod", IN_FEED, DO_PERIOD),
        ACT(NS_SY, "updatefrequency", IN_FEED, DO_FREQUENCY),
};

static const struct feed_element *find(enum feed_ns ns, const char *name, unsigned where)
{
	int first = tolower((unsigned char)*name);
	for (size_t i = 0; i < sizeof elements / sizeof *elements; i++) {
		const struct feed_element *e = &elements[i];
		if (e->ns == ns && *e->name == first && (e->where & where) &&
		        strcasecmp(e->name, name) == 0)
			return e;
	}
	return NULL;
}

const struct feed_element *feed_element_find(enum feed_ns ns, const char *name, unsigned where)
{
	const struct feed_element *found = find(ns, name, where);
	if (!found && ns == NS_RSS) found = find(NS_ATOM, name, where);
	return found;
}
