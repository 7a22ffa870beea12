"""TLS fails closed: every wrong certificate or protocol is refused with a sentence that names the
reason, no token leaves, and the same server with a good certificate is read."""
import os
import socket
import ssl
import subprocess
import threading
import warnings

from lib import STOA, Profile, expect, finish

FEED = (b"<rss version='2.0'><channel><title>Safe</title><item><title>arrived safely</title>"
        b"<guid>1</guid></item></channel></rss>")


def openssl(directory, *words):
    subprocess.run(["openssl", *words], cwd=directory, check=True, capture_output=True)


def authority(directory, name):
    openssl(directory, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj",
            f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.pem")


def certificate(directory, name, issuer, subject_alt="IP:127.0.0.1", digest="sha256", days="30"):
    """A server's certificate, signed by `issuer`; days below 0: it ended so long ago."""
    openssl(directory, "req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}",
            "-keyout", f"{name}.key", "-out", f"{name}.csr")
    with open(os.path.join(directory, f"{name}.ext"), "w") as out:
        out.write(f"subjectAltName={subject_alt}\n")
    openssl(directory, "x509", "-req", "-in", f"{name}.csr", "-CA", f"{issuer}.pem", "-CAkey",
            f"{issuer}.key", "-CAcreateserial", "-days", days, f"-{digest}", "-extfile",
            f"{name}.ext", "-out", f"{name}.pem")


class Server:
    """Answers every request with FEED, over TLS (context) or in the clear (None)."""

    def __init__(self, context):
        self.context = context
        self.heard = b""
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            plain, _ = self.listener.accept()
            plain.settimeout(5)
            try:
                link = self.context.wrap_socket(plain, server_side=True) if self.context else plain
                self.heard += link.recv(65536)
                link.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n"
                             b"Content-Length: %d\r\nConnection: close\r\n\r\n%s"
                             % (len(FEED), FEED))
                link.close()
            except (OSError, ssl.SSLError):
                plain.close()


def context(directory, name, newest=None, ciphers=None):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if ciphers:
        made.set_ciphers(ciphers)
    made.load_cert_chain(os.path.join(directory, f"{name}.pem"),
                         os.path.join(directory, f"{name}.key"))
    if newest:
        made.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        made.maximum_version = newest
    return made


def read(profile, port):
    return subprocess.run([STOA, "read", f"https://127.0.0.1:{port}/feed.xml"], env=profile.env,
                          capture_output=True, text=True, timeout=60)


def main():
    warnings.simplefilter("ignore", DeprecationWarning)  # old protocols are what is tried
    profile = Profile()
    home = profile.dir
    authority(home, "trusted")
    authority(home, "stranger")
    certificate(home, "good", "trusted")
    certificate(home, "expired", "trusted", days="-1")
    certificate(home, "elsewhere", "trusted", subject_alt="DNS:elsewhere.example")
    certificate(home, "untrusted", "stranger")
    certificate(home, "weak", "trusted", digest="sha1")
    profile.env["SSL_CERT_FILE"] = os.path.join(home, "trusted.pem")
    profile.env["CURL_CA_BUNDLE"] = profile.env["SSL_CERT_FILE"]

    good = Server(context(home, "good"))
    answer = read(profile, good.port)
    expect(answer.returncode == 0 and "arrived safely" in answer.stdout,
           f"a good certificate is taken: {answer.stderr}")

    weak = "DEFAULT:@SECLEVEL=0"
    wrong = {
        "an expired certificate": (context(home, "expired"), "expired"),
        "another host's certificate": (context(home, "elsewhere"), "127.0.0.1"),
        "an unknown issuer": (context(home, "untrusted"), "certificate"),
        "a SHA-1 signature": (context(home, "weak", ciphers=weak), "weak"),
        "TLS 1.0": (context(home, "good", ssl.TLSVersion.TLSv1, weak), "legacy"),
        "TLS 1.1": (context(home, "good", ssl.TLSVersion.TLSv1_1, weak), "legacy"),
        "plain text where TLS belongs": (None, "version"),
    }
    for what, (made, word) in wrong.items():
        server = Server(made)
        answer = read(profile, server.port)
        expect(answer.returncode == 1, f"{what} is refused (exit {answer.returncode})")
        expect("arrived" not in answer.stdout, f"{what}: nothing is shown")
        expect(word in answer.stderr, f"{what}: the reason is named: {answer.stderr.strip()!r}")
        signin = subprocess.run(
            [STOA, "login", "mastodon", f"https://127.0.0.1:{server.port}", "--name", "t",
             "--token-stdin"], input="secret-token\n", env=profile.env, capture_output=True,
            text=True, timeout=60)
        expect(signin.returncode != 0, f"{what}: no sign-in")
        expect(b"secret-token" not in server.heard, f"{what}: no token leaves")
    finish()


if __name__ == "__main__":
    main()
