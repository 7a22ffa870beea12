#include "tree.h"

#include <stdlib.h>
#include <string.h>

/*
 * A conversation in reading order. It is made anew from the rows that are shown whenever
 * they changed, so that it cannot depend on how they came; a thread is a few thousand
 * posts at most.
 */

#define NONE UINT32_MAX

/* A row that is shown; nodes stand by time, at equal times by URI. */
struct node {
	const struct post *post;      /* NULL: a gap or a notice */
	uint32_t hit;                 /* its place among the hits */
	uint32_t parent, first, next; /* nodes */
	uint32_t root;                /* towards the end of its chain; see root_of */
	uint32_t below, below_unread;
	uint16_t depth;
	uint32_t guides;
	bool orphan, spine, later;
};

struct growing {
	const struct timeline *timeline;
	const struct hits *hits;
	struct node *nodes;
	uint32_t *of_hit; /* node of a hit */
	uint32_t *order;  /* nodes in reading order */
	uint32_t n, norder, opened;
};

struct tree *tree_new(const char *opened)
{
	struct tree *tree = xcalloc(1, sizeof *tree);

	tree->opened = xstrdup(opened);
	return tree;
}

void tree_free(struct tree *tree)
{
	if (!tree) return;
	idset_finish(&tree->folded);
	free(tree->opened);
	free(tree->rows);
	free(tree->place);
	free(tree);
}

/* --- who answers whom --- */

static int order_nodes(const void *a, const void *b)
{
	const struct node *one = a, *two = b;
	int64_t at = one->post ? one->post->created_ms : INT64_MAX;
	int64_t other = two->post ? two->post->created_ms : INT64_MAX;

	if (at != other) return at < other ? -1 : 1;
	if (!one->post || !two->post) return one->hit < two->hit ? -1 : one->hit > two->hit;
	return strcmp(post_str(one->post, POST_URI), post_str(two->post, POST_URI));
}

static void gather(struct growing *growing)
{
	const struct timeline *timeline = growing->timeline;

	for (uint32_t i = 0; i < growing->n; i++) {
		const struct line *line = line_at(timeline, hits_at(growing->hits, i));

		growing->nodes[i] = (struct node){.post = store_post(timeline->store, line->post),
		        .hit = i,
		        .parent = NONE,
		        .first = NONE,
		        .next = NONE};
	}
	qsort(growing->nodes, growing->n, sizeof *growing->nodes, order_nodes);
	for (uint32_t i = 0; i < growing->n; i++) {
		growing->of_hit[growing->nodes[i].hit] = i;
	}
}

static uint32_t node_of(const struct growing *growing, post_id post)
{
	size_t row = post ? rows_find(growing->timeline->lineup, post, 0) : SIZE_MAX, hit;

	if (row == SIZE_MAX) return NONE;
	hit = hits_below(growing->hits, (uint32_t)row);
	if (hit == growing->hits->n || hits_at(growing->hits, hit) != row) return NONE;
	return growing->of_hit[hit];
}

post_id store_parent(const struct store *store, post_id id)
{
	const struct post *post = store_post(store, id);
	const char *parent = post ? post_str(post, POST_REPLY_TO) : "";
	post_id above = parent[0] ? store_find(store, parent) : 0;

	for (size_t i = 0; !above && parent[0] && i < post->nviewers; i++) {
		above = store_find_remote(store, post_viewer(post, i).account, parent);
	}
	int64_t told;

	if (!above && table_value(&store->parents, table_mix(id), &told)) above = (post_id)told;
	return above == id || !store_post(store, above) ? 0 : above;
}

/* The nearest post upwards that is shown. What is muted may stand between. */
static void find_parent(struct growing *growing, struct node *node)
{
	enum { FAR = 100 };
	const struct store *store = growing->timeline->store;
	const struct post *post = node->post;

	if (!post || post_len(post, POST_REPLY_TO) == 0) return;
	for (int up = 0; post && up < FAR; up++) {
		post = store_post(store, store_parent(store, post->id));
		node->parent = post ? node_of(growing, post->id) : NONE;
		if (node->parent != NONE) break;
		node->orphan = true;
	}
	if (node->parent == (uint32_t)(node - growing->nodes)) node->parent = NONE;
	if (node->parent == NONE) node->orphan = true;
}

/* A chain that bites its tail is cut above its earliest post. */
static void cut_cycles(struct growing *growing)
{
	struct node *nodes = growing->nodes;
	uint32_t *seen = xcalloc(growing->n + 1, sizeof *seen);

	for (uint32_t i = 0; i < growing->n; i++) {
		uint32_t at = i;

		while (at != NONE && seen[at] == 0) {
			seen[at] = i + 1;
			at = nodes[at].parent;
		}
		if (at == NONE || seen[at] != i + 1) continue;
		uint32_t earliest = at;

		for (uint32_t k = nodes[at].parent; k != at; k = nodes[k].parent) {
			if (k < earliest) earliest = k;
		}
		nodes[earliest].parent = NONE;
		nodes[earliest].orphan = true;
	}
	free(seen);
}

