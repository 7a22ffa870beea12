#pragma once

/* Before any use of libxml2: nothing outside the bytes at hand is ever loaded (quality.md S10). */
void xml_guard(void);
