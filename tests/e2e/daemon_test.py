"""`stoa daemon`: what is due goes out once and never early while no deck is open; beside a deck,
killed, stopped, idle, held, and after somebody signed in."""
import json
import os
import signal
import subprocess
import time

from lib import Deck, DemoServer, Profile, STOA, expect, finish, sign_in
from posting import count, moment, posts, queue, rows, says

CONFIG = "set outbox-settle 1s\nset outbox-spacing 0s\n"


class Daemon:
    """stoa daemon, with all that it says."""

    def __init__(self, profile):
        self.log = open(os.path.join(profile.dir, f"daemon-{time.monotonic_ns()}.log"), "w+b")
        self.process = subprocess.Popen([STOA, "daemon"], env=profile.env, stderr=self.log, stdin=subprocess.DEVNULL)

    def said(self):
        self.log.flush()
        with open(self.log.name, "rb") as log:
            return log.read().decode()

    def wait_for(self, words, seconds=20):
        until = time.monotonic() + seconds
        while words not in self.said() and time.monotonic() < until and self.process.poll() is None:
            time.sleep(0.02)
        return expect(words in self.said(), f"the daemon says '{words}': {self.said()[-400:]}")

    def stop(self, number=signal.SIGTERM):
        start = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
        return time.monotonic() - start

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def later(profile, text, at, *accounts):
    args = [word for account in accounts for word in ("-a", account)]
    return rows(profile.run("post", *args, "--at", at, "--via", "local", "--json", text, check=0))


def wait_until_sent(profile, ids, seconds=30):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        states = {row["id"]: row for row in queue(profile, "--all")}
        if all(states[i]["state"] == "sent" for i in ids):
            return [states[i] for i in ids]
        time.sleep(0.1)
    expect(False, f"posts {ids} were sent: {[states.get(i) for i in ids]}")
    return []


def on_time_and_once(profile, url):
    with Daemon(profile) as daemon:
        daemon.wait_for("sends what is due")
        planned = later(profile, "By the daemon", "in 3s", "ada", "brecht")
        sent = wait_until_sent(profile, [row["id"] for row in planned])
        for row in sent:
            early = moment(row["at"]) - moment(row["first_at"])
            expect(early <= 0, f"never early: {early} s")
        for token in ("demo-ada", "demo-brecht"):
            expect(count(url, "By the daemon", token) == 1, f"posted once for {token}")
        daemon.wait_for("sent: http")
        # A second one, and the state as told from outside.
        says(profile.run("daemon", check=1), "runs already", str(daemon.process.pid))
        status = json.loads(profile.run("daemon", "--status", "--json", check=0).stdout)
        expect(status["running"] and status["pid"] == daemon.process.pid, f"its status: {status}")
        expect(status["sender"].startswith("daemon"), f"it is who sends: {status}")
        took = daemon.stop()
        expect(daemon.process.returncode == 0 and took < 2, f"TERM ends it well and soon: {daemon.process.returncode}, {took:.1f} s")
    says(profile.run("daemon", "--status", check=1), "does not run")


def killed_and_started_again(profile, url):
    with Daemon(profile) as daemon:
        daemon.wait_for("sends what is due")
        planned = later(profile, "After a kill", "in 2s", "ada")
        daemon.stop(signal.SIGKILL)
    done = profile.run("doctor", "--json", check=1)
    bad = [row for row in rows(done) if row["check"] == "daemon"]
    expect(not bad[0]["ok"] and "--install" in bad[0]["advice"], f"doctor says that nobody will send it: {bad}")
    time.sleep(2.5)
    expect(count(url, "After a kill") == 0, "nobody was there to send it")
    expect([row["id"] for row in queue(profile)] == [planned[0]["id"]], "the queue survives a kill")
    with Daemon(profile) as daemon:
        wait_until_sent(profile, [planned[0]["id"]])
        expect(count(url, "After a kill") == 1, "the next daemon sends it, once")


