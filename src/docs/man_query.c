#include "docs.h"

#include <stdio.h>

#include "query/query.h"
#include "roff.h"

/* stoa-query(7): the language of searches, columns, mutes and rules. */

static void man_field(const struct query_word *field)
{
	roff_item(*field->name ? field->name : "words", "", field->help);
	roff_deeper();
	if (field->example) {
		char example[256];
		snprintf(example, sizeof(example), "For example `%s`", field->example);
		roff_paragraph(example);
	}
	const struct query_word *word;
	for (size_t i = 0; (word = query_field_value(field->name, i)); i++)
		roff_item(word->name, "", word->help);
	roff_back();
}

void docs_man_query(void)
{
	roff_title("stoa-query", "7", "Miscellaneous",
	        "the language in which stoa is asked for posts");
	roff_section("DESCRIPTION");
	roff_paragraph("One language for the live search of a column, its stored query, mutes, "
	               "highlights and notices, the search of the archive and `stoa filter`.");
	roff_paragraph(
	        "Words are matched without case and accents, with invisible characters left "
	        "out, anywhere in the text; several mean all of them. \"A phrase\" stands in "
	        "quotes, `-` before a term means not, `OR` in capitals means either, ( ) "
	        "group. `#tag` is tag:, `@ada` is from:, and `/re+gex/` is a regular "
	        "expression (PCRE2) on the text as it was written.");
	roff_section("FIELDS");
	const struct query_word *field;
	for (size_t i = 0; (field = query_field(i)); i++)
		man_field(field);
	roff_section("MISTAKES");
	roff_paragraph("A mistake is told with its place and a suggestion, never ignored. While "
	               "typing, an unfinished last term is left out.");
	roff_section("SEE ALSO");
	roff_paragraph("`stoa`(1), `stoa-config`(5)");
}
