#include "app/notice_way.h"

#include <stdlib.h>
#include <string.h>

#include "base/program.h"

void notice_ways_find(struct notice_ways *ways)
{
	*ways = (struct notice_ways){
	        .bus = program_session_bus(), .form = osc_form_here(), .mux = osc_mux_here()};
#ifdef STOA_NOTIFY
	ways->helper = program_find("stoa-notify", STOA_NOTIFY);
#endif
}

void notice_ways_finish(struct notice_ways *ways)
{
	free(ways->helper);
	free(ways->bus);
	*ways = (struct notice_ways){0};
}

enum osc_form notice_form_of(const struct notice_ways *ways, const char *by)
{
	enum osc_form told = osc_form_named(by);
	return told != OSC_NONE ? told : ways->form;
}

enum notice_way notice_way_after_desktop(const struct notice_ways *ways, const char *by, bool seen)
{
	if (!seen || strcmp(by, "auto") != 0) return WAY_NONE;
	if (ways->form != OSC_NONE) return WAY_TERMINAL;
	return ways->mux != OSC_MUX_NONE ? WAY_MARK : WAY_NONE;
}

enum notice_way notice_way_of(const struct notice_ways *ways, const char *by, bool seen)
{
	bool automatic = strcmp(by, "auto") == 0;
	if (automatic || strcmp(by, "desktop") == 0) {
		if (ways->helper && ways->bus) return WAY_DESKTOP;
		return notice_way_after_desktop(ways, by, seen);
	}
	if (!seen) return WAY_NONE;
	if (strcmp(by, "bell") == 0) return WAY_MARK;
	return osc_form_named(by) != OSC_NONE ? WAY_TERMINAL : WAY_NONE;
}