/* --- those whose parent is missing --- */

/* The end of a node's chain; chains that were joined to others are followed. */
static uint32_t root_of(struct growing *growing, uint32_t at)
{
	struct node *nodes = growing->nodes;

	while (nodes[at].root != at) {
		nodes[at].root = nodes[nodes[at].root].root;
		at = nodes[at].root;
	}
	return at;
}

/*
 * Nobody tells where an orphan belongs: a later one most likely somewhere under the post
 * that was opened, an earlier one under what stands before it.
 */
static void adopt(struct growing *growing, uint32_t orphan)
{
	struct node *node = &growing->nodes[orphan];
	uint32_t to = growing->opened;

	if (to == NONE || orphan < to || root_of(growing, to) == orphan) {
		to = orphan;
		while (to > 0 && root_of(growing, to) == orphan) {
			to--;
		}
		if (root_of(growing, to) == orphan) return;
	}
	node->parent = to;
	node->root = to;
}

static void adopt_all(struct growing *growing)
{
	struct node *nodes = growing->nodes;

	for (uint32_t i = 0; i < growing->n; i++) {
		nodes[i].root = nodes[i].parent == NONE ? i : nodes[i].parent;
	}
	for (uint32_t i = 0; i < growing->n; i++) {
		if (nodes[i].post && nodes[i].orphan && nodes[i].parent == NONE) adopt(growing, i);
	}
}

/* --- reading order --- */

static void find_opened(struct growing *growing, const char *name)
{
	growing->opened = node_of(growing, store_find(growing->timeline->store, name));
	for (uint32_t i = 0; growing->opened == NONE && i < growing->n; i++) {
		const struct post *post = growing->nodes[i].post;

		if (post && strcmp(post_link(post), name) == 0) growing->opened = i;
	}
	for (uint32_t at = growing->opened; at != NONE; at = growing->nodes[at].parent) {
		growing->nodes[at].spine = true;
	}
}

static uint32_t *link_children(struct growing *growing, uint32_t *roots)
{
	for (uint32_t i = growing->n; i-- > 0;) {
		struct node *node = &growing->nodes[i];
		uint32_t *list = node->parent == NONE ? roots : &growing->nodes[node->parent].first;

		node->next = *list;
		*list = i;
	}
	return roots;
}

/*
 * Push a list of siblings so that the first comes off the stack first; the one on the
 * way to the opened post is the last to come. `later`: another answer to the same post
 * follows at the same depth.
 */
static void push_siblings(
        const struct growing *growing, uint32_t first, uint32_t *stack, size_t *top)
{
	struct node *nodes = growing->nodes;
	size_t from = *top;
	bool later = false;

	for (uint32_t at = first; at != NONE; at = nodes[at].next) {
		if (nodes[at].spine) stack[(*top)++] = at;
	}
	size_t spine = *top;
	for (uint32_t at = first; at != NONE; at = nodes[at].next) {
		if (!nodes[at].spine) stack[(*top)++] = at;
	}
	for (size_t low = spine, high = *top; low + 1 < high; low++) {
		uint32_t swap = stack[low];

		stack[low] = stack[--high];
		stack[high] = swap;
	}
	for (size_t i = from; i < *top; i++) {
		nodes[stack[i]].later = later;
		later = !nodes[stack[i]].spine;
	}
}

static void place(struct growing *growing, uint32_t at)
{
	struct node *node = &growing->nodes[at];
	const struct node *parent = node->parent == NONE ? NULL : &growing->nodes[node->parent];

	growing->order[growing->norder++] = at;
	if (node->spine || !parent) return;
	node->depth = parent->depth < UINT16_MAX ? parent->depth + 1 : UINT16_MAX;
	node->guides = parent->guides;
	if (node->later && node->depth <= 32) node->guides |= UINT32_C(1) << (node->depth - 1);
}

static void walk(struct growing *growing)
{
	uint32_t *stack = xmalloc((growing->n + 1) * sizeof *stack), roots = NONE;
	size_t top = 0;

	push_siblings(growing, *link_children(growing, &roots), stack, &top);
	while (top > 0) {
		uint32_t at = stack[--top];

		place(growing, at);
		push_siblings(growing, growing->nodes[at].first, stack, &top);
	}
	for (uint32_t i = growing->norder; i-- > 0;) {
		const struct node *node = &growing->nodes[growing->order[i]];
		bool unread = row_unread(growing->timeline, hits_at(growing->hits, node->hit));

		if (node->parent == NONE) continue;
		growing->nodes[node->parent].below += node->below + 1;
		growing->nodes[node->parent].below_unread += node->below_unread + unread;
	}
	free(stack);
}

