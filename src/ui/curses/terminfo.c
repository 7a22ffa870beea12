#include "terminfo.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <curses.h>
#include <term.h>

enum entry terminfo_look_up(const char *name)
{
	char cup[] = "cup";
	int found = 0;
	if (setupterm(name, STDOUT_FILENO, &found) == ERR) {
		/* An entry of a "generic" type is refused, but it is there. */
		return found == 1 ? ENTRY_PLAIN : ENTRY_NONE;
	}
	const char *address = tigetstr(cup);
	bool good = address && address != (char *)-1 && address[0];
	del_curterm(cur_term);
	return good ? ENTRY_GOOD : ENTRY_PLAIN;
}

bool terminfo_direct(char out[64], const char *name)
{
	static const char suffix[] = "-256color";
	size_t len = strlen(name), cut = sizeof(suffix) - 1;
	if (len > cut && strcmp(name + len - cut, suffix) == 0) len -= cut;
	if (len > 40) return false;
	snprintf(out, 64, "%.*s-direct", (int)len, name);
	return terminfo_look_up(out) == ENTRY_GOOD;
}
