"""`stoa brief`, `gB` and `gc`: what was recorded is told without asking anybody, who waits is
named, and what a label's posts brought is looked at by the daemon."""
import json
import os
import re
import sqlite3
import subprocess
import time

from lib import STOA, DemoServer, Profile, Tmux, expect, finish, sign_in

CONFIG = """column add Home demo/home
column add Mentions demo/mentions
save trade aannemer
budget 1m/week
"""


def brief(profile, *args):
    return json.loads(profile.run("brief", "--json", *args, check=0).stdout)


def empty(profile):
    done = profile.run("brief", check=0).stdout.decode()
    for words in ("Saved queries", "Nobody waits for an answer", "Nothing is due today", "Time used: 0 s this week"):
        expect(words in done, f"an empty home says '{words}': {done}")
    expect(brief(profile)["saved"] == [], "and is an object for programs")
    done = profile.run("brief", "--since", "tomorrow", check=2)
    expect(b"yet to come" in done.stderr, f"what is to come: {done.stderr}")
    done = profile.run("brief", "rust", check=2)
    expect(b"too much" in done.stderr, f"it takes no words: {done.stderr}")


def in_the_deck(profile):
    with Tmux(profile, os.path.abspath(STOA)) as tmux:
        expect(tmux.wait_for("mentioned you"), "the deck is there")
        tmux.send("g", "c")
        expect(tmux.wait_for("Waiting for your answer:"), "a catch-up begins with who waits")
        expect("Catch-up of 8 h, by author, most replies first" in tmux.screen(), f"title: {tmux.screen()}")
        for _ in range(3):
            tmux.send("j", settle=0.05)
        before = [line for line in tmux.screen().split("\n") if "›" in line]
        tmux.send("Enter", settle=1)
        expect("Catch-up of" not in tmux.screen(), "Enter opens it")
        tmux.send("Escape", settle=1)
        expect(tmux.wait_for("Catch-up of", 3), "Esc comes back")
        after = [line for line in tmux.screen().split("\n") if "›" in line]
        expect(before[:1] and after[:1] and before[0].split("/")[0][:30] == after[0].split("/")[0][:30],
               f"to the same line: {before} {after}")
        tmux.send("b", "s")
        expect(tmux.wait_for("by link, most likes first", 3), "keys change it")
        tmux.send("Escape", settle=1)
        tmux.send("g", "B")
        expect(tmux.wait_for("Waiting for an answer:", 5), "gB names who waits")
        expect("trade: " in tmux.screen(), f"and what saved queries found: {tmux.screen()}")
        tmux.send("Escape", settle=1)
        tmux.send("q"), tmux.send("y", settle=1)


def offline(profile):
    done = profile.run("brief", check=0)
    text = done.stdout.decode()
    lines = text.split("\n")
    expect(len(lines) <= 24, f"one screen: {len(lines)} lines")
    expect("trade: " in text and "Gezocht" in text or "annemer" in text, f"what was said: {text}")
    expect("Waiting for an answer: " in text and "@ada" in text, f"who waits: {text}")
    told = brief(profile)
    expect(told["saved"][0]["name"] == "trade" and told["saved"][0]["posts"] > 0, f"tallies: {told['saved']}")
    expect(told["saved"][0]["usual_low"] is None, "nobody knows yet what is usual")
    expect(all(row["who"] and row["text"] and row["account"] == "demo" for row in told["waiting"]),
           f"everybody who waits is known: {told['waiting'][:2]}")
    expect(told["time"]["budget_seconds"] == 60, f"the budget of the config: {told['time']}")
    ages = [row["at"] for row in told["waiting"]]
    expect(ages == sorted(ages), "the longest wait comes first")


def due(profile):
    hour = time.gmtime().tm_hour
    # Somewhere it is noon: "in 1h" is today there.
    profile.env["TZ"] = f"Etc/GMT{'+' if hour > 12 else '-'}{abs(12 - hour)}"
    profile.run("post", "-a", "demo", "--via", "local", "--at", "in 1h", "The open house", check=0)
    profile.run("post", "-a", "demo", "--via", "local", "--at", "in 2d", "The day after tomorrow", check=0)
    told = brief(profile)["due"]
    expect([row["text"] for row in told] == ["The open house"], f"what is due today: {told}")
    expect(told[0]["account"] == "demo" and not told[0]["needs_you"], f"as whom: {told}")
    text = profile.run("brief", check=0).stdout.decode()
    expect(re.search(r"Due today: 1\n  1[23]:\d\d  demo: The open house\n", text), f"at the clocks here: {text}")


def labels(profile):
    profile.run("post", "-a", "demo", "--label", "garden", "Roses are in", check=0)
    told = brief(profile)["labels"]
    expect(told == [{"label": "garden", "posts": 1, "looked_at": 0, "replies": 0, "reposts": 0, "likes": 0}],
           f"a label before anybody looked: {told}")
    db = sqlite3.connect(profile.path("STATE", "queue.db"))
    db.execute("UPDATE outgoing SET sent_ms=sent_ms-7200000")
    db.commit()
    uri = db.execute("SELECT uri FROM outgoing").fetchone()[0]
    db.close()
    profile.run("like", "-a", "demo", uri, check=0)
    daemon = subprocess.Popen([STOA, "daemon"], env=profile.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 40
    while time.monotonic() < until and not brief(profile)["accounts"]:
        time.sleep(0.3)
    while time.monotonic() < until and not brief(profile)["labels"][0]["looked_at"]:
        time.sleep(0.3)
    daemon.terminate()
    daemon.wait(10)
    told = brief(profile)
    expect(told["labels"][0]["looked_at"] == 1 and told["labels"][0]["likes"] == 1, f"what it brought: {told['labels']}")
    expect(told["accounts"] and told["accounts"][0]["followers"] is not None, f"followers: {told['accounts']}")


with Profile() as home:
    empty(home)
with Profile() as home:
    with DemoServer("--pace", "off") as server:
        home.config(CONFIG)
        sign_in(home, server.url)
        in_the_deck(home)
        labels(home)
        due(home)
    offline(home)
finish()
