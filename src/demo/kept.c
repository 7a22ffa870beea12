#include "demo/kept.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

const char *const filter_contexts[] = {
        "home", "notifications", "public", "thread", "account", NULL};

struct kept *kept_new(void)
{
	return xcalloc(1, sizeof(struct kept));
}

static void filter_finish(struct kept_filter *filter)
{
	for (size_t i = 0; i < filter->nwords; i++)
		free(filter->words[i].text);
	free(filter->title);
}

void kept_free(struct kept *kept)
{
	if (!kept) return;
	for (size_t i = 0; i < kept->nlists; i++)
		free(kept->lists[i].title);
	for (size_t i = 0; i < kept->nfilters; i++)
		filter_finish(&kept->filters[i]);
	for (size_t i = 0; i < kept->nnames; i++)
		free(kept->names[i].name);
	free(kept->lists);
	free(kept->filters);
	free(kept->names);
	free(kept->talks);
	free(kept);
}

/* Take row i of n out of an array. */
static void drop(void *rows, size_t *n, size_t i, size_t size)
{
	char *at = (char *)rows + i * size;
	--*n;
	memmove(at, at + size, (*n - i) * size);
}

/* --- lists --- */

struct kept_list *kept_add_list(struct kept *kept, size_t owner, const char *title)
{
	if (kept->nlists == KEPT_MAX_ROWS) return NULL;
	kept->lists =
	        mem_grow(kept->lists, &kept->lists_cap, kept->nlists + 1, sizeof *kept->lists);
	struct kept_list *list = &kept->lists[kept->nlists++];
	*list = (struct kept_list){
	        .id = ++kept->last_id, .owner = owner, .title = xstrdup(title), .replies = "list"};
	return list;
}

struct kept_list *kept_find_list(struct kept *kept, size_t owner, uint64_t id)
{
	for (size_t i = 0; i < kept->nlists; i++) {
		if (kept->lists[i].id == id && kept->lists[i].owner == owner)
			return &kept->lists[i];
	}
	return NULL;
}

void kept_drop_list(struct kept *kept, struct kept_list *list)
{
	free(list->title);
	drop(kept->lists, &kept->nlists, (size_t)(list - kept->lists), sizeof *list);
}

/* --- filters --- */

struct kept_filter *kept_add_filter(struct kept *kept, size_t owner, const char *title)
{
	if (kept->nfilters == KEPT_MAX_ROWS) return NULL;
	kept->filters = mem_grow(
	        kept->filters, &kept->filters_cap, kept->nfilters + 1, sizeof *kept->filters);
	struct kept_filter *filter = &kept->filters[kept->nfilters++];
	*filter = (struct kept_filter){
	        .id = ++kept->last_id, .owner = owner, .title = xstrdup(title), .action = "warn"};
	return filter;
}

struct kept_filter *kept_find_filter(struct kept *kept, size_t owner, uint64_t id)
{
	for (size_t i = 0; i < kept->nfilters; i++) {
		if (kept->filters[i].id == id && kept->filters[i].owner == owner)
			return &kept->filters[i];
	}
	return NULL;
}

void kept_drop_filter(struct kept *kept, struct kept_filter *filter)
{
	filter_finish(filter);
	drop(kept->filters, &kept->nfilters, (size_t)(filter - kept->filters), sizeof *filter);
}

bool filter_add_word(struct kept *kept, struct kept_filter *filter, const char *text, bool whole)
{
	if (filter->nwords == FILTER_MAX_WORDS) return false;
	filter->words[filter->nwords++] =
	        (struct filter_word){.id = ++kept->last_id, .text = xstrdup(text), .whole = whole};
	return true;
}

void filter_drop_word(struct kept_filter *filter, size_t i)
{
	free(filter->words[i].text);
	drop(filter->words, &filter->nwords, i, sizeof *filter->words);
}

/* --- tags and hosts --- */

static void see_hosts(struct kept *kept, size_t owner)
{
	kept->hiding[owner] = 0;
	for (size_t i = 0; i < kept->nnames; i++) {
		const struct kept_name *name = &kept->names[i];
		if (name->owner != owner || name->kind != NAME_HOST) continue;
		for (size_t person = 0; person < npeople; person++) {
			if (strcmp(person_host(person), name->name) == 0)
				kept->hiding[owner] |= BIT(person);
		}
	}
}

bool kept_add_name(struct kept *kept, size_t owner, enum name_kind kind, const char *name)
{
	if (kept_find_name(kept, owner, kind, name)) return true;
	if (kept->nnames == KEPT_MAX_ROWS) return false;
	kept->names =
	        mem_grow(kept->names, &kept->names_cap, kept->nnames + 1, sizeof *kept->names);
	kept->names[kept->nnames++] = (struct kept_name){
	        .id = ++kept->last_id, .owner = owner, .kind = kind, .name = xstrdup(name)};
	see_hosts(kept, owner);
	return true;
}

struct kept_name *kept_find_name(
        struct kept *kept, size_t owner, enum name_kind kind, const char *name)
{
	for (size_t i = 0; i < kept->nnames; i++) {
		struct kept_name *it = &kept->names[i];
		if (it->owner == owner && it->kind == kind && strcmp(it->name, name) == 0)
			return it;
	}
	return NULL;
}

void kept_drop_name(struct kept *kept, struct kept_name *name)
{
	size_t owner = name->owner;
	free(name->name);
	drop(kept->names, &kept->nnames, (size_t)(name - kept->names), sizeof *name);
	see_hosts(kept, owner);
}

/* --- conversations --- */

static struct kept_talk *find_talk(struct kept *kept, size_t owner, const struct status *root)
{
	for (size_t i = 0; i < kept->ntalks; i++) {
		if (kept->talks[i].owner == owner && kept->talks[i].root == root)
			return &kept->talks[i];
	}
	return NULL;
}

void kept_talk(struct world *world, const struct status *status)
{
	struct kept *kept = world->kept;
	const struct status *root = status;
	while (root->parent)
		root = root->parent;
	uint64_t people_in_it = status->mentioned | BIT(status->author);
	for (size_t i = 0; i < npeople; i++) {
		if (!(people_in_it & BIT(i))) continue;
		struct kept_talk *talk = find_talk(kept, i, root);
		if (!talk) {
			if (kept->ntalks == KEPT_MAX_ROWS) return;
			kept->talks = mem_grow(kept->talks, &kept->talks_cap, kept->ntalks + 1,
			        sizeof *kept->talks);
			talk = &kept->talks[kept->ntalks++];
			*talk = (struct kept_talk){.id = ++kept->last_id, .owner = i, .root = root};
		}
		talk->last = status;
		talk->unread = status->author != i;
	}
}

void kept_drop_talk(struct kept *kept, struct kept_talk *talk)
{
	drop(kept->talks, &kept->ntalks, (size_t)(talk - kept->talks), sizeof *talk);
}
