"""Silence with and without a deck: the same rules on the same file, told to a deck that is open,
kept over its end; folds that open; every mistake with its place."""
import json
import os
import stat

from lib import STOA, DemoServer, Profile, Tmux, expect, finish, sign_in


def mutes(profile):
    """What is muted, by id; quotas by handle."""
    rows = [json.loads(line) for line in profile.run("mutes", "--json", check=0).stdout.splitlines()]
    return {row.get("id", row.get("quota")): row for row in rows}


def alone(profile):
    done = profile.run("mute", "for", "2w", "#spam", check=0)
    expect(b"#spam is muted for 2w\n" == done.stdout, f"mute says what it did: {done.stdout}")
    profile.run("mute", "fold", "in", "To me,Home", "crypto", "-is:own", check=0)
    rows = mutes(profile)
    expect(rows["#spam"]["action"] == "usual" and rows["#spam"]["until"], "a mute for a time")
    row = rows['in "To me,Home" crypto -is:own']
    expect(row["columns"] == "To me,Home" and row["action"] == "fold" and not row["until"],
           f"a mute in columns: {row}")
    mode = stat.S_IMODE(os.stat(profile.path("STATE", "queue.db")).st_mode)
    expect(mode == 0o600, f"queue.db is closed to others: {mode:o}")

    for words, status, says in ((("mute", "foo:x"), 1, b"unknown field"),
                                (("mute", "for", "sale"), 2, b"not a duration"),
                                (("mute",), 2, b"what shall be muted"),
                                (("mute", "until", "yesterday", "x"), 1, b"has passed"),
                                (("unmute", "nothing"), 1, b"is not muted"),
                                (("mutes", "import"), 2, b"which file"),
                                (("mutes", "import", "/nowhere"), 1, b"/nowhere")):
        done = profile.run(*words, check=status)
        expect(says in done.stderr, f"{' '.join(words)}: {done.stderr}")


def files(profile):
    path = os.path.join(profile.dir, "mutes")
    profile.run("mutes", "export", path, check=0)
    with open(path) as text:
        lines = text.read()
    expect('fold in "To me,Home" crypto -is:own' in lines, f"exported: {lines}")
    with open(path, "a") as text:
        text.write("# a comment\nquota @loud@x.example 3\nmute (\nset colors none\nmute hide word:cat\n")
    with Profile() as other:
        done = other.run("mutes", "import", path, check=1)
        expect(b"mutes:5: " in done.stderr and b"mutes:6: " in done.stderr, f"places: {done.stderr}")
        expect(done.stdout.startswith(b"4 taken in"), f"the rest applies: {done.stdout}")
        expect(set(mutes(other)) == set(mutes(profile)) | {"word:cat", "loud@x.example"},
               f"what was taken in: {mutes(other)}")
        again = other.run("mutes", "export", "-", check=0).stdout.decode()
        with open(path) as text:
            kept = [line for line in text.read().splitlines() if line in again]
        expect(len(kept) == 3, f"out as it came in: {again}")


def with_a_deck(profile, url):
    sign_in(profile, url)
    profile.config("column add Home demo/home\nsave trade aannemer\nmute fold until 2099-01-01 saved:trade\n")
    with Tmux(profile, os.path.abspath(STOA), rows=40, cols=60) as tmux:
        expect(tmux.wait_for("folded: saved:trade"), "a config's mute folds")
        expect("Gezocht: aannemer" not in tmux.screen(), "what is folded is not shown")
        for _ in range(40):
            if any(line.startswith("▌▸") for line in tmux.screen().split("\n")):
                break
            tmux.send("j", settle=0.1)
        tmux.send("Enter")
        expect(tmux.wait_for("folded by saved:trade", 3), "Enter opens a fold")
        tmux.send("z", "c")
        tmux.send("g", "g")
        done = profile.run("mute", "hide", "lang:nl", "OR", "lang:en", check=0)
        expect(b"the open deck has heard" in done.stdout, f"the deck is told: {done.stdout}")
        expect(tmux.wait_for("muted lang:nl OR lang:en", 3), "the deck says so")
        tmux.send("M")
        expect(tmux.wait_for("silenced for 24 h", 3), "M silences at once")
        tmux.send("g", "m")
        expect(tmux.wait_for("lang:nl OR lang:en", 3), "gm lists it")
        expect("At the server of demo" in tmux.screen(), "and what the server keeps")
        tmux.send("Escape", settle=1)
        done = profile.run("unmute", "lang:nl", "OR", "lang:en", check=0)
        expect(tmux.wait_for("is heard again", 3), "and hears again")
        tmux.send(":", "m", "u", "t", "e", "Space", "d", "e")
        expect(tmux.wait_for("of the last", 3), "a mute says what it would do")
        tmux.send("Escape", settle=1)
        tmux.send("q"), tmux.send("y", settle=1)
    kept = mutes(profile)
    expect(len([row for row in kept if row.startswith("from:")]) == 1, f"M is kept: {kept}")
    expect("saved:trade" not in kept, "a config's own words are not kept twice")
    with Tmux(profile, os.path.abspath(STOA), rows=40, cols=60) as tmux:
        expect(tmux.wait_for("folded: saved:trade"), "the deck comes back")
        tmux.send("g", "m")
        expect(tmux.wait_for("from:", 3), "with what was muted")


with Profile() as home:
    alone(home)
    files(home)
with DemoServer("--pace", "off") as server, Profile() as home:
    with_a_deck(home, server.url)
finish()
