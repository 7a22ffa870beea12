#include "db/pack.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/*
 * A format byte, the length of the whole, then by turns: a number of bytes to take as
 * they are, these bytes; a number of bytes (less MIN_MATCH) to repeat and how far back
 * they began. Numbers are little-endian base 128. Before the first byte lies `common`,
 * which must never change: another one would be another format.
 */
enum { FORMAT = 1, MIN_MATCH = 4, HASH_BITS = 11, MAX_BYTES = 16 << 20 };

static const char common[] =
        "application/ image/jpeg image/png image/webp video/mp4 audio/mpeg .social/ .example/ "
        "http://www. https://bsky.app/profile/ at://did:plc:/app.bsky.feed.post/ "
        ".com/ .org/ .net/ .html /media_attachments/files/ /original/ https://files. "
        "/tags/ /objects/ /notes/ https://mastodon.social/users/ /statuses/1";
enum { COMMON_LEN = sizeof common - 1 };

static void put_number(struct str *out, size_t number)
{
	for (; number >= 0x80; number >>= 7)
		str_addc(out, (char)(number | 0x80));
	str_addc(out, (char)number);
}

static uint32_t hash_of(const char *p)
{
	uint32_t four;
	memcpy(&four, p, sizeof four);
	return four * 2654435761u >> (32 - HASH_BITS);
}

static size_t match_len(const char *a, const char *b, const char *end)
{
	const char *start = b;
	while (b < end && *a == *b) {
		a++;
		b++;
	}
	return (size_t)(b - start);
}

/* `all` is common, then what is to be packed, from `start`. */
static void pack_all(struct str *out, const char *all, size_t start, size_t len)
{
	uint32_t seen[1 << HASH_BITS] = {0}; /* place + 1 */
	size_t from = start;
	for (size_t i = 0; i + MIN_MATCH <= start; i++)
		seen[hash_of(all + i)] = (uint32_t)i + 1;
	for (size_t i = start; i + MIN_MATCH <= len;) {
		uint32_t *slot = &seen[hash_of(all + i)];
		size_t place = *slot, n = 0;
		*slot = (uint32_t)i + 1;
		if (place > 0) n = match_len(all + place - 1, all + i, all + len);
		if (n < MIN_MATCH) {
			i++;
			continue;
		}
		put_number(out, i - from);
		str_add(out, all + from, i - from);
		put_number(out, n - MIN_MATCH);
		put_number(out, i - (place - 1));
		for (size_t k = i + 1; k < i + n && k + MIN_MATCH <= len; k++)
			seen[hash_of(all + k)] = (uint32_t)k + 1;
		i += n;
		from = i;
	}
	put_number(out, len - from);
	str_add(out, all + from, len - from);
}

void pack(struct str *out, const void *bytes, size_t len)
{
	struct str all = {0};
	str_add(&all, common, COMMON_LEN);
	str_add(&all, bytes, len);
	str_addc(out, FORMAT);
	put_number(out, len);
	pack_all(out, str_c(&all), COMMON_LEN, all.len);
	str_finish(&all);
}

struct reader {
	const unsigned char *p, *end;
	bool bad;
};

static size_t get_number(struct reader *reader)
{
	size_t number = 0;
	for (int shift = 0; shift < 28 && reader->p < reader->end; shift += 7) {
		unsigned char byte = *reader->p++;
		number |= (size_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80)) return number;
	}
	reader->bad = true;
	return 0;
}

/* All that is unpacked, with `common` before it; `room` is all that it may be. */
struct unpacked {
	char *p;
	size_t len, room;
};

static void take(struct reader *reader, struct unpacked *all, size_t n)
{
	if (n > (size_t)(reader->end - reader->p) || n > all->room - all->len) {
		reader->bad = true;
		return;
	}
	memcpy(all->p + all->len, reader->p, n);
	all->len += n;
	reader->p += n;
}

/* What is repeated may run into what it makes. */
static void repeat(struct reader *reader, struct unpacked *all)
{
	size_t n = get_number(reader) + MIN_MATCH, back = get_number(reader);
	if (reader->bad || back == 0 || back > all->len || n > all->room - all->len) {
		reader->bad = true;
		return;
	}
	char *to = all->p + all->len;
	if (back >= n) {
		memcpy(to, to - back, n);
	} else {
		for (size_t i = 0; i < n; i++)
			to[i] = to[i - back];
	}
	all->len += n;
}

bool unpack(struct str *out, const void *bytes, size_t len)
{
	struct reader reader = {.p = bytes, .end = (const unsigned char *)bytes + len};
	if (len == 0 || *reader.p++ != FORMAT) return false;
	struct unpacked all = {.len = COMMON_LEN, .room = get_number(&reader) + COMMON_LEN};
	if (all.room > MAX_BYTES) return false;
	all.p = xmalloc(all.room + 1);
	memcpy(all.p, common, COMMON_LEN);
	while (!reader.bad) {
		take(&reader, &all, get_number(&reader));
		if (reader.bad || reader.p == reader.end) break;
		repeat(&reader, &all);
	}
	bool ok = !reader.bad && all.len == all.room;
	if (ok) str_add(out, all.p + COMMON_LEN, all.len - COMMON_LEN);
	free(all.p);
	return ok;
}
