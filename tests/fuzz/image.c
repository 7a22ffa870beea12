/* What stoa-media prints, in case that it is no longer itself. The first byte says what was wished.
 */
#include <assert.h>
#include <stdint.h>

#include "model/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0) return 0;
	const struct image_wish wish = {
	        .width = 20, .height = 10, .form = data[0] & 3, .cell_width = 8, .cell_height = 16};
	struct image *image = image_parse((const char *)data + 1, size - 1, &wish);
	if (image) {
		assert(image->width && image->width <= 20 && image->height && image->height <= 10);
		image_make_bytes(image, &wish);
		/* One string for the terminal: it begins with Esc and ends with ST. */
		if (image->nbytes)
			assert(image->bytes[0] == 27 && image->bytes[image->nbytes - 1] == '\\');
	}
	image_free(image);
	return 0;
}
