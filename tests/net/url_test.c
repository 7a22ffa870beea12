/* URLs and addresses. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "net/address.h"
#include "net/url.h"

static void nothing(void **state)
{
	(void)state;
	assert_null(url_resolve(NULL, NULL));
	assert_null(url_resolve("http://a/", NULL));
	assert_null(url_host(NULL));
	assert_null(url_host(""));
	assert_false(url_is_web(NULL));
	assert_false(url_is_loopback(NULL));
	assert_false(url_is_local(NULL));
	assert_false(url_same_origin(NULL, NULL));
}

static void resolve(const char *base, const char *ref, const char *expected)
{
	char *got = url_resolve(base, ref);
	if (expected)
		assert_string_equal(got, expected);
	else
		assert_null(got);
	free(got);
}

static void references(void **state)
{
	(void)state;
	const char *base = "https://example.org/a/b?c#d";
	resolve(base, "x", "https://example.org/a/x");
	resolve(base, "/x", "https://example.org/x");
	resolve(base, "//other.example/x", "https://other.example/x");
	resolve(base, "../../x/./y", "https://example.org/x/y");
	resolve(base, "?q=1", "https://example.org/a/b?q=1");
	resolve(base, "", "https://example.org/a/b?c");
	resolve(base, "#f", "https://example.org/a/b?c#f");
	resolve(base, " http://b.example/ \n", "http://b.example/");
	resolve(base, "a b", "https://example.org/a/a%20b");
	resolve(NULL, "https://example.org", "https://example.org/");
	resolve(NULL, "relative", NULL);
	resolve("nonsense", "x", NULL);
	resolve(base, "http://", NULL);
}

static void host(const char *url, const char *expected)
{
	char *got = url_host(url);
	if (expected)
		assert_string_equal(got, expected);
	else
		assert_null(got);
	free(got);
}

static void hosts(void **state)
{
	(void)state;
	host("https://Example.ORG/x", "example.org");
	host("https://example.org./x", "example.org");
	host("https://example.org:443/", "example.org");
	host("http://example.org:443/", "example.org:443");
	host("http://user:pass@example.org:8080/", "example.org:8080");
	host("https://b\xc3\xbc"
	     "cher.example/",
	        "xn--bcher-kva.example");
	host("http://[::1]:80/", "[::1]");
	host("file:///etc/passwd", NULL);
	host("not a url", NULL);
}

static void kinds(void **state)
{
	(void)state;
	assert_true(url_is_web("HTTPS://example.org"));
	assert_true(url_is_web("http://127.0.0.1:8080/x"));
	assert_false(url_is_web("ftp://example.org/"));
	assert_false(url_is_web("file:///x"));
	assert_false(url_is_web("https://"));
	assert_false(url_is_web("javascript:alert(1)"));

	assert_true(url_is_loopback("http://localhost:1/"));
	assert_true(url_is_loopback("http://a.LOCALHOST/"));
	assert_true(url_is_loopback("http://127.9.9.9/"));
	assert_true(url_is_loopback("http://[::1]/"));
	assert_false(url_is_loopback("http://127.0.0.1.example.org/"));
	assert_false(url_is_loopback("http://localhost.example.org/"));
	assert_false(url_is_loopback("http://192.168.0.1/"));
	assert_false(url_is_loopback("http://127.0.0.1@example.org/"));

	static const char *const local[] = {"http://nas/", "http://nas.local/", "http://router.lan",
	        "http://10.0.0.1", "http://0x7f.1/", "http://[fe80::1%25eth0]/",
	        "http://[fd00::1]/", "http://a.home.arpa/", "http://localhost./"};
	for (size_t i = 0; i < sizeof(local) / sizeof(*local); i++)
		assert_true(url_is_local(local[i]));
	static const char *const open[] = {"https://example.org", "https://1.1.1.1/",
	        "https://[2606:4700::1111]/", "https://10.example.org/", "file:///x"};
	for (size_t i = 0; i < sizeof(open) / sizeof(*open); i++)
		assert_false(url_is_local(open[i]));
}

static void origins(void **state)
{
	(void)state;
	assert_true(url_same_origin("https://a.example/x", "https://A.example:443/y"));
	assert_false(url_same_origin("https://a.example/", "http://a.example/"));
	assert_false(url_same_origin("https://a.example/", "https://a.example:444/"));
	assert_false(url_same_origin("https://a.example/", "https://b.example/"));
	assert_false(url_same_origin("https://a.example/", "https://a.example.b.example/"));
}

static void encoding(void **state)
{
	(void)state;
	struct str out = {0};
	url_encode(&out, "aZ09-._~ /?&=%\xc3\xa9\0", 17);
	assert_string_equal(out.p, "aZ09-._~%20%2F%3F%26%3D%25%C3%A9%00");
	str_finish(&out);
	char *plain = url_decode("a%20b%C3%a9%2%zz%00%");
	assert_string_equal(plain, "a b\xc3\xa9%2%zz%00%");
	free(plain);
}

static bool is_local(const char *text)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
		return address_is_local((struct sockaddr *)&v4);
	assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
	return address_is_local((struct sockaddr *)&v6);
}

static void addresses(void **state)
{
	(void)state;
	static const char *const local[] = {"0.0.0.0", "10.255.255.255", "100.64.0.1", "127.0.0.1",
	        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.168.1.1", "198.19.0.1",
	        "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "febf::1",
	        "fc00::1", "fdff::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
	        "2002:7f00:1::", "::127.0.0.1"};
	static const char *const open[] = {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255",
	        "100.128.0.0", "126.255.255.255", "128.0.0.1", "169.253.0.1", "172.15.255.255",
	        "172.32.0.0", "192.167.1.1", "192.169.0.1", "223.255.255.255", "2606:4700::1111",
	        "::ffff:1.1.1.1", "64:ff9b::101:101", "2002:101:101::"};
	for (size_t i = 0; i < sizeof(local) / sizeof(*local); i++) {
		if (!is_local(local[i])) fail_msg("%s is local", local[i]);
	}
	for (size_t i = 0; i < sizeof(open) / sizeof(*open); i++) {
		if (is_local(open[i])) fail_msg("%s is not local", open[i]);
	}
	struct sockaddr other = {.sa_family = AF_UNIX};
	assert_true(address_is_local(&other));
}

int main(void)
{
	setlocale(LC_ALL, ""); /* libcurl reads international names in the locale's encoding */
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(nothing),
	        cmocka_unit_test(references),
	        cmocka_unit_test(hosts),
	        cmocka_unit_test(kinds),
	        cmocka_unit_test(origins),
	        cmocka_unit_test(encoding),
	        cmocka_unit_test(addresses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
