#pragma once
#include "model/page.h"
#include "networks/feed_doc.h"

/* Make posts of a document, into an empty page; completes doc->wishes. */
void feed_map(struct feed_doc *doc, const struct feed_input *in, struct page *page);

/* A value as clean text with facets; false when nothing readable is in it. */
bool feed_value_text(struct text *out, const struct feed_value *value, const char *base);
/* A value as one clean line, owned. */
char *feed_value_line(const struct feed_value *value);