def beside_a_deck(profile, url):
    with Deck(profile) as deck:
        deck.wait_for(b"stoa")
        with Daemon(profile) as daemon:
            daemon.wait_for("waiting until it ends")
            planned = later(profile, "By the deck", "in 2s", "ada")
            wait_until_sent(profile, [planned[0]["id"]])
            expect(count(url, "By the deck") == 1, "a deck that was there first sends, and it alone")
            deck.close()
            daemon.wait_for("sends what is due")
            planned = later(profile, "Deck closed", "in 2s", "ada", "brecht")
            wait_until_sent(profile, [row["id"] for row in planned])
            for token in ("demo-ada", "demo-brecht"):
                expect(count(url, "Deck closed", token) == 1, f"the daemon takes over, once for {token}")


def thread_with_a_deck_closed(profile, url):
    with Daemon(profile) as daemon:
        daemon.wait_for("sends what is due")
        done = profile.run("post", "-a", "ada", "-a", "brecht", "--thread", "--at", "in 2s", "--json", "-",
                           stdin=b"Thread 1\n---\nThread 2\n---\nThread 3\n", check=0)
        wait_until_sent(profile, [row["id"] for row in rows(done)])
        for token in ("demo-ada", "demo-brecht"):
            three = [s for s in posts(url, token) if "Thread " in s["content"]][::-1]
            expect([s["content"].count(f"Thread {n + 1}") for n, s in enumerate(three)] == [1, 1, 1], f"{token}: three parts in order")
            expect([s["in_reply_to_id"] for s in three[1:]] == [s["id"] for s in three[:2]], f"{token}: each answers the one before")


def somebody_signs_in(profile, url):
    with Daemon(profile) as daemon:
        daemon.wait_for("sends what is due")
        sign_in(profile, url, "mina", "demo-mina")
        profile.run("post", "-a", "mina", "A new account", check=0)
        expect(count(url, "A new account", "demo-mina") == 1, "an account that came later can post")
        daemon.wait_for("as mina: sent")


def held(profile, url):
    with Daemon(profile) as daemon:
        daemon.wait_for("sends what is due")
        profile.run("queue", "hold", check=0)
        planned = later(profile, "Held back", "in 1s", "ada")
        time.sleep(2)
        expect(count(url, "Held back") == 0, "nothing leaves after a hold")
        profile.run("queue", "resume", check=0)
        wait_until_sent(profile, [planned[0]["id"]])
        expect(count(url, "Held back") == 1, "and once it is over it goes, once")


def sleeps(profile):
    """With nothing due for an hour it wakes at most once a minute, whatever its threads."""
    def wakes(pid):
        total = 0
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/status") as status:
                total += sum(int(line.split()[1]) for line in status if line.startswith("voluntary"))
        return total

    planned = later(profile, "Much later", "in 3h", "ada")
    with Daemon(profile) as daemon:
        daemon.wait_for("sends what is due")
        time.sleep(6)  # what was written at the start is looked at again for three seconds
        before = wakes(daemon.process.pid)
        time.sleep(15)
        woken = wakes(daemon.process.pid) - before
        expect(woken <= 1, f"idle, it woke {woken} times in 15 s")
    profile.run("queue", "cancel", str(planned[0]["id"]), check=0)


def unit(profile):
    says(profile.run("daemon", "--install", check=0), "stoa.service")
    path = os.path.join(profile.env["XDG_CONFIG_HOME"], "systemd", "user", "stoa.service")
    with open(path) as file:
        text = file.read()
    expect(f'ExecStart="{os.path.realpath(STOA)}" daemon' in text, f"the unit starts this very program: {text}")
    expect(f'XDG_STATE_HOME={profile.env["XDG_STATE_HOME"]}' in text, "on these very files")
    says(profile.run("daemon", "--remove", check=0), "removed")
    expect(not os.path.exists(path), "and is taken away again")
    says(profile.run("daemon", "--remove", check=1), "no unit")


def main():
    with DemoServer("--pace", "off") as server, Profile() as profile:
        profile.config(CONFIG)
        sign_in(profile, server.url, "ada", "demo-ada")
        sign_in(profile, server.url, "brecht", "demo-brecht")
        on_time_and_once(profile, server.url)
        killed_and_started_again(profile, server.url)
        beside_a_deck(profile, server.url)
        thread_with_a_deck_closed(profile, server.url)
        somebody_signs_in(profile, server.url)
        held(profile, server.url)
        sleeps(profile)
        unit(profile)


main()
finish()
