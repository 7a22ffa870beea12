#pragma once

/* A manual page to stdout, by the macros of man(7). */

void roff_title(const char *name, const char *section, const char *kind, const char *about);
void roff_section(const char *title);
void roff_text(const char *text); /* nothing of it looks like a request or an escape */
/* A paragraph; words between ` and ` are printed bold. */
void roff_paragraph(const char *text);
/* A term in bold, what goes with it, and below what it means. */
void roff_item(const char *term, const char *arguments, const char *help);
/* Items between these stand further in. */
void roff_deeper(void);
void roff_back(void);
