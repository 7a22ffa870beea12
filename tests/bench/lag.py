"""How far the deck lags behind a stream: lag.py EVENTS RATE. The demo server sends a burst; we
listen to it as well, and note when its last event came here and when the deck last wrote."""
import os
import sys
import threading
import time
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "e2e"))
from lib import Deck, DemoServer, Profile, sign_in  # noqa: E402


class Witness(threading.Thread):
    """Another listener to the same stream."""

    def __init__(self, url, events):
        super().__init__(daemon=True)
        request = urllib.request.Request(f"{url}/api/v1/streaming/user",
                                         headers={"Authorization": "Bearer demo-ada"})
        self.link = urllib.request.urlopen(request, timeout=120)
        self.events, self.seen, self.last = events, 0, None

    def run(self):
        for line in self.link:
            if line.startswith(b"event: update"):
                self.seen += 1
            elif b"\xc2\xb7 %d<" % self.events in line or b"\xc2\xb7 %d" % self.events in line:
                self.last = time.monotonic()
                return


def main():
    events, rate = int(sys.argv[1]), int(sys.argv[2])
    with Profile() as profile, DemoServer("--pace", "off") as server:
        sign_in(profile, server.url)
        profile.config("column add Stream demo/home\n")
        with Deck(profile, rows=60, cols=200) as deck:
            deck.wait_for(b"Stream")
            deck.read(2)
            witness = Witness(server.url, events)
            witness.start()
            urllib.request.urlopen(urllib.request.Request(
                f"{server.url}/demo/burst", method="POST",
                data=f"events={events}&rate={rate}".encode()), timeout=10).read()
            deadline = time.monotonic() + 3 * events / rate + 30
            wrote = time.monotonic()
            while time.monotonic() < deadline:
                if deck.read(0.02):
                    wrote = time.monotonic() - 0.02  # silence is what ends a read
                elif witness.last and time.monotonic() - max(wrote, witness.last) > 1:
                    break
            deck.raw.clear()
            deck.send("\x0c", settle=0.5)
            there = b"\xc2\xb7 %d" % events in deck.raw
            if not witness.last or not there:
                sys.exit(f"lag: the last of {events} events did not come "
                         f"(here {witness.seen}, on the screen: {there})")
            print(f"stoa-burst lag {max(0, wrote - witness.last) * 1000:.0f} ms "
                  f"(after {events} events at {rate}/s)")


if __name__ == "__main__":
    main()
