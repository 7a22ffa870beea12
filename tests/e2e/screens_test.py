"""The deck on the demo server, as tmux shows it, against kept screens: three sizes, with and
without UTF-8, with and without colours, and each theme once. Server, seed, clock and the format
of times are fixed, so that every run is the same.

STOA_UPDATE_SCREENS=1 writes the screens of tests/screens/tmux-* instead. Such a file has the
lines of the screen, then for each character a letter for its style, then what the letters mean.
"""
import difflib
import os
import re
import time
import unicodedata

from lib import STOA, DemoServer, Profile, Tmux, expect, finish, sign_in

HERE = os.path.dirname(os.path.abspath(__file__))
SCREENS = os.path.join(os.path.dirname(HERE), "screens")
SOURCE = os.environ.get("STOA_DATA", os.path.dirname(os.path.dirname(HERE)))
SIZES = ((80, 24), (200, 60), (40, 15))
STILL, MOST = 4, 20  # seconds
CONFIG = """set time-format '%d %b'
set refresh 7d
set archive-keep 36500d
column add Home demo/home
column add Mentions demo/mentions
column add Search 'demo/search:"aannemer gezocht"'
column add Harbour FEED
"""
SGR = re.compile(r"\x1b\[([0-9;:]*)m")


def cells(captured):
    """Lines of (character, style) of what tmux captured; a style is a sorted tuple of SGRs."""
    state, lines = {}, []
    for line in captured.rstrip("\n").split("\n"):
        row, at = [], 0
        while at < len(line):
            match = SGR.match(line, at)
            if match:
                turn(state, match.group(1))
                at = match.end()
            elif line[at] in "\x0e\x0f":
                at += 1
            else:
                row.append((line[at], style_of(line[at], state)))
                at += 1
        lines.append(row)
    return lines


def style_of(char, state):
    """What can be seen: the ink of a blank cannot, and is what stood there before."""
    blank = ("fg", "4", "7", "9") if "7" in state else ("bg", "4", "9")
    seen = [k for k in sorted(state) if char != " " or k in blank]
    return ";".join(state[k] for k in seen)


def turn(state, codes):
    """Apply one SGR sequence: colours by their place, attributes by their number."""
    codes = codes.replace(":", ";").split(";")
    while codes:
        code = codes.pop(0) or "0"
        if code == "0":
            state.clear()
        elif code in ("38", "48"):
            taken = 2 if codes[0] == "5" else 4
            state["fg" if code == "38" else "bg"] = ";".join([code] + codes[:taken])
            del codes[:taken]
        elif code in ("39", "49"):
            state.pop("fg" if code == "39" else "bg", None)
        elif code in ("22", "23", "24", "25", "27", "29"):
            for gone in {"22": "12", "23": "3", "24": "4", "25": "5", "27": "7", "29": "9"}[code]:
                state.pop(gone, None)
        elif len(code) == 1:
            state[code] = code
        else:
            state["fg" if code[0] in "39" else "bg"] = code


def printed(lines):
    """The kept form of a screen."""
    letters = {"": "."}
    for row in lines:
        for _, style in row:
            letters.setdefault(style, chr(ord("a") + len(letters) - 1))
    text = ["".join(c for c, _ in row).rstrip() for row in lines]
    styles = ["".join(letters[s] for _, s in row).rstrip(".") for row in lines]
    legend = [f"{letter} {style}" for style, letter in letters.items() if style]
    return "\n".join(text + ["--- styles"] + styles + ["--- letters"] + legend) + "\n"


def width(text):
    return sum(0 if unicodedata.category(c) in ("Mn", "Me", "Cf") else
               2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def check_shape(name, lines, cols, border):
    """Nothing is wider than the screen; where a border begins, it goes down straight."""
    texts = ["".join(c for c, _ in row).rstrip() for row in lines]
    places = [{width(text[:m.start()]) for m in re.finditer(re.escape(border), text)}
              for text in texts[:-1]]
    for text in texts:
        expect(width(text) <= cols, f"{name}: a line of {width(text)} cells: {text}")
    for place in places[0]:
        bent = [text for text, row in zip(texts, places) if place not in row]
        expect(not bent, f"{name}: the border at {place} is bent: {bent[:2]}")


def captured(tmux):
    return tmux._tmux("capture-pane", "-p", "-e", "-N", "-t", "t").stdout.decode()


def wait_for(tmux, wanted):
    """The screen as soon as it is as wanted; when nothing is, once nothing has moved for a while."""
    until, still, before = time.monotonic() + MOST, time.monotonic(), None
    while True:
        now, lines = time.monotonic(), cells(captured(tmux))
        if lines != before:
            before, still = lines, now
        if printed(lines) == wanted or now > until or (not wanted and now - still > STILL):
            return lines
        time.sleep(0.2)


def kept(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def compare(name, tmux):
    """Returns the lines of the screen."""
    path = os.path.join(SCREENS, f"tmux-{name}.screen")
    update = bool(os.environ.get("STOA_UPDATE_SCREENS"))
    wanted = "" if update else kept(path)
    lines = wait_for(tmux, wanted)
    got = printed(lines)
    if update:
        with open(path, "w", encoding="utf-8") as file:
            file.write(got)
    elif not expect(got == wanted, f"{name} is not as kept"):
        print("\n".join(difflib.unified_diff(wanted.split("\n"), got.split("\n"), "kept", "got",
                                             lineterm="", n=1)))
    return lines


def past_feed(profile):
    """The feed of the other screens, from a year that is over everywhere: what claims to be
    of the future is shown as of now."""
    path = os.path.join(profile.dir, "harbour.xml")
    with open(os.path.join(SCREENS, "harbour.xml"), encoding="utf-8") as kept_feed:
        text = kept_feed.read()
    with open(path, "w", encoding="utf-8") as feed:
        feed.write(text.replace(" 2026 ", " 2024 "))
    return path


def show(server, name, cols, rows, config="", **env):
    env = {"LC_ALL": "C.UTF-8", "TZ": "UTC", **env}
    # tmux has the terminal's colours; what the program may use is its own affair.
    inside = {"TERM": env.pop("TERM", "tmux-256color"), **env}
    with Profile(LC_ALL=env["LC_ALL"], TZ="UTC") as profile:
        profile.config(CONFIG.replace("FEED", past_feed(profile)) + config)
        sign_in(profile, server.url)
        words = " ".join(f"{k}={v}" for k, v in inside.items())
        command = f"env {words} {os.path.abspath(STOA)}"
        with Tmux(profile, command, rows=rows, cols=cols) as tmux:
            lines = compare(name, tmux)
    check_shape(name, lines, cols, "|" if env["LC_ALL"] == "C" else "│")


def main():
    themes = sorted(f[:-6] for f in os.listdir(os.path.join(SOURCE, "themes"))
                    if f.endswith(".theme"))
    server = DemoServer("--seed", "7", "--clock", "2025-03-01T12:00:00Z", "--pace", "off")
    with server:
        for cols, rows in SIZES:
            for locale in ("C.UTF-8", "C"):
                short = "utf8" if locale == "C.UTF-8" else "c"
                show(server, f"{cols}x{rows}-{short}-256", cols, rows, LC_ALL=locale)
                show(server, f"{cols}x{rows}-{short}-none", cols, rows, LC_ALL=locale,
                     NO_COLOR="1")
        for theme in ("default", "marble"):
            show(server, f"80x24-16-{theme}", 80, 24, f"set colors 16\ntheme {theme}\n")
        for theme in themes:
            show(server, f"theme-{theme}", 80, 24, f"theme {theme}\n")
    finish()


main()
