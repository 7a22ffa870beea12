"""The demo in tmux, as somebody who has never seen it: the columns, a search, silence and undo,
help, sizes, terminals without colours, without UTF-8, without a cursor."""
import os
import re
import subprocess
import time

from lib import DEMO, STOA, Deck, Profile, Tmux, expect, finish


def straight(screen, cols, what):
    """Every line fits; the border between the first two columns stands in one place."""
    from unicodedata import east_asian_width
    for line in screen.split("\n"):
        width = sum(2 if east_asian_width(c) in "WF" else 0 if c == "\u200d" else 1 for c in line)
        expect(width <= cols + 8, f"{what}: a line of {width} cells: {line}")


def tour(profile):
    with Tmux(profile, f"{os.path.abspath(STOA)} demo --pace 700", rows=45, cols=160) as tmux:
        for title in ("Home", "Mentions", "Search", "Feeds"):
            expect(tmux.wait_for(title), f"there is a column {title}")
        expect(tmux.wait_for("aannemer") or tmux.wait_for("Aannemer"), "the search finds")
        expect(tmux.wait_for("live"), "Home is live")
        time.sleep(2)
        screen = tmux.screen()
        straight(screen, 160, "160x45")
        tmux.send("j"), tmux.send("j"), tmux.send("k")
        tmux.send("?")
        expect(tmux.wait_for("select the next post", 3), "? lists the keys with what they do")
        tmux.send("Escape")
        tmux.send("/", "z", "z", "q", "x")
        expect("No" in tmux.screen() or "no" in tmux.screen(), "a search without hits says so")
        tmux.send("Escape")
        tmux.send("M")
        expect(tmux.wait_for("silenced", 3), "M says whom it silenced")
        tmux.send("U")
        time.sleep(0.3)
        tmux.send(":", "n", "o", "n", "s", "e", "n", "s", "e", "Enter")
        expect(tmux.wait_for("nonsense", 3), "a wrong command is named")
        tmux.send("Escape")
        tmux.send("Enter")
        time.sleep(0.5)
        tmux.send("Escape")
        tmux.send("Z")
        time.sleep(0.3)
        expect("Mentions" not in tmux.screen().split("\n")[0], "Z gives one column the screen")
        tmux.send("Z")
        tmux.send("q")
        time.sleep(0.2)
        tmux.send("y")
        time.sleep(1.5)
        left = subprocess.run(["pgrep", "-f", "stoa-demo-server.*--stdin-guard.*--pace 700"], capture_output=True)
        expect(left.returncode != 0, "the server ends with the deck")


def sizes(profile):
    for cols, rows in ((80, 24), (40, 15), (20, 5)):
        with Tmux(profile, f"{os.path.abspath(STOA)} demo --pace off", rows=rows, cols=cols) as tmux:
            expect(tmux.wait_for("Hom"), f"{cols}x{rows} shows a column")
            time.sleep(1)
            straight(tmux.screen(), cols, f"{cols}x{rows}")


def printed(profile, expected, *args, **env):
    before = dict(profile.env)
    profile.env.update(env)
    done = profile.run(*args, timeout=60)
    profile.env = before
    out = done.stdout.decode("utf-8", "replace")
    expect(done.returncode == 0, f"{args} {env} ends with {done.returncode}: {done.stderr[:300]}")
    for text in expected:
        expect(text in out, f"{args} {env} prints {text}")
    expect("\x1b" not in out, f"{args} {env} prints no escapes")
    return out


def without_a_terminal(profile):
    printed(profile, ["Home", "Mentions", "Search", "Feeds"], "demo", "--snapshot", "160x45")
    out = printed(profile, ["Home", "Mentions"], "demo", "--snapshot", "100x30", LC_ALL="C")
    expect(out.isascii(), "a locale without UTF-8 gets ASCII")
    printed(profile, ["Home"], "demo", TERM="dumb")


def other_terminals(profile):
    feed = os.path.join(os.path.dirname(__file__), "..", "screens", "harbour.xml")
    profile.config(f"column add Gazette {os.path.abspath(feed)}\n")
    with Deck(profile, term="no-such-terminal") as deck:
        expect(deck.wait_for(b"Gazette"), "an unknown terminal gets a fallback")
        expect(deck.wait_for(b"no-such-terminal", 3), "and a notice")
    profile.env["NO_COLOR"] = "1"
    with Deck(profile) as deck:
        expect(deck.wait_for(b"Gazette"), "NO_COLOR opens")
        deck.read(0.5)
        colours = re.findall(rb"\x1b\[[0-9;]*(?:[34][0-7]|[34]8;5;\d+)m", bytes(deck.raw))
        expect(not colours, f"NO_COLOR shows no colour: {colours[:3]}")
    del profile.env["NO_COLOR"]
    with Deck(profile, term="vt100") as deck:
        expect(deck.wait_for(b"Gazette"), "a vt100 opens")
    with Deck(profile, term="dumb") as deck:
        expect(deck.wait_for(b"Gazette"), "a dumb terminal gets text")
        deck.wait_end(5)
        expect(b"\x1b" not in deck.raw, "and no escapes")


def main():
    with Profile() as profile:
        tour(profile)
        sizes(profile)
        without_a_terminal(profile)
    with Profile() as profile:
        other_terminals(profile)
    finish()


main()
