#include "networks/xml_escape.h"

void xml_escape(struct str *out, const char *p, size_t len, bool quotes)
{
	for (size_t i = 0; i < len; i++) {
		switch (p[i]) {
		case '&':
			str_adds(out, "&amp;");
			break;
		case '<':
			str_adds(out, "&lt;");
			break;
		case '>':
			str_adds(out, "&gt;");
			break;
		case '"':
			str_adds(out, quotes ? "&quot;" : "\"");
			break;
		default:
			str_addc(out, p[i]);
		}
	}
}
