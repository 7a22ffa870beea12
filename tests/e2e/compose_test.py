"""Writing in the deck as a person does it, key by key in tmux: a post that survives kill -9, a
reply, a thread with a picture for two accounts at once, a warning, a poll, a time, a paste that
would like to be a command, and taking back what was sent too soon."""
import json
import os
import signal
import struct
import subprocess
import time
import urllib.request
import zlib

from lib import STOA, DemoServer, Profile, Tmux, expect, finish, sign_in

TOKENS = {"work": "demo-ada", "hobby": "demo-brecht"}


def picture(path):
    """A picture of one pixel."""
    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
    with open(path, "wb") as out:
        out.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)) +
                  chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b""))


class Server:
    """What the server has, as an account sees it."""

    def __init__(self, url):
        self.url = url

    def get(self, account, path):
        request = urllib.request.Request(
            self.url + path, headers={"Authorization": "Bearer " + TOKENS[account]})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def own(self, account, words):
        """Own posts with these words in them, oldest first."""
        me = self.get(account, "/api/v1/accounts/verify_credentials")["id"]
        posts = self.get(account, f"/api/v1/accounts/{me}/statuses?limit=40")
        return [post for post in reversed(posts) if words in post["content"]]

    def wait_own(self, account, words, n=1, seconds=20):
        until = time.monotonic() + seconds
        while len(posts := self.own(account, words)) < n and time.monotonic() < until:
            time.sleep(0.2)
        return posts


class Writer(Tmux):
    """The deck, and somebody who types."""

    all = []  # kept, so that no two are called the same: a server takes a while to end

    def __init__(self, profile, rows=34, cols=120):
        self.all.append(self)
        super().__init__(profile, os.path.abspath(STOA), rows=rows, cols=cols)
        self._tmux("set", "-s", "escape-time", "0")
        expect(self.wait_for("Home"), "the deck opens")
        expect(self.wait_for("live"), "Home is live")

    def type(self, text):
        for letter in text:
            self._tmux("send-keys", "-t", "t", "-l", letter)
        time.sleep(0.2)

    def command(self, line):
        self.send(":")
        self.type(line)
        self.send("Enter")

    def paste(self, text):
        subprocess.run(["tmux", "-L", self.name, "load-buffer", "-"], env=self.env,
                       input=text.encode(), check=True)
        self._tmux("paste-buffer", "-p", "-r", "-t", "t")
        time.sleep(0.3)

    def pid(self):
        out = self._tmux("list-panes", "-F", "#{pane_pid}").stdout
        return int(out.split()[0])


def killed(profile, server):
    with Writer(profile) as deck:
        deck.send("c")
        deck.type("Typed before the light went out :q! é漢")
        time.sleep(1.2)
        os.kill(deck.pid(), signal.SIGKILL)
        time.sleep(0.3)
    with Writer(profile) as deck:
        deck.send("g", "D")
        expect(deck.wait_for("Typed before the light", 5), "the draft is in the list after kill -9")
        deck.send("Enter")
        expect(deck.wait_for(":q! é漢", 5), "all that was typed is there again")
        deck.type(", and on again")
        deck.send("M-Enter")
        expect(deck.wait_for("U takes it back", 5), "it can be taken back")
        posts = server.wait_own("work", "light went out")
        expect(len(posts) == 1, f"it is posted once, not {len(posts)} times")
        expect(posts and "é漢, and on again" in posts[0]["content"], "with every letter")
        deck.send("g", "D")
        expect("draft" not in deck.screen().split("Over")[0].replace("Drafts and", ""),
               "and is no draft any more")


def taken_back(profile, server):
    with Writer(profile) as deck:
        deck.command("set outbox-undo 1m")
        deck.send("c")
        deck.type("Too soon")
        deck.send("M-Enter")
        expect(deck.wait_for("U takes it back", 5), "it waits")
        deck.send("U")
        expect(deck.wait_for("Too soon", 5), "U opens it again")
        # Esc, a while, Esc: closed, and kept.
        deck.send("Escape")
        time.sleep(1)
        expect("Too soon" in deck.screen(), "one Esc leaves it open")
        deck.send("Escape")
        expect("M-Enter" not in deck.screen(), "the second closes it")
        deck.send("g", "D")
        expect(deck.wait_for("Too soon", 5), "and it is kept")
        deck.send("d")
        time.sleep(0.5)
        expect(not server.own("work", "Too soon"), "nothing was posted")


