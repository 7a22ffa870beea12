"""Signing in as a stranger does it, by browser and by pasted code, on the demo server's own
forms; what is then done from the command line; and signing out, which revokes the token."""
import json
import os
import re
import signal
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request

from lib import STOA, Deck, DemoServer, Profile, expect, finish

# What a person does with the page: says who they are and allows it, or not.
BROWSER = """#!{python}
import sys, urllib.request
url = sys.argv[1] + "&login={who}&decision={decision}"
with urllib.request.urlopen(url) as page, open("{out}", "wb") as out:
    out.write(page.read())
"""


class Login:
    """stoa login, as it runs. `said` is what it has written to stderr."""

    def __init__(self, profile, *args, **env):
        self.process = subprocess.Popen([STOA, "login", "mastodon", *args], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        env={**profile.env, **env})
        self.said = b""

    def address(self):
        """The address that it wants to have opened, once it is whole."""
        while not (found := re.search(rb"(http://\S+)\s", self.said)):
            part = os.read(self.process.stderr.fileno(), 4096)
            if not part:
                return None
            self.said += part
        return found.group(1).decode()

    def end(self, stdin=b"", timeout=30):
        out, err = self.process.communicate(stdin, timeout=timeout)
        self.said += err
        return self.process.returncode, out


def code_of(address, who):
    """Sign in on the page, anywhere, and read the code off it."""
    with urllib.request.urlopen(f"{address}&login={who}&decision=allow") as page:
        return re.search(rb"<code>(.*?)</code>", page.read()).group(1)


def token_of(profile, name):
    with open(profile.path("STATE", "secrets")) as secrets:
        for line in secrets:
            if line.split()[0] == name:
                return line.split()[1]
    return None


