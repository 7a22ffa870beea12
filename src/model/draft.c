#include "model/draft.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

const struct draft_word draft_vias[DRAFT_NVIAS] = {
#define X(id, name, help) {name, help},
        DRAFT_VIAS(X)
#undef X
};

const struct draft_word draft_lates[DRAFT_NLATES] = {
#define X(id, name, help) {name, help},
        DRAFT_LATES(X)
#undef X
};

struct draft *draft_new(void)
{
	struct draft *draft = xcalloc(1, sizeof *draft);
	draft_add_part(draft);
	return draft;
}

struct draft_poll *draft_poll_copy(const struct draft_poll *poll)
{
	if (!poll) return NULL;
	struct draft_poll *copy = xcalloc(1, sizeof *copy);
	*copy = *poll;
	copy->options = xcalloc(poll->noptions ? poll->noptions : 1, sizeof *copy->options);
	for (size_t i = 0; i < poll->noptions; i++)
		copy->options[i] = xstrdup(poll->options[i]);
	return copy;
}

void draft_poll_free(struct draft_poll *poll)
{
	if (!poll) return;
	for (size_t i = 0; i < poll->noptions; i++)
		free(poll->options[i]);
	free(poll->options);
	free(poll);
}

static void part_copy(struct draft_part *part, const struct draft_part *from)
{
	part->text = xstrdup(from->text);
	part->poll = draft_poll_copy(from->poll);
	for (size_t i = 0; i < from->nmedia; i++)
		draft_add_media(part, from->media[i].path, from->media[i].alt);
}

struct draft *draft_copy(const struct draft *draft)
{
	struct draft *copy = xcalloc(1, sizeof *copy);
	*copy = *draft;
	copy->accounts = NULL;
	copy->parts = NULL;
	copy->variants = NULL;
	copy->naccounts = copy->nparts = copy->nvariants = 0;
	for (size_t i = 0; i < draft->naccounts; i++)
		draft_add_account(copy, draft->accounts[i]);
	for (size_t i = 0; i < draft->nparts; i++) {
		struct draft_part *part = draft_add_part(copy);
		free(part->text);
		part_copy(part, &draft->parts[i]);
	}
	copy->variants = xcalloc(draft->nvariants ? draft->nvariants : 1, sizeof *copy->variants);
	for (size_t i = 0; i < draft->nvariants; i++) {
		copy->variants[i] = draft->variants[i];
		copy->variants[i].text = xstrdup(draft->variants[i].text);
		copy->variants[i].network = xstrdup(draft->variants[i].network);
	}
	copy->nvariants = draft->nvariants;
	copy->warning = xstrdup(draft->warning);
	copy->lang = xstrdup(draft->lang);
	copy->reply_to = xstrdup(draft->reply_to);
	copy->quote_of = xstrdup(draft->quote_of);
	copy->label = xstrdup(draft->label);
	copy->self_labels = xstrdup(draft->self_labels);
	return copy;
}

static void part_finish(struct draft_part *part)
{
	free(part->text);
	draft_poll_free(part->poll);
	for (size_t i = 0; i < part->nmedia; i++) {
		free(part->media[i].path);
		free(part->media[i].alt);
	}
	free(part->media);
}

void draft_free(struct draft *draft)
{
	if (!draft) return;
	for (size_t i = 0; i < draft->nparts; i++)
		part_finish(&draft->parts[i]);
	for (size_t i = 0; i < draft->nvariants; i++) {
		free(draft->variants[i].text);
		free(draft->variants[i].network);
	}
	free(draft->parts);
	free(draft->variants);
	free(draft->accounts);
	free(draft->warning);
	free(draft->lang);
	free(draft->reply_to);
	free(draft->quote_of);
	free(draft->label);
	free(draft->self_labels);
	free(draft);
}

bool draft_is_empty(const struct draft *draft)
{
	for (size_t i = 0; i < draft->nparts; i++) {
		const struct draft_part *part = &draft->parts[i];
		if ((part->text && part->text[0]) || part->nmedia || part->poll) return false;
	}
	return true;
}

void draft_add_account(struct draft *draft, account_id account)
{
	draft->accounts =
	        xrealloc(draft->accounts, (draft->naccounts + 1) * sizeof *draft->accounts);
	draft->accounts[draft->naccounts++] = account;
}

struct draft_part *draft_add_part(struct draft *draft)
{
	draft->parts = xrealloc(draft->parts, (draft->nparts + 1) * sizeof *draft->parts);
	struct draft_part *part = &draft->parts[draft->nparts++];
	*part = (struct draft_part){.text = xstrdup("")};
	return part;
}

void draft_add_media(struct draft_part *part, const char *path, const char *alt)
{
	part->media = xrealloc(part->media, (part->nmedia + 1) * sizeof *part->media);
	part->media[part->nmedia++] =
	        (struct draft_media){.path = xstrdup(path), .alt = xstrdup(alt)};
}

const char *draft_text(
        const struct draft *draft, size_t part, account_id account, const char *network)
{
	const char *text = draft->parts[part].text;
	for (size_t i = 0; i < draft->nvariants; i++) {
		const struct draft_variant *variant = &draft->variants[i];
		if (variant->part != part) continue;
		if (variant->account && variant->account == account) return variant->text;
		if (variant->network && network && strcmp(variant->network, network) == 0)
			text = variant->text;
	}
	return text;
}

bool draft_leaves_out(
        const struct draft *draft, size_t part, account_id account, const char *network)
{
	const struct draft_part *it = &draft->parts[part];
	const char *text = draft_text(draft, part, account, network);
	return part && !it->nmedia && !it->poll && !text[strspn(text, " \t\r\n")];
}
