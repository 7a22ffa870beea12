#include "base/utf8.h"
#include "field.h"

static int64_t told(uint32_t count)
{
	return count == POST_UNKNOWN ? COUNT_UNKNOWN : (int64_t)count;
}

int64_t count_likes(const struct query_row *row)
{
	return row->post ? told(row->post->likes) : COUNT_UNKNOWN;
}

int64_t count_reposts(const struct query_row *row)
{
	return row->post ? told(row->post->reposts) : COUNT_UNKNOWN;
}

int64_t count_replies(const struct query_row *row)
{
	return row->post ? told(row->post->replies) : COUNT_UNKNOWN;
}

int64_t count_quotes(const struct query_row *row)
{
	return row->post ? told(row->post->quotes) : COUNT_UNKNOWN;
}

int64_t count_followers(const struct query_row *row)
{
	return row->author && row->author->followers >= 0 ? row->author->followers : COUNT_UNKNOWN;
}

/* Characters as people count them and as networks limit them. */
int64_t count_length(const struct query_row *row)
{
	if (!row->post) return COUNT_UNKNOWN;
	return (int64_t)utf8_clusters(
	        post_str(row->post, POST_BODY), post_len(row->post, POST_BODY));
}

int64_t most_length(const struct query_row *row)
{
	return row->post ? (int64_t)post_len(row->post, POST_BODY) : COUNT_UNKNOWN;
}

static int64_t count_facets(const struct query_row *row, enum facet_kind kind)
{
	int64_t n = 0;

	if (!row->post) return COUNT_UNKNOWN;
	for (size_t i = 0; i < row->post->nfacets; i++) {
		n += post_facet(row->post, i).kind == kind;
	}
	return n;
}

int64_t count_tags(const struct query_row *row)
{
	return count_facets(row, FACET_TAG);
}

int64_t count_mentions(const struct query_row *row)
{
	return count_facets(row, FACET_MENTION);
}
