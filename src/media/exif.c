#include "media/format.h"

enum { ORIENTATION = 274, SHORT = 3, MAX_ENTRIES = 512 };

int exif_orientation(const unsigned char *p, size_t len)
{
	const struct bytes block = {p, len};
	bool big = is_at(&block, 0, "MM\0*", 4);
	if (!big && !is_at(&block, 0, "II*\0", 4)) return 0;
	uint32_t (*const number)(const struct bytes *, size_t, int) = big ? big_at : little_at;
	size_t at = number(&block, 4, 4);
	uint32_t n = number(&block, at, 2);
	for (uint32_t i = 0; i < n && i < MAX_ENTRIES; i++) {
		size_t entry = at + 2 + (size_t)i * 12;
		if (number(&block, entry, 2) != ORIENTATION ||
		        number(&block, entry + 2, 2) != SHORT)
			continue;
		uint32_t value = number(&block, entry + 8, 2);
		return value <= 8 ? (int)value : 0;
	}
	return 0;
}