def reply(profile, server):
    with Writer(profile) as deck:
        deck.send("g", "g", "r")
        expect(deck.wait_for("Reply", 5), "r answers")
        deck.type("an answer of ours")
        # Esc and the key, one after the other, slowly.
        deck.send("Escape")
        time.sleep(0.6)
        deck.send("w")
        deck.type("tides")
        deck.send("Enter")
        expect(deck.wait_for("▲ tides", 5), "the warning is shown")
        deck.send("M-Enter")
        posts = server.wait_own("work", "an answer of ours")
        expect(len(posts) == 1, "the reply is posted once")
        if posts:
            expect(posts[0]["in_reply_to_id"], "as a reply")
            expect(posts[0]["spoiler_text"] == "tides", "with its warning")
            expect(posts[0]["mentions"], "that names its author")


def thread(profile, server):
    path = os.path.join(profile.dir, "pier.png")
    picture(path)
    with Writer(profile) as deck:
        deck.send("c")
        deck.type("Thread one")
        deck.send("M-a")
        deck.send("2")
        deck.send("Escape")
        expect(deck.wait_for("hobby", 5), "two accounts post it")
        deck.send("M-m")
        deck.type(os.path.join(profile.dir, "pi"))
        deck.send("Tab", "Enter")
        expect(deck.wait_for("pier.png", 5), "Tab completes the path")
        deck.send("M-Enter")
        expect("Thread one" in deck.screen(), "the prompt for its words is still open")
        deck.type("A red pier")
        deck.send("Enter")
        expect(deck.wait_for("A red pier", 5), "the picture has its words")
        deck.send("M-t")
        deck.type("Thread two")
        deck.send("M-t")
        deck.type("Thread three")
        deck.send("M-s")
        deck.type("in 3s")
        deck.send("Enter")
        expect(deck.wait_for("in 3 s", 3) or deck.wait_for("in 2 s", 1), "the time is shown")
        deck.send("M-Enter")
        for account in TOKENS:
            posts = server.wait_own(account, "Thread", 3, 40)
            expect([post["content"].count("Thread") for post in posts] == [1, 1, 1],
                   f"{account} posts three, once each: {len(posts)}")
            if len(posts) != 3:
                continue
            order = [word for post in posts for word in ("one", "two", "three")
                     if word in post["content"]]
            expect(order == ["one", "two", "three"], f"in their order: {order}")
            expect(posts[1]["in_reply_to_id"] == posts[0]["id"] and
                   posts[2]["in_reply_to_id"] == posts[1]["id"], "each answers the one before")
            media = posts[0]["media_attachments"]
            expect(len(media) == 1 and media[0]["description"] == "A red pier",
                   f"the picture has its words: {media}")


def poll(profile, server):
    with Writer(profile) as deck:
        deck.send("c")
        deck.type("Which pier")
        deck.send("M-p")
        deck.type("for 2h North | South")
        deck.send("Enter")
        deck.send("M-v", "u")
        deck.send("M-v", "l")
        deck.send("M-Enter")
        posts = server.wait_own("work", "Which pier")
        expect(posts and posts[0]["poll"] and
               [option["title"] for option in posts[0]["poll"]["options"]] == ["North", "South"],
               "the poll is posted")
        expect(posts and posts[0]["visibility"] == "unlisted", "unlisted")


def pasted(profile, server):
    with Writer(profile) as deck:
        deck.send("c")
        deck.paste("pasted one\x1b[201~\n:q!\nline three")
        expect(deck.wait_for("line three", 5), "the paste is text")
        # Its own end of a paste ends it for the terminal: what follows is typed, and text too.
        expect("pasted one" in deck.screen() and ":q!" in deck.screen(), "every line of it")
        deck.send("M-Enter")
        posts = server.wait_own("work", "pasted one")
        expect(posts and ":q!" in posts[0]["content"] and "line three" in posts[0]["content"],
               "and is posted as it was pasted")


def sizes(profile):
    for cols, rows in ((80, 24), (40, 15), (20, 6)):
        with Writer(profile, rows=rows, cols=cols) as deck:
            deck.send("c")
            deck.type("Small screens have words too, and many of them on many lines")
            at = deck._tmux("display", "-p", "-t", "t",
                            "#{cursor_flag} #{cursor_y} #{cursor_x}").stdout.split()
            expect(at[0] == b"1", f"{cols}x{rows}: the cursor is seen")
            line = deck.screen().split("\n")[int(at[1])]
            expect("lines" in line, f"{cols}x{rows}: it stands behind the last word: {line}")
            deck.send("Escape", "Escape")


def main():
    with DemoServer("--pace", "off") as demo, Profile() as profile:
        server = Server(demo.url)
        for name, token in TOKENS.items():
            sign_in(profile, demo.url, name, token)
        profile.config("set outbox-undo 1s\ncolumn add Home work/home\n"
                       "column add Mentions work/mentions\n")
        reply(profile, server)
        killed(profile, server)
        taken_back(profile, server)
        thread(profile, server)
        poll(profile, server)
        pasted(profile, server)
        sizes(profile)
    finish()


main()
