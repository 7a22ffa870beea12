#include "net/curl_socket.h"

#include "base/mem.h"

enum { TURN_BYTES = 1 << 20, READ_BYTES = 16384 };

void curl_socket_setup(CURL *easy)
{
	curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L); /* none that speaks HTTP/2 */
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_HTTPPROXYTUNNEL, 1L);
}

static bool broken(CURLcode code, struct err *err)
{
	return err_set(err, ERR_NETWORK, "the WebSocket broke off: %s", curl_easy_strerror(code));
}

static bool write_some(CURL *easy, struct websocket *ws, struct response *response, struct err *err)
{
	size_t len, n;
	for (const char *bytes; bytes = websocket_waiting(ws, &len), len > 0;) {
		CURLcode code = curl_easy_send(easy, bytes, len, &n);
		if (code == CURLE_AGAIN) return true;
		if (code != CURLE_OK) return broken(code, err);
		websocket_sent(ws, n);
		response->bytes_sent += n;
	}
	return true;
}

bool curl_socket_move(CURL *easy, struct websocket *ws, struct response *response, bool *out_more,
        struct err *err)
{
	char bytes[READ_BYTES];
	*out_more = false;
	if (!write_some(easy, ws, response, err)) return false;
	for (size_t total = 0, n = 0; total < TURN_BYTES; total += n) {
		CURLcode code = curl_easy_recv(easy, bytes, sizeof bytes, &n);
		if (code == CURLE_AGAIN) return write_some(easy, ws, response, err);
		if (code == CURLE_OK && n == 0)
			return err_set(err, ERR_NETWORK, "the WebSocket broke off");
		if (code != CURLE_OK) return broken(code, err);
		response->bytes_received += n;
		if (!websocket_feed(ws, bytes, n, err)) {
			struct err none; /* what is said at the end may be lost */
			write_some(easy, ws, response, &none);
			return false;
		}
	}
	*out_more = true;
	return write_some(easy, ws, response, err);
}

struct curl_waitfd curl_socket_wait(CURL *easy, const struct websocket *ws)
{
	struct curl_waitfd wait = {.fd = CURL_SOCKET_BAD, .events = CURL_WAIT_POLLIN};
	size_t len;
	curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &wait.fd);
	websocket_waiting(ws, &len);
	if (len > 0) wait.events |= CURL_WAIT_POLLOUT;
	return wait;
}
