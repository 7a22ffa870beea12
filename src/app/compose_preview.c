#include <stdlib.h>
#include <string.h>

#include "app/overlay.h"
#include "base/mem.h"
#include "composing.h"
#include "engine/measure.h"
#include "model/outgoing.h"

/* What each account will show: its text, what of it will be links, what goes with it. */

struct previewing {
	struct list_view *list;
	const char *text;
};

static void preview_facet(void *ctx, const struct facet *facet)
{
	struct previewing *previewing = ctx;
	char *words = xstrndup(previewing->text + facet->start, facet->end - facet->start);
	struct list_item item = {.key = (char *)facet_kind_name(facet->kind),
	        .text = words,
	        .detail = (char *)facet->target};
	list_view_add(previewing->list, &item);
	free(words);
}

static void preview_lines(struct list_view *list, const char *text)
{
	struct arena arena = {0};
	enum { COLS = 72 };
	struct wrap wrap = wrap_text(&arena, text, strlen(text), COLS, 0);
	for (size_t i = 0; i < wrap.nlines; i++) {
		char *line = xstrndup(
		        text + wrap.lines[i].start, wrap.lines[i].end - wrap.lines[i].start);
		list_view_add(list, &(struct list_item){.text = line});
		free(line);
	}
	arena_finish(&arena);
}

static void preview_part(struct list_view *list, const struct draft *draft, size_t part,
        const struct account *account)
{
	struct outgoing *item = outgoing_of(draft, part, account->id, account->network);
	struct measure measure;
	struct str line = {0};
	measure_item(account, item, &measure);
	str_addf(&line, "%s", account->name);
	if (draft->nparts > 1) str_addf(&line, ", part %zu of %zu", part + 1, draft->nparts);
	str_addf(&line, ": %u", measure.count);
	if (measure.limit) str_addf(&line, " of %u", measure.limit);
	str_addf(&line, " %s", measure.unit ? measure.unit : "characters");
	if (measure.byte_max) str_addf(&line, ", %u of %u bytes", measure.bytes, measure.byte_max);
	list_view_add(list, &(struct list_item){.text = line.p, .heading = true});
	if (item->warning) preview_lines(list, item->warning);
	preview_lines(list, item->text);
	struct previewing previewing = {list, item->text};
	measure_detect(account, item->text, strlen(item->text), preview_facet, &previewing);
	for (size_t i = 0; i < item->nmedia; i++)
		list_view_add(list, &(struct list_item){.key = (char *)"media",
		                            .text = item->media[i].path,
		                            .detail = item->media[i].alt});
	str_finish(&line);
	outgoing_free(item);
}

void compose_preview(struct app *app)
{
	const struct draft *draft = compose_draft(app);
	struct list_view list = {.title = xstrdup("What will be posted")};
	for (size_t i = 0; i < draft->naccounts; i++) {
		const struct account *account = store_account(app->store, draft->accounts[i]);
		for (size_t part = 0; account && part < draft->nparts; part++) {
			if (!draft_leaves_out(draft, part, account->id, account->network))
				preview_part(&list, draft, part, account);
		}
	}
	overlay_list(app, &list);
}
