"""Notices outside of the terminal: a desktop's service on a private session bus, the control
sequences of terminals that have them, tmux' mark on a window; and never a stranger's bytes."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.parse

from lib import ALLOWED, Deck, DemoServer, Profile, STOA, Tmux, escapes, expect, finish, sign_in
from payloads import PAYLOADS
from posting import ask, says

SERVICE = os.path.join(os.path.dirname(STOA), "tests", "notify_service")
HELPER = os.path.join(os.path.dirname(STOA), "stoa-notify")
CONFIG = ("column add Home ada/home\ncolumn add Mentions ada/mentions\n"
          "notify bell in Mentions to:me\n")
SEQUENCE = re.compile(rb"\x1b\](?:9|99|777);[^\x00-\x1f\x7f]*\x1b\\")
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:dir=%s</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>"""


class Bus:
    """A session bus of our own, with or without somebody who shows notices."""

    def __init__(self, *service):
        self.dir = tempfile.mkdtemp(prefix="stoa-bus-")
        config = os.path.join(self.dir, "bus.conf")
        with open(config, "w") as out:
            out.write(BUS % self.dir)
        self.daemon = subprocess.Popen(["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address=1"],
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.address = self.daemon.stdout.readline().decode().strip()
        self.service = None
        self.path = os.path.join(self.dir, "shown")
        if service:
            with open(self.path, "wb") as shown:
                self.service = subprocess.Popen([SERVICE, *service], stdout=shown,
                                                env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": self.address})
            expect(self.wait("ready"), "the service for notices is on the bus")

    def lines(self):
        with open(self.path, encoding="utf-8") as shown:
            return shown.read().splitlines()

    def wait(self, words, seconds=20):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if any(words in line for line in self.lines()):
                return True
            time.sleep(0.02)
        return False

    def notices(self):
        """Titles and texts of what was shown."""
        found = []
        for line in self.lines():
            if line.startswith("notice "):
                rest, decoder = line.split(" ", 2)[2], json.JSONDecoder()
                title, end = decoder.raw_decode(rest)
                found.append((title, decoder.raw_decode(rest[end + 1:])[0]))
        return found

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in (self.service, self.daemon):
            if process:
                process.terminate()
                process.wait()
        self.daemon.stdout.close()
        shutil.rmtree(self.dir, ignore_errors=True)


class Daemon:
    """stoa daemon, with all that it says."""

    def __init__(self, profile):
        self.path = os.path.join(profile.dir, f"daemon-{time.monotonic_ns()}.log")
        with open(self.path, "wb") as log:
            self.process = subprocess.Popen([STOA, "daemon"], env=profile.env, stderr=log, stdin=subprocess.DEVNULL)

    def said(self):
        with open(self.path, encoding="utf-8") as log:
            return log.read()

    def wait_for(self, words, times=1, seconds=20):
        until = time.monotonic() + seconds
        while self.said().count(words) < times and time.monotonic() < until and self.process.poll() is None:
            time.sleep(0.02)
        expect(self.said().count(words) >= times, f"the daemon says '{words}' {times} times: {self.said()[-400:]}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        expect(self.process.wait(20) == 0, f"the daemon ends well: {self.said()[-300:]}")


class Stage:
    """ada's deck, and brecht who writes to her."""

    def __init__(self, url, config=CONFIG):
        self.ada, self.brecht = Profile(), Profile()
        sign_in(self.ada, url, "ada", "demo-ada")
        sign_in(self.brecht, url, "brecht", "demo-brecht")
        self.ada.config(config)
        self.mentions = "Mentions" in config

    def mention(self, text):
        self.brecht.run("post", "-a", "brecht", f"@ada {text}", check=0)

    def deck(self, **env):
        self.ada.env.update(env)
        deck = Deck(self.ada, cols=120, term=env.get("TERM"))
        # What comes with the first page is no news.
        expect(deck.wait_for(b"mentioned you" if self.mentions else b"Home", 60), "the deck has loaded")
        deck.read(0.5)
        return deck

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.ada.remove()
        self.brecht.remove()


def report(raw, what):
    found = escapes(bytes(raw), [*ALLOWED, SEQUENCE])
    expect(not found, f"{what}: foreign escapes {found[:3]}")


def the_desktop(url):
    with Stage(url) as stage, Bus("markup") as bus:
        with stage.deck(DBUS_SESSION_BUS_ADDRESS=bus.address, TERM="xterm-kitty") as deck:
            stage.mention("Ahoy <b>there</b> & \x1b]0;STOAEVIL\x07 \u202e")
            expect(bus.wait("Ahoy"), "the desktop is told")
            deck.read(0.5)
            title, text = bus.notices()[0]
            expect(title == "to:me", f"by its rule: {title}")
            expect("Ahoy &lt;b&gt;there&lt;/b&gt; &amp;" in text, f"markup is words: {text}")
            expect(not re.search("[\x00-\x1f\x7f-\x9f\u202e]", text), f"and nothing else: {text!r}")
            expect(len(bus.notices()) == 1, f"once: {bus.notices()}")
            expect(b"\x1b]99" not in deck.raw and deck.raw.count(b"\x07") == 1, "the terminal only rings, once")
            report(deck.raw, "a deck with a desktop")
            # Several that come in one turn are told as one.
            storm = 0
            while len(bus.notices()) < 5 and storm < 40:
                stage.mention(f"Storm {storm}")
                storm += 1
                deck.read(0.3)
            expect(len(bus.notices()) == 5, f"more are told: {len(bus.notices())} of {storm}")
            for i in range(3):
                stage.mention(f"Flood {i}")
            deck.read(1.0)
            expect(len(bus.notices()) == 5 and "Flood" not in str(bus.notices()), f"but not all of them: {bus.notices()}")
            stage.ada.run("ctl", "notify test", check=0)
            expect(bus.wait("how the desktop shows"), "a test shows one")
            expect(deck.wait_for(b"notices take the desktop"), "and says which way they take")


def a_desktop_without_markup(url):
    with Stage(url) as stage, Bus("plain") as bus:
        with stage.deck(DBUS_SESSION_BUS_ADDRESS=bus.address):
            stage.mention("Salt & <pepper>")
            expect(bus.wait("Salt & <pepper>"), f"as it was written: {bus.notices()}")


def a_bus_where_nobody_shows(url):
    with Stage(url) as stage, Bus() as bus:
        with stage.deck(DBUS_SESSION_BUS_ADDRESS=bus.address, TERM="xterm-kitty") as deck:
            stage.mention("Over the water")
            expect(deck.wait_for(b"p=body:o=unfocused;@brecht"), "the terminal is told instead")
            report(deck.raw, "a deck whose bus has nobody")


def terminals(url):
    ways = [({"TERM": "xterm-kitty"}, b"\x1b]99;i=stoa1:d=0:p=title;to:me\x1b\\"),
            ({"TERM": "rxvt-unicode-256color"}, b"\x1b]777;notify;stoa: to:me;@brecht"),
            ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, b"\x1b]9;stoa: to:me: @brecht"),
            ({"TERM": "xterm-256color"}, None)]
    for env, sequence in ways:
        with Stage(url) as stage, stage.deck(**env) as deck:
            stage.mention("4;2;\x1b\\\x1b[6n\x1b]777;notify;STOAEVIL;x\x07 Ahoy")
            expect(deck.wait_for(b"\x07"), f"{env}: it rings")
            deck.read(0.3)
            if sequence:
                expect(sequence in deck.raw, f"{env}: its own sequence")
            else:
                expect(not SEQUENCE.search(deck.raw), f"{env}: no sequence that it may not know")
            expect(b"notify;STOAEVIL;x\x07" not in deck.raw and b"\x1b[6n" not in deck.raw, f"{env}: no stranger's bytes")
            report(deck.raw, str(env))


def pieces(most=150):
    """All payloads, in texts that a notice shows whole."""
    texts = [""]
    for payload in PAYLOADS:
        if len(texts[-1]) + len(payload) > most and texts[-1]:
            texts.append("")
        texts[-1] += payload[:most].encode("utf-8", "replace").decode() + " "
    return texts


def every_payload(url):
    """What a server says, byte for byte, as notices of each kind of terminal and of the desktop."""
    texts = pieces()
    for term, kind in (("xterm-kitty", b"\x1b]99;"), ("rxvt-unicode-256color", b"\x1b]777;"), ("desktop", None)):
        for first in range(0, len(texts), 5):
            with Stage(url) as stage, Bus(*(["plain"] if not kind else [])) as bus:
                env = {"TERM": term} if kind else {"DBUS_SESSION_BUS_ADDRESS": bus.address}
                with stage.deck(**env) as deck:
                    for i, text in enumerate(texts[first:first + 5]):
                        ask(url, "/api/v1/statuses", "demo-brecht", "POST",
                            urllib.parse.urlencode({"status": f"@ada {first + i}# {text}"}).encode())
                        if kind:
                            expect(deck.wait_for(f"@ada {first + i}# ".encode()), f"{term}: piece {first + i} came")
                        else:
                            expect(bus.wait(f"@ada {first + i}# "), f"{term}: piece {first + i} came")
                        deck.read(0.2)
                    report(deck.raw, f"{term}, {first}")
                    if kind:
                        expect(kind in deck.raw, f"{term} has notices")
                    else:
                        bad = [text for _, text in bus.notices() if re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)]
                        expect(bus.notices() and not bad, f"the desktop gets words: {bad}")


def tmux_marks_the_window(url):
    with Stage(url, CONFIG.replace("bell ", "")) as stage:
        with Tmux(stage.ada, STOA, cols=120) as tmux:
            expect(tmux.wait_for("mentioned you", 60), "the deck has loaded")
            tmux._tmux("new-window", "sleep 60")
            stage.mention("Ahoy")
            until = time.monotonic() + 20
            flags = ""
            while "!" not in flags and time.monotonic() < until:
                time.sleep(0.05)
                flags = tmux._tmux("list-windows", "-F", "#{window_flags}").stdout.decode()
            expect("!" in flags.splitlines()[0], f"the deck's window is marked: {flags!r}")


def doctor(url):
    with Stage(url) as stage:
        says(stage.ada.run("doctor"), "notices", "no session bus")
        with Bus("markup") as bus:
            stage.ada.env["DBUS_SESSION_BUS_ADDRESS"] = bus.address
            says(stage.ada.run("doctor"), "Harbour desk")
        with Bus() as bus:
            stage.ada.env["DBUS_SESSION_BUS_ADDRESS"] = bus.address
            says(stage.ada.run("doctor"), "nobody on the session bus shows notices")


def told(bus, words):
    return sum(words in text for _, text in bus.notices())


def the_daemon_instead_of_a_deck(url):
    """Whoever is there tells, and never both; what one told the other does not tell again."""
    with Stage(url) as stage, Bus("plain") as bus:
        stage.ada.env["DBUS_SESSION_BUS_ADDRESS"] = bus.address
        with stage.deck() as deck:
            with Daemon(stage.ada) as daemon:
                daemon.wait_for("daemon, process")
                stage.mention("Told by the deck")
                expect(bus.wait("Told by the deck"), "a deck tells")
                expect("watches" not in daemon.said(), "and the daemon does not even look")
                deck.close()
                daemon.wait_for("watches 1 source for notices")
                time.sleep(1)
                stage.mention("Told by the daemon")
                expect(bus.wait("Told by the daemon"), "the daemon tells when the deck is closed")
                with stage.deck() as again:
                    expect(again.wait_for(b"Told by the daemon"), "the next deck shows what the daemon fetched")
                    stage.mention("Told by the second deck")
                    expect(bus.wait("Told by the second deck"), "and tells what comes then")
                    again.read(1)
                    os.kill(again.pid, 9)
                daemon.wait_for("watches 1 source for notices", 2)
                time.sleep(1)
                stage.mention("Told after a kill")
                expect(bus.wait("Told after a kill"), "the daemon takes over from a killed deck, too")
        for words in ("by the deck", "by the daemon", "second deck", "after a kill"):
            expect(told(bus, words) == 1, f"'{words}' was told once: {bus.notices()}")


def wakes(pid):
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/status") as status:
            total += sum(int(line.split()[1]) for line in status if line.startswith("voluntary"))
    return total


def nothing_to_watch(url):
    """Without a notice about anything the daemon asks no server and sleeps."""
    with Stage(url, "column add Home ada/home\nhighlight highlight.urgent to:me\n") as stage:
        with stage.deck() as deck:
            deck.close()
        with Daemon(stage.ada) as daemon:
            daemon.wait_for("daemon, process")
            woken = []
            while len(woken) < 3 and (not woken or woken[-1] > 1):
                time.sleep(6)  # it has to start, and a busy machine takes its time
                before = wakes(daemon.process.pid)
                time.sleep(15)
                woken.append(wakes(daemon.process.pid) - before)
            expect(woken[-1] <= 1, f"idle, it woke {woken} times in 15 s")
            expect("watches" not in daemon.said(), "it watches nothing")
            expect(len(os.listdir(f"/proc/{daemon.process.pid}/task")) <= 4, "and has no threads for it")


def a_post_that_cannot_be_sent(url):
    """The daemon tells it where nobody looks at a deck, and leaves it to a deck that is open."""
    def fails(stage, text):
        parent = ask(url, "/api/v1/statuses", method="POST", body=b"status=Soon gone")
        stage.ada.run("post", "-a", "ada", "--at", "in 3s", "--via", "local", "--reply", parent["url"], text, check=0)
        ask(url, f"/api/v1/statuses/{parent['id']}", method="DELETE")

    with Stage(url, "") as stage, Bus("plain") as bus:
        stage.ada.env["DBUS_SESSION_BUS_ADDRESS"] = bus.address
        with Daemon(stage.ada) as daemon:
            daemon.wait_for("sends what is due")
            fails(stage, "To nobody")
            daemon.wait_for("as ada: ", seconds=30)
            expect(bus.wait("A post as ada: "), f"the desktop is told: {bus.lines()} {daemon.said()}")
            before = len(bus.notices())
            with Deck(stage.ada) as deck:
                deck.wait_for(b"? keys")
                fails(stage, "To nobody again")
                daemon.wait_for("as ada: ", 2, seconds=30)
                deck.read(1)
            expect(len(bus.notices()) == before == 1, f"not beside a deck: {bus.notices()}")


def no_way_to_tell(url):
    """What could not be told is not watched, and the journal says why."""
    with Stage(url) as stage, Daemon(stage.ada) as daemon:
        daemon.wait_for("nothing is watched for notices: there is no session bus")
        time.sleep(1)
        expect("watches" not in daemon.said(), f"it does not watch: {daemon.said()}")


def main():
    with DemoServer("--pace", "off") as server:
        terminals(server.url)
        tmux_marks_the_window(server.url)
        if not (shutil.which("dbus-daemon") and os.path.exists(SERVICE) and os.path.exists(HELPER)):
            print("skipped: the desktop's ways, which want dbus-daemon, notify_service and stoa-notify")
            return
        every_payload(server.url)
        the_desktop(server.url)
        a_desktop_without_markup(server.url)
        a_bus_where_nobody_shows(server.url)
        doctor(server.url)
        the_daemon_instead_of_a_deck(server.url)
        nothing_to_watch(server.url)
        no_way_to_tell(server.url)
        a_post_that_cannot_be_sent(server.url)


main()
finish()
