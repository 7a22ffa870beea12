#include "model/person.h"

#include <stdlib.h>

#include "base/mem.h"

struct person *person_new(void)
{
	struct person *person = xcalloc(1, sizeof *person);

	person->posts = person->followers = person->following = -1;
	return person;
}

void person_free(struct person *person)
{
	if (!person) return;
	for (size_t i = 0; i < person->nfields; i++) {
		free(person->fields[i].name);
		free(person->fields[i].value);
	}
	for (size_t i = 0; i < person->npinned; i++) {
		free(person->pinned[i]);
	}
	free(person->uri);
	free(person->remote_id);
	free(person->bio);
	free(person->fields);
	free(person->moved_to);
	free(person->note);
	free(person->pinned);
	free(person);
}

void person_add_field(
        struct person *person, const char *name, const char *value, int64_t verified_ms)
{
	person->fields = xrealloc(person->fields, (person->nfields + 1) * sizeof *person->fields);
	person->fields[person->nfields++] = (struct person_field){
	        .name = xstrdup(name), .value = xstrdup(value), .verified_ms = verified_ms};
}

void person_add_pinned(struct person *person, const char *uri)
{
	person->pinned = xrealloc(person->pinned, (person->npinned + 1) * sizeof *person->pinned);
	person->pinned[person->npinned++] = xstrdup(uri);
}
