"""What the tests of posting share: what the demo server has, what the queue has."""
import json
import urllib.request
from datetime import datetime

from lib import expect


def ask(url, path, token="demo-ada", method="GET", body=None):
    request = urllib.request.Request(url + path, method=method, data=body,
                                     headers={"Authorization": "Bearer " + token})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def posts(url, token="demo-ada", limit=40):
    me = ask(url, "/api/v1/accounts/verify_credentials", token)
    return ask(url, f"/api/v1/accounts/{me['id']}/statuses?limit={limit}&exclude_reblogs=1", token)


def text_of(status):
    return status["content"].replace("<p>", "").replace("</p>", "\n").replace("<br />", "\n").strip()


def count(url, text, token="demo-ada"):
    return sum(text in status["content"] for status in posts(url, token))


def says(done, *words):
    said = done.stderr.decode() + done.stdout.decode()
    for word in words:
        expect(word in said, f"{' '.join(map(str, done.args[1:4]))}… says '{word}': {said[:300]}")


def rows(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def queue(profile, *args):
    return rows(profile.run("queue", "list", "--json", *args, check=0))


def moment(text):
    """The seconds of an RFC 3339 time."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
