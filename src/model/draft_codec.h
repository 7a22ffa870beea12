#pragma once
#include "base/json.h"
#include "model/draft.h"

/* What drafts and outgoing posts write alike. `obj` may be NULL. */

char *codec_text(const cJSON *obj, const char *name); /* owned, NULL when absent */
void codec_write_poll(struct str *out, const struct draft_poll *poll);
struct draft_poll *codec_read_poll(const cJSON *obj); /* owned; NULL: none */
/* The index of a word in one of the tables of draft.h; `otherwise` when it is none. */
int codec_word(
        const cJSON *obj, const char *name, const struct draft_word *words, int n, int otherwise);
void codec_write_visibility(struct str *out, enum visibility visibility, bool set);
void codec_read_visibility(const cJSON *obj, enum visibility *out, bool *out_set);
void codec_write_when(struct str *out, const char *name, const struct when *when);
void codec_read_when(const cJSON *obj, const char *name, struct when *out);
