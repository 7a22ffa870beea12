#pragma once
#include <stdbool.h>
#include <stdint.h>

/* What the programs that speak the Mastodon API can do (fact sheet 14), by how they call
 * themselves. */

/*
 * Capabilities of a program: `software` as in struct account ("snac 2.75"), `api` its
 * api_versions.mastodon or 0, `streams` whether it tells where it streams. One that is
 * unknown gets what nearly all have: what it lacks shows when it is tried.
 */
unsigned mastodon_software_caps(const char *software, uint32_t api, bool streams);

/* The program that a version string betrays ("2.7.2 (compatible; Pleroma 2.5.0)"), or NULL. */
const char *mastodon_software_guess(const char *version);
