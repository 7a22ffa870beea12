#pragma once
#include "ast.h"

/*
 * A query as a list of its terms, each with the place to go on when it holds and when it does
 * not: what is asked of every post that comes is asked without walking a tree.
 */
struct step {
	const struct term *term;
	uint32_t slot;    /* of the atom that decides the term; 0: the term is asked */
	uint16_t yes, no; /* steps, or FLAT_YES and FLAT_NO */
};

/* A query has some 35,000 terms at most (QUERY_MAX_LEN, QUERY_MAX_SAVED). */
enum { FLAT_NO = UINT16_MAX - 1, FLAT_YES = UINT16_MAX };

/* Make query->flat from its tree; and again when its terms have slots. */
void flat_make(struct query *query);
void flat_finish(struct flat *flat);
bool flat_match(const struct flat *flat, const struct query_row *row, int64_t now_ms);
