#include "db/archive_inside.h"

#include <stdio.h>
#include <string.h>

#include "db/archive_tokens.h"

/*
 * From a query to what the index is asked. query_required tells slots of which one must hold
 * where the query matches; asked once for each atom with a slot for that one alone, it tells
 * which atoms must all hold.
 */

enum { MAX_ATOMS = 64, MAX_EITHER = 32, MAX_AUTHORS = 64 };

struct narrowing {
	struct archive *archive;
	struct need_group sets[MAX_ATOMS]; /* what posts need for each atom */
	bool none[MAX_ATOMS];              /* no post at all has it */
	size_t natoms;
	size_t at, only; /* the next to be bound; SIZE_MAX: all get their slots */
	bool ok;
	struct err *err;
};

/* All whose handle is `value`, or is up to its @. Too many are left to the evaluator. */
static void find_authors(struct narrowing *to, const char *value, size_t len, size_t atom)
{
	struct str name = {0}, from = {0}, until = {0};
	struct need_group *out = &to->sets[atom];
	size_t n = 0;
	int row;
	str_add(&name, value, len);
	str_addf(&from, "%s@", str_c(&name));
	str_addf(&until, "%s[", str_c(&name)); /* right behind '@': letters are compared small */
	sqlite3_stmt *stmt = archive_stmt(to->archive, STMT_AUTHORS, to->err, "ttt", str_c(&name),
	        str_c(&from), str_c(&until));
	while ((row = stmt ? archive_step(to->archive, stmt, to->err) : -1) > 0) {
		if (n++ == MAX_AUTHORS) break;
		tokens_of_author(out, sqlite3_column_int64(stmt, 0));
	}
	if (stmt) sqlite3_reset(stmt);
	if (n > MAX_AUTHORS) need_group_finish(out);
	to->none[atom] = n == 0;
	to->ok = to->ok && row >= 0;
	str_finish(&name);
	str_finish(&from);
	str_finish(&until);
}

/* Every atom of the query, in its order. */
static uint32_t learn_atom(void *ctx, const struct query_atom *atom)
{
	struct narrowing *to = ctx;
	if (to->natoms == MAX_ATOMS) return 0;
	size_t at = to->natoms++;
	if (atom->kind == ATOM_FROM)
		find_authors(to, atom->value, atom->len, at);
	else
		tokens_of_atom(&to->sets[at], atom);
	return 0;
}

static uint32_t bind_atom(void *ctx, const struct query_atom *atom)
{
	struct narrowing *to = ctx;
	size_t at = to->at++;
	(void)atom;
	if (at >= to->natoms || (to->only != SIZE_MAX && to->only != at)) return 0;
	return to->sets[at].n > 0 || to->none[at] ? (uint32_t)at + 1 : 0;
}

static size_t required(
        struct narrowing *to, struct query *query, size_t only, uint32_t *out, size_t max)
{
	to->at = 0;
	to->only = only;
	query_bind(query, bind_atom, to);
	return query_required(query, out, max);
}

static void add_all(struct narrowing *to, struct query *query, struct need *out, bool *out_none)
{
	uint32_t slots[MAX_EITHER];
	for (size_t i = 0; i < to->natoms; i++) {
		if (required(to, query, i, slots, 1) == 0) continue;
		*out_none = *out_none || to->none[i];
		if (!to->none[i]) need_add(out, &to->sets[i]);
	}
}

static void add_either(struct narrowing *to, struct query *query, struct need *out, bool *out_none)
{
	uint32_t slots[MAX_EITHER];
	struct need_group all = {0};
	size_t n = required(to, query, SIZE_MAX, slots, MAX_EITHER);
	for (size_t i = 0; i < n; i++)
		need_group_join(&all, &to->sets[slots[i] - 1]);
	*out_none = n > 0 && all.n == 0;
	if (all.n > 0) need_add(out, &all);
}

bool archive_narrow(struct archive *archive, struct query *query, struct need *out, bool *out_none,
        struct err *err)
{
	struct narrowing to = {.archive = archive, .ok = true, .err = err};
	*out_none = false;
	query_bind(query, learn_atom, &to);
	if (to.ok) add_all(&to, query, out, out_none);
	if (to.ok && out->n == 0 && !*out_none) add_either(&to, query, out, out_none);
	for (size_t i = 0; i < to.natoms; i++)
		need_group_finish(&to.sets[i]);
	return to.ok;
}
