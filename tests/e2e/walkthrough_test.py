"""A newcomer's first evening, from an empty home: greeted, signed in on the demo server, a
column of a search, somebody muted, a post for tomorrow, a catch-up, a brief that names who
waits. Nothing but what the screen says is used. Then the same without colours, on a terminal of
1978, and in plain lines for whoever has them read aloud."""
import os
import re
import urllib.request

from lib import STOA, DemoServer, Profile, Tmux, expect, finish

BORDERS = "│─┌┐└┘●↻♥▌↩▸"
# Attributes that need no colour: none, bold, dim, italic, underline, reverse, strike, and their ends.
PLAIN = {"", "0", "1", "2", "3", "4", "7", "9", "22", "23", "24", "27", "29", "39", "49"}


class Walk:
    """The deck as somebody sees it in one of its forms; `look` is asked at every step."""

    def __init__(self, profile, command, form, rows, cols):
        self.profile, self.form = profile, form
        self.tmux = Tmux(profile, command, rows=rows, cols=cols)

    def look(self, text, what, seconds=20):
        found = self.tmux.wait_for(text, seconds)
        expect(found, f"{self.form}: {what}: no '{text}' in\n{self.tmux.screen()}")
        if self.form == "linear":
            drawn = [sign for sign in BORDERS if sign in self.tmux.screen()]
            expect(not drawn, f"{self.form}: {what}: there are {drawn} in\n{self.tmux.screen()}")
        if self.form == "no colour":
            used = set(";".join(re.findall(r"\x1b\[([0-9;]*)m", self.tmux.screen(escapes=True))).split(";"))
            expect(used <= PLAIN, f"{self.form}: {what}: colours: {used - PLAIN}")
        return self.tmux.screen()

    def keys(self, *keys):
        for key in keys:
            self.tmux.send(key, settle=0.15)

    def type(self, text):
        self.tmux.send("-l", text)

    def close(self):
        self.tmux.close()


def address_on(screen):
    """The address that is to be opened: in pieces, on lines that a frame may stand around."""
    lines = [line.split("│")[1] if line.count("│") >= 2 else line for line in screen.split("\n")]
    lines = [re.sub(r"^(selected: |[›>|\s])+", "", line).rstrip(" |") for line in lines]
    start = next((i for i, line in enumerate(lines) if line.startswith("http")), None)
    pieces = []
    for line in lines[start:] if start is not None else []:
        if re.match(r"c[, ] *type or paste", line):
            break
        pieces.append(line)
    return "".join(pieces)


def greeted_and_signed_in(walk, server):
    screen = walk.look("Welcome to stoa", "an empty home is greeted")
    for words in ("Try the demo", "Sign in to Mastodon", "Follow a feed", "Bring your feeds", "Keys to know"):
        expect(words in screen, f"{walk.form}: the greeting offers '{words}'")
    walk.keys("j", "Enter")
    walk.look("login:", "Enter on a row does it")
    walk.type(f"{server.url} as work")
    walk.keys("Enter")
    screen = walk.look("type or paste", "where to go is said")
    address = address_on(screen)
    with urllib.request.urlopen(f"{address}&login=ada&decision=allow") as page:
        code = re.search(rb"<code>(.*?)</code>", page.read()).group(1).decode()
    walk.type(code)
    walk.keys("Enter")
    walk.look("signed in as ada@", "a pasted code signs in")
    walk.look("Home", "the first account makes a deck")
    walk.keys("0")
    walk.look("Search", "whose last column is a search")
    walk.keys("1")
    walk.look("Home", "and back")


def keys_are_at_hand(walk):
    walk.keys("?")
    walk.look("select the next post", "? lists the keys")
    walk.keys("/")
    walk.type("silence")
    walk.look("silence", "and they are searched")
    walk.keys("Escape")
    walk.keys(":")
    walk.type("help catchup")
    walk.keys("Enter")
    walk.look("catchup [SINCE]", "a command is explained")
    walk.keys("Escape")


def a_search_column(walk):
    walk.keys("s")
    walk.look("search:", "s asks for words")
    walk.type("aannemer gezocht")
    walk.keys("Enter")
    walk.look("annemer", "a search is a column")


def a_muted_account(walk):
    walk.keys("1", "g", "g")
    walk.keys("M")
    screen = walk.look("U undoes", "M silences at once")
    muted = re.search(r"@[\w.-]+@[\w.-]+(?= silenced)", screen)
    expect(muted, f"{walk.form}: whom is said: {screen}")
    walk.keys("g", "m")
    if muted:
        walk.look(muted.group(0)[1:], "gm lists whom one muted")
    walk.keys("Escape")
    said = walk.profile.run("mutes", check=0).stdout.decode()
    expect(muted and muted.group(0)[1:] in said, f"{walk.form}: and so does the command line: {said}")


def a_scheduled_post(walk):
    walk.keys("c")
    walk.look("F1", "c opens the composer")
    walk.type("Is there anybody on the ferry tomorrow?")
    walk.keys("M-s")
    walk.look("compose at:", "M-s asks when")
    walk.type("tomorrow 9:00")
    walk.keys("Enter")
    walk.look("09:00", "the time is shown in full")
    walk.keys("M-Enter")
    walk.look("scheduled:", "and the post is given away")
    walk.keys("g", "s")
    walk.look("anybody on the ferry", "the agenda has it")
    walk.keys("Escape")
    queue = walk.profile.run("queue", "list", check=0).stdout.decode()
    expect("ferry" in queue, f"{walk.form}: the queue has it: {queue}")


def catch_up_and_brief(walk):
    walk.keys("g", "c")
    walk.look("Catch-up of", "gc catches up")
    walk.look("Waiting for your answer", "which begins with who waits")
    walk.keys("Escape")
    walk.keys("g", "B")
    walk.look("Waiting for an answer", "gB names who waits")
    walk.keys("Escape")
    told = walk.profile.run("brief", check=0).stdout.decode()
    expect(re.search(r"Waiting for an answer: \d", told) and "@" in told, f"{walk.form}: so does the shell: {told}")


def leave_and_return(walk, command, rows, cols):
    walk.keys("q")
    walk.look("Leave stoa?", "q asks")
    walk.keys("y")
    walk.tmux.close()
    walk.tmux = Tmux(walk.profile, command, rows=rows, cols=cols)
    walk.look("Home", "the deck is as it was left")
    walk.keys("0")
    walk.look("aannemer gezocht", "with the column that was made")


def evening(form, env, rows=24, cols=80):
    command = f"env {env} {os.path.abspath(STOA)}"
    with DemoServer("--pace", "off", "--seed", "1") as server, Profile(TZ="UTC") as profile:
        profile.env.pop("DISPLAY", None)
        walk = Walk(profile, command, form, rows, cols)
        try:
            greeted_and_signed_in(walk, server)
            keys_are_at_hand(walk)
            a_search_column(walk)
            a_muted_account(walk)
            a_scheduled_post(walk)
            catch_up_and_brief(walk)
            leave_and_return(walk, command, rows, cols)
        finally:
            walk.close()


evening("as it comes", "STOA_LINEAR=0")
evening("linear", "STOA_LINEAR=1")
evening("no colour", "TERM=vt100 NO_COLOR=1")
finish()