/* --- what is left of it when folds are closed --- */

/* What mutes fold, but the post that was opened. */
static bool is_held(const struct growing *growing, uint32_t i)
{
	const struct timeline *timeline = growing->timeline;
	uint32_t at = growing->order[i];
	uint32_t row = hits_at(growing->hits, growing->nodes[at].hit);

	return row_marks(timeline, row) & ROW_IS_HELD && !timeline->show_muted &&
	       at != growing->opened && !idset_has(&timeline->opened, line_at(timeline, row)->post);
}

/* One row of the tree for the nodes from i on; returns how many it stands for. */
static uint32_t show_row(
        const struct tree *tree, const struct growing *growing, uint32_t i, struct tree_row *row)
{
	const struct node *node = &growing->nodes[growing->order[i]];
	uint32_t held = 0;

	while (i + held < growing->norder && is_held(growing, i + held)) {
		held++;
	}
	*row = (struct tree_row){.hit = node->hit,
	        .held = held,
	        .depth = node->depth,
	        .guides = node->guides,
	        .orphan = node->orphan,
	        .opened = growing->order[i] == growing->opened};
	if (held > 0) return held;
	row->below = node->below;
	if (node->post && idset_has(&tree->folded, node->post->id)) {
		row->folded = node->below;
		row->folded_unread = row->folded ? node->below_unread : 0;
	}
	return 1 + row->folded;
}

static void show(struct tree *tree, const struct growing *growing)
{
	tree->nrows = tree->home = 0;
	tree->rows = mem_grow(tree->rows, &tree->rows_cap, growing->n + 1, sizeof *tree->rows);
	tree->place = mem_grow(tree->place, &tree->place_cap, growing->n + 1, sizeof *tree->place);
	for (uint32_t i = 0; i < growing->norder;) {
		uint32_t n = show_row(tree, growing, i, &tree->rows[tree->nrows]);

		/* What is folded away is found where its fold is. */
		for (uint32_t k = 0; k < n; k++) {
			uint32_t at = growing->order[i + k];

			tree->place[growing->nodes[at].hit] = (uint32_t)tree->nrows;
			if (at == growing->opened) tree->home = tree->nrows;
		}
		tree->nrows++;
		i += n;
	}
}

static void build(struct tree *tree, const struct timeline *timeline)
{
	struct growing growing = {.timeline = timeline, .hits = &level_top(timeline)->hits};

	growing.n = (uint32_t)growing.hits->n;
	growing.nodes = xmalloc((growing.n + 1) * sizeof *growing.nodes);
	growing.of_hit = xmalloc((growing.n + 1) * sizeof *growing.of_hit);
	growing.order = xmalloc((growing.n + 1) * sizeof *growing.order);
	gather(&growing);
	for (uint32_t i = 0; i < growing.n; i++) {
		find_parent(&growing, &growing.nodes[i]);
	}
	cut_cycles(&growing);
	find_opened(&growing, tree->opened);
	adopt_all(&growing);
	/* The way to the opened post may be longer now. */
	for (uint32_t at = growing.opened; at != NONE; at = growing.nodes[at].parent) {
		growing.nodes[at].spine = true;
	}
	walk(&growing);
	show(tree, &growing);
	free(growing.nodes);
	free(growing.of_hit);
	free(growing.order);
	tree->built = version_of(timeline);
	tree->is_built = true;
}

bool tree_is_current(const struct timeline *timeline)
{
	const struct tree *tree = timeline->tree;

	return tree && tree->is_built && tree->built == version_of(timeline) &&
	       tree->folded.nblocks == 0;
}

void tree_keep(struct timeline *timeline)
{
	timeline->tree->built = version_of(timeline);
}

const struct tree *tree_of(const struct timeline *timeline)
{
	struct tree *tree = timeline->tree;

	if (!tree->is_built || tree->built != version_of(timeline)) build(tree, timeline);
	return tree;
}

size_t tree_find(const struct timeline *timeline, uint32_t hit)
{
	return tree_of(timeline)->place[hit];
}

source_id tree_wants(const struct timeline *timeline, post_id post)
{
	post_id parent;

	if (!timeline->tree) return 0;
	timeline_catch_up(timeline);
	if (idset_has(&timeline->lineup->has, post)) return 0;
	parent = store_parent(timeline->store, post);
	if (!parent || !idset_has(&timeline->lineup->has, parent)) return 0;
	return timeline->lineup->sources[0];
}
