#include "networks/xml_guard.h"

#include <libxml/parser.h>

static xmlParserInputPtr refuse(const char *url, const char *id, xmlParserCtxtPtr ctxt)
{
	(void)url;
	(void)id;
	(void)ctxt;
	return NULL;
}

static void say_nothing(void *ctx, const char *fmt, ...)
{
	(void)ctx;
	(void)fmt;
}

void xml_guard(void)
{
	xmlInitParser();
	xmlSetExternalEntityLoader(refuse);
	xmlSetGenericErrorFunc(NULL, say_nothing);
}
