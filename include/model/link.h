#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/*
 * What a link says against where it leads (quality.md S7). Where it leads is told by its host,
 * as the wire has it when letters of other scripts could make it look like another.
 */
enum link_truth {
	LINK_SAYS_SO,  /* its words are its address, or begin with its host */
	LINK_IN_WORDS, /* its words say nothing of where it leads */
	LINK_LIES,     /* they name another host, or look as if they did */
};

/* Judge a link by its words and its target; appends the host to be told, "" for none. */
enum link_truth link_judge(const char *words, size_t len, const char *target, struct str *out_host);

/* The host of an address as it is to be shown; false when it has none. */
bool link_host(const char *url, struct str *out);
/* Has it a name and perhaps a password before the host, as in https://bank.example@evil.example? */
bool link_has_userinfo(const char *url);
