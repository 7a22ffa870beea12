#include "out.h"

#include <inttypes.h>
#include <string.h>

#include "base/clean.h"
#include "base/date.h"
#include "base/json.h"
#include "cli/cli.h"

void out_text(FILE *stream, const char *text)
{
	struct str clean = {0};
	clean_out(&clean, CLEAN_PLAIN, text, strlen(text));
	fwrite(str_c(&clean), 1, clean.len, stream);
	str_finish(&clean);
}

static void out_paragraph(FILE *stream, const char *before, const char *text, const char *after)
{
	if (!*text) return;
	fputs(before, stream);
	out_text(stream, text);
	fputs(after, stream);
}

static void out_plain(FILE *stream, const struct post_json *row)
{
	const struct post *post = row->post;
	const struct profile *author = row->author, *actor = row->actor;
	char when[32];
	date_format_rfc3339(when, post->created_ms);
	if (author) {
		out_paragraph(stream, "", author->name, " ");
		out_paragraph(stream, "@", author->handle, " ");
	}
	fprintf(stream, "%s\n", when);
	if (actor && row->reason != REASON_POSTED) {
		out_paragraph(stream, "(", reason_name(row->reason), " by ");
		out_paragraph(stream, "@", actor->handle, ")\n");
	}
	out_paragraph(stream, "[", post_str(post, POST_WARNING), "]\n");
	out_paragraph(stream, "", post_str(post, POST_TITLE), "\n");
	out_paragraph(stream, "", post_str(post, POST_BODY), "\n");
	for (size_t i = 0; i < post->nmedia; i++) {
		struct media media = post_media(post, i);
		fprintf(stream, "[%s] ", media_kind_name(media.kind));
		out_paragraph(stream, "", media.alt ? media.alt : "", " ");
		out_paragraph(stream, "", media.url, "\n");
	}
	out_paragraph(stream, "", post_link(post), "\n");
	fputs("\n", stream);
}

void out_post(FILE *stream, const struct post_json *row, bool json)
{
	if (!json) {
		out_plain(stream, row);
		return;
	}
	struct str line = {0};
	post_json_print(&line, row);
	fwrite(str_c(&line), 1, line.len, stream);
	str_finish(&line);
}

void out_row(FILE *stream, const struct store *store, const struct row *row, bool json)
{
	const struct post *post = store_post(store, row->post);
	if (!post) return;
	const char *source = store_source_name(store, row->source);
	struct source_ref ref = {0};
	const struct account *account = NULL;
	if (source_parse(source, &ref, NULL)) {
		account = store_account_named(store, ref.account);
		source_ref_finish(&ref);
	}
	out_post(stream,
	        &(struct post_json){
	                .post = post,
	                .author = store_profile(store, post->author),
	                .actor = store_profile(store, row->actor),
	                .reason = row->reason,
	                .network = account ? account->network : NULL,
	                .sources = &source,
	                .nsources = 1,
	                .me = account && *account->handle ? account->handle : NULL,
	                .account = account ? account->id : 0,
	                .unread = !store_is_read(store, row->post),
	        },
	        json);
}

static void person_json(FILE *stream, const struct profile *profile, const char *source)
{
	struct str line = {0};
	str_adds(&line, "{\"reason\":\"found\",\"source\":[");
	json_quote(&line, source);
	str_adds(&line, "],\"profile\":{\"handle\":");
	json_quote(&line, profile->handle);
	str_adds(&line, ",\"name\":");
	json_quote(&line, profile->name);
	str_adds(&line, ",\"uri\":");
	json_quote(&line, profile->uri);
	str_adds(&line, ",\"url\":");
	json_quote(&line, profile->url);
	str_addf(&line, ",\"bot\":%s,\"bio\":", profile->bot ? "true" : "false");
	json_quote(&line, profile->bio);
	str_adds(&line, ",\"followers\":");
	if (profile->followers >= 0)
		str_addf(&line, "%" PRId64, profile->followers);
	else
		str_adds(&line, "null");
	fprintf(stream, "%s}}\n", str_c(&line));
	str_finish(&line);
}

void out_person(FILE *stream, const struct store *store, const struct row *row, bool json)
{
	const struct profile *profile = store_profile(store, row->actor);
	if (!profile) return;
	if (json) {
		person_json(stream, profile, store_source_name(store, row->source));
		return;
	}
	out_paragraph(stream, "", profile->name, " ");
	out_paragraph(stream, "@", profile->handle, "\n");
	out_paragraph(stream, "", profile->bio ? profile->bio : "", "\n");
	if (profile->followers >= 0) fprintf(stream, "%" PRId64 " followers\n", profile->followers);
	out_paragraph(stream, "", profile->url ? profile->url : profile->uri, "\n");
	fputs("\n", stream);
}

int out_fail(const struct err *err)
{
	fputs("stoa: ", stderr);
	out_text(stderr, err->text);
	fputs("\n", stderr);
	return CLI_FAILED;
}
