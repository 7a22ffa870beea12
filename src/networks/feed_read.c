#include "networks/feed.h"

#include <string.h>

#include "base/str.h"
#include "networks/feed_doc.h"
#include "networks/feed_encoding.h"
#include "networks/feed_map.h"
#include "networks/feed_value.h"

static bool parse_decoded(const struct feed_input *in, const char *text, size_t len,
        struct feed_doc *doc, struct err *err)
{
	const char *start = text;
	size_t left = len;
	start = feed_trim(start, &left);
	if (left == 0) return err_set(err, ERR_FORMAT, "it is empty");
	if (*start == '{') return feed_parse_json(start, left, doc, err);
	return feed_parse_xml(text, len, in->url, doc, err);
}

bool feed_parse(const struct feed_input *in, struct feed_doc *doc, struct err *err)
{
	if (in->len > FEED_MAX_BYTES)
		return err_set(err, ERR_TOO_LARGE, "it is larger than %d MiB",
		        FEED_MAX_BYTES / 1024 / 1024);
	struct feed_input base = *in;
	struct str buf = {0};
	if (in->content_location)
		base.url = feed_resolve(&doc->arena, in->url, in->content_location);
	const char *text = "";
	size_t len = 0;
	bool damaged = false;
	if (in->len > 0) feed_decode(in, &buf, &text, &len, &damaged);
	bool ok = parse_decoded(&base, text, len, doc, err);
	if (damaged) doc->wishes.damaged = true;
	str_finish(&buf);
	return ok;
}

bool feed_read(
        const struct feed_input *in, struct page *page, struct feed_wishes *wishes, struct err *err)
{
	struct feed_doc doc = {0};
	bool ok = feed_parse(in, &doc, err);
	if (ok) {
		feed_map(&doc, in, page);
		*wishes = doc.wishes;
	}
	feed_doc_finish(&doc);
	return ok;
}
