"""A torn run: resize storms, suspend and resume, signals, a terminal that goes away. The tty is
left sane and the process gone, without spinning."""
import os
import random
import signal
import termios
import time

from lib import STOA, Deck, DemoServer, Profile, expect, finish, sign_in


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def sane(deck, before):
    after = deck.tty()
    return after[:4] == before[:4]


def resize_storm(profile):
    with Deck(profile, rows=24, cols=80) as deck:
        expect(deck.wait_for(b"demo"), "the deck opens")
        rng = random.Random(7)
        for i in range(1000):
            rows, cols = rng.choice([(1, 1), (2, 2), (1, 80), (24, 1), (200, 500), (40, 15), (0, 0)]) \
                if i % 10 == 0 else (rng.randint(1, 200), rng.randint(1, 500))
            deck.resize(rows, cols)
            if i % 20 == 0:
                deck.send(rng.choice(["j", "k", "l", "h", "Z", "\t", " "]), 0)
            deck.read(0)
        deck.resize(24, 80)
        deck.read(0.5)
        expect(deck.alive(), "the deck lives through a thousand sizes")
        before = len(deck.raw)
        deck.send("\x0c", 0.5)
        expect(b"demo" in deck.raw[before:], "the last size wins: C-l draws the deck again")


def suspend(profile):
    """By the key, as a job of a shell: only there does a program really stop."""
    with Deck(profile, "--norc", "--noprofile", "-i", program="/bin/bash") as shell:
        shell.send("PS1='ready> '\n", 0.3)
        shell.send(f"{os.path.abspath(STOA)}\n", 0.1)
        expect(shell.wait_for(b"demo/home") or shell.wait_for(b"demo"), "the deck opens")
        shell.read(0.5)
        before = len(shell.raw)
        shell.send("\x1a", 0.5)
        expect(b"\x1b[?1049l" in shell.raw[before:], "a suspended deck leaves the other screen")
        expect(b"ready> " in shell.raw[before:], "the shell is back")
        shell.send("stty -a\n", 0.3)
        expect(b" icanon" in shell.raw[before:] and b" -icanon" not in shell.raw[before:],
               "a suspended deck leaves the tty as it was")
        before = len(shell.raw)
        shell.send("fg\n", 0.5)
        expect(b"\x1b[?1049h" in shell.raw[before:] and b"demo" in shell.raw[before:],
               "a resumed deck draws itself again")
        shell.send("q", 0.2), shell.send("y", 0.5)
        shell.send("exit\n", 0.3)


def ends_by(profile, number):
    with Deck(profile, rows=24, cols=80) as deck:
        start = deck.tty()
        expect(deck.wait_for(b"demo"), "the deck opens")
        deck.read(0.3)
        before = len(deck.raw)
        os.kill(deck.pid, number)
        expect(deck.wait_end(3), f"{number!s} ends the deck")
        expect(sane(deck, start), f"{number!s} leaves the tty as it was")
        expect(b"\x1b[?1049l" in deck.raw[before:], f"{number!s} leaves the other screen")


def terminal_gone(profile):
    deck = Deck(profile, rows=24, cols=80)
    expect(deck.wait_for(b"demo"), "the deck opens")
    deck.read(0.3)
    os.close(deck.fd)
    deck.fd = os.open("/dev/null", os.O_RDWR)
    expect(deck.wait_end(3), "a deck without its terminal ends")
    if deck.alive():
        used = cpu_seconds(deck.pid)
        time.sleep(1)
        expect(cpu_seconds(deck.pid) - used < 0.2, "and does not spin")
    deck.close()


def crash(profile):
    with Deck(profile, rows=24, cols=80) as deck:
        start = deck.tty()
        expect(deck.wait_for(b"demo"), "the deck opens")
        deck.read(0.3)
        os.kill(deck.pid, signal.SIGSEGV)
        expect(deck.wait_end(5), "a crash ends the deck")
        expect(sane(deck, start), "a crash leaves the tty as it was")
        expect(bytes(deck.raw).rstrip().endswith(b"") and b"\x1b[?1049l" in deck.raw[-400:],
               "a crash leaves the other screen")


def main():
    with DemoServer("--pace", "500") as server, Profile() as profile:
        sign_in(profile, server.url)
        profile.config("column add Home demo/home\ncolumn add Mentions demo/mentions\n"
                       "column add Tags demo/local\n")
        resize_storm(profile)
        suspend(profile)
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            ends_by(profile, number)
        terminal_gone(profile)
        crash(profile)
    finish()


main()
