#include "base/punycode.h"

#include <stdint.h>

#include "base/utf8.h"

/* RFC 3492, section 5: parameter values, and 6.3: encoding. */
enum { BASE = 36, T_MIN = 1, T_MAX = 26, SKEW = 38, DAMP = 700, BIAS = 72, FIRST = 128 };

static char digit(uint32_t value)
{
	return (char)(value < 26 ? 'a' + value : '0' + value - 26);
}

/* Section 6.1. */
static uint32_t adapt(uint32_t delta, uint32_t points, bool first)
{
	uint32_t k = 0;
	delta = first ? delta / DAMP : delta / 2;
	delta += delta / points;
	for (; delta > (BASE - T_MIN) * T_MAX / 2; k += BASE)
		delta /= BASE - T_MIN;
	return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

static void put_delta(struct str *out, uint32_t delta, uint32_t bias)
{
	for (uint32_t k = BASE;; k += BASE) {
		uint32_t t = k <= bias ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;
		if (delta < t) break;
		str_addc(out, digit(t + (delta - t) % (BASE - t)));
		delta = (delta - t) / (BASE - t);
	}
	str_addc(out, digit(delta));
}

static void encode(struct str *out, const int32_t *points, uint32_t n)
{
	uint32_t done = 0, bias = BIAS, delta = 0;
	int32_t code = FIRST;
	for (uint32_t i = 0; i < n; i++) {
		if (points[i] >= FIRST) continue;
		str_addc(out, (char)points[i]);
		done++;
	}
	const uint32_t basic = done;
	if (basic) str_addc(out, '-');
	while (done < n) {
		int32_t next = INT32_MAX;
		for (uint32_t i = 0; i < n; i++) {
			if (points[i] >= code && points[i] < next) next = points[i];
		}
		delta += (uint32_t)(next - code) * (done + 1);
		code = next;
		for (uint32_t i = 0; i < n; i++) {
			if (points[i] < code) delta++;
			if (points[i] != code) continue;
			put_delta(out, delta, bias);
			bias = adapt(delta, done + 1, done == basic);
			delta = 0;
			done++;
		}
		delta++;
		code++;
	}
}

void punycode_label(struct str *out, const char *label, size_t len)
{
	int32_t points[PUNYCODE_MAX];
	uint32_t n = 0;
	bool ascii = true;
	for (size_t at = 0; at < len && n < PUNYCODE_MAX; n++) {
		at += utf8_decode(label + at, len - at, &points[n]);
		ascii = ascii && points[n] < FIRST;
	}
	if (ascii) {
		str_add(out, label, len);
		return;
	}
	str_adds(out, "xn--");
	encode(out, points, n);
}