def status_of(url, token):
    request = urllib.request.Request(url + "/api/v1/accounts/verify_credentials",
                                     headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def paste(server, profile, who, name):
    login = Login(profile, server.url, "--name", name, "--paste")
    address = login.address()
    expect("code_challenge_method=S256" in address and "state=" in address, "PKCE and state are used")
    status, out = login.end(code_of(address, who) + b"\n")
    expect(status == 0 and f"signed in as {who}@".encode() in out, f"a pasted code signs in: {login.said}")
    expect(address.encode() not in out, "the address is no output")


def pasted_codes(server, profile):
    paste(server, profile, "ada", "work")
    paste(server, profile, "brecht", "other")
    expect(token_of(profile, "work") != token_of(profile, "other"), "two accounts live on one host")
    expect(stat.S_IMODE(os.stat(profile.path("STATE", "secrets")).st_mode) == 0o600, "secrets are closed")
    login = Login(profile, "elsewhere.example", "--name", "work", "--paste")
    status, _ = login.end()
    expect(status == 1 and b"--name" in login.said, "a name that is taken is said before anything is asked")
    before = token_of(profile, "work")
    login = Login(profile, server.url, "--name", "work", "--paste")
    status, _ = login.end(code_of(login.address(), "brecht") + b"\n")
    expect(status == 1 and b"brecht@" in login.said and b"is ada@" in login.said,
           f"nobody else takes its place: {login.said}")
    expect(token_of(profile, "work") == before, "and nothing of it is kept")
    login = Login(profile, server.url, "--name", "work", "--paste")
    status, _ = login.end(code_of(login.address(), "ada") + b"\n")
    expect(status == 0 and token_of(profile, "work") != before, f"the same signs in again: {login.said}")
    login = Login(profile, server.url, "--name", "wrong", "--paste")
    login.address()
    status, _ = login.end(b"no-such-code\n")
    expect(status == 1 and b"code" in login.said, f"a wrong code is a sentence: {login.said}")
    login = Login(profile, server.url, "--name", "wrong", "--paste")
    login.address()
    status, _ = login.end()
    expect(status == 1 and b"no code" in login.said, "no code at all is one, too")
    login = Login(profile, server.url, "--name", "wrong", "--paste")
    login.address()
    login.process.send_signal(signal.SIGINT)
    status, _ = login.end()
    expect(status == 1 and b"given up" in login.said, "^C gives up, with a sentence")
    names = [json.loads(line)["name"] for line in profile.run("accounts", "--json").stdout.splitlines()]
    expect("wrong" not in names, "nothing is left of what failed")


def by_browser(server, profile):
    for who, decision, name in (("mina", "deny", "m"), ("mina", "allow", "m")):
        script, out = profile.dir + "/browser", profile.dir + "/page"
        with open(script, "w") as file:
            file.write(BROWSER.format(python=sys.executable, who=who, decision=decision, out=out))
        os.chmod(script, 0o700)
        login = Login(profile, server.url, "--name", name, DISPLAY=":77", BROWSER=script)
        status, said = login.end()
        if decision == "deny":
            expect(status == 1 and b"refused" in login.said, f"a refusal is said: {login.said}")
            continue
        expect(status == 0 and b"signed in as mina@" in said, f"the browser signs in: {login.said}")
        until = time.monotonic() + 10
        while not os.path.exists(out) and time.monotonic() < until:
            time.sleep(0.05)
        with open(out, "rb") as page:
            text = page.read()
        expect(b"close this page" in text and b"<" not in text, f"the browser is told in plain text: {text}")


def tokens(profile):
    """Where they are is said; a secret-command of the config is asked, without a shell."""
    rows = {row["name"]: row for row in map(json.loads, profile.run("accounts", "--json").stdout.splitlines())}
    expect(rows["work"]["token"] == "the file `secrets`" and rows["work"]["software"], f"accounts tells: {rows['work']}")
    expect("like" in rows["work"]["can"], "and what the server can do")
    path = profile.path("STATE", "secrets")
    with open(path) as file:
        kept = file.read()
    secret = next(line for line in kept.splitlines() if line.startswith("work ")).split(" ", 1)[1]
    with open(profile.dir + "/tokens-work", "w") as file:
        file.write(secret + "\n")
    os.remove(path)
    profile.config(f"nonsense here\nset secret-command \"cat '{profile.dir}/tokens-%a'\"\n")
    done = profile.run("accounts", "--json")
    rows = {row["name"]: row for row in map(json.loads, done.stdout.splitlines())}
    expect(rows["work"]["token"] == "secret-command", f"the command has it: {rows['work']}")
    expect(rows["other"]["token"] == "nowhere" and b"other" in done.stderr + done.stdout, "the other's is nowhere")
    expect(profile.run("read", "work/home", "--limit", "1", check=0).stdout, "and it is good")
    profile.config("")
    with open(path, "w") as file:
        os.chmod(path, 0o600)
        file.write(kept)


def acting(server, profile):
    rows = profile.run("read", "work/local", "--json", check=0).stdout.splitlines()
    post = next(row for row in map(json.loads, rows) if row["me"] != row["author"]["handle"] and row["url"])
    url, author = post["url"], post["author"]["handle"]
    done = profile.run("like", url, check=2)
    expect(b"work" in done.stderr and b"other" in done.stderr, "who could do it is named")

    def seen(account, flag):
        rows = profile.run("read", f"{account}/local", "--json", check=0).stdout.splitlines()
        return flag in next(row for row in map(json.loads, rows) if row["url"] == url)["flags"]

    for verb, undo, flag in (("like", "unlike", "liked"), ("repost", "unrepost", "reposted"),
                             ("bookmark", "unbookmark", "bookmarked")):
        profile.run(verb, "-a", "other", url, check=0)
        expect(seen("other", flag), f"{verb} is done")
        expect(not seen("work", flag), f"{verb} is done as that account alone")
        profile.run(undo, "--account", "other", url, check=0)
        expect(not seen("other", flag), f"{undo} takes it back")
    profile.run("follow", "-a", "work", "@" + author, check=0)
    out = profile.run("show", "-a", "work", "following", post["me"] or author, "--json", check=0).stdout
    expect(author.encode() in out, f"follow is done: {out}")
    profile.run("unfollow", "-a", "work", author, check=0)
    profile.run("list-make", "-a", "work", "Harbour", check=0)
    made = next(json.loads(line) for line in profile.run("show", "-a", "work", "lists", "--json").stdout.splitlines()
                if json.loads(line)["title"] == "Harbour")
    profile.run("list-delete", "-a", "work", made["id"], check=0)
    expect(b"Harbour" not in profile.run("show", "-a", "work", "lists").stdout, "the list is gone again")
    profile.run("filter-put", "-a", "work", "Games", "goal", "world cup", "--action", "hide", "--for", "2w", check=0)
    out = profile.run("show", "-a", "work", "filters", check=0).stdout
    expect(b'hide in' in out and b'"world cup"' in out, f"the filter is there: {out}")
    profile.run("filter-drop", "-a", "work", out.split(b"\t")[0].decode(), check=0)
    expect(profile.run("show", "-a", "work", "filters").stdout == b"", "and gone")
    done = profile.run("like", "-a", "work", server.url + "/@nobody/1", check=1)
    expect(done.stderr.startswith(b"stoa: "), "what is not there is a sentence")
    for args in (("like",), ("like", "-a", "work"), ("vote", "-a", "work", url, "zero"), ("show", "nothing"),
                 ("follow", "a", "b"), ("account-mute", "-a", "work", "x", "--for", "soon"), ("show", "members")):
        expect(profile.run(*args, check=2).stderr, f"{args} is wrong usage, and says why")


def out(server, profile):
    token = token_of(profile, "other")
    expect(status_of(server.url, token) == 200, "the token is good")
    said = profile.run("logout", "other", check=0).stdout
    expect(b"revoked" in said, f"logout says what it did: {said}")
    expect(status_of(server.url, token) == 401, "the token is no longer good")
    expect(token_of(profile, "other") is None, "nor is it here")
    token = token_of(profile, "work")
    server.stop()
    said = profile.run("logout", "work", check=0).stdout
    expect(b"signed out here" in said, f"a server that is away keeps nobody: {said}")
    expect(token_of(profile, "work") is None and token, "the token is not here any more")


def app_password_in_the_deck():
    """It is asked for on the bare terminal, not echoed, and kept nowhere when it was wrong."""
    with Profile() as profile, Deck(profile, cols=100) as deck:
        expect(deck.wait_for(b"? keys"), "the deck is there")
        deck.send(":login bluesky ada.example@127.0.0.1:9\r")
        expect(deck.wait_for(b"password or token: "), "the password is asked for")
        deck.send("CANARY-7731\r")
        expect(deck.wait_for(b"Enter goes back to the deck"), "what came of it is told")
        deck.send("\r", 1)
        expect(deck.alive(), "and the deck is there again")
        deck.send(":messages\r", 0.5)
        expect(b"CANARY" not in deck.raw, "it is not on the screen")
        deck.close()
        for top, _, files in os.walk(profile.dir):
            for name in files:
                with open(os.path.join(top, name), "rb") as file:
                    expect(b"CANARY" not in file.read(), f"nor in {name}")


def main():
    server = DemoServer("--pace", "off")
    with Profile() as profile:
        profile.env.pop("DISPLAY", None)
        profile.env.pop("WAYLAND_DISPLAY", None)
        pasted_codes(server, profile)
        by_browser(server, profile)
        profile.run("logout", "m", check=0)
        tokens(profile)
        acting(server, profile)
        out(server, profile)
    app_password_in_the_deck()
    finish()


main()
